"""A cart's time is over as its order comes in: its units are the order's, or free, never both."""

import time

import pytest
from django.utils import timezone

from inventory import services as inventory
from inventory.models import CartReservation, Reservation
from inventory.services import ending_carts
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders import services
from orders.adapters.native.documents import read_order
from tests.concurrency.racing import race
from tests.inventory.carts import change, keep, time_is_over

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = [pytest.param(2), pytest.param(50, marks=pytest.mark.full)]


def buyer(world, name, sku, units, cart=""):
    fields = {"reservation": cart} if cart else {}
    wanted = read_order(world.order_body(name, fields=fields, **{sku: units}))
    channel = world.principal("strict")

    def buy():
        placed = services.place_order(wanted=wanted, channel=channel, by=SYSTEM, at=timezone.now())
        return sum(line.allocated for line in placed.lines)

    return buy


def sweep():
    return f"{inventory.expire_carts(by=SYSTEM, at=timezone.now())} over"


def claimed(sku):
    found = Reservation.objects.filter(level__sku__code=sku)
    return sum(found.values_list("quantity", flat=True))


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_cart_that_ends_as_its_order_comes_in_has_one_winner(world, rounds):
    world.channel("strict", stock_policy="refuse")
    for nth in range(rounds):
        sku, cart = f"tea{nth}", f"c-{nth}"
        world.stock(sku, rotterdam=2)
        keep(world, cart, channel="strict", **{sku: 2})
        time_is_over(cart)

        order, rival, *_ = race(
            [
                buyer(world, f"o-{nth}", sku, 2, cart),
                buyer(world, f"r-{nth}", sku, 2),
                sweep,
                sweep,
            ]
        )

        assert sorted([order, rival], key=str) == [2, "InsufficientStock"]
        assert claimed(sku) == 2
        status = CartReservation.objects.get(key=cart).status
        assert status in ({"ordered", "expired"} if order == 2 else {"expired"})
        assert world.available(sku) == {"rotterdam": 0}
    assert verify() == []


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_cart_that_is_changed_given_back_and_ordered_at_once_ends_once(world, rounds):
    world.channel("strict", stock_policy="refuse")
    for nth in range(rounds):
        sku, cart = f"tea{nth}", f"c-{nth}"
        world.stock(sku, rotterdam=4)
        kept = keep(world, cart, channel="strict", **{sku: 2}).cart

        def back(kept=kept, cart=cart):
            inventory.give_cart_back(
                channel_id=kept.channel_id, key=cart, by=SYSTEM, at=timezone.now()
            )
            return "back"

        def more(sku=sku, cart=cart):
            change(world, cart, channel="strict", **{sku: 4})
            return "more"

        order, given, changed = race([buyer(world, f"o-{nth}", sku, 2, cart), back, more])

        assert order == 2
        assert given in {"back", "CartOrdered"}
        assert changed in {"more", "CartOrdered", "CartEnded", "InsufficientStock"}
        status = CartReservation.objects.get(key=cart).status
        assert status == ("released" if given == "back" else "ordered")
        assert claimed(sku) == 2
    assert verify() == []


def test_without_the_lock_on_the_cart_its_units_are_given_back_twice(world, monkeypatch):
    """The control: the same race, the cart only read."""
    claims_of = ending_carts.claims_of

    def slowly(cart_ids):
        found = claims_of(cart_ids)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(ending_carts, "lock", list)
    monkeypatch.setattr(ending_carts, "claims_of", slowly)
    world.channel("strict", stock_policy="refuse")
    world.stock("tea", rotterdam=2)
    keep(world, "c-1", channel="strict", tea=2)
    time_is_over("c-1")

    outcome = race([buyer(world, "1", "tea", 2, "c-1"), sweep])

    assert "IntegrityError" in outcome
