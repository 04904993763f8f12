from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.money import ZERO, text, units_share
from oms.core.services import batch_service
from orders.errors import NothingToCancel, TooManyToCancel
from orders.events import OrderCancelled
from orders.models import MoneyEntry, Order, OrderLine
from orders.services.progressing import (
    LineMoves,
    derive,
    lock_order,
    record_progress,
    save_progress,
)
from orders.services.refunding import refund_overpayment
from orders.states import MoneyKind


@batch_service
def cancel_order(
    *,
    number: str,
    reason: str,
    by: Actor,
    units: Mapping[int, int] | None = None,
    at: datetime | None = None,
    is_followed: bool = False,
) -> Order:
    """Call an order off, whole or in part (`units` by line id), and give its stock back.

    Units in a box or beyond stay what they are: they come back as a return. Money captured
    beyond what is still due is refunded, unless the order `is_followed`: its channel cancelled it,
    told the customer, and says itself what it gave back.

    Raises: OrderNotFound, NothingToCancel, TooManyToCancel, TransitionNotAllowed, Busy.
    Locks: Order, FulfillmentOrder, Payment, StockLevel.
    Publishes: OrderCancelled.
    """
    now = at or timezone.now()
    order = lock_order(number=number)
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    wanted = _units(order, lines, units)

    promised: dict[int, int] = {}
    moves = []
    for line in lines:
        asked = wanted.get(line.pk, 0)
        waiting = min(asked, line.backordered)
        unrouted = min(asked - waiting, line.unrouted)
        if rest := asked - waiting - unrouted:
            promised[line.pk] = rest
        if waiting or unrouted:
            moves.append(LineMoves(line.pk, backordered=-waiting, cancelled=waiting + unrouted))
    whole = all(line.quantity - line.cancelled == wanted.get(line.pk, 0) for line in lines)
    amount = _worth(order, lines, wanted, whole=whole)

    order.cancelled_amount += amount
    if moves:
        record_progress(order=order, moves=moves, by=by, at=now)
    publish(
        OrderCancelled(
            thread=number,
            subject=number,
            by=by,
            at=now,
            reason=reason,
            units=_by_sku(lines, wanted),
            whole=whole,
            amount=text(amount, order.currency),
            order=order,
            allocated_lines=promised,
            is_followed=is_followed,
        )
    )
    record(
        MoneyEntry(
            order_id=order.pk,
            kind=MoneyKind.CANCEL,
            amount=-amount,
            currency=order.currency,
            reference=number,
            happened_at=now,
        )
    )
    derive(order, list(OrderLine.objects.filter(order=order)))
    save_progress(order)
    if not is_followed:
        refund_overpayment(order=order, reason=reason, by=by, at=now)
    return order


def _units(
    order: Order, lines: Sequence[OrderLine], units: Mapping[int, int] | None
) -> dict[int, int]:
    """What to cancel, by line id: what was asked for, or all that can be."""
    possible = {line.pk: line.cancellable for line in lines if line.cancellable}
    if not possible:
        raise NothingToCancel(number=order.number)
    if units is None:
        return possible
    for line in lines:
        if units.get(line.pk, 0) > possible.get(line.pk, 0):
            raise TooManyToCancel(
                number=order.number,
                sku=line.sku_code,
                requested=units[line.pk],
                cancellable=possible.get(line.pk, 0),
            )
    asked = {pk: count for pk, count in units.items() if count}
    if not asked:
        raise NothingToCancel(number=order.number)
    return asked


def _by_sku(lines: Sequence[OrderLine], wanted: Mapping[int, int]) -> dict[str, int]:
    """The units by SKU, lines of the same SKU added up."""
    found: dict[str, int] = {}
    for line in lines:
        if count := wanted.get(line.pk):
            name = line.sku_code or line.name
            found[name] = found.get(name, 0) + count
    return found


def _worth(
    order: Order, lines: Sequence[OrderLine], wanted: Mapping[int, int], *, whole: bool
) -> Decimal:
    """What is no longer charged: the units' shares, and all that is left when nothing is."""
    if whole:
        return order.due_amount
    return sum(
        (
            units_share(
                line.paid_amount,
                wanted[line.pk],
                line.quantity,
                order.currency,
                after=line.cancelled,
            )
            for line in lines
            if wanted.get(line.pk)
        ),
        ZERO,
    )
