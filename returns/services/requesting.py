from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.errors import LocationNotFound
from inventory.models import Location
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.numbers import part_number
from oms.core.services import service
from orders.errors import LineNotFound
from orders.models import Order, OrderLine
from orders.rules.kits import lines_named, whole_kits
from orders.selectors import kits_of
from orders.services import ReturnMoves, lock_order, record_return
from returns import selectors
from returns.errors import NothingChosen, NotReturnable, ResolutionNotOffered
from returns.events import ReturnRequested
from returns.models import ReturnAuthorization, ReturnLine
from returns.states import OFFERED, Reason, Resolution


@dataclass(frozen=True)
class Wish:
    """Units someone wants to send back; `line_id` where one line of several of a SKU is meant."""

    sku: str
    quantity: int
    reason: str = Reason.OTHER
    comment: str = ""
    line_id: int | None = None


@service
def request_return(
    *,
    order: str,
    wishes: Sequence[Wish],
    by: Actor,
    at: datetime,
    resolution: str = Resolution.REFUND,
    note: str = "",
    language: str = "",
    location: str = "",
) -> ReturnAuthorization:
    """Ask for units of an order to come back. Nothing moves yet, but the units are spoken for.

    They come back to `location`, or where most of them were shipped from. Units of a SKU on
    several lines are taken from the lines in their order, those of kits last. Kits come back as
    all that is in them.

    Raises: OrderNotFound, LineNotFound, LocationNotFound, NothingChosen, NotReturnable,
        ResolutionNotOffered.
    Locks: Order.
    Publishes: ReturnRequested.
    """
    if resolution not in OFFERED:
        raise ResolutionNotOffered(resolution=resolution, offered=list(OFFERED))
    if not wishes:
        raise NothingChosen
    placed = lock_order(number=order)
    taken = _take(placed, wishes)

    return announce(
        placed,
        taken,
        location=_place(placed, location),
        resolution=resolution,
        language=language or placed.language,
        note=note,
        by=by,
        at=at,
    )


def announce(
    placed: Order,
    taken: Sequence[tuple[Wish, OrderLine, int]],
    *,
    location: Location,
    resolution: str,
    language: str,
    note: str,
    by: Actor,
    at: datetime,
    is_followed: bool = False,
) -> ReturnAuthorization:
    """Write down a return of units of a locked order, and tell of it."""
    document = ReturnAuthorization.objects.create(
        number=part_number("RMA", placed.number, selectors.count_of(placed) + 1),
        order=placed,
        location=location,
        resolution=resolution,
        requested_by=str(by),
        language=language,
        note=note,
        is_followed=is_followed,
        requested_at=at,
    )
    ReturnLine.objects.bulk_create(
        ReturnLine(
            authorization=document,
            order_line=line,
            quantity=units,
            reason=wish.reason,
            comment=wish.comment,
        )
        for wish, line, units in taken
    )
    record_return(
        order=placed,
        moves=[ReturnMoves(line.pk, requested=units) for _, line, units in taken],
        by=by,
        at=at,
    )
    units_by_sku: dict[str, int] = {}
    for _, line, units in taken:
        units_by_sku[line.sku_code] = units_by_sku.get(line.sku_code, 0) + units
    publish(
        ReturnRequested(
            thread=placed.number,
            subject=document.number,
            by=by,
            at=at,
            units=units_by_sku,
            resolution=resolution,
            reasons=sorted({wish.reason for wish, _, _ in taken}),
            is_followed=is_followed,
        )
    )
    return document


def _take(order: Order, wishes: Sequence[Wish]) -> list[tuple[Wish, OrderLine, int]]:
    """Say which lines the units come from; refused when more are wished for than can return."""
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    left = {line.pk: line.returnable for line in lines}
    codes = {kit.pk: kit.sku_code for kit in kits_of(order, lines)}
    taken = []
    for wish in wishes:
        if wish.line_id:
            meant = [line for line in lines if line.pk == wish.line_id]
        else:
            meant = lines_named(lines, wish.sku)
        if not meant:
            in_kits = [line for line in lines if line.kit_id and codes[line.kit_id] == wish.sku]
            for line, units in _kits(order, in_kits, wish, left):
                left[line.pk] -= units
                taken.append((wish, line, units))
            continue
        missing = wish.quantity
        for line in meant:
            if units := min(missing, left[line.pk]):
                left[line.pk] -= units
                missing -= units
                taken.append((wish, line, units))
        if missing:
            wished = sum(each.quantity for each in wishes if each.sku == wish.sku)
            raise NotReturnable(
                number=order.number,
                sku=meant[0].sku_code,
                requested=wished,
                returnable=sum(line.returnable for line in meant),
            )
    return taken


def _kits(
    order: Order, lines: Sequence[OrderLine], wish: Wish, left: Mapping[int, int]
) -> list[tuple[OrderLine, int]]:
    """What is in the kits that are wished for, line by line."""
    if not lines:
        raise LineNotFound(number=order.number, sku=wish.sku)
    there = {
        kit: whole_kits([(left[line.pk], line.per_kit) for line in lines if line.kit_id == kit])
        for kit in dict.fromkeys(line.kit_id for line in lines)
    }
    if wish.quantity > sum(there.values()):
        raise NotReturnable(
            number=order.number,
            sku=wish.sku,
            requested=wish.quantity,
            returnable=sum(there.values()),
        )
    found, missing = [], wish.quantity
    for kit, whole in there.items():
        kits = min(whole, missing)
        missing -= kits
        found += [(line, kits * line.per_kit) for line in lines if line.kit_id == kit and kits]
    return found


def _place(order: Order, code: str) -> Location:
    if not code:
        return selectors.location_for(order)
    place = Location.objects.filter(code=code).first()
    if place is None:
        raise LocationNotFound(location=code)
    return place
