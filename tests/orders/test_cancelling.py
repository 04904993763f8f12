"""Calling an order off: units go back, money follows, what is in a box stays."""

from decimal import Decimal

import pytest

from fulfillment.models import FulfillmentOrder
from inventory.models import Reservation
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from orders import services
from orders.errors import NothingToCancel, TooManyToCancel
from orders.models import MoneyEntry, Order, Refund


def cancel(order, units=None):
    return services.cancel_order(number=order.number, reason="changed", by=SYSTEM, units=units)


def fresh(order):
    return Order.objects.get(pk=order.pk)


def test_a_whole_order_is_cancelled_and_its_stock_is_free_again(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3)

    cancel(order)

    order = fresh(order)
    assert order.status == "cancelled"
    assert order.due_amount == 0
    line = order.lines.get()
    assert (line.cancelled, line.allocated) == (3, 0)
    assert world.available("tea") == {"rotterdam": 5}
    assert FulfillmentOrder.objects.get().status == "cancelled"
    assert Reservation.objects.get().quantity == 0


def test_part_of_a_line_is_cancelled_and_the_rest_goes_on(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3, price="3.33")
    line = order.lines.get()

    cancel(order, {line.pk: 1})

    order = fresh(order)
    line.refresh_from_db()
    assert order.status == "open"
    assert (line.cancelled, line.allocated) == (1, 2)
    assert order.due_amount == Decimal("6.66")
    assert world.available("tea") == {"rotterdam": 3}
    assert FulfillmentOrder.objects.get().units == 2


def test_waiting_units_are_cancelled_before_promised_ones(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=5)
    line = order.lines.get()

    cancel(order, {line.pk: 4})

    line.refresh_from_db()
    assert (line.cancelled, line.backordered, line.allocated) == (4, 0, 1)
    assert world.available("tea") == {"rotterdam": 1}


def test_money_captured_beyond_what_is_due_goes_back(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3, paid=True)

    cancel(order, {order.lines.get().pk: 1})

    refund = Refund.objects.get()
    order = fresh(order)
    assert (refund.amount, refund.status) == (Decimal("10.000"), "succeeded")
    assert order.refunded_amount == Decimal("10.000")
    assert order.payment_status == "partly_refunded"
    assert [(entry.kind, entry.amount) for entry in MoneyEntry.objects.order_by("id")] == [
        ("charge", Decimal("30.000")),
        ("capture", Decimal("30.000")),
        ("cancel", Decimal("-10.000")),
        ("refund", Decimal("-10.000")),
    ]


def test_cancelling_twice_is_refused_and_changes_nothing(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3)
    cancel(order)
    facts = EventRecord.objects.count()

    with pytest.raises(NothingToCancel) as refusal:
        cancel(order)

    assert str(refusal.value) == (
        f"Nothing of {order.number} is left to cancel: it has been packed, shipped or cancelled."
    )
    assert EventRecord.objects.count() == facts
    assert world.available("tea") == {"rotterdam": 5}


def test_more_units_than_there_are_is_refused(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3)

    with pytest.raises(TooManyToCancel):
        cancel(order, {order.lines.get().pk: 4})

    assert fresh(order).lines.get().cancelled == 0


def test_all_parts_cancelled_one_by_one_add_up_to_the_order(world):
    world.stock("tea", rotterdam=9)
    order = world.place(tea=3, price="3.333333", paid=True)
    line = order.lines.get()

    for _ in range(3):
        cancel(order, {line.pk: 1})

    order = fresh(order)
    assert order.status == "cancelled"
    assert order.cancelled_amount == order.total_amount == Decimal("10.000")
    assert order.refunded_amount == Decimal("10.000")
    assert order.payment_status == "refunded"
