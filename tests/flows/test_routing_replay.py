"""A rule change tried on a real shop's year, reported, published and taken back.

The slice has invoices of the same shape; `ONLINE_RETAIL=<folder> pytest
tests/flows/test_routing_replay.py -m full` does it with the whole data set.
"""

import gzip
import os
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from fulfillment import services
from fulfillment.models import BackTest, BackTestOrder, FulfillmentOrder, RoutingVersion
from fulfillment.selectors import live_rules
from inventory import services as inventory
from inventory.models import Location
from inventory.selectors import forget_serving_locations
from oms.core import books, jobs
from oms.core.actors import SYSTEM, Actor
from orders.models import Order, OrderLine

LEAD = Actor("user", "kim")
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
COUNTRIES = ("United Kingdom", "EIRE", "France")
IRISH_UNITS = 40

OURS = {
    "name": "Gift warehouse",
    "from": ["UK-GIFTS"],
    "allocate": "part",
    "weights": {"distance": "1"},
}
DUBLIN = {**OURS, "name": "Dublin", "from": ["DUB"], "allocate": "all"}
BEFORE = {"routings": [{"name": "Everything", "steps": [OURS]}]}
AFTER = {
    "routings": [
        {"name": "Ireland", "when": {"countries": ["IE"]}, "steps": [DUBLIN, OURS]},
        {"name": "Everything", "steps": [OURS]},
    ]
}


def tried_and_published(rules, first, last):
    """Write a draft, try it on these days, publish it; return its back-test."""
    now = timezone.now()
    draft = services.begin_routing_draft(based_on=0, rules=rules, by=LEAD, at=now)
    test = services.ask_back_test(version=draft.number, since=first, until=last, by=LEAD, at=now)
    while jobs.drain("back_test"):
        pass
    services.publish_routing(version=draft.number, revision=1, by=LEAD, at=now)
    return BackTest.objects.get(pk=test.pk)


def follow_a_rule_change(folder):
    """Replay the shop, open a second warehouse in Dublin that would have had some of everything,
    and try serving Ireland from there."""
    call_command("replay_online_retail", str(folder), stdout=StringIO())
    first, last = (
        Order.objects.order_by(f"{sign}placed_at").values_list("placed_at", flat=True)[0]
        for sign in ("", "-")
    )
    until = last + timedelta(days=1)
    dublin = Location.objects.create(
        code="DUB", name="Dublin", country="IE", latitude=53.35, longitude=-6.26
    )
    skus = {line.sku for line in OrderLine.objects.select_related("sku").iterator()}
    inventory.receive(
        arrivals=[
            inventory.Arrival(sku, dublin, IRISH_UNITS)
            for sku in sorted(skus, key=lambda sku: sku.code)
        ],
        reference="opening",
        by=SYSTEM,
        at=first - timedelta(days=1),
    )
    forget_serving_locations()
    works = FulfillmentOrder.objects.count()

    same = tried_and_published(BEFORE, first, until)
    test = tried_and_published(AFTER, first, until)

    assert FulfillmentOrder.objects.count() == works
    assert books.verify() == []
    return same, test


def expected_from_dublin():
    """Reckon which orders Dublin serves: those of Ireland that it has everything for by then."""
    left, served = {}, []
    for order in Order.objects.filter(ship_to__country="IE").order_by("created_at", "id"):
        wanted = {}
        for line in order.lines.all():
            wanted[line.sku_id] = wanted.get(line.sku_id, 0) + line.quantity
        if all(left.get(sku, IRISH_UNITS) >= units for sku, units in wanted.items()):
            served.append(order.number)
            for sku, units in wanted.items():
                left[sku] = left.get(sku, IRISH_UNITS) - units
    return served


def prove(same, test):
    assert same.figures["draft"]["waits"] == test.figures["live"]["waits"]
    moved = BackTestOrder.objects.filter(back_test=test).order_by("placed_at", "id")
    assert [row.order.number for row in moved.select_related("order")] == expected_from_dublin()
    assert test.figures["otherwise"] == moved.count() > 0
    irish = sum(part["units"] for row in moved for part in row.becomes["parts"])
    assert test.figures["locations"]["DUB"]["draft"]["units"] == irish
    assert test.figures["draft"]["waits"] <= test.figures["live"]["waits"]

    assert live_rules().routings[0].name == "Ireland"
    services.undo_routing(live=2, by=LEAD, at=timezone.now())
    assert live_rules().routings[0].name == "Everything"
    assert RoutingVersion.objects.get(status="live").rules["routings"] == [
        {"name": "Everything", "steps": [{**OURS, "parts": 1}], "rest": "wait"}
    ]


@pytest.mark.django_db(transaction=True)
def test_a_rule_change_is_tried_on_a_slice_of_the_replay(tmp_path):
    rows = [
        f"{536365 + number},{code},GIFT,{4 + number % 9},{at:%Y-%m-%d %H:%M:%S},2.55,17,{country}"
        for number in range(24)
        for country in [COUNTRIES[number % 3]]
        for at in [datetime(2010, 12, 1, 8, tzinfo=UTC) + timedelta(hours=7 * number)]
        for code in ("85123A", "71053", "22728")[: 1 + number % 2]
    ]
    (tmp_path / "lines.csv.gz").write_bytes(gzip.compress((HEAD + "\n".join(rows)).encode()))

    prove(*follow_a_rule_change(tmp_path))


@pytest.mark.full
@pytest.mark.skipif("ONLINE_RETAIL" not in os.environ, reason="ONLINE_RETAIL names no folder")
@pytest.mark.django_db(transaction=True)
def test_a_rule_change_is_tried_on_the_whole_replay():
    prove(*follow_a_rule_change(Path(os.environ["ONLINE_RETAIL"])))
