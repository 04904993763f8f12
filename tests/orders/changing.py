"""Changing an order, in few words."""

from decimal import Decimal

import pytest

from oms.core.actors import Actor
from oms.core.books import verify
from oms.customers.addresses import Address
from orders import services
from orders.models import Order, OrderLine
from orders.rules.changes import Action
from orders.rules.effects import Effects

KIM = Actor("user", "kim")
GHENT = Address(name="Robin Vale", line1="Veldstraat 1", city="Ghent", country="BE")


def preview(order, *actions, **named):
    return services.preview_change(number=order.number, actions=actions, by=KIM, **named)


def confirm(change):
    return services.confirm_change(number=change.order.number, change=change.number, by=KIM)


def change(order, *actions):
    return confirm(preview(order, *actions))


def quantity(sku, units, **named):
    return Action("set_quantity", sku=sku, quantity=units, **named)


def add(sku, units, price=None, **named):
    unit_price = None if price is None else Decimal(price)
    return Action("add_line", sku=sku, quantity=units, unit_price=unit_price, **named)


def address(to=GHENT, **named):
    return Action("set_address", address=to, **named)


def fresh(order):
    return Order.objects.get(pk=order.pk)


def line_of(order, sku="tea"):
    return OrderLine.objects.get(order=order, sku_code=sku)


def effects(document):
    return Effects.of_json(document.effects)


@pytest.fixture(autouse=True)
def _books(world):
    """Whatever a test did, the books are clean after it."""
    yield
    assert [str(found) for found in verify()] == []


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=5)
    return world.place(tea=3, paid=True)
