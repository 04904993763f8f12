"""Stock that the books have and the shelf has not: kept from everyone until somebody has looked."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from inventory.models import StockLevel
from inventory.services.choosing import Piece, Shelves
from inventory.services.ledger import Entry, post, to_come
from inventory.services.reserving import Portion, lower_reservations
from inventory.states import MovementKind, StockState
from oms.core.actors import Actor
from oms.core.locking import lock
from oms.core.services import service


@service
def withhold(
    *, portions: Sequence[Portion], reason: str, reference: str, by: Actor, at: datetime
) -> None:
    """Give back units that were spoken for, and put all that is free of their SKUs there in
    quarantine: no further order is promised what nobody finds.

    What other orders were promised stays theirs until they are picked. Nothing leaves the books:
    who finds the units sets them free, who does not scraps them.

    Locks: StockLevel.
    """
    if not portions:
        return
    left = lower_reservations(portions)
    given: Counter[int] = Counter()
    for each in portions:
        given[each.level_id] += each.quantity
    levels = lock(StockLevel.objects.filter(pk__in=given))
    shelves = Shelves(given, reservations=left)
    pending: Counter[int] = Counter()
    for entry in to_come():
        pending[entry.level_id] -= entry.reserved
    held: list[Entry] = []
    for each in {portion.reservation_id: portion for portion in portions}.values():
        excess = shelves.picked_for(each.reservation_id) - left.get(each.reservation_id, 0)
        for piece in shelves.take(
            each.level_id,
            max(0, excess),
            state=StockState.PICKED,
            reservation_id=each.reservation_id,
        ):
            given[each.level_id] -= piece.units
            held += _quarantined(piece)
    for level in levels:
        free = level.available + given[level.pk] + pending[level.pk]
        for piece in shelves.take(level.pk, max(0, free)):
            held += _quarantined(piece)
    released = [Entry(each.level_id, reserved=-each.quantity) for each in portions]
    post(released, kind=MovementKind.RELEASE, reference=reference, by=by, at=at)
    post(held, kind=MovementKind.RESTATE, reference=reference, reason=reason, by=by, at=at)


def _quarantined(piece: Piece) -> list[Entry]:
    return [
        Entry(
            piece.level_id,
            -piece.units,
            bin=piece.bin,
            lot=piece.lot,
            state=piece.state,
            reservation_id=piece.reservation_id,
        ),
        Entry(
            piece.level_id, piece.units, bin=piece.bin, lot=piece.lot, state=StockState.QUARANTINE
        ),
    ]
