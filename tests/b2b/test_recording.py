"""A purchase order that ended elsewhere is kept whole, and moves nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from b2b import services
from b2b.errors import (
    AmountNotFitting,
    CompanyInactive,
    CompanyNotFound,
    NoLines,
    NoPrice,
    NotASalesRep,
    PurchaseOrderKnown,
)
from b2b.models import CreditEntry, PurchaseOrder, PurchaseOrderLine
from b2b.services import LineWish
from fulfillment.models import FulfillmentOrder
from inventory.models import Movement
from oms.catalog.errors import UnknownSku
from oms.core import books
from oms.core.jobs import Job
from oms.customers.addresses import Address
from oms.messaging.models import Message
from orders.models import Order, Payment
from tests.b2b.conftest import CAFE, REP

pytestmark = pytest.mark.django_db
TEA = LineWish("tea", 3, Decimal("9.405"))
THEN = datetime(2025, 3, 4, 10, tzinfo=UTC)
DELFT = Address(
    name="Café Vermeer BV", line1="Markt 1", city="Delft", postal_code="2611 GP", country="NL"
)


@pytest.fixture
def shop(world, office):
    world.user("rita", "sales")
    world.user("otto", "sales")
    office.company(sales_rep="otto")
    office.stock("tea", rotterdam=20)
    office.stock("cup", rotterdam=20)
    return office


def record(status="completed", lines=(TEA,), **named):
    said = {"company": "vermeer", "po_number": "17"} | named
    return services.record_past_purchase_order(
        lines=list(lines), status=status, by=REP, at=THEN, **said
    )


def test_a_completed_one_reads_as_decided_supplied_and_paid_on_its_day(shop):
    document = record(
        lines=[TEA, LineWish("cup", 2)],
        sales_rep="rita",
        ship_to=DELFT,
        requested_on=date(2025, 3, 10),
        note="At the back door",
    )

    kept = shop.fresh(document)
    assert (kept.status, kept.source, kept.po_number) == ("closed", "rep", "17")
    assert (kept.sales_rep.username, kept.ship_to, kept.note) == ("rita", DELFT, "At the back door")
    assert (kept.requested_on, kept.issues) == (date(2025, 3, 10), [])
    assert (kept.created_at, kept.submitted_at, kept.decided_at) == (THEN, THEN, THEN)
    assert kept.created_by == kept.submitted_by == kept.decided_by == str(REP)
    assert kept.total_amount == Decimal("48.220")
    lines = kept.lines.order_by("position")
    assert [
        (line.sku.code, line.quantity, line.accepted_quantity, line.unit_price, line.decision)
        for line in lines.select_related("sku")
    ] == [
        ("tea", 3, 3, Decimal("9.405"), "accept"),
        ("cup", 2, 2, Decimal("10"), "accept"),
    ]
    order = kept.order
    assert (order.status, order.payment_status, order.fulfillment_status) == (
        "completed",
        "paid",
        "fulfilled",
    )
    assert (order.placed_at, order.total_amount) == (THEN, Decimal("48.220"))
    paid = Payment.objects.get(order=order)
    assert (paid.method, paid.status, paid.captured_amount) == (
        "imported",
        "captured",
        Decimal("48.220"),
    )
    assert books.verify() == []


def test_a_cancelled_one_supplied_nothing_and_took_no_money(shop):
    kept = shop.fresh(record("cancelled"))

    assert (kept.status, kept.order.status) == ("cancelled", "cancelled")
    assert kept.order.cancelled_amount == kept.order.total_amount == Decimal("28.220")
    assert not Payment.objects.exists()
    assert [(each.quantity, each.cancelled) for each in kept.order.lines.all()] == [(3, 3)]
    assert books.verify() == []


def test_one_that_cost_nothing_has_no_payment(shop):
    kept = shop.fresh(record(lines=[LineWish("tea", 3, Decimal(0))]))

    assert (kept.status, kept.total_amount) == ("closed", 0)
    assert not Payment.objects.exists()
    assert books.verify() == []


def test_who_says_no_rep_means_the_companys_and_its_address(shop):
    kept = shop.fresh(record())

    assert kept.sales_rep.username == "otto"
    assert kept.ship_to == CAFE


def test_it_touches_neither_stock_nor_credit_and_nobody_is_told(world, shop):
    shop.limit("0", blocked=True)
    before = (Movement.objects.count(), Job.objects.count())

    document = record()

    assert (Movement.objects.count(), Job.objects.count()) == before
    assert world.available("tea") == {"rotterdam": 20}
    assert shop.balances() == (0, 0)
    assert shop.holds(document.order) == []
    assert not CreditEntry.objects.exists()
    assert not FulfillmentOrder.objects.exists()
    assert not Message.objects.exists()


def test_the_companys_own_number_is_recorded_once(shop):
    known = record()
    before = counted()

    with pytest.raises(PurchaseOrderKnown, match=known.number):
        record("cancelled")

    assert counted() == before
    assert shop.fresh(known).order.status == "completed"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"company": "nobody"}, CompanyNotFound),
        ({"company": "gone"}, CompanyInactive),
        ({"lines": ()}, NoLines),
        ({"lines": [LineWish("moon", 1)]}, UnknownSku),
        ({"lines": [LineWish("dollar", 1)]}, NoPrice),
        ({"lines": [LineWish("tea", 1, Decimal("1e15"))]}, AmountNotFitting),
        ({"sales_rep": "wim"}, NotASalesRep),
    ],
)
def test_what_is_refused_leaves_nothing_behind(world, shop, said, refusal):
    world.user("wim", "warehouse")
    world.sku("dollar", currency="USD")
    shop.company("gone", name="Gone BV")
    services.change_company(code="gone", changes={"is_active": False}, by=REP, at=THEN)
    before = counted()

    with pytest.raises(refusal):
        record(**said)

    assert counted() == before == [0, 0, 0, 0]


def counted():
    return [each.objects.count() for each in (PurchaseOrder, PurchaseOrderLine, Order, Payment)]
