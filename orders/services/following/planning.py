"""What a channel's words mean for our order as it stands. Plain values only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from oms.core.money import ZERO, rounded
from oms.customers.addresses import Address
from orders.adapters.merging import Told
from orders.adapters.parts import Fulfillment, Item, Payment, PaymentState, Units
from orders.rules.changes import Action
from orders.services.following.acts import (
    Act,
    Arrive,
    Authorize,
    Book,
    Cancel,
    Capture,
    Change,
    GiveBack,
    Hold,
    KeepIt,
    Lift,
    LineNow,
    OrderNow,
    PlaceIt,
    Restate,
    Send,
    Trouble,
    Void,
)
from orders.services.following.wanting import (
    Wanted,
    address_of,
    customer_of,
    is_complete,
    reasons_to_hold,
    said_of,
    wanted_of,
    words,
    words_of,
)
from orders.states import PICKUP, ChangeType, OrderStatus, PaymentStatus

STATED = "stated"
"""What stands for the payments of a channel that states sums only."""
LIFTED = ("unknown_sku", "address", "total_mismatch", "payment")
"""Holds that go when their channel leaves nothing open any more."""


def plan(
    told: Told,
    now: OrderNow | None,
    book: Book,
    *,
    channel: str,
    known_skus: Mapping[str, str],
    awaits_payment: bool = False,
) -> list[Act]:
    """Return what is to be done, in order, to bring our order in step.

    `known_skus` are our codes by item, of the items that are known. Doing the first act and
    planning again comes to an end.
    """
    if now is None:
        return list(_begin(told, book))
    acts: Iterable[Act]
    if now.status == OrderStatus.OPEN:
        acts = [
            *_holds(told, now, book, channel, known_skus, awaits_payment=awaits_payment),
            *_changes(told, now, book, known_skus),
            *_restated(told, now, book),
            *_payments(told, now, book),
            *_cancellations(told, now, book),
            *_fulfillments(told, now, book),
            *_refunds(told, now, book),
        ]
    else:
        acts = [
            *_late_changes(told, now, book, known_skus),
            *_payments(told, now, book),
            *_late_cancellation(told, now, book),
            *_fulfillments(told, now, book),
            *_refunds(told, now, book),
        ]
    return [act for act in acts if book.is_open(act.key, act.words)]


def _begin(told: Told, book: Book) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    said = words(told.head)
    if told.is_called_off:
        act: Act = KeepIt("order", said, OrderStatus.CANCELLED)
    elif told.head.fulfilled_elsewhere:
        act = KeepIt("order", said, OrderStatus.COMPLETED)
    else:
        act = PlaceIt("order", said)
    if book.is_open(act.key, act.words):
        yield act


# ── Holds ───────────────────────────────────────────────────────────────────────────────────


def _holds(
    told: Told,
    now: OrderNow,
    book: Book,
    channel: str,
    known_skus: Mapping[str, str],
    *,
    awaits_payment: bool,
) -> Iterable[Act]:
    here = {line.item for line in now.lines}
    unknown = [
        line.sku or line.name
        for line in now.lines
        if line.is_unknown and line.quantity > line.cancelled
    ]
    for item in wanted_of(told).items:
        if item.key not in here and item.ships and item.key not in known_skus:
            unknown.append(item.sku or item.name)
    to_send = any(line.ships and line.quantity > line.cancelled for line in now.lines)
    wanted = reasons_to_hold(
        told,
        channel=channel,
        unknown=unknown,
        needs_address=to_send and now.service != PICKUP and not is_complete(now.ship_to),
        is_paid=now.captured >= wanted_of(told).total(told.head.currency) if told.head else False,
        awaits_payment=awaits_payment,
    )
    for kind, reason in wanted.items():
        said = words([kind, reason])
        if now.holds.get(kind, True) and book.followed.get(f"hold:{kind}") != said:
            yield Hold(f"hold:{kind}", said, kind, reason)
    for kind, is_theirs in now.holds.items():
        if is_theirs and kind in LIFTED and kind not in wanted:
            yield Lift(f"hold:{kind}", "", kind, f"{channel} says otherwise now")


# ── What was ordered ────────────────────────────────────────────────────────────────────────


def _changes(told: Told, now: OrderNow, book: Book, known_skus: Mapping[str, str]) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    wanted, said = wanted_of(told), words_of(told)
    lines = {line.item: line for line in now.lines if line.quantity}
    before: Mapping[str, str] = book.followed.get("items", {})
    actions: list[Action] = []
    for item in wanted.items:
        if before.get(item.key) != said["items"][item.key]:
            actions += _item_actions(told, item, lines.get(item.key), known_skus.get(item.key))
    for key in before:
        if key not in said["items"] and key in lines:
            gone = lines[key]
            actions.append(Action(ChangeType.REMOVE_LINE, sku=gone.sku, line=gone.position))
    adding = [each for each in actions if each.type == ChangeType.ADD_LINE]
    actions = adding + [each for each in actions if each.type != ChangeType.ADD_LINE]
    charges = (wanted.shipping_amount, wanted.shipping_tax, wanted.discount)
    ours = (now.shipping_amount, now.shipping_tax, now.discount)
    if (book.followed.get("charges") != said["charges"] and charges != ours) or (
        actions and (wanted.discount or now.discount)
    ):
        actions.append(
            Action(
                ChangeType.SET_CHARGES,
                unit_price=wanted.shipping_amount,
                tax=wanted.shipping_tax,
                discount=wanted.discount,
            )
        )
    followed: dict[str, Any] = {"items": said["items"], "charges": said["charges"]}
    if followed != {key: book.followed.get(key) for key in followed}:
        yield Change("items", words(followed), tuple(actions), followed)
    for key, place in told.places.items():
        if book.followed.get(key) != said[key]:
            yield Change(
                key, said[key], _address_actions(key, place.address, now, wanted), {key: said[key]}
            )
    if book.followed.get("service") != said["service"]:
        service = told.head.service
        moved = service and service != now.service
        found = (Action(ChangeType.SET_SERVICE, service=service),) if moved else ()
        yield Change("service", words(service), found, {"service": service})


def _item_actions(
    told: Told, item: Item, line: LineNow | None, sku: str | None
) -> Iterable[Action]:
    add = Action(
        ChangeType.ADD_LINE,
        sku=sku or item.sku[:64],
        quantity=item.quantity,
        unit_price=item.unit_price,
        tax=item.tax,
        discount=item.discount,
        address=address_of(told, item.ship_to) if item.ship_to else None,
        external_id=item.key,
        name=item.name[:200],
        ships=item.ships,
        is_known=sku is not None,
        said=said_of(item) or None,
    )
    if line is None:
        return [add]
    if sku is not None and not line.is_unknown and sku != line.sku:
        return [Action(ChangeType.REMOVE_LINE, sku=line.sku, line=line.position), add]
    at = Action("", sku=line.sku, line=line.position, tax=item.tax, discount=item.discount)
    asked = max(0, item.quantity - line.cancelled)
    if asked == 0:
        gone = Action(ChangeType.REMOVE_LINE, sku=line.sku, line=line.position)
        return [gone] if line.quantity > line.cancelled else []
    found = []
    if item.quantity != line.quantity:
        found.append(replace(at, type=ChangeType.SET_QUANTITY, quantity=asked))
    if item.unit_price != line.unit_price or (
        not found and (item.discount, item.tax) != (line.discount, line.tax)
    ):
        found.append(replace(at, type=ChangeType.SET_PRICE, unit_price=item.unit_price))
    return found


def _address_actions(
    key: str, address: Address | None, now: OrderNow, wanted: Wanted
) -> tuple[Action, ...]:
    """An incomplete address does not take the place of one we have."""
    if address is None or not is_complete(address) or now.service == PICKUP:
        return ()
    if key == "address":
        if address == now.ship_to:
            return ()
        return (Action(ChangeType.SET_ADDRESS, address=address),)
    theirs = {item.key for item in wanted.items if item.ship_to == key}
    return tuple(
        Action(ChangeType.SET_ADDRESS, sku=line.sku, line=line.position, address=address)
        for line in now.lines
        if line.item in theirs and line.quantity > line.cancelled
    )


def _late_changes(
    told: Told, now: OrderNow, book: Book, known_skus: Mapping[str, str]
) -> Iterable[Act]:
    """What would have been changed, had the order not ended."""
    if now.status == OrderStatus.CANCELLED:
        return
    for act in _changes(told, now, book, known_skus):
        if isinstance(act, Change) and act.actions:
            yield Trouble(act.key, act.words, "too_late", "The order is completed.")


def _restated(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    said = words([customer_of(told), told.head.notes])
    if book.followed.get("customer") != said:
        yield Restate("customer", said, customer_of(told), told.head.notes)


# ── Money ───────────────────────────────────────────────────────────────────────────────────


def _payments(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    currency = told.head.currency
    for key, payment in told.payments.items():
        said, ours = words(payment), now.payments.get(key)
        if payment.amount <= 0:
            continue
        if payment.currency != currency:
            yield Trouble(key, said, "payment_currency", f"It is in {payment.currency}.")
        elif ours is None:
            if payment.state == PaymentState.CAPTURED:
                yield Capture(key, said, key, payment)
            elif payment.state == PaymentState.AUTHORIZED:
                yield Authorize(key, said, key, payment)
        elif ours.status == PaymentStatus.AUTHORIZED:
            if payment.state == PaymentState.CAPTURED:
                yield Capture(key, said, key, payment, ours.id)
            elif payment.state == PaymentState.VOIDED:
                yield Void(key, said, ours.id)
        elif ours.status == PaymentStatus.CAPTURED and payment.state == PaymentState.VOIDED:
            yield Trouble(key, said, "payment_voided", "A captured payment was called void.")
    if not told.payments:
        yield from _stated_payments(told, now)


def _stated_payments(told: Told, now: OrderNow) -> Iterable[Act]:
    head = told.head
    assert head is not None  # noqa: S101 (nothing is lacking)
    method = head.payment_method or "channel"

    def payment(state: PaymentState, amount: Decimal) -> Payment:
        return Payment(state, amount, head.currency, method)

    captured = rounded(head.captured or ZERO, head.currency)
    authorized = rounded(head.authorized or ZERO, head.currency)
    set_aside = [each for each in now.payments.values() if each.status == PaymentStatus.AUTHORIZED]
    if head.captured is not None and captured > now.captured:
        more = captured - now.captured
        yield Capture(STATED, str(captured), STATED, payment(PaymentState.CAPTURED, more))
    if head.authorized is not None or head.captured is not None:
        known = sum((each.amount for each in set_aside), ZERO)
        if known != authorized and set_aside:
            yield Void(STATED, str(authorized), set_aside[0].id)
        elif authorized > known:
            aside = payment(PaymentState.AUTHORIZED, authorized - known)
            yield Authorize(STATED, str(authorized), STATED, aside)


def _refunds(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    for key, refund in told.refunds.items():
        said, amount = words(refund), rounded(refund.amount, told.head.currency)
        if refund.currency != told.head.currency and amount:
            yield Trouble(key, said, "refund_currency", f"It is in {refund.currency}.")
            continue
        if key == "refunded":
            amount -= now.committed
        elif book.is_known("refund", key):
            continue
        if amount <= 0:
            continue
        same = [each.number for each in now.refunds if each.amount == amount]
        if same:
            yield GiveBack(key, said, key, refund, amount, same[0])
        else:
            yield GiveBack(key, said, key, refund, amount)


# ── Units ───────────────────────────────────────────────────────────────────────────────────


def _cancellations(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    for key, each in told.cancellations.items():
        if each.is_asked:
            says = f"The customer asks to cancel: {each.reason or 'no reason given'}"
            yield Trouble(key, words(each), "cancellation_asked", says)
    reasons = [each.reason for each in told.cancellations.values() if each.reason]
    wanted = told.cancelled()
    units: dict[int, int] = {}
    for line in now.lines:
        for part in line.units:
            asked = wanted.get(line.item, 0) * part.per_item
            if told.is_called_off:
                asked = part.quantity - part.shipped
            if asked > part.cancelled:
                units[part.line_id] = asked - part.cancelled
    if units:
        said = words(sorted(wanted.items()))
        reason = (reasons or ["Cancelled in the channel"])[0][:200]
        yield Cancel("cancellation", said, units, reason, told.is_called_off)
    elif told.is_called_off:
        yield _too_late_to_cancel(told)


def _late_cancellation(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    left = {line.item: line.quantity - line.cancelled for line in now.lines}
    gone = told.is_called_off and now.status == OrderStatus.COMPLETED
    some = any(
        units > next((line.cancelled for line in now.lines if line.item == item), units)
        for item, units in told.cancelled().items()
        if left.get(item)
    )
    is_past = told.head is not None and told.head.fulfilled_elsewhere
    if gone or (some and now.status == OrderStatus.COMPLETED and not is_past):
        yield _too_late_to_cancel(told)


def _too_late_to_cancel(told: Told) -> Trouble:
    said = words(sorted(told.cancelled().items()))
    return Trouble("cancellation", said, "too_late", "What is cancelled has left already.")


def _fulfillments(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    if told.head is not None and told.head.fulfilled_elsewhere:
        return
    going: dict[int, int] = {}
    for key, sent in told.fulfillments.items():
        said, ours = words(sent), book.known.get("fulfillment", {}).get(key)
        if ours is not None:
            if sent.is_cancelled:
                yield Trouble(key, said, "fulfillment_taken_back", f"{ours} has left already.")
            elif sent.is_delivered and not book.followed.get(f"delivered:{key}"):
                yield Arrive(key, said, sent, ours)
            continue
        if sent.is_cancelled:
            continue
        units = units_sent(sent.units, now.lines)
        if units:
            for line, left in units.items():
                going[line] = going.get(line, 0) + left
            yield Send(key, said, key, sent, units)
    yield from _counted(told.fulfilled, now, going)


def _counted(sent: Fulfillment | None, now: OrderNow, going: Mapping[int, int]) -> Iterable[Act]:
    """Send what the channel counts as sent in all, beyond what has left already: by us, by itself
    in parcels of their own, or `going` with this plan."""
    if sent is None or sent.is_cancelled:
        return
    counted = units_sent(sent.units, now.lines)
    units: dict[int, int] = {}
    for line in now.lines:
        for each in line.units:
            gone = each.shipped + going.get(each.line_id, 0)
            open_units = each.quantity - each.cancelled - gone
            asked = counted.get(each.line_id, 0)
            more = open_units if sent.units is None and asked else asked - gone
            if min(more, open_units) > 0:
                units[each.line_id] = min(more, open_units)
    if units:
        so_far = sum(counted.values()) if sent.units is not None else "all"
        yield Send("fulfilled", words(sent), f"fulfillment:counted-{so_far}", sent, units)


def units_sent(said: Sequence[Units] | None, lines: Sequence[LineNow]) -> dict[int, int]:
    """Return the units of our lines that left, of goods that can; None said: all that was left."""
    found: dict[int, int] = {}
    counted: dict[str, int] = {}
    for each in said or ():
        counted[each.key] = counted.get(each.key, 0) + each.quantity
    for line in lines:
        if not line.ships:
            continue
        for units in line.units:
            asked = counted.get(line.item, 0) * units.per_item
            if said is None:
                asked = units.quantity - units.cancelled - units.shipped
            if asked > 0:
                found[units.line_id] = asked
    return found
