"""The one place where stock is spoken for, picked, given back, and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.errors import NotInBin
from inventory.models import Reservation, StockLevel
from inventory.selectors import Supply, supply
from inventory.services.choosing import Piece, Shelves, place_text
from inventory.services.ledger import Entry, post
from inventory.states import MovementKind, StockState
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import Again, record
from oms.core.locking import note
from oms.core.rows import new
from oms.core.services import service


@dataclass(frozen=True)
class Claim:
    """Units wanted from one stock level."""

    level_id: int
    quantity: int


@dataclass(frozen=True)
class Portion:
    """Units of one reservation; `source_id` is the row that moves them, once."""

    reservation_id: int
    level_id: int
    quantity: int
    source_id: int | None = None


@service
def lock_supply(*, sku_ids: Sequence[int], location_ids: Sequence[int]) -> list[Supply]:
    """Lock the stock levels of these SKUs at these locations; return what is free there.

    Locks: StockLevel.
    """
    note(StockLevel)
    return supply(sku_ids=sku_ids, location_ids=location_ids, lock=True)


@dataclass(frozen=True)
class Pick:
    """Units taken from the shelf for a reservation; an empty bin or lot is chosen.

    A lot that `must_match` is the one that leaves; otherwise what the books do not have there is
    taken as if nobody had said where.
    """

    reservation_id: int
    level_id: int
    quantity: int
    bin: str = ""
    lot: str = ""
    must_match: bool = False


@service
def reserve(
    *, claims: Sequence[Claim], reference: str, by: Actor, at: datetime
) -> list[Reservation]:
    """Speak for units, all of them or none; return one reservation per claim, in order.

    In a batch the units are taken at its end: should fewer be free by then, the whole request
    is decided anew. Outside a batch the caller has locked the levels first (`lock_supply`).

    Raises: Again.
    Locks: StockLevel.
    """
    reservations = [
        new(
            Reservation,
            level_id=claim.level_id,
            quantity=claim.quantity,
            reference=reference,
            created_at=at,
        )
        for claim in claims
    ]
    record(*reservations)
    post(
        [Entry(claim.level_id, reserved=claim.quantity) for claim in claims],
        kind=MovementKind.RESERVE,
        reference=reference,
        by=by,
        at=at,
    )
    return reservations


@service
def pick(*, picks: Sequence[Pick], reference: str, by: Actor, at: datetime) -> None:
    """Take reserved units from the shelf into the hands of those who pack them.

    Where no bin or lot is named, the lot that expires first goes first, then as the walk goes.

    Raises: NotInBin, Again.
    Locks: StockLevel.
    """
    if not picks:
        return
    shelves = Shelves((each.level_id for each in picks), reservations=())
    entries: list[Entry] = []
    for each in picks:
        pieces = _as_said(shelves, each)
        for piece in pieces:
            entries += [
                _leaving(piece),
                Entry(
                    piece.level_id,
                    units=piece.units,
                    bin=piece.bin,
                    lot=piece.lot,
                    state=StockState.PICKED,
                    reservation_id=each.reservation_id,
                ),
            ]
    post(entries, kind=MovementKind.PICK, reference=reference, by=by, at=at)


@service
def release(*, portions: Sequence[Portion], reference: str, by: Actor, at: datetime) -> None:
    """Give back units that were spoken for; picked ones go back to their bins, those of a lot
    that must not be sold any more into quarantine there.

    Locks: StockLevel.
    """
    if not portions:
        return
    left = lower_reservations(portions)
    shelves = Shelves((each.level_id for each in portions), reservations=left)
    back: list[Entry] = []
    for each in _by_reservation(portions):
        excess = shelves.picked_for(each.reservation_id) - left.get(each.reservation_id, 0)
        for piece in _picked(shelves, each, max(0, excess)):
            back += [
                _leaving(piece),
                Entry(
                    piece.level_id,
                    units=piece.units,
                    bin=piece.bin,
                    lot=piece.lot,
                    state=StockState.AVAILABLE if piece.is_for_sale else StockState.QUARANTINE,
                ),
            ]
    post(back, kind=MovementKind.PUT_BACK, reference=reference, by=by, at=at)
    post(
        [
            Entry(each.level_id, reserved=-each.quantity, source_id=each.source_id)
            for each in portions
        ],
        kind=MovementKind.RELEASE,
        reference=reference,
        by=by,
        at=at,
    )


@service
def ship(*, portions: Sequence[Portion], reference: str, by: Actor, at: datetime) -> None:
    """Take away units that were spoken for: they left the building.

    Those that were picked go; what nobody led through the floor goes as it would be picked.

    Locks: StockLevel.
    """
    if not portions:
        return
    shelves = Shelves(
        (each.level_id for each in portions),
        reservations=(each.reservation_id for each in portions),
        lowering=[(each.reservation_id, each.quantity) for each in portions],
    )
    entries: list[Entry] = []
    for each in portions:
        picked = _picked(shelves, each, each.quantity)
        entries += _gone(shelves, each, picked)
    post(entries, kind=MovementKind.SHIP, reference=reference, by=by, at=at)


@service
def write_off(
    *, portions: Sequence[Portion], reason: str, reference: str, by: Actor, at: datetime
) -> None:
    """Take units off the books that were spoken for and are not there, or not fit to be sold.

    Locks: StockLevel.
    """
    if not portions:
        return
    left = lower_reservations(portions)
    shelves = Shelves((each.level_id for each in portions), reservations=left)
    entries: list[Entry] = []
    for each in portions:
        excess = shelves.picked_for(each.reservation_id) - left.get(each.reservation_id, 0)
        picked = _picked(shelves, each, min(each.quantity, max(0, excess)))
        entries += _gone(shelves, each, picked)
    post(entries, kind=MovementKind.ADJUST, reference=reference, reason=reason, by=by, at=at)


def _as_said(shelves: Shelves, pick: Pick) -> list[Piece]:
    pieces = shelves.take(pick.level_id, pick.quantity, bin=pick.bin or None, lot=pick.lot or None)
    rest = pick.quantity - sum(piece.units for piece in pieces)
    if rest and pick.lot and pick.must_match:
        level = StockLevel.objects.select_related("sku").get(pk=pick.level_id)
        raise NotInBin(
            sku=level.sku.code,
            place=place_text(pick.bin, pick.lot),
            requested=pick.quantity,
            found=pick.quantity - rest,
        )
    others = shelves.take(pick.level_id, rest)
    if sum(piece.units for piece in others) < rest:
        raise Again
    return [*pieces, *others]


def _picked(shelves: Shelves, portion: Portion, units: int) -> list[Piece]:
    return shelves.take(
        portion.level_id,
        units,
        state=StockState.PICKED,
        reservation_id=portion.reservation_id,
    )


def _gone(shelves: Shelves, portion: Portion, picked: list[Piece]) -> list[Entry]:
    """Return the entries that take a portion off the books: what was picked, then others."""
    rest = portion.quantity - sum(piece.units for piece in picked)
    pieces = [*picked, *shelves.take(portion.level_id, rest)]
    if sum(piece.units for piece in pieces) < portion.quantity:
        raise Again
    return [_leaving(piece, reserved=True, source_id=portion.source_id) for piece in pieces]


def _leaving(piece: Piece, *, reserved: bool = False, source_id: int | None = None) -> Entry:
    return Entry(
        piece.level_id,
        units=-piece.units,
        reserved=-piece.units if reserved else 0,
        bin=piece.bin,
        lot=piece.lot,
        state=piece.state,
        reservation_id=piece.reservation_id,
        source_id=source_id,
    )


def _by_reservation(portions: Sequence[Portion]) -> list[Portion]:
    return list({each.reservation_id: each for each in portions}.values())


def lower_reservations(portions: Sequence[Portion]) -> dict[int, int]:
    """Lower the reservations by these portions; return what they still claim."""
    return dict(
        sql.run(
            "UPDATE inventory_reservation r SET quantity = r.quantity - p.units "
            "FROM (SELECT id, sum(units)::int AS units "
            "      FROM unnest(%s::bigint[], %s::int[]) AS t(id, units) GROUP BY id) p "
            "WHERE r.id = p.id RETURNING r.id, r.quantity",
            [
                [portion.reservation_id for portion in portions],
                [portion.quantity for portion in portions],
            ],
        )
    )
