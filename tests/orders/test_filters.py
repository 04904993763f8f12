"""Narrowing the list, each way and together."""

import pytest

from oms.core.actors import SYSTEM
from orders import services


@pytest.fixture
def desk(world):
    return world.browser(world.user("kim", role="support"))


@pytest.fixture
def orders(world):
    early = {"placed_at": "2026-11-01T09:00:00+00:00"}
    late = {"placed_at": "2026-11-20T09:00:00+00:00"}
    world.place("paid", tea=1, paid=True, fields=early)
    world.place("unpaid", tea=1, fields=late)
    held = world.place("held", tea=1, channel="market", fields=late)
    services.hold_order(number=held.number, kind="address", reason="", by=SYSTEM)
    over = world.place("over", tea=1, fields=early)
    services.cancel_order(number=over.number, reason="", by=SYSTEM)


def shown(desk, query):
    rows = desk.get(f"/orders/?view=all&{query}").context["rows"]
    return {row.order.external_id for row in rows}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"paid", "unpaid", "held", "over"}),
        ("status=cancelled", {"over"}),
        ("payment=paid", {"paid"}),
        ("fulfillment=unfulfilled&status=open", {"paid", "unpaid", "held"}),
        ("channel=market", {"held"}),
        ("hold=address", {"held"}),
        ("hold=fraud", set()),
        ("placed_after=2026-11-10", {"unpaid", "held"}),
        ("placed_before=2026-11-01", {"paid", "over"}),
        ("placed_after=2026-11-10&placed_before=2026-11-30&channel=shop", {"unpaid"}),
    ],
)
def test_a_filter_shows_what_it_names(desk, orders, query, expected):
    assert shown(desk, query) == expected


def test_a_filter_that_makes_no_sense_hides_nothing_and_breaks_nothing(desk, orders):
    for query in ("status=nonsense", "placed_after=tomorrow", "channel=nobody"):
        assert desk.get(f"/orders/?view=all&{query}").status_code == 200


def test_filters_in_force_are_chips_that_can_be_taken_away(desk, orders):
    page = desk.get("/orders/?view=all&channel=market&placed_after=2026-11-10").content.decode()

    assert "<span>Channel <b>Market</b></span>" in page
    assert "<span>Placed <b>2026-11-10</b></span>" in page
    assert 'href="?view=all&amp;placed_after=2026-11-10"' in page
