from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from fulfillment import services
from fulfillment.errors import ShipmentNotFound, UnknownTrackingStatus
from fulfillment.models import Shipment, TrackingEvent
from fulfillment.rules.tracking import normalised, status_after
from fulfillment.states import ShipmentStatus
from oms.core.books import verify
from oms.core.models import EventRecord
from orders import services as orders
from orders.models import OrderLine
from orders.services import ReturnMoves
from tests.fulfillment.steps import KIM, counters, only_work_of, said, shipped, status_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=2)
    return world.place(tea=2)


@pytest.fixture
def shipment(order):
    return shipped(only_work_of(order))


def status(shipment):
    return Shipment.objects.get(pk=shipment.pk).status


def test_a_delivered_parcel_delivers_its_work_and_its_units(order, shipment):
    said(shipment, "delivered", NOW, location="Antwerp", message="Signed")

    assert status(shipment) == "delivered"
    assert Shipment.objects.get().delivered_at == NOW
    assert status_of(only_work_of(order)) == "delivered"
    assert counters(order)["tea"]["delivered"] == 2
    fact = EventRecord.objects.get(name="shipment.delivered")
    assert (fact.subject, fact.payload) == (shipment.number, {"units": {"tea": 2}})


def test_the_same_message_twice_changes_nothing(order, shipment):
    for _ in range(3):
        said(shipment, "delivered", NOW)

    assert TrackingEvent.objects.count() == 1
    assert EventRecord.objects.filter(name="shipment.delivered").count() == 1
    assert counters(order)["tea"]["delivered"] == 2


def test_a_late_message_does_not_turn_back_the_clock(shipment):
    said(shipment, "out_for_delivery", NOW)
    said(shipment, "in_transit", NOW - timedelta(hours=9))

    assert status(shipment) == "out_for_delivery"
    assert TrackingEvent.objects.count() == 2


def test_what_was_delivered_stays_delivered(order, shipment):
    said(shipment, "delivered", NOW)
    said(shipment, "exception", NOW + timedelta(hours=1))

    assert status(shipment) == "delivered"
    assert status_of(only_work_of(order)) == "delivered"


def test_an_unknown_word_is_refused_and_nothing_is_kept(shipment):
    with pytest.raises(UnknownTrackingStatus):
        said(shipment, "teleported")

    assert not TrackingEvent.objects.exists()


def test_there_is_no_tracking_of_what_was_not_shipped(db):
    with pytest.raises(ShipmentNotFound):
        services.record_tracking(
            number="SH-1-1", status="delivered", occurred_at=timezone.now(), by=KIM
        )


def test_words_of_carriers_are_understood():
    assert normalised("In Transit") == "in_transit"
    assert normalised("label-created") == "shipped"
    assert normalised("FAILURE") == "exception"
    assert normalised("gone") is None


messages = st.lists(
    st.tuples(st.sampled_from(list(ShipmentStatus)), st.integers(0, 9)), max_size=6, unique=True
)


@given(messages.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_a_delivery_is_known_in_whatever_order_messages_arrive(both):
    ordered, arrived = both

    def end(sequence):
        current, known = ShipmentStatus.SHIPPED, []
        for new, hour in sequence:
            current = status_after(current, new, NOW + timedelta(hours=hour), known)
            known.append((new, NOW + timedelta(hours=hour)))
        return current

    delivered = any(new == ShipmentStatus.DELIVERED for new, _ in ordered)
    assert (end(arrived) == "delivered") == delivered
    hours = [hour for _, hour in ordered]
    if len(set(hours)) == len(hours):
        assert end(arrived) == end(ordered)


def test_what_came_back_before_the_carrier_said_so_is_delivered_once(world, order, shipment):
    tea = OrderLine.objects.get(order=order)
    progress(order, ReturnMoves(tea.pk, returned=1))

    said(shipment, "delivered", NOW)

    assert status(shipment) == "delivered"
    assert counters(order)["tea"]["delivered"] == 2
    assert not [each for each in verify() if each.invariant.startswith(("orders", "fulfillment"))]


def progress(order, *moves):
    with transaction.atomic():
        locked = orders.lock_order(number=order.number)
        orders.record_return(order=locked, moves=moves, by=KIM, at=NOW)
