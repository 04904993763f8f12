"""Companies order kits as they order anything: priced, supplied in parts, invoiced to the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from b2b.selectors.buying import coming_on, free_units
from inventory import services as inventory
from oms.core.books import verify
from orders.models import Order
from tests.b2b.conftest import REP


@pytest.fixture
def gifts(office):
    """A gift of two teas and a cup at 25.00; there are cups for one of three."""
    office.world.kit("gift", price="25.00", tea=2, cup=1)
    office.stock("tea", rotterdam=6)
    office.stock("cup", rotterdam=1)
    yield office.buy(gift=3)
    assert [str(found) for found in verify()] == []


def test_a_purchase_order_of_kits_is_supplied_in_parts_and_invoiced_to_the_cent(office, gifts):
    order = Order.objects.get(pk=gifts.order_id)
    assert {line.sku_code: line.backordered for line in order.lines.all()} == {"tea": 0, "cup": 2}

    office.ship(order)
    [first] = office.invoices(order)
    assert office.fresh(gifts).status == "part_delivered"
    names = [line.name for line in first.lines.order_by("id")]
    assert names == ["Tea (Gift)", "Cup (Gift)"]

    office.stock("cup", rotterdam=2)
    office.ship(order)

    amounts = [invoice.amount for invoice in office.invoices(order)]
    assert sum(amounts) == order.total_amount == Decimal("75.00")
    assert office.fresh(gifts).status == "invoiced"


def test_a_buyer_reads_of_kits_what_is_whole(office, gifts):
    buyer = office.buyer()
    browser = office.world.browser(buyer.user)

    page = browser.get(f"/b2b/portal/orders/{gifts.number}/")

    [line] = page.context["lines"]
    assert [each.word for each in line["progress"]] == [
        "1 being prepared",
        "2 waiting for stock",
    ]


def test_what_is_promised_of_a_kit_stands_in_the_portal(office, gifts):
    office.stock("tea", rotterdam=5)
    office.stock("cup", rotterdam=4)

    assert free_units(["gift", "tea", "cup"]) == {"gift": 2, "tea": 5, "cup": 2}


def test_a_kit_is_expected_when_its_last_component_is(office):
    world, today = office.world, timezone.localdate()
    world.kit("gift", price="25.00", tea=2, cup=1)
    office.stock("tea", rotterdam=1)
    for sku, days in (("tea", 3), ("cup", 5)):
        sent = world.ordered_from_supplier(**{sku: 10})
        parts = [inventory.Part(10, today + timedelta(days=days))]
        inventory.commit_replenishment(
            number=sent.number,
            answers=[inventory.Answer(sku, parts)],
            by=REP,
            at=timezone.now(),
        )

    def expected(**units):
        days = coming_on(units, today)
        return {sku: (day - today).days for sku, day in days.items()}

    assert expected(gift=1, tea=1, cup=1) == {"gift": 5, "tea": 3, "cup": 5}
    assert expected(gift=5) == {"gift": 5}
    assert expected(gift=6) == {}
