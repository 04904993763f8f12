"""One change may add a line and think again about it, before anything is written."""

from decimal import Decimal

import pytest

from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders import services
from orders.errors import LineNotFound, NothingChanges
from orders.models import Order, OrderLine
from orders.rules.changes import Action

ADD = Action("add_line", sku="cup", quantity=3, unit_price=Decimal("4.00"))
TAKE_OUT = Action("remove_line", sku="cup")


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    return world.place("A-1", tea=1)


def change(order, *actions):
    return services.change_order(number=order.number, actions=actions, by=SYSTEM)


def test_a_line_added_and_resized_is_of_the_last_size(order):
    change(order, ADD, Action("set_quantity", sku="cup", quantity=2))

    line = OrderLine.objects.get(order=order, sku_code="cup")
    assert (line.quantity, line.allocated, line.total_amount) == (2, 2, Decimal("8.00"))
    assert verify() == []


def test_a_line_added_and_taken_out_again_was_never_there(order):
    change(order, ADD, TAKE_OUT, Action("set_quantity", sku="tea", quantity=2))

    assert list(OrderLine.objects.filter(order=order).values_list("sku_code", "quantity")) == [
        ("tea", 2)
    ]
    assert verify() == []


def test_a_line_taken_out_is_no_longer_there_for_the_next_step(order):
    with pytest.raises(LineNotFound):
        change(order, ADD, TAKE_OUT, TAKE_OUT)

    assert not OrderLine.objects.filter(order=order, sku_code="cup").exists()


def test_adding_and_taking_out_alone_changes_nothing(order):
    with pytest.raises(NothingChanges):
        change(order, ADD, TAKE_OUT)

    assert Order.objects.get(pk=order.pk).version == order.version
