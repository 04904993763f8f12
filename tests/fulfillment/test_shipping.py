from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from fulfillment import services
from fulfillment.errors import AlreadyShipped, OnHold, TrackingNumberTaken
from fulfillment.models import FulfillmentOrder, Package, Shipment
from fulfillment.rules.carriage import tracking_page
from inventory.models import Movement, Reservation
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders import services as orders
from orders.models import Order
from tests.fulfillment.steps import (
    KIM,
    counters,
    only_work_of,
    packed,
    picked,
    shipped,
    status_of,
    units_of,
    work_of,
)


def ship(work, **named):
    return services.ship(number=work.number, by=KIM, at=timezone.now(), **named)


def test_shipping_takes_the_units_off_the_shelf_and_completes_the_order(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3)
    work = only_work_of(order)
    packed(work)

    shipment = ship(work, carrier="dhl", service="parcel", tracking_number="JD 1")

    assert shipment.number == f"SH-{order.number.removeprefix('SO-')}-1"
    assert shipment.tracking_url.endswith("JD%201")
    assert status_of(work) == "shipped"
    assert units_of(work) == {"tea": (3, 3, 3, 3)}
    assert counters(order) == {"tea": {"allocated": 3, "picked": 3, "packed": 3, "shipped": 3}}
    assert world.on_hand("tea") == {"rotterdam": 2}
    assert world.available("tea") == {"rotterdam": 2}
    assert Reservation.objects.get().quantity == 0
    movement = Movement.objects.get(kind="ship")
    assert movement.source_id == work.lines.get().pk
    assert movement.reference == shipment.number
    assert Package.objects.get().shipment == Shipment.objects.get()
    assert Order.objects.get(pk=order.pk).status == "completed"
    fact = EventRecord.objects.get(name="shipment.shipped")
    assert fact.thread == order.number
    assert fact.subject == shipment.number
    assert fact.payload["units"] == {"tea": 3}
    assert fact.payload["tracking_number"] == "JD 1"


def test_with_nothing_named_the_standard_service_takes_it(world):
    world.stock("tea", rotterdam=1)

    shipment = shipped(only_work_of(world.place(tea=1)))

    assert (shipment.carrier, shipment.service, shipment.tracking_number) == ("", "standard", "")


def test_two_parcels_of_an_order_are_numbered_one_after_the_other(world):
    world.stock("tea", rotterdam=1)
    world.stock("cup", leipzig=1)
    order = world.place(tea=1, cup=1)

    numbers = [shipped(work).number for work in work_of(order)]

    ours = order.number.removeprefix("SO-")
    assert numbers == [f"SH-{ours}-1", f"SH-{ours}-2"]


def test_work_that_is_not_packed_does_not_ship(world):
    world.stock("tea", rotterdam=1)
    work = only_work_of(world.place(tea=1))
    picked(work)

    with pytest.raises(TransitionNotAllowed):
        ship(work)

    assert not Shipment.objects.exists()
    assert world.on_hand("tea") == {"rotterdam": 1}


def test_who_comes_second_is_told_of_the_first(world):
    world.stock("tea", rotterdam=1)
    work = only_work_of(world.place(tea=1))
    first = shipped(work)

    with pytest.raises(AlreadyShipped) as refusal:
        ship(work)

    assert refusal.value.shipment == first.number
    assert refusal.value.shipped_by == "user:kim"
    assert Shipment.objects.count() == 1


def test_a_hold_stops_the_parcel(world):
    world.stock("tea", rotterdam=1)
    order = world.place(tea=1)
    work = only_work_of(order)
    packed(work)
    orders.hold_order(number=order.number, kind="payment", reason="", by=KIM)

    with pytest.raises(OnHold):
        ship(work)

    assert status_of(work) == "packed"
    assert world.on_hand("tea") == {"rotterdam": 1}


def test_a_tracking_number_belongs_to_one_shipment(world):
    world.stock("tea", rotterdam=2)
    first = shipped(only_work_of(world.place(tea=1)), carrier="dhl", tracking_number="JD1")
    work = only_work_of(world.place(tea=1))
    packed(work)

    with pytest.raises(TrackingNumberTaken) as refusal:
        ship(work, carrier="dhl", tracking_number="JD1")

    assert refusal.value.shipment == first.number
    assert status_of(work) == "packed"
    assert ship(work, carrier="ups", tracking_number="JD1").number


@pytest.mark.django_db(transaction=True)
def test_two_people_ship_at_once_and_one_parcel_leaves(world):
    world.stock("tea", rotterdam=6)
    for _ in range(3):
        work = only_work_of(world.place(tea=2))
        packed(work)

        answers = together(4, work.number)

        [number] = [answer for answer in answers if isinstance(answer, str)]
        refusals = [answer for answer in answers if isinstance(answer, AlreadyShipped)]
        assert [refusal.shipment for refusal in refusals] == [number] * 3
        assert Shipment.objects.filter(fulfillment_order__number=work.number).count() == 1
    assert world.on_hand("tea") == {"rotterdam": 0}
    assert FulfillmentOrder.objects.filter(status="shipped").count() == 3


def together(people, number):
    """What each of so many people is answered who ship the same work at the same moment."""
    start = Barrier(people)

    def go(_person):
        start.wait()
        try:
            return services.ship(number=number, by=KIM, at=timezone.now()).number
        except AlreadyShipped as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(go, range(people)))


def test_only_carriers_we_know_have_a_tracking_page():
    assert tracking_page("Royal_Mail", "A/1") == (
        "https://www.royalmail.com/track-your-item#/tracking-results/A%2F1"
    )
    assert tracking_page("my cousin", "A1") == ""
    assert tracking_page("dhl", "") == ""
