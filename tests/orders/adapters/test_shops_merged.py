"""What several messages of a shop say together, in whichever order they came."""

import itertools
import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from orders.adapters.merging import merged, told
from tests.orders.adapters import shopify, woocommerce

AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "data" / "channel_payloads"


def known_of(reports):
    kept = {}
    for report in reports:
        kept = merged(kept, report, AT)
    return kept


def after(*readings):
    """What is known, the same whatever came first."""
    reports = [report for reading in readings for report in reading.reports]
    ways = [known_of(way) for way in itertools.permutations(reports)]
    assert all(way == ways[0] for way in ways)
    return told(ways[0])


def transaction(key, kind, amount, **said):
    return shopify.read(
        {"id": key, "order_id": 1001, "kind": kind, "status": "success", "amount": amount,
         "currency": "EUR", "processed_at": "2026-11-23T10:00:00Z", **said}
    )  # fmt: skip


def money(known):
    return known.head.authorized, known.head.captured


def test_payments_told_apart_are_within_what_the_order_states():
    authorized = shopify.read(shopify.order(financial_status="authorized"))
    pending = shopify.read(shopify.order(financial_status="pending"))
    paid = shopify.read(shopify.order(updated_at="2026-11-23T10:09:00+01:00"))
    set_aside, capture = transaction(5, "authorization", "9.00"), transaction(6, "capture", "9.00")
    part = transaction(7, "capture", "4.00", parent_id=5)

    assert money(after(paid)) == (0, 9)
    assert money(after(paid, set_aside, capture)) == (0, 9)
    assert money(after(authorized, paid, set_aside, capture)) == (0, 9)
    assert money(after(authorized, set_aside)) == (9, 0)
    assert money(after(authorized, set_aside, capture)) == (0, 9)
    assert money(after(authorized, set_aside, part)) == (5, 4)
    assert money(after(pending, set_aside)) == (9, 0)
    assert after(paid, set_aside, capture).payments == {}


def test_refunds_told_apart_are_within_their_sum():
    refund = woocommerce.read(
        {"id": 726, "amount": "2.50", "refunded_by": 1, "line_items": [], "parent_id": 727}
    )
    whole = woocommerce.read(
        woocommerce.order(refunds=[{"id": 726, "reason": "", "total": "-2.50"}])
    )
    more = woocommerce.read(
        woocommerce.order(refunds=[{"id": 726, "total": "-2.50"}, {"id": 9, "total": "-1.00"}])
    )

    known = after(whole, refund).refunds
    assert {key: (each.amount, each.currency) for key, each in known.items()} == {
        "refund:726": (Decimal("2.50"), "EUR")
    }
    assert set(after(whole).refunds) == {"refunded"}
    assert set(after(more, refund).refunds) == {"refund:726", "refunded"}


def test_an_order_that_is_wanted_after_all_is_not_called_off():
    off = woocommerce.read(woocommerce.order(status="cancelled"))
    later = {"status": "processing", "date_modified_gmt": "2026-11-23T11:00:00"}

    assert after(off).is_called_off
    assert not after(off, woocommerce.read(woocommerce.order(**later))).is_called_off


def test_documents_as_they_are_published_say_the_same_whatever_came_first():
    reports = []
    for path in sorted((FOLDER / "shopify_rest").glob("*.json")):
        reports += shopify.read(json.loads(path.read_bytes())["response"]).reports
    for path in sorted((FOLDER / "woocommerce").glob("*.json")):
        reports += woocommerce.read(json.loads(path.read_bytes())).reports
    dice = random.Random(3)
    orders = {report.order for report in reports}

    def books():
        said = [*reports, *reports]
        dice.shuffle(said)
        return {each: known_of([r for r in said if r.order == each]) for each in orders}

    first = books()
    assert all(books() == first for _ in range(20))
    assert all(told(known) for known in first.values())
