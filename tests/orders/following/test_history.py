"""What left before a channel went live is history: it moves no stock, makes no work, tells nobody.

It ends alike whether it is heard of whole, or first as an order that waits.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfillment.models import Shipment
from oms.channels.models import Channel
from oms.core.books import verify
from oms.core.models import Job
from orders.adapters.parts import Cancellation, Fulfillment, Place, Refund, Units
from orders.models import Hold, OrderLine
from tests.orders.following.telling import NOON, item, paid, parts

pytestmark = pytest.mark.django_db
BEFORE, AFTER = NOON - timedelta(days=30), NOON + timedelta(hours=1)


@pytest.fixture
def live(world, tell):
    """The channel went live on the day of its order 1001."""
    world.stock("tea", rotterdam=5)
    Channel.objects.filter(slug=tell.slug).update(live_since=timezone.localdate(NOON))
    return tell


def told(*items, at=BEFORE, units=None, key="fulfillment:5"):
    said = parts(*items, placed_at=BEFORE - timedelta(days=1))
    return {**said, "payment:1": paid("30.00"), key: Fulfillment(units, at=at)}


def books(world, tell):
    order = tell.order
    rows = OrderLine.objects.filter(order=order).order_by("position")
    return {
        "order": (order.status, order.payment_status, order.fulfillment_status, tell.kept.state),
        "lines": [(row.quantity, row.allocated, row.shipped, row.delivered) for row in rows],
        "stock": (world.on_hand("tea"), world.available("tea")),
        "shipments": Shipment.objects.count(),
        "holds": Hold.objects.filter(released_at__isnull=True).count(),
        "wrong": verify(),
    }


HISTORY = {
    "order": ("completed", "paid", "fulfilled", "in_step"),
    "lines": [(3, 3, 3, 3)],
    "stock": ({"rotterdam": 5}, {"rotterdam": 5}),
    "shipments": 0,
    "holds": 0,
    "wrong": [],
}


@pytest.mark.parametrize("key", ["fulfillment:5", "fulfilled"])
@pytest.mark.parametrize("units", [None, (Units("tea", 3),)])
def test_what_left_before_is_kept_as_completed(world, live, key, units):
    for _ in range(2):
        live(told(item("tea", 3), units=units, key=key), hour=1)

    assert books(world, live) == HISTORY
    assert not world.works(live.order)
    assert not Job.objects.filter(kind="mail").exists()


@pytest.mark.parametrize("address", [True, False])
def test_heard_of_first_as_an_order_that_waits_it_ends_alike(world, live, address):
    """Nothing was packed for it: its work is dropped, and its stock is free again."""
    said = told(item("tea", 3))
    if not address:
        said["address"] = Place(None)
    live({key: part for key, part in said.items() if not key.startswith("fulfillment")})
    assert live.order.status == "open"

    live(said)

    assert books(world, live) == HISTORY


def test_units_it_was_short_of_are_waited_for_no_more(world, live):
    said = told(item("tea", 9))
    live({key: part for key, part in said.items() if not key.startswith("fulfillment")})

    live(said)

    assert OrderLine.objects.get().backordered == 0
    assert world.available("tea") == {"rotterdam": 5}
    assert verify() == []


@pytest.mark.parametrize(
    "said",
    [
        told(item("tea", 3), at=AFTER),
        told(item("tea", 3), units=(Units("tea", 2),)),
        {**told(item("tea", 3), units=(Units("tea", 2),)), "fulfilled": Fulfillment(None, AFTER)},
    ],
)
def test_what_left_later_or_not_yet_is_ours(world, live, said):
    live(said)

    assert Shipment.objects.exists()
    assert world.on_hand("tea") != {"rotterdam": 5}
    assert verify() == []


def test_units_that_were_given_up_are_not_waited_for(world, live):
    said = told(item("tea", 3), units=(Units("tea", 2),))
    said["refund:9"] = Refund(Decimal("10.00"), "EUR", at=BEFORE, unsaid=(Units("tea", 1),))

    live(said)

    assert (live.order.status, Shipment.objects.count()) == ("completed", 0)
    assert live.order.refunded_amount == Decimal("10.00")


def test_what_was_called_off_is_cancelled_and_not_completed(live):
    live({**told(item("tea", 3)), "cancellation": Cancellation()})

    assert live.order.status == "cancelled"


def test_a_channel_without_such_a_day_has_no_history(world, tell):
    world.stock("tea", rotterdam=5)

    tell(told(item("tea", 3)))

    assert Shipment.objects.count() == 1
