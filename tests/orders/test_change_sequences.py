"""Whatever is changed, cancelled, packed and shipped, in whatever order: the books are clean."""

import random
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.errors import Refusal
from oms.customers.addresses import Address
from orders import services
from orders.models import Order, OrderLine
from orders.rules.changes import Action

SKUS = ("tea", "cup", "pot")


def some_action(dice):
    sku, cents = dice.choice(SKUS), Decimal(dice.randint(1, 3_000)) / 100
    return dice.choice(
        [
            Action("set_quantity", sku=sku, quantity=dice.randint(1, 6)),
            Action("set_quantity", sku=sku, quantity=dice.randint(1, 6)),
            Action("remove_line", sku=sku),
            Action("add_line", sku=sku, quantity=dice.randint(1, 3), unit_price=cents),
            Action("set_price", sku=sku, unit_price=cents),
            Action("set_service", service=dice.choice(["", "express", "slow"])),
            Action(
                "set_address",
                sku=dice.choice(["", sku]),
                address=Address("A", f"Street {dice.randint(1, 3)}", "Ghent", "BE"),
            ),
        ]
    )


def change(order, dice):
    actions = [some_action(dice) for _ in range(dice.randint(1, 3))]
    document = services.preview_change(number=order.number, actions=actions, by=SYSTEM)
    services.confirm_change(number=order.number, change=document.number, by=SYSTEM)


def cancel(order, dice):
    line = dice.choice(list(OrderLine.objects.filter(order=order)))
    services.cancel_order(number=order.number, reason="", units={line.pk: 1}, by=SYSTEM)


def work(order, dice):
    live = FulfillmentOrder.objects.filter(
        order=order, status__in=["open", "released", "picking", "picked", "packed"]
    )
    found = list(live)
    if not found:
        return
    one, now = dice.choice(found), timezone.now()
    named = {"number": one.number, "by": SYSTEM, "at": now}
    if one.status == "packed":
        fulfillment.ship(**named)
    elif one.status == "picked":
        fulfillment.pack(**named)
    else:
        fulfillment.pick(**named)


def hold(order, dice):
    kind = dice.choice(["credit", "payment"])
    if order.holds.filter(kind=kind, released_at__isnull=True).exists():
        services.release_hold(number=order.number, kind=kind, by=SYSTEM)
    else:
        services.hold_order(number=order.number, kind=kind, reason="", by=SYSTEM)


def wander(world, seed, steps):
    dice = random.Random(seed)
    for sku in SKUS:
        world.stock(sku, rotterdam=dice.randint(0, 9), leipzig=dice.randint(0, 4))
    lines = [
        {
            "sku": sku,
            "quantity": dice.randint(1, 4),
            "unit_price": f"{dice.randint(1, 3_000) / 100:.2f}",
            "tax": f"{dice.randint(0, 99) / 100:.2f}",
        }
        for sku in SKUS[: dice.randint(1, 3)]
    ]
    fields = {"lines": lines, "discount": f"{dice.randint(0, 20) / 100:.2f}"}
    order = world.place(f"seed-{seed}", tea=1, paid=dice.random() < 0.8, fields=fields)
    changed = 0
    for _ in range(steps):
        step = dice.choice([change, change, change, cancel, work, work, hold])
        try:
            step(order, dice)
            changed += step is change
        except Refusal:
            continue
    return changed


def wander_all(world, seeds, steps):
    changed = sum(wander(world, seed, steps) for seed in seeds)
    assert changed >= len(seeds)
    assert verify() == []
    for order in Order.objects.all():
        due = sum(line.paid_amount - _off(line, order.currency) for line in order.lines.all())
        assert order.status == "cancelled" or due == _goods_due(order)


def _off(line, currency):
    if not line.cancelled:
        return Decimal(0)
    return (line.paid_amount * line.cancelled / line.quantity).quantize(
        Decimal("0.01"), rounding="ROUND_HALF_UP"
    )


def _goods_due(order):
    return order.due_amount - order.shipping_amount - order.shipping_tax_amount


def test_the_books_stay_clean_through_changes_of_every_kind(world):
    wander_all(world, range(4), steps=12)


@pytest.mark.full
@pytest.mark.parametrize("start", range(0, 400, 20))
def test_the_books_stay_clean_through_many_changes(world, start):
    wander_all(world, range(start, start + 20), steps=30)
