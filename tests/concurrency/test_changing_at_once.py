"""Two reach for one order, and one of them changes it: one wins, the other is told, books clean."""

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders import services as orders
from orders.models import Order, OrderLine
from orders.rules.changes import Action
from tests.concurrency.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=9)
    return world.place(tea=3, paid=True)


def preview(order, quantity):
    action = Action("set_quantity", sku="tea", quantity=quantity)
    return orders.preview_change(number=order.number, actions=[action], by=SYSTEM)


def confirming(change):
    number = change.order.number

    def confirm():
        orders.confirm_change(number=number, change=change.number, by=SYSTEM)
        return "changed"

    return confirm


def test_changing_and_packing_the_same_units_has_one_winner(world, order):
    [work] = world.works(order)
    fulfillment.pick(number=work.number, by=SYSTEM, at=timezone.now())
    change = preview(order, 1)

    def pack():
        fulfillment.pack(number=work.number, by=SYSTEM, at=timezone.now())
        return "packed"

    outcome = race([confirming(change), pack])

    line, work = OrderLine.objects.get(), FulfillmentOrder.objects.get()
    assert work.status == "packed"
    if outcome[0] == "changed":
        assert outcome == ["changed", "packed"]
        assert (line.quantity, line.packed, world.available("tea")) == (1, 1, {"rotterdam": 8})
    else:
        assert outcome == ["TooLateToReduce", "packed"]
        assert (line.quantity, line.packed, world.available("tea")) == (3, 3, {"rotterdam": 6})
    assert verify() == []


def test_of_two_changes_one_is_made_and_the_other_looks_again(world, order):
    first, second = preview(order, 2), preview(order, 5)

    outcome = race([confirming(first), confirming(second)])

    assert sorted(outcome) == ["OrderMovedOn", "changed"]
    quantity = 2 if outcome[0] == "changed" else 5
    assert OrderLine.objects.get().quantity == quantity
    assert world.available("tea") == {"rotterdam": 9 - quantity}
    assert verify() == []


def test_one_change_confirmed_by_several_at_once_is_made_once(world, order):
    change = preview(order, 1)

    assert race([confirming(change)] * 4) == ["changed"] * 4
    assert Order.objects.get().refunded_amount == 20
    assert world.available("tea") == {"rotterdam": 8}
    assert verify() == []


def test_changing_and_cancelling_has_one_winner(world, order):
    change = preview(order, 2)

    def cancel():
        orders.cancel_order(number=order.number, reason="gone", by=SYSTEM)
        return "cancelled"

    outcome = race([confirming(change), cancel])

    assert outcome in (
        ["changed", "cancelled"],  # fewer units first, then what was left of them
        ["TransitionNotAllowed", "cancelled"],
    )
    assert Order.objects.get().refunded_amount == 30
    assert world.available("tea") == {"rotterdam": 9}
    assert verify() == []
