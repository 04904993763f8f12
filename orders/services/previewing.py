from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from oms.core.actors import Actor
from oms.core.models import EventRecord, Job
from oms.core.money import ZERO
from orders.models import Order, OrderLine, Refund
from orders.services.cancelling import cancel_order
from orders.states import OrderStatus


@dataclass(frozen=True)
class CancellationEffects:
    """What cancelling would do: these are measured, not guessed."""

    units: int
    ends_order: bool
    back_to_stock: int
    amount: Decimal
    refunded: Decimal
    facts: list[str]
    letters: int


def preview_cancellation(
    *, number: str, by: Actor, units: Mapping[int, int] | None = None
) -> CancellationEffects:
    """Cancel with everything that follows from it, note what happened, and undo all of it.

    Raises: what cancelling raises.
    Locks: Order, FulfillmentOrder, Payment, StockLevel.
    Publishes: nothing.
    """
    with transaction.atomic():
        before = _state(number)
        order = cancel_order(number=number, reason="", by=by, units=units)
        after = _state(number)
        transaction.set_rollback(True)
    return CancellationEffects(
        units=after.cancelled - before.cancelled,
        ends_order=order.status == OrderStatus.CANCELLED,
        back_to_stock=before.allocated - after.allocated,
        amount=after.amount - before.amount,
        refunded=after.refunds - before.refunds,
        facts=[name for pk, name in after.story.items() if pk not in before.story],
        letters=len(after.letters - before.letters),
    )


@dataclass(frozen=True)
class _State:
    cancelled: int
    allocated: int
    amount: Decimal
    refunds: Decimal
    story: dict[int, str]
    letters: frozenset[int]


def _state(number: str) -> _State:
    lines = list(OrderLine.objects.filter(order__number=number))
    order = Order.objects.filter(number=number).first()
    refunds = Refund.objects.filter(order__number=number).exclude(status="rejected")
    letters = Job.objects.filter(kind="mail", payload__arguments__order=number)
    return _State(
        cancelled=sum(line.cancelled for line in lines),
        allocated=sum(line.allocated for line in lines),
        amount=order.cancelled_amount if order else ZERO,
        refunds=sum(refunds.values_list("amount", flat=True), ZERO),
        story=dict(EventRecord.objects.filter(thread=number).values_list("id", "name")),
        letters=frozenset(letters.values_list("id", flat=True)),
    )
