"""A part that is left out is nowhere, and nothing else misses it."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from oms.core import events, parts

RETURNS = ("returns",)
PAGES = ("/", "/orders/", "/inventory/", "/fulfillment/", "/preferences/", "/find/?q=tea")


@pytest.fixture
def without_returns(settings):
    settings.MODULES_LEFT_OUT = RETURNS
    settings.NAVIGATION = [entry for entry in settings.NAVIGATION if entry.get("part") != "returns"]
    for page in ("REACTIONS", "HOME_CARDS", "FINDERS", "ORDER_PARTS", "ROUTINES"):
        setattr(settings, page, parts.without(getattr(settings, page), RETURNS))
    events._reactions.cache_clear()
    yield
    events._reactions.cache_clear()


def test_a_page_of_the_roof_loses_what_stands_in_the_part_and_nothing_else():
    page = {
        "order.placed": ["orders.reactions.confirm", "returns.reactions.see"],
        "return.settled": ["returns.reactions.tell"],
    }

    assert parts.without(page, RETURNS) == {
        "order.placed": ["orders.reactions.confirm"],
        "return.settled": [],
    }
    assert parts.without({"a": "returns.x", "b": "returnsome.x"}, RETURNS) == {"b": "returnsome.x"}
    assert parts.without(("returns.home.cards", "orders.home.cards"), RETURNS) == (
        "orders.home.cards",
    )


@pytest.mark.django_db
def test_the_pages_that_are_left_answer_and_do_not_link_to_the_part(world, without_returns):
    order = world.place("1001", tea=1, paid=True)
    browser = world.browser(world.user("ada", role="administrator"))

    for page in (*PAGES, f"/orders/{order.number}/"):
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert 'href="/returns/' not in answer.content.decode(), page


@pytest.mark.django_db
def test_the_pages_and_the_api_of_the_part_are_not_there(world, without_returns):
    browser = world.browser(world.user("ada", role="administrator"))

    assert browser.get("/returns/").status_code == 404
    assert browser.get("/returns/start/").status_code == 404
    answer = world.api("shop").get("/api/v1/returns/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_part_that_there_is_not_stops_the_start_with_a_sentence():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=Path(settings.BASE_DIR),
        env={
            "PATH": "/usr/bin:/bin",
            "PARTS_OFF": "returns,teapots",
            "OMS_HOME": str(settings.OMS_HOME),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "PARTS_OFF: no part is called teapots; there are" in done.stderr
