"""How orders of a channel are taken: confirmed by a person, paid first, ended unpaid."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.selectors import choice_for, rate_book
from oms.channels.models import Channel
from oms.channels.selectors import forget_agreed
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord, Job
from orders import services
from orders.adapters.native.documents import read_order
from orders.letters import order_cancelled, order_placed
from orders.models import Hold, Order
from orders.rules.wanted import NewHold
from orders.services.capturing import record_payment
from orders.tasks import expire_unpaid_orders

HOUR = timedelta(hours=1)


def place(world, external_id="1001", **more):
    """An order as its channel's own door places it."""
    shop = world.channel()
    body = {**world.order_body(external_id, tea=2), **more}
    placed = services.place_order(
        wanted=read_order(body), channel=shop.principal, by=SYSTEM, at=timezone.now()
    )
    return Order.objects.get(number=placed.number)


def standing(order):
    held = Hold.objects.filter(order=order, released_at=None)
    return sorted(held.values_list("kind", flat=True))


def pay(order):
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        record_payment(
            order=locked,
            method="card",
            reference="ch_9",
            amount=locked.due_amount,
            by=SYSTEM,
            at=timezone.now(),
        )


def paid(amount):
    return [{"method": "card", "status": "captured", "amount": str(amount), "reference": "ch"}]


def test_without_auto_confirm_an_order_stands_under_review_until_somebody_confirms(world):
    world.stock("tea", rotterdam=5)
    world.channel(auto_confirm=False)

    order = place(world)

    assert standing(order) == ["review"]
    assert world.available("tea") == {"rotterdam": 3}
    services.release_hold(number=order.number, kind="review", by=SYSTEM)
    assert standing(order) == []


def test_an_order_that_waits_for_its_payment_goes_on_when_it_is_paid(world):
    world.stock("tea", rotterdam=5)
    world.channel(hold_until_paid=True)
    order = place(world)
    assert standing(order) == ["payment"]

    pay(order)

    assert standing(order) == []


def test_an_order_that_comes_paid_is_not_held(world):
    world.stock("tea", rotterdam=5)
    world.channel(hold_until_paid=True)
    total = place(world).total_amount

    assert standing(place(world, "1002", payments=paid(total))) == []


def test_an_order_that_comes_with_a_hold_is_not_held_for_it_twice(world):
    world.stock("tea", rotterdam=5)
    shop = world.channel(hold_until_paid=True, auto_confirm=False)
    wanted = read_order(world.order_body("1001", tea=2))
    asked = replace(wanted, holds=(NewHold("payment", "The channel waits"),))

    placed = services.place_order(
        wanted=asked, channel=shop.principal, by=SYSTEM, at=timezone.now()
    )

    assert standing(Order.objects.get(number=placed.number)) == ["payment", "review"]


def expire(order, hours=49):
    Order.objects.filter(pk=order.pk).update(
        placed_at=order.placed_at - hours * HOUR, created_at=order.created_at - hours * HOUR
    )
    expire_unpaid_orders()
    order.refresh_from_db()
    return order.status


def test_an_unpaid_order_ends_once_when_its_time_is_over_and_the_customer_is_told(world):
    world.stock("tea", rotterdam=5)
    world.channel(unpaid_hours=48)
    order = place(world)

    assert expire(order, hours=47) == "open"
    assert expire(order, hours=2) == "cancelled"
    expire_unpaid_orders()

    [fact] = EventRecord.objects.filter(name="order.cancelled")
    assert fact.payload["reason"] == "Not paid within 48 hours"
    assert world.available("tea") == {"rotterdam": 5}
    letters = [job.payload["letter"] for job in Job.objects.filter(kind="mail")]
    assert letters.count("orders.letters.order_cancelled") == 1


def test_a_paid_or_authorized_order_and_one_of_another_channel_stay(world):
    world.stock("tea", rotterdam=9)
    world.channel(unpaid_hours=48)
    total = place(world, "1000").total_amount
    authorized = [{**paid(total)[0], "status": "authorized"}]

    assert expire(place(world, "1001", payments=paid(1))) == "open"
    assert expire(place(world, "1002", payments=authorized)) == "open"
    Channel.objects.update(unpaid_hours=0)
    assert expire(place(world, "1003")) == "open"


def test_money_that_came_between_looking_and_locking_keeps_the_order(world):
    world.stock("tea", rotterdam=5)
    world.channel(unpaid_hours=48)
    order = place(world)
    Order.objects.filter(pk=order.pk).update(
        placed_at=order.placed_at - 49 * HOUR, created_at=order.created_at - 49 * HOUR
    )
    assert services.unpaid_orders(at=timezone.now(), most=9) == [order.number]
    pay(order)

    assert services.expire_unpaid(number=order.number, at=timezone.now()) is False

    order.refresh_from_db()
    assert order.status == "open"


@pytest.mark.parametrize("off", [True, False])
def test_a_letter_that_the_channel_forbids_is_not_written(world, off):
    world.stock("tea", rotterdam=5)
    world.channel(letters_off=["order.confirmation"] if off else [])
    order = place(world)

    assert (order_placed(order=order.number) is None) is off
    cancelled = order_cancelled(order=order.number, units={"tea": 1}, whole=False, amount="1.00")
    assert cancelled is not None


def test_work_of_a_channel_goes_with_the_services_that_it_allows(world):
    world.stock("tea", rotterdam=5)
    world.channel()
    order = place(world)
    work = FulfillmentOrder.objects.select_related("location", "order").get(order=order)
    lines = list(FulfillmentOrderLine.objects.filter(fulfillment_order=work).select_related("sku"))
    every = choice_for(work, order, lines, book=rate_book(), at=timezone.now())
    Channel.objects.update(allowed_services=["nobody"])
    forget_agreed()

    only = choice_for(work, order, lines, book=rate_book(), at=timezone.now())

    assert every.best is not None
    assert only.best is None
    assert {each.outcome for each in only.options} == {"Not for this channel"}
