"""A real browser on the real pages: headless Chromium against a live server of ours."""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright brings a loop of its own

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}
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
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Screen:
    """One person's browser window on our pages."""

    def __init__(self, chromium, base_url, shots, viewport, name):
        self.context = chromium.new_context(viewport=viewport, base_url=base_url)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.shots, self.name, self.problems = shots, name, []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.problems.append(said.text) if said.type == "error" else None,
        )

    def sign_in(self, user, password="correct horse battery"):
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Username").fill(user.username)
        self.page.get_by_label("Password").fill(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/")
        return self

    def open(self, address):
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status < 500, (address, answer.status)
        return self.page

    def look(self, name):
        """Keep a picture, and let axe look at the page as well."""
        self.page.screenshot(path=str(self.shots / f"{self.name}-{name}.png"), full_page=True)
        found = Axe().run(self.page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{name} scrolls sideways"

    def close(self):
        self.context.close()


@pytest.fixture
def shots():
    """Where pictures are kept: SCREENSHOTS, or a folder that git does not know."""
    folder = Path(os.environ.get("SCREENSHOTS", "var/screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def screen(chromium, live_server, shots, request):
    """A function that opens a window: `screen("kim", phone=True)`."""
    opened = []

    def open_window(name="someone", *, phone=False):
        window = Screen(
            chromium, live_server.url, shots, PHONE if phone else DESKTOP, name
        )
        opened.append(window)
        return window

    yield open_window
    problems = [problem for window in opened for problem in window.problems]
    for window in opened:
        window.close()
    assert problems == []
