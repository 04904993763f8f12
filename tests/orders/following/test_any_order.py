"""Whatever order messages come in, however often, by however many at once: the same books."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F

from fulfillment.models import Shipment
from inventory.models import StockLevel
from oms.core.books import verify
from orders.adapters.parts import Cancellation, Fulfillment, Refund, Units
from orders.models import Hold, Order, OrderLine, Payment
from orders.models import Refund as RefundRow
from tests.concurrency.racing import race
from tests.orders.following.telling import Told, item, paid, parts


class Undone(Exception):
    pass


def history(dice):
    """What a channel says of one order over its life, in its order: whole documents that only
    grow, and happenings."""
    units = {sku: dice.randint(1, 4) for sku in ("tea", "cup")}
    prices = {sku: f"{dice.randint(100, 2000) / 100:.2f}" for sku in units}

    def document():
        items = [item(sku, count, prices[sku]) for sku, count in units.items()]
        goods = sum(count * Decimal(prices[sku]) for sku, count in units.items())
        off = dice.choice([Decimal(0), Decimal(dice.randint(1, 90)) / 100])
        said = parts(
            *items, discount=off, shipping_amount="4.95", total=goods - off + Decimal("4.95")
        )
        if dice.random() < 0.2:
            said["head"] = replace(said["head"], total=said["head"].total + 1)
        return said

    story = [document()]
    if dice.random() < 0.5:
        units[dice.choice(["tea", "cup"])] = dice.randint(1, 4)
        prices["tea"] = f"{dice.randint(100, 2000) / 100:.2f}"
        story.append(document())
    if dice.random() < 0.3:
        units["moon"], prices["moon"] = 1, "3.00"
        story.append(document())
    last = story[-1]["head"]
    story.append({"payment:1": paid(str(last.total + 50))})
    if dice.random() < 0.4:
        story.append({"refund:1": Refund(Decimal("1.50"), "EUR")})
    off = {}
    if dice.random() < 0.4:
        off = {"cup": dice.randint(1, units["cup"])}
        gone = (Units("cup", off["cup"]),)
        story.append(
            {"refund:2": Refund(Decimal("2.00"), "EUR", cancelled=gone)}
            if dice.random() < 0.5
            else {"cancellation:1": Cancellation(gone)}
        )
    if "moon" not in units and dice.random() < 0.5:
        left = units["tea"]
        if dice.random() < 0.5:
            story.append(
                {"fulfillment:1": Fulfillment((Units("tea", left),), tracking_numbers=("T",))}
            )
        elif units["cup"] == off.get("cup") or dice.random() < 0.5:
            story.append({"cancellation": Cancellation()})
    elif dice.random() < 0.3:
        story.append({"cancellation": Cancellation()})
    return story


def books(order):
    lines = OrderLine.objects.filter(order=order, quantity__gt=F("cancelled"))
    holds = Hold.objects.filter(order=order, released_at__isnull=True)
    # What was reserved before something unknown came in addition stays reserved.
    reserved = () if holds.filter(kind="unknown_sku").exists() else ("reserved",)
    return {
        "status": (order.status, order.payment_status, order.fulfillment_status),
        "money": (order.captured_amount, order.refunded_amount),
        "due": order.due_amount,
        "lines": sorted(
            (each.external_id, each.asked, each.shipped, each.paid_amount) for each in lines
        ),
        "holds": sorted(holds.values_list("kind", "reason")),
        "rows": (Payment.objects.count(), RefundRow.objects.count()),
        "parcels": {each.tracking_number for each in Shipment.objects.all()} - {""},
        "stock": sorted(StockLevel.objects.values_list("sku__code", "on_hand", *reserved)),
    }


def after(world, reports):
    """The books after these reports; nothing of it stays."""
    found = {}
    try:
        with transaction.atomic():
            tell = Told(world)
            for report in reports:
                kept = tell.hear(report)
            problems = [(each["key"], each["code"]) for each in kept.problems]
            found = {**books(tell.order), "kept": (kept.state, problems)}
            assert not verify()
            raise Undone
    except Undone:
        return found


def try_one(world, seed):
    dice = random.Random(seed)
    tell = Told(world)
    story = [tell.report(said) for said in history(dice)]
    shuffled = [*story, *dice.sample(story, dice.randint(0, len(story)))]
    dice.shuffle(shuffled)

    one, other = after(world, story), after(world, shuffled)
    if is_waiting(one) or is_waiting(other):
        assert other["money"] == one["money"], seed
    else:
        assert other == one, seed


def is_waiting(found):
    """Whether it is shown that something waits for somebody: a change of what all left already, or
    a parcel of the channel while a hold stops sending."""
    state, problems = found["kept"]
    return state == "behind" and {code for _, code in problems} <= {"too_late", "on_hold"}


def shop(world):
    world.stock("tea", rotterdam=50)
    world.stock("cup", rotterdam=50)


@pytest.mark.django_db
def test_shuffled_and_doubled_messages_end_in_the_same_books(world):
    shop(world)
    for seed in range(4):
        try_one(world, seed)


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize("hundred", range(10))
def test_shuffled_and_doubled_messages_end_in_the_same_books_a_thousand_times(world, hundred):
    shop(world)
    for seed in range(hundred * 100, hundred * 100 + 100):
        try_one(world, seed)


@pytest.mark.django_db(transaction=True)
def test_the_same_messages_at_once_are_one_order(world):
    shop(world)
    tell = Told(world)
    story = [
        tell.report(said)
        for said in (
            parts(item("tea", 2), item("cup", 1)),
            {"payment:1": paid("30.00")},
            {"cancellation:1": Cancellation((Units("cup", 1),))},
            {"refund:1": Refund(Decimal("10.00"), "EUR")},
        )
    ]

    def hear(report):
        def work():
            tell.hear(report)
            return "heard"

        return work

    assert race([hear(report) for report in [*story, *story]]) == ["heard"] * 8

    order = Order.objects.get()
    assert tell.kept.state == "in_step"
    assert (order.captured_amount, order.refunded_amount) == (Decimal(30), Decimal(10))
    assert sorted(
        OrderLine.objects.values_list("sku_code", "quantity", "cancelled", "allocated")
    ) == [("cup", 1, 1, 0), ("tea", 2, 0, 2)]
    assert (Payment.objects.count(), RefundRow.objects.count()) == (1, 1)
    assert not verify()
