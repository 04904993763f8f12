"""Two reach for the same order at once: one wins, the other is told, nothing is half done."""

from multiprocessing import Event

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder, Shipment
from fulfillment.services import backorders, drawing
from oms.core.actors import SYSTEM
from orders import services as orders
from orders.models import Order
from tests.concurrency.racing import once_after, race

pytestmark = pytest.mark.django_db(transaction=True)


def packed(world, **units):
    order = world.place(**units)
    [work] = world.works(order)
    now = timezone.now()
    fulfillment.pick(number=work.number, by=SYSTEM, at=now)
    return order, work


def test_cancelling_and_packing_the_same_units_has_one_winner(world):
    world.stock("tea", rotterdam=5)
    order, work = packed(world, tea=2)

    def cancel():
        orders.cancel_order(number=order.number, reason="late", by=SYSTEM)
        return "cancelled"

    def pack():
        fulfillment.pack(number=work.number, by=SYSTEM, at=timezone.now())
        return "packed"

    outcome = race([cancel, pack])

    order, work = Order.objects.get(), FulfillmentOrder.objects.get()
    line = order.lines.get()
    if outcome == ["cancelled", "TransitionNotAllowed"]:
        assert (order.status, work.status) == ("cancelled", "cancelled")
        assert (line.cancelled, line.packed) == (2, 0)
        assert world.available("tea") == {"rotterdam": 5}
    else:
        assert outcome == ["NothingToCancel", "packed"]
        assert (order.status, work.status) == ("open", "packed")
        assert (line.cancelled, line.packed) == (0, 2)
        assert world.available("tea") == {"rotterdam": 3}


def test_two_people_cancel_the_same_order_and_one_does(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=2, paid=True)

    def cancel():
        orders.cancel_order(number=order.number, reason="twice", by=SYSTEM)
        return "cancelled"

    assert sorted(race([cancel] * 4)) == ["NothingToCancel"] * 3 + ["cancelled"]
    assert Order.objects.get().refunded_amount == 20
    assert world.available("tea") == {"rotterdam": 5}


def test_two_people_ship_the_same_work_and_one_parcel_leaves(world):
    world.stock("tea", rotterdam=5)
    _, work = packed(world, tea=2)
    fulfillment.pack(number=work.number, by=SYSTEM, at=timezone.now())

    def ship():
        fulfillment.ship(number=work.number, by=SYSTEM, at=timezone.now())
        return "shipped"

    assert sorted(race([ship] * 3)) == ["AlreadyShipped"] * 2 + ["shipped"]
    assert Shipment.objects.count() == 1
    assert world.on_hand("tea") == {"rotterdam": 3}


def test_receiving_and_ordering_at_once_leaves_no_unit_idle_while_one_waits(world):
    world.stock("tea", rotterdam=0)
    first = world.place(tea=4)

    def receive():
        world.stock("tea", rotterdam=4)
        return "received"

    def order():
        world.place("second", tea=2)
        return "ordered"

    assert race([receive, order]) == ["received", "ordered"]
    lines = {line.order_id: line for each in Order.objects.all() for line in each.lines.all()}
    allocated = sum(line.allocated for line in lines.values())
    assert allocated + world.available("tea")["rotterdam"] == 4
    assert lines[first.pk].allocated >= 2


@pytest.fixture
def looked_and_done():
    return Event(), Event()


def test_units_that_come_in_after_the_order_has_looked_are_still_found(
    world, monkeypatch, looked_and_done
):
    """The order has seen nothing, the receipt has seen nobody waiting: whoever is last looks."""
    looked, received = looked_and_done
    world.stock("tea", rotterdam=0)
    waits = once_after(drawing.supply, looked, received)
    monkeypatch.setattr(drawing, "supply", waits)

    def order():
        world.place("slow", tea=2)

    def receive():
        assert looked.wait(20)
        world.stock("tea", rotterdam=2)
        received.set()

    race([order, receive])

    [line] = Order.objects.get().lines.all()
    assert (line.allocated, line.backordered) == (2, 0)
    assert world.available("tea") == {"rotterdam": 0}


def test_an_order_that_begins_to_wait_after_the_receipt_has_looked_is_still_found(
    world, monkeypatch, looked_and_done
):
    looked, ordered = looked_and_done
    world.stock("tea", rotterdam=0)
    waits = once_after(backorders._deal, looked, ordered)
    monkeypatch.setattr(backorders, "_deal", waits)

    def receive():
        world.stock("tea", rotterdam=2)

    def order():
        assert looked.wait(20)
        world.place("quick", tea=2)
        ordered.set()

    race([receive, order])

    [line] = Order.objects.get().lines.all()
    assert (line.allocated, line.backordered) == (2, 0)
    assert world.available("tea") == {"rotterdam": 0}
