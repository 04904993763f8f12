"""Suppliers answer and deliver, shelves are counted."""

from datetime import timedelta

from inventory import services
from inventory.models import ReplenishmentOrder, StockLevel
from inventory.services import Answer, Count, Part
from inventory.states import ReplenishmentStatus as S
from oms.core.actors import Actor
from oms.core.demo import hand_at
from oms.core.demo_life import Life

SUPPLY = 0.25
COUNTED = 0.15
BUYER = Actor("user", "pia")


def supply(life: Life) -> None:
    """Take what was proposed since life began a step further: sent, promised, received."""
    if not life.times(SUPPLY):
        return
    if life.dice.random() < 0.2:
        services.propose_replenishment(by=BUYER, at=life.now)
    known = ReplenishmentOrder.objects.order_by("id").values_list("proposed_at", flat=True).first()
    fresh = ReplenishmentOrder.objects.filter(
        status__in=[S.PROPOSED, S.APPROVED, S.SENT, S.ACKNOWLEDGED],
        supplier__isnull=False,
        proposed_at__gt=(known or life.now) + timedelta(hours=1),
    )
    order = fresh.select_related("location").order_by("?").first()
    if order is None:
        return
    number, at = order.number, life.now
    if order.status == S.PROPOSED:
        services.approve_replenishment(number=number, by=BUYER, at=at)
    elif order.status == S.APPROVED:
        services.send_replenishment(number=number, by=BUYER, at=at)
    elif order.status == S.SENT:
        day = at.date() + timedelta(days=life.dice.randint(2, 9))
        answers = [
            Answer(line.sku.code, [Part(line.quantity, day)])
            for line in order.lines.select_related("sku")
        ]
        services.commit_replenishment(number=number, answers=answers, by=BUYER, at=at)
    else:
        counts = [
            Count(line.sku.code, line.missing)
            for line in order.lines.select_related("sku")
            if line.missing
        ]
        services.receive_replenishment(
            number=number,
            counts=counts,
            key=f"life:{number}",
            by=hand_at(order.location.code),
            at=at,
        )


def count(life: Life) -> None:
    """Correct a shelf by a unit or two."""
    if not life.times(COUNTED):
        return
    levels = StockLevel.objects.filter(on_hand__gt=8).select_related("sku", "location")
    if level := levels.order_by("?").first():
        services.adjust(
            location=level.location.code,
            sku=level.sku.code,
            quantity_delta=life.dice.choice((-2, -1, -1, 1)),
            reason="Counted",
            by=hand_at(level.location.code),
            at=life.now,
        )
