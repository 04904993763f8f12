"""Orders that came again with other content: told field by field, and decided by somebody."""

from datetime import datetime

from django.db.models import F
from django.urls import reverse

from oms.channels.principals import ChannelPrincipal
from oms.core.actors import Actor
from oms.core.services import service
from oms.messaging import services as messaging
from orders.adapters.merging import digest
from orders.errors import NothingToEdit, RepeatNotFound
from orders.models import Order, OrderChange, OrderRepeat
from orders.rules.changes import Action
from orders.rules.differences import differences
from orders.rules.repeats import Here, as_edit, left_of
from orders.rules.wanted import NewOrder
from orders.services.changing import preview_change
from orders.services.known import KnownOrder, as_asked_for
from orders.services.progressing import lock_order
from orders.states import REPEAT, RepeatState


@service
def note_repeat(*, wanted: NewOrder, channel: ChannelPrincipal, by: Actor, at: datetime) -> None:
    """Put down that an order came again with other content. The same content again is counted.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    found = Order.objects.filter(channel_id=channel.pk, external_id=wanted.external_id)
    number = found.values_list("pk", flat=True).first()
    if number is None:
        return
    known = as_asked_for([number])[number]
    differ = differences(known.wanted, wanted)
    if not differ:
        return
    order = known.order
    repeat, is_new = OrderRepeat.objects.get_or_create(
        order=order,
        digest=digest([[each["field"], each["sent"]] for each in differ]),
        defaults={
            "differences": differ,
            "actions": [each.as_json() for each in as_edit(known.wanted, wanted, _here(known))],
            "left": left_of(differ),
            "came_at": at,
            "came_again_at": at,
        },
    )
    if not is_new:
        OrderRepeat.objects.filter(pk=repeat.pk).update(times=F("times") + 1, came_again_at=at)
        return
    messaging.notify(
        key=f"repeat:{order.number}:{repeat.digest}",
        subject=f"{order.number} came again with other content",
        permission="orders.change_order",
        url=reverse("orders:repeats"),
        thread=order.number,
        level="attention",
        by=by,
        at=at,
    )


@service
def treat_as_edit(*, order: str, digest: str, by: Actor, at: datetime) -> OrderChange:
    """Preview the change that makes our order what came. It is confirmed, or let go, like any other
    change; done twice it is the same one.

    Raises: OrderNotFound, RepeatNotFound, NothingToEdit, TransitionNotAllowed, and what
        `preview_change` raises.
    Locks: Order, FulfillmentOrder, Payment, NumberSeries, StockLevel.
    Publishes: nothing.
    """
    repeat = _locked(order, digest)
    if repeat.state == RepeatState.EDITED:
        return OrderChange.objects.get(number=repeat.change)
    state = REPEAT.after("edit", repeat.state)
    if not repeat.actions:
        raise NothingToEdit(number=order)
    change = preview_change(
        number=order,
        actions=[Action.of_json(each) for each in repeat.actions],
        by=by,
        at=at,
        reason="Came again with other content",
    )
    _settle(repeat, state, by, at, change.number)
    return change


@service
def leave_repeat(*, order: str, digest: str, by: Actor, at: datetime) -> None:
    """Leave our order as it is; the same content again is no news. Done twice, nothing more.

    Raises: OrderNotFound, RepeatNotFound, TransitionNotAllowed.
    Locks: Order.
    Publishes: nothing.
    """
    repeat = _locked(order, digest)
    if repeat.state != RepeatState.LEFT:
        _settle(repeat, REPEAT.after("leave", repeat.state), by, at)


def _locked(number: str, digest: str) -> OrderRepeat:
    order = lock_order(number=number)
    repeat = OrderRepeat.objects.filter(order=order, digest=digest).first()
    if repeat is None:
        raise RepeatNotFound(number=number)
    return repeat


def _settle(repeat: OrderRepeat, state: str, by: Actor, at: datetime, change: str = "") -> None:
    repeat.state, repeat.change = state, change
    repeat.settled_by, repeat.settled_at = str(by), at
    repeat.save(update_fields=["state", "change", "settled_by", "settled_at"])


def _here(known: KnownOrder) -> list[Here]:
    """Our lines as they stand, kits once, in the order in which they were asked for."""
    kits = {kit.pk: kit for kit in known.kits}
    found, seen = [], set()
    for line in known.lines:
        kit = kits.get(line.kit_id) if line.kit_id else None
        if kit is None:
            found.append(Here(line.position, line.sku_code, line.cancelled))
        elif kit.pk not in seen:
            seen.add(kit.pk)
            found.append(Here(kit.position, kit.sku_code, 0))
    return found
