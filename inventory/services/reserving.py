"""The one place where stock is spoken for, given back, and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.models import Movement, Reservation, StockLevel
from inventory.selectors import Supply, supply
from inventory.services.levels import at_the_end
from inventory.states import MovementKind
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.locking import note
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
        Reservation(
            level_id=claim.level_id, quantity=claim.quantity, reference=reference, created_at=at
        )
        for claim in claims
    ]
    record(*reservations)
    movements = [
        Movement(
            level_id=claim.level_id,
            kind=MovementKind.RESERVE,
            reserved_delta=claim.quantity,
            reference=reference,
            actor=str(by),
            happened_at=at,
        )
        for claim in claims
    ]
    record(*movements)
    at_the_end([(claim.level_id, 0, claim.quantity) for claim in claims])
    return reservations


@service
def release(*, portions: Sequence[Portion], reference: str, by: Actor, at: datetime) -> None:
    """Give back units that were spoken for.

    Locks: StockLevel.
    """
    _consume(portions, MovementKind.RELEASE, reference, by, at)


@service
def ship(*, portions: Sequence[Portion], reference: str, by: Actor, at: datetime) -> None:
    """Take away units that were spoken for: they left the building.

    Locks: StockLevel.
    """
    _consume(portions, MovementKind.SHIP, reference, by, at)


@service
def write_off(
    *, portions: Sequence[Portion], reason: str, reference: str, by: Actor, at: datetime
) -> None:
    """Take units off the books that were spoken for and are not there, or not fit to be sold.

    Locks: StockLevel.
    """
    _lower_reservations(portions)
    record(
        *(
            Movement(
                level_id=portion.level_id,
                kind=MovementKind.ADJUST,
                on_hand_delta=-portion.quantity,
                reserved_delta=-portion.quantity,
                reference=reference,
                source_id=portion.source_id,
                reason=reason,
                actor=str(by),
                happened_at=at,
            )
            for portion in portions
        )
    )
    at_the_end([(portion.level_id, -portion.quantity, -portion.quantity) for portion in portions])


def _consume(
    portions: Sequence[Portion], kind: MovementKind, reference: str, by: Actor, at: datetime
) -> None:
    from_shelf = kind == MovementKind.SHIP
    _lower_reservations(portions)
    record(
        *(
            Movement(
                level_id=portion.level_id,
                kind=kind,
                on_hand_delta=-portion.quantity if from_shelf else 0,
                reserved_delta=-portion.quantity,
                reference=reference,
                source_id=portion.source_id,
                actor=str(by),
                happened_at=at,
            )
            for portion in portions
        )
    )
    at_the_end(
        [
            (portion.level_id, -portion.quantity if from_shelf else 0, -portion.quantity)
            for portion in portions
        ]
    )


def _lower_reservations(portions: Sequence[Portion]) -> None:
    sql.run(
        "UPDATE inventory_reservation r SET quantity = r.quantity - p.units "
        "FROM (SELECT id, sum(units)::int AS units "
        "      FROM unnest(%s::bigint[], %s::int[]) AS t(id, units) GROUP BY id) p "
        "WHERE r.id = p.id",
        [
            [portion.reservation_id for portion in portions],
            [portion.quantity for portion in portions],
        ],
    )
