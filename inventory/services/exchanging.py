"""Picked units of one lot, taken back to the shelf for units of another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.services.choosing import Piece, Shelves
from inventory.services.ledger import Entry, post
from inventory.states import MovementKind, StockState
from oms.core.actors import Actor
from oms.core.batch import Again
from oms.core.services import service


@dataclass(frozen=True)
class Exchange:
    """Units picked for a reservation: of this lot in hand, not of that one in the books."""

    reservation_id: int
    level_id: int
    quantity: int
    in_books: str
    in_hand: str


@service
def exchange_picked(
    *, exchanges: Sequence[Exchange], reference: str, by: Actor, at: datetime
) -> None:
    """Have the books know which units were picked in truth, where they had chosen others.

    Raises: Again.
    Locks: StockLevel.
    """
    if not exchanges:
        return
    shelves = Shelves(
        (each.level_id for each in exchanges),
        reservations=(each.reservation_id for each in exchanges),
    )
    back: list[Entry] = []
    picks: list[Entry] = []
    for each in exchanges:
        wrong = shelves.take(
            each.level_id,
            each.quantity,
            lot=each.in_books,
            state=StockState.PICKED,
            reservation_id=each.reservation_id,
        )
        right = shelves.take(each.level_id, each.quantity, lot=each.in_hand)
        if sum(piece.units for piece in wrong) != sum(piece.units for piece in right):
            raise Again
        for piece in wrong:
            state = StockState.AVAILABLE if piece.is_for_sale else StockState.QUARANTINE
            back += [_out(piece), _into(piece, state)]
        for piece in right:
            picks += [_out(piece), _into(piece, StockState.PICKED, each.reservation_id)]
    post(back, kind=MovementKind.PUT_BACK, reference=reference, by=by, at=at)
    post(picks, kind=MovementKind.PICK, reference=reference, by=by, at=at)


def _out(piece: Piece) -> Entry:
    return Entry(
        piece.level_id,
        units=-piece.units,
        bin=piece.bin,
        lot=piece.lot,
        state=piece.state,
        reservation_id=piece.reservation_id,
    )


def _into(piece: Piece, state: StockState, reservation_id: int | None = None) -> Entry:
    return Entry(
        piece.level_id,
        units=piece.units,
        bin=piece.bin,
        lot=piece.lot,
        state=state,
        reservation_id=reservation_id,
    )
