"""Each thing to do for an order that follows its channel, done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.channels.states import StockPolicy
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.money import text
from orders.adapters.merging import Told
from orders.adapters.parts import Item
from orders.errors import UnitsNotSent
from orders.events import (
    OrderArrivedElsewhere,
    OrderReturnsElsewhere,
    OrderSentElsewhere,
)
from orders.models import ChannelOrder, Counterpart, Hold, Order
from orders.rules.wanted import NewHold, NewLine, NewOrder
from orders.services.cancelling import cancel_order
from orders.services.changing import change_order
from orders.services.finishing import finish_unsent
from orders.services.following import acts as do
from orders.services.following import money
from orders.services.following.planning import RETURN, STATED, units_sent
from orders.services.following.standing import book_of, order_now
from orders.services.following.wanting import (
    address_of,
    customer_of,
    is_complete,
    nowhere,
    reasons_to_hold,
    said_of,
    wanted_of,
    words,
    words_of,
)
from orders.services.holding import hold_order, release_hold
from orders.services.placing import place_order
from orders.services.progressing import lock_order
from orders.services.recording import end_past_order, record_past_order
from orders.states import PICKUP, OrderStatus


@dataclass(frozen=True)
class Setting:
    """What carrying out needs to know."""

    kept: ChannelOrder
    told: Told
    channel: Channel
    skus: dict[str, str]
    awaits_payment: bool
    by: Actor
    at: datetime

    @property
    def principal(self) -> ChannelPrincipal:
        """The channel, which has sold already: units it is short of wait, and what it has sent
        itself nobody has to confirm any more."""
        agreed = self.channel.principal
        is_under_way = bool(self.told.fulfillments)
        return replace(
            agreed,
            stock_policy=StockPolicy.BACKORDER,
            auto_confirm=agreed.auto_confirm or is_under_way,
            hold_until_paid=agreed.hold_until_paid and not is_under_way,
        )

    @property
    def number(self) -> str:
        assert self.kept.order is not None  # noqa: S101 (planned for an order that is there)
        return self.kept.order.number

    def knows(self, kind: str, key: str, document: str) -> None:
        """Put down what the channel calls a document of ours; `key` is that of its part."""
        Counterpart.objects.get_or_create(
            channel_order=self.kept,
            kind=kind,
            external_id=key.removeprefix(f"{kind}:")[:100],
            defaults={"document": document, "made_at": self.at},
        )


def carry_out(act: do.Act, setting: Setting) -> None:
    """Do one thing. What it was done for is put down as followed."""
    DOING[type(act)](act, setting)


def new_order(setting: Setting) -> NewOrder:
    """Return the order that a channel tells of, as one to be placed."""
    told, channel, known = setting.told, setting.channel, setting.skus
    head, wanted = told.head, wanted_of(told)
    assert head is not None  # noqa: S101 (nothing is lacking)
    customer = customer_of(told)
    address = address_of(told)
    name = customer.name or (address.name if address else "") or customer.email or head.name
    ship_to = address or nowhere(name)
    to_send = [item for item in wanted.items if item.ships]
    places = [ship_to, *(filter(None, (address_of(told, i.ship_to) for i in to_send)))]
    reasons = reasons_to_hold(
        told,
        channel=channel.name,
        unknown=[item.sku or item.name for item in to_send if item.key not in known],
        needs_address=bool(to_send)
        and head.service != PICKUP
        and not all(is_complete(place) for place in places),
        is_paid=(told.captured or 0) >= wanted.total(head.currency),
        awaits_payment=setting.awaits_payment,
    )
    metadata = dict(head.metadata)
    if head.pickup_location:
        metadata["pickup_location"] = head.pickup_location
    return NewOrder(
        external_id=setting.kept.external_id,
        placed_at=head.placed_at,
        currency=head.currency,
        customer=replace(customer, name=name[:200]),
        ship_to=ship_to,
        bill_to=told.billing.address if told.billing else None,
        lines=tuple(_line(item, told, known) for item in wanted.items),
        service=head.service,
        shipping_amount=wanted.shipping_amount,
        shipping_tax=wanted.shipping_tax,
        discount=wanted.discount,
        deliver_by=head.deliver_by,
        notes=head.notes,
        tags=tuple(tag[:50] for tag in head.tags),
        metadata=metadata,
        silent=channel.adapter != "native",
        cart=head.cart,
        holds=tuple(NewHold(kind, reason) for kind, reason in reasons.items()),
    )


def _line(item: Item, told: Told, known: dict[str, str]) -> NewLine:
    sku = known.get(item.key)
    return NewLine(
        sku=sku or item.sku,
        quantity=item.quantity,
        unit_price=item.unit_price,
        discount=item.discount,
        tax=item.tax,
        external_id=item.key,
        ship_to=address_of(told, item.ship_to) if item.ship_to else None,
        is_known=sku is not None,
        ships=item.ships,
        name=item.name or item.sku,
        said=said_of(item),
    )


def _place(act: do.PlaceIt, to: Setting) -> None:
    wanted = new_order(to)
    placed = place_order(wanted=wanted, channel=to.principal, by=to.by, at=to.at)
    _adopt(to, placed.order.pk)
    for hold in wanted.holds:
        to.kept.followed[f"hold:{hold.kind}"] = words([hold.kind, hold.reason])


def _keep(act: do.KeepIt, to: Setting) -> None:
    placed = record_past_order(
        wanted=new_order(to), status=act.status, channel=to.principal, by=to.by, at=to.at
    )
    _adopt(to, placed.order.pk)
    if act.status == OrderStatus.COMPLETED:
        to.kept.followed[do.PAST] = True


def _end(act: do.EndIt, to: Setting) -> None:
    end_past_order(order=lock_order(number=to.number), by=to.by, at=to.at)
    to.kept.followed[do.PAST] = True


def _adopt(to: Setting, pk: int) -> None:
    to.kept.order = Order.objects.get(pk=pk)
    to.kept.followed = {**to.kept.followed, **words_of(to.told)}


def _hold(act: do.Hold, to: Setting) -> None:
    standing = Hold.objects.filter(order=to.kept.order, kind=act.kind, released_at__isnull=True)
    if not standing.update(reason=act.reason):
        hold_order(number=to.number, kind=act.kind, reason=act.reason, by=to.by)
    to.kept.followed[act.key] = act.words


def _lift(act: do.Lift, to: Setting) -> None:
    release_hold(number=to.number, kind=act.kind, by=to.by, reason=act.reason)
    to.kept.followed.pop(act.key, None)


def _change(act: do.Change, to: Setting) -> None:
    if act.actions:
        change_order(
            number=to.number,
            actions=act.actions,
            by=to.by,
            at=to.at,
            reason=f"Changed in {to.channel.name}",
            is_followed=True,
        )
    to.kept.followed = {**to.kept.followed, **act.followed}


def _restate(act: do.Restate, to: Setting) -> None:
    order = lock_order(number=to.number)
    order.customer_name = act.customer.name[:200] or order.customer_name
    order.email = act.customer.email or order.email
    order.phone = act.customer.phone or order.phone
    order.notes = act.notes or order.notes
    order.save(update_fields=["customer_name", "email", "phone", "notes"])
    to.kept.followed[act.key] = act.words


def _authorize(act: do.Authorize, to: Setting) -> None:
    payment = money.set_aside(
        order=lock_order(number=to.number), said=_named(act), gateway=_gateway(to), at=to.at
    )
    to.knows("payment", _payment_id(act.id, payment.pk), str(payment.pk))


def _capture(act: do.Capture, to: Setting) -> None:
    order = lock_order(number=to.number)
    payment = money.capture(
        order=order, said=_named(act), gateway=_gateway(to), ours=act.ours, by=to.by, at=to.at
    )
    to.knows("payment", _payment_id(act.id, payment.pk), str(payment.pk))


def _named(act: do.Authorize | do.Capture) -> Any:
    """A payment is known by the channel's id where it says no other reference."""
    reference = act.payment.reference or act.id.partition(":")[2]
    return replace(act.payment, reference=reference)


def _payment_id(key: str, pk: int) -> str:
    return f"{key}:{pk}" if key == STATED else key


def _gateway(to: Setting) -> str:
    return to.channel.payment_gateway


def _void(act: do.Void, to: Setting) -> None:
    money.void(order=lock_order(number=to.number), ours=act.ours)


def _cancel(act: do.Cancel, to: Setting) -> None:
    order = cancel_order(
        number=to.number,
        reason=act.reason,
        by=to.by,
        units=act.units,
        at=to.at,
        is_followed=True,
    )
    order.refresh_from_db()
    if order.status == OrderStatus.CANCELLED:
        _drop_holds(order, to)
    finish_unsent(order=order, by=to.by, at=to.at)


def _drop_holds(order: Order, to: Setting) -> None:
    """An order that nobody wants any more needs none of what its channel left open."""
    standing = Hold.objects.filter(order=order, released_at__isnull=True)
    standing.filter(set_by__startswith="channel:").update(released_by=str(to.by), released_at=to.at)


def _give_back(act: do.GiveBack, to: Setting) -> None:
    if act.ours:
        to.knows("refund", _refund_id(act), act.ours)
        return
    order = lock_order(number=to.number)
    said = (*act.refund.cancelled, *act.refund.returned, *act.refund.paid, *act.refund.unsaid)
    units = units_sent(said, order_now(order, book_of(to.kept, {})).lines)
    is_for_return = bool(act.refund.returned)
    refunds = money.book_given_back(
        order=order,
        amount=act.amount,
        units=units,
        reason=act.refund.reason or f"Given back in {to.channel.name}",
        reference=f"{to.channel.slug}:{act.id}" if is_for_return else order.number,
        external_id=_refund_id(act),
        by=to.by,
        at=act.refund.at or to.at,
    )
    to.knows("refund", _refund_id(act), refunds[0].number)


def _refund_id(act: do.GiveBack) -> str:
    """A channel that states a bare sum names no refunds: each step of the sum is one."""
    if act.id != REFUNDED:
        return act.id
    return f"{act.id}:{text(act.refund.amount, act.refund.currency)}"


REFUNDED = "refunded"


def _send(act: do.Send, to: Setting) -> None:
    said = act.fulfillment
    numbers = [number for number in said.tracking_numbers if number]
    known = Counterpart.objects.filter(channel_order=to.kept, kind="fulfillment")
    event = OrderSentElsewhere(
        thread=to.number,
        subject=to.number,
        by=to.by,
        at=said.at or to.at,
        carrier=said.carrier[:64],
        service=said.service[:64],
        tracking_numbers=[number[:100] for number in numbers],
        order=lock_order(number=to.number),
        units=act.units,
        told_before=frozenset(known.values_list("document", flat=True)),
    )
    publish(event)
    if not event.shipments:
        raise UnitsNotSent(number=to.number)
    to.knows("fulfillment", act.id, event.shipments[0])
    for nth, shipment in enumerate(event.shipments[1:], start=2):
        to.knows("fulfillment", f"{act.id}#{nth}", shipment)


def _expect(act: do.Expect, to: Setting) -> None:
    known = Counterpart.objects.filter(channel_order=to.kept, kind=RETURN)
    event = OrderReturnsElsewhere(
        thread=to.number,
        subject=to.number,
        by=to.by,
        at=to.at,
        reason=act.reason[:200],
        order=lock_order(number=to.number),
        units=act.units,
        told_before=frozenset(known.values_list("document", flat=True)),
    )
    publish(event)
    to.knows(RETURN, act.id, (event.returns or [to.number])[0])


def _arrive(act: do.Arrive, to: Setting) -> None:
    publish(
        OrderArrivedElsewhere(
            thread=to.number, subject=act.shipment, by=to.by, at=to.at, shipment=act.shipment
        )
    )
    to.kept.followed[f"delivered:{act.key}"] = True


DOING: dict[type[do.Act], Callable[[Any, Setting], None]] = {
    do.PlaceIt: _place,
    do.KeepIt: _keep,
    do.EndIt: _end,
    do.Hold: _hold,
    do.Lift: _lift,
    do.Change: _change,
    do.Restate: _restate,
    do.Authorize: _authorize,
    do.Capture: _capture,
    do.Void: _void,
    do.Cancel: _cancel,
    do.GiveBack: _give_back,
    do.Send: _send,
    do.Expect: _expect,
    do.Arrive: _arrive,
}
