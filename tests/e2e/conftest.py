"""A real browser on the real pages: headless Chromium against a live server of ours."""

import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect, sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright brings a loop of its own

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}
PATIENCE = 15_000
AXE = {"resultTypes": ["violations"], "preload": False}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is needed for the browser tests: see README."
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Screen:
    """One person's browser window on our pages."""

    seen_by_axe: ClassVar[set[tuple[str, str]]] = set()

    def __init__(self, chromium, base_url, shots, viewport, name):
        self.size = "phone" if viewport == PHONE else "desktop"
        self.context = chromium.new_context(
            viewport=viewport, base_url=base_url, reduced_motion="reduce"
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.shots, self.name, self.problems = shots, name, []
        self.home = f"{base_url}/"
        self.page.on("pageerror", lambda error: self.problems.append(self._said(error)))
        self.page.on(
            "console",
            lambda said: self.problems.append(self._said(said.text)) if is_worry(said) else None,
        )

    def _said(self, words):
        return f"{self.name} on {self.page.url}: {words}"

    def sign_in(self, user, password="correct horse battery"):
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Username").fill(user.username)
        self.page.get_by_label("Password").fill(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.home)
        return self

    def let_in(self, client):
        """Take over the session of a test client: signing in has a test of its own."""
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.home}
        self.context.add_cookies([cookie])
        return self

    def open(self, address, status=200):
        """Go there, and be answered with this status."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == status, (address, answer.status)
        return self.page

    def keep(self, name):
        """Keep a picture, where pictures are wanted."""
        if self.shots:  # the caret is left alone: hiding it writes styles into the page
            picture = str(self.shots / f"{self.size}-{self.name}-{name}.png")
            self.page.screenshot(path=picture, full_page=True, caret="initial")

    def look(self, name):
        """Keep a picture, try to scroll the page sideways, and let axe look, once at each view."""
        self.page.wait_for_load_state()
        self.keep(name)
        self.fits(name)
        if (self.name, name) in self.seen_by_axe:
            return
        self.seen_by_axe.add((self.name, name))
        found = Axe().run(self.page, options=AXE).response["violations"]
        told = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
        assert told == [], (self.page.url, told)

    def fits(self, name):
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{name} scrolls sideways"

    def close(self):
        self.context.close()


NO_WORRY = re.compile(
    r"[Ss]tatus( Error Code)? (of )?4\d\d"  # an answer was a refusal
    r"|^htmx:(sendAbort|afterRequest)"  # a question was dropped: another was asked, or one left
)


def is_worry(said):
    """Errors of the page, without what the browser and htmx tell as one and is none."""
    return said.type == "error" and not NO_WORRY.search(said.text)


@pytest.fixture
def shots():
    """The folder that SCREENSHOTS names; without it no pictures are kept."""
    if not (named := os.environ.get("SCREENSHOTS")):
        return None
    folder = Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def windows(chromium, base_url, shots):
    """A function that opens windows there: `opening("kim", phone=True)`; none may complain."""
    opened = []

    def open_window(name="someone", *, phone=False):
        window = Screen(chromium, base_url, shots, PHONE if phone else DESKTOP, name)
        opened.append(window)
        return window

    yield open_window
    problems = [problem for window in opened for problem in window.problems]
    for window in opened:
        window.close()
    assert problems == []


@pytest.fixture
def screen(chromium, live_server, shots):
    """A function that opens a window: `screen("kim", phone=True)`."""
    with windows(chromium, live_server.url, shots) as opening:
        yield opening
