"""Changing an order: previewed by doing it, then confirmed on the order that was looked at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from oms.channels.models import Channel
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.models import EventRecord
from oms.core.money import text
from oms.core.numbers import part_number
from oms.core.services import batch_service, service
from orders.errors import ChangeNotFound, ChangeStopped, OrderMovedOn
from orders.events import OrderChanged
from orders.models import Hold, MoneyEntry, Order, OrderChange, OrderKit, OrderLine
from orders.rules.changes import Action
from orders.rules.effects import Effects
from orders.selectors.kits import kits_of
from orders.services.drafts import Draft
from orders.services.known import as_asked
from orders.services.previewing import rehearse
from orders.services.progressing import (
    LineMoves,
    derive,
    lock_order,
    record_progress,
    save_progress,
)
from orders.services.redrafting import redraft
from orders.states import ORDER, ORDER_CHANGE, ChangeStatus, MoneyKind, Stop, hold_kind

MOST_TOLD = 20


@service
def preview_change(
    *,
    number: str,
    actions: Sequence[Action],
    by: Actor,
    at: datetime | None = None,
    reason: str = "",
) -> OrderChange:
    """Keep what somebody wants to change, with what that would do. The order stays as it is.

    Raises: OrderNotFound, TransitionNotAllowed, ChangeStopped, LineNotFound, WhichLine,
        TooLateToReduce, TooLateToRedirect, NothingLeftToSend, PickupStays, LineHasLeft,
        LineHasReturns, PriceNeeded, UnknownSku, AmountDoesNotFit, NothingChanges,
        NothingWouldBeLeft, PartOfKit, KitNotWhole, InsufficientStock, Busy.
    Locks: Order, FulfillmentOrder, Payment, NumberSeries, StockLevel.
    Publishes: nothing.
    """
    now = at or timezone.now()
    order = lock_order(number=number)
    change = _document(order, actions, by, now, reason)
    change.effects = _rehearsed(change, by, now).as_json()
    record(change)
    return change


def confirm_change(
    *, number: str, change: str, by: Actor, at: datetime | None = None
) -> OrderChange:
    """Change the order as previewed, in one transaction; confirmed again, nothing more happens.

    When the order is not what it was when the change was previewed, nothing is changed: the
    preview is renewed, and the refusal tells what happened since and what would happen now.

    Raises: OrderNotFound, ChangeNotFound, OrderMovedOn, and what `preview_change` raises.
    Locks: Order, FulfillmentOrder, Payment, NumberSeries, StockLevel.
    Publishes: OrderChanged, OrderCompleted.
    """
    now = at or timezone.now()
    done = _confirm(number=number, change=change, by=by, at=now)
    if done is not None:
        return done
    renewed, since = _renew(number=number, change=change, by=by, at=now)
    raise OrderMovedOn(
        number=number,
        change=change,
        version=renewed.version,
        since=[_told(fact) for fact in since],
        preview=renewed.effects,
    )


@service
def discard_change(
    *, number: str, change: str, by: Actor, at: datetime | None = None
) -> OrderChange:
    """Let a previewed change go; one that was let go stays so.

    Raises: OrderNotFound, ChangeNotFound, TransitionNotAllowed.
    Locks: Order.
    Publishes: nothing.
    """
    order = lock_order(number=number)
    found = _find(order, change)
    if found.status != ChangeStatus.DISCARDED:
        _decide(found, "discard", by, at or timezone.now())
    return found


@batch_service
def change_order(
    *,
    number: str,
    actions: Sequence[Action],
    by: Actor,
    at: datetime | None = None,
    reason: str = "",
    is_followed: bool = False,
) -> OrderChange:
    """Change an order at once, for callers who ask for no preview (a customer's own page).

    `is_followed`: its channel changed it, told the customer, and sees to the money.

    Raises: what `preview_change` raises.
    Locks: Order, FulfillmentOrder, Payment, NumberSeries, StockLevel.
    Publishes: OrderChanged, OrderCompleted.
    """
    now = at or timezone.now()
    order = lock_order(number=number)
    change = _document(order, actions, by, now, reason)
    change.status = ORDER_CHANGE.after("confirm", change.status)
    change.decided_by, change.decided_at = str(by), now
    change.before = as_asked(order)
    carry_out(order=order, change=change, by=by, at=now, is_followed=is_followed)
    record(change)
    return change


@batch_service
def _confirm(*, number: str, change: str, by: Actor, at: datetime) -> OrderChange | None:
    """Carry a change out; None when the order has moved on since it was previewed."""
    order = lock_order(number=number)
    found = _find(order, change)
    if found.status == ChangeStatus.CONFIRMED:
        return found
    ORDER_CHANGE.after("confirm", found.status)
    if found.version != order.version:
        return None
    found.before = as_asked(order)
    carry_out(order=order, change=found, by=by, at=at)
    _decide(found, "confirm", by, at)
    return found


@service
def _renew(
    *, number: str, change: str, by: Actor, at: datetime
) -> tuple[OrderChange, list[EventRecord]]:
    """Preview a change anew on the order as it is now; also tell what happened meanwhile."""
    order = lock_order(number=number)
    found = _find(order, change)
    found.status = ORDER_CHANGE.after("renew", found.status)
    since = EventRecord.objects.filter(thread=number, happened_at__gte=found.previewed_at)
    told = list(since.order_by("id")[:MOST_TOLD])
    found.effects = _rehearsed(found, by, at).as_json()
    found.version, found.previewed_at = order.version, at
    found.save(update_fields=["status", "effects", "version", "previewed_at"])
    return found, told


def carry_out(
    *, order: Order, change: OrderChange, by: Actor, at: datetime, is_followed: bool = False
) -> None:
    """Change a locked order, its money and its work.

    Prices are worked out first; then units move where they lie, which the reactions see to.
    """
    ORDER.after("change", order.status)
    _refuse_stopped(order)
    rows = list(OrderLine.objects.filter(order=order).order_by("position"))
    kits = kits_of(order, rows)
    actions = [Action.of_json(each) for each in change.actions]
    draft = redraft(order, rows, kits, actions, is_followed=is_followed)
    total, due = order.total_amount, order.due_amount
    is_redirected = draft.is_redirected or draft.service != order.service
    taken_off = {each.row.pk: each.promised_off for each in draft.lines if each.promised_off}
    has_more_units = any(each.more > 0 for each in draft.lines)

    _write(draft, change, by, at)
    publish(
        OrderChanged(
            thread=order.number,
            subject=order.number,
            by=by,
            at=at,
            change=change.number,
            actions=[_summary(action) for action in draft.said],
            previous_total=text(total, order.currency),
            total=text(order.total_amount, order.currency),
            difference=text(order.due_amount - due, order.currency),
            currency=order.currency,
            version=order.version,
            reason=change.reason,
            order=order,
            taken_off=taken_off,
            is_redirected=is_redirected,
            has_more_units=has_more_units,
            refuse_shortage=not is_followed and _refuses_shortage(order),
            is_followed=is_followed,
        )
    )


def _write(draft: Draft, change: OrderChange, by: Actor, at: datetime) -> None:
    order = draft.order
    charged = draft.total - order.total_amount
    uncancelled = draft.cancelled_more
    order.discount_amount = draft.discount
    order.total_amount += charged
    order.cancelled_amount += uncancelled
    order.ship_to, order.service = draft.ship_to, draft.service
    if draft.charges:
        order.shipping_amount = draft.charges.shipping
        order.shipping_tax_amount = draft.charges.shipping_tax
    moves = _moves(draft)
    added = [each.row for each in draft.lines if each.is_new]

    for each in draft.lines:
        money = each.money
        each.row.unit_price, each.row.ship_to = money.unit_price, each.ship_to
        each.row.discount_amount, each.row.tax_amount = money.discount, money.tax
        each.row.total_amount, each.row.paid_amount = money.total, money.paid
    OrderLine.objects.bulk_update([each.row for each in draft.lines if not each.is_new], AMOUNTS)
    _write_kits(draft)
    OrderLine.objects.bulk_create(added)
    order.save(update_fields=CHARGED)
    for kind, amount in ((MoneyKind.CHARGE, charged), (MoneyKind.CANCEL, -uncancelled)):
        if amount:
            record(
                MoneyEntry(
                    order_id=order.pk,
                    kind=kind,
                    amount=amount,
                    currency=order.currency,
                    reference=change.number,
                    happened_at=at,
                )
            )
    if moves:
        record_progress(order=order, moves=moves, by=by, at=at)
    else:
        derive(order, list(OrderLine.objects.filter(order=order)))
        save_progress(order)


CHARGED = [
    "total_amount",
    "discount_amount",
    "shipping_amount",
    "shipping_tax_amount",
    "ship_to",
    "service",
]
OF_KITS = ["quantity", "unit_price", "discount_amount", "tax_amount", "total_amount"]
AMOUNTS = [
    "unit_price",
    "ship_to",
    "discount_amount",
    "tax_amount",
    "total_amount",
    "paid_amount",
]


def _write_kits(draft: Draft) -> None:
    """Kits before their new lines, which refer to them."""
    for kit in draft.kits:
        row, money = kit.row, kit.money
        row.quantity, row.unit_price = money.quantity, money.unit_price
        row.discount_amount, row.tax_amount = money.discount, money.tax
        row.total_amount = money.total
        if kit.is_new:
            row.save()
            for line in kit.lines:
                line.row.kit = row
    OrderKit.objects.bulk_update([kit.row for kit in draft.kits], OF_KITS)


def _moves(draft: Draft) -> list[LineMoves]:
    """What moves before any work does: units on top, and those that nobody had promised."""
    moves = []
    for each in draft.lines:
        if each.is_new:
            continue
        taken = each.waiting_off + each.unrouted_off
        if each.more > 0 or taken:
            moves.append(
                LineMoves(
                    each.row.pk,
                    backordered=-each.waiting_off,
                    quantity=each.more if each.more > 0 else -taken,
                )
            )
    return moves


def _document(
    order: Order, actions: Sequence[Action], by: Actor, at: datetime, reason: str
) -> OrderChange:
    nth = OrderChange.objects.filter(order=order).count() + 1
    return OrderChange(
        number=part_number("OC", order.number, nth),
        order=order,
        version=order.version,
        actions=[action.as_json() for action in actions],
        effects={},
        reason=reason,
        previewed_by=str(by),
        previewed_at=at,
    )


def _rehearsed(change: OrderChange, by: Actor, at: datetime) -> Effects:
    number = change.order.number

    @batch_service
    def act() -> None:
        carry_out(order=lock_order(number=number), change=change, by=by, at=at)

    return rehearse(number=number, act=act)


def _find(order: Order, number: str) -> OrderChange:
    found = OrderChange.objects.select_related("order").filter(order=order, number=number).first()
    if found is None:
        raise ChangeNotFound(number=number)
    return found


def _decide(change: OrderChange, verb: str, by: Actor, at: datetime) -> None:
    change.status = ORDER_CHANGE.after(verb, change.status)
    change.decided_by, change.decided_at = str(by), at
    change.save(update_fields=["status", "decided_by", "decided_at", "before"])


def _refuse_stopped(order: Order) -> None:
    standing = Hold.objects.filter(order=order, released_at__isnull=True).order_by("set_at", "id")
    for kind in standing.values_list("kind", flat=True):
        if Stop.EDIT in hold_kind(kind).stops:
            raise ChangeStopped(number=order.number, kind=kind)


def _refuses_shortage(order: Order) -> bool:
    return Channel.objects.filter(pk=order.channel_id, stock_policy="refuse").exists()


def _summary(action: Action) -> dict[str, Any]:
    """An action as the fact tells it: nothing of a person."""
    said = replace(action, address=None).as_json()
    return {key: said[key] for key in ("type", "sku", "line", "quantity", "service") if key in said}


def _told(fact: EventRecord) -> dict[str, Any]:
    return {
        "name": fact.name,
        "subject": fact.subject,
        "actor": fact.actor,
        "happened_at": fact.happened_at.isoformat(),
    }
