"""What a channel's words mean for our order as it stands. Plain values only."""

from collections.abc import Iterable, Mapping

from orders.adapters.merging import Told
from orders.services.following.acts import Act, Book, EndIt, Hold, KeepIt, Lift, OrderNow, PlaceIt
from orders.services.following.planning.changes import changes, late_changes, restated
from orders.services.following.planning.money import STATED, payments, refunds
from orders.services.following.planning.units import (
    RETURN,
    cancellations,
    fulfillments,
    is_history,
    late_cancellation,
    returns,
    units_sent,
)
from orders.services.following.wanting import is_complete, reasons_to_hold, wanted_of, words
from orders.states import PICKUP, OrderStatus

__all__ = ["RETURN", "STATED", "plan", "units_sent"]

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
            *_ended(told, now, book),
            *holds(told, now, book, channel, known_skus, awaits_payment=awaits_payment),
            *changes(told, now, book, known_skus),
            *restated(told, now, book),
            *payments(told, now, book),
            *cancellations(told, now),
            *fulfillments(told, now, book),
            *refunds(told, now, book),
            *returns(told, now, book),
        ]
    else:
        acts = [
            *late_changes(told, now, book, known_skus),
            *payments(told, now, book),
            *late_cancellation(told, now, book),
            *fulfillments(told, now, book),
            *refunds(told, now, book),
            *returns(told, now, book),
        ]
    return [act for act in acts if book.is_open(act.key, act.words)]


def _begin(told: Told, book: Book) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    said = words(told.head)
    if told.is_called_off:
        act: Act = KeepIt("order", said, OrderStatus.CANCELLED)
    elif told.head.fulfilled_elsewhere or is_history(told, book.live_since):
        act = KeepIt("order", said, OrderStatus.COMPLETED)
    else:
        act = PlaceIt("order", said)
    if book.is_open(act.key, act.words):
        yield act


def _ended(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    is_touched = any(part.packed for line in now.lines for part in line.units)
    if is_history(told, book.live_since) and not is_touched:
        yield EndIt("order", words(told.head))


# ── Holds ───────────────────────────────────────────────────────────────────────────────────


def holds(
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
