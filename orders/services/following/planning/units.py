"""Units that are not wanted any more, that left, and that come back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from orders.adapters.merging import Told, summed
from orders.adapters.parts import Fulfillment, Units
from orders.services.following.acts import (
    Act,
    Arrive,
    Book,
    Cancel,
    Expect,
    LineNow,
    OrderNow,
    Send,
    Trouble,
)
from orders.services.following.wanting import words
from orders.states import OrderStatus

RETURN = "return"


def cancellations(told: Told, now: OrderNow) -> Iterable[Act]:
    for key, each in told.cancellations.items():
        if each.is_asked:
            says = f"The customer asks to cancel: {each.reason or 'no reason given'}"
            yield Trouble(key, words(each), "cancellation_asked", says)
    reasons = [each.reason for each in told.cancellations.values() if each.reason]
    wanted = told.cancelled()
    let_go = summed(each.cancelled for each in told.refunds.values())
    unsaid = _unsaid(told)
    units: dict[int, int] = {}
    for line in now.lines:
        for part in line.units:
            asked = wanted.get(line.item, 0) * part.per_item
            if told.is_called_off:
                asked = part.quantity - part.shipped
            else:
                refunded = let_go.get(line.item, 0) * part.per_item
                refunded += max(0, unsaid.get(line.item, 0) * part.per_item - part.shipped)
                asked += min(refunded, max(0, part.quantity - part.shipped - asked))
            if asked > part.cancelled:
                units[part.line_id] = asked - part.cancelled
    if units:
        said = words([sorted(each.items()) for each in (wanted, let_go, unsaid)])
        reason = (reasons or ["Cancelled in the channel"])[0][:200]
        yield Cancel("cancellation", said, units, reason, told.is_called_off)
    elif told.is_called_off:
        yield _too_late_to_cancel(told)


def _unsaid(told: Told) -> dict[str, int]:
    """Return the units of refunds that say nothing of where these are, and had not all left by
    then: that is known once the order itself was heard of as of then."""
    emptied = [each.at for each in told.fulfillments.values() if each.units is None and each.at]
    return summed(
        refund.unsaid
        for refund in told.refunds.values()
        if refund.at is None
        or (
            told.as_of is not None
            and told.as_of >= refund.at
            and not any(at <= refund.at for at in emptied)
        )
    )


def late_cancellation(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    if now.status != OrderStatus.COMPLETED:
        return
    is_past = book.is_past or (told.head is not None and told.head.fulfilled_elsewhere)
    if told.is_called_off or (not is_past and _is_behind(told.cancelled(), now)):
        yield _too_late_to_cancel(told)
    elif not is_past and _is_emptied(told, book):
        unsaid = Counter(told.cancelled()) + Counter(_unsaid(told))
        if _is_behind(unsaid, now):
            says = "Units were paid back before the rest was sent, and count as sent all the same."
            yield Trouble("cancellation", words(sorted(unsaid.items())), "too_late", says)


def _is_behind(unwanted: Mapping[str, int], now: OrderNow) -> bool:
    """Whether a line has more units that are not wanted any more than are cancelled."""
    return any(
        line.cancelled < min(line.quantity, unwanted.get(line.item, 0)) for line in now.lines
    )


def _is_emptied(told: Told, book: Book) -> bool:
    """Whether all that was left was sent in one, and is booked so."""
    return any(
        sent.units is None and book.is_known("fulfillment", key)
        for key, sent in told.fulfillments.items()
    )


def _too_late_to_cancel(told: Told) -> Trouble:
    said = words(sorted(told.cancelled().items()))
    return Trouble("cancellation", said, "too_late", "What is cancelled has left already.")


def fulfillments(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    if book.is_past or (told.head and told.head.fulfilled_elsewhere):
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


def returns(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    """Expect units back that the channel gave money back for, once they left; what was given back
    here has a return of its own, and what came back before `live_since` is here."""
    if told.head and told.head.fulfilled_elsewhere:
        return
    for key, refund in told.refunds.items():
        units = units_sent(refund.returned, now.lines)
        back = key.replace("refund", RETURN, 1)
        is_ours = book.known.get("refund", {}).get(key) in now.granted
        is_past = book.live_since and refund.at and refund.at < book.live_since
        if units and not (is_ours or is_past or book.is_known(RETURN, back)):
            yield Expect(back, words(refund.returned), back, units, refund.reason)


def is_history(told: Told, live_since: datetime | None) -> bool:
    """Whether all that ships left before `live_since`, in the channel's words."""
    head = told.head
    if head is None or told.items is None or live_since is None or told.is_called_off:
        return False
    gone = [each for each in told.fulfillments.values() if not each.is_cancelled]
    counted = told.fulfilled
    if counted and not counted.is_cancelled:
        gone.append(counted)
    if not gone or any((each.at or head.placed_at) >= live_since for each in gone):
        return False
    if any(each.units is None for each in gone):
        return True
    sent = summed(each.units or () for each in gone if each is not counted)
    in_all = summed([counted.units or ()] if counted else ())
    refunds = told.refunds.values()
    unsent = [told.cancelled(), *(summed([each.cancelled, each.unsaid]) for each in refunds)]
    return all(
        item.quantity
        <= max(sent.get(item.key, 0), in_all.get(item.key, 0))
        + sum(each.get(item.key, 0) for each in unsent)
        for item in told.items.items
        if item.ships
    )


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
