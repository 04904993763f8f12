from collections.abc import Mapping
from datetime import datetime

from inventory.errors import LocationNotFound
from inventory.models import Location
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from orders.services import ReturnMoves, record_return
from returns.errors import NothingChosen, NotInReturn, ReceivedElsewhere, TooManyReturned
from returns.events import ReturnReceived
from returns.models import ReturnAuthorization, ReturnLine
from returns.services.documents import by_sku, changed, lines_of, locked_return
from returns.states import RETURN


@service
def receive_return(
    *,
    number: str,
    units: Mapping[str, int],
    by: Actor,
    at: datetime,
    location: str = "",
    expected_version: int | None = None,
) -> ReturnAuthorization:
    """Note that units arrived, by SKU. They are here, but not on the shelf until inspected.

    Several parcels are several calls. The first may name another location than was planned.

    Raises: ReturnNotFound, ReturnChanged, TransitionNotAllowed, NothingChosen, NotInReturn,
        TooManyReturned, LocationNotFound, ReceivedElsewhere.
    Locks: Order.
    Publishes: ReturnReceived.
    """
    order, document = locked_return(number, expected_version)
    RETURN.after("receive", document.status)
    lines = lines_of(document)
    _arrive_at(document, lines, location)
    arrived = _take(document, lines, units)

    for line, count in arrived:
        line.received += count
        line.save(update_fields=["received"])
    complete = not any(line.missing for line in lines)
    document.status = RETURN.after("receive" if complete else "receive_part", document.status)
    document.received_at = at
    changed(document, "status", "received_at", "location")
    record_return(
        order=order,
        moves=[
            ReturnMoves(line.order_line_id, requested=-count, returned=count)
            for line, count in arrived
        ],
        by=by,
        at=at,
    )
    publish(
        ReturnReceived(
            thread=order.number,
            subject=number,
            by=by,
            at=at,
            location=document.location.code,
            units={sku: count for sku, count in units.items() if count},
            complete=complete,
        )
    )
    return document


def _take(
    document: ReturnAuthorization, lines: list[ReturnLine], units: Mapping[str, int]
) -> list[tuple[ReturnLine, int]]:
    """Say which lines the units belong to."""
    if not any(units.values()):
        raise NothingChosen
    expected = by_sku(lines)
    taken = []
    for sku, count in units.items():
        if sku not in expected:
            raise NotInReturn(number=document.number, sku=sku)
        missing = count
        for line in expected[sku]:
            if here := min(missing, line.missing):
                taken.append((line, here))
                missing -= here
        if missing:
            raise TooManyReturned(
                number=document.number,
                sku=sku,
                requested=count,
                expected=sum(line.missing for line in expected[sku]),
            )
    return taken


def _arrive_at(document: ReturnAuthorization, lines: list[ReturnLine], code: str) -> None:
    if not code or code == document.location.code:
        return
    if any(line.received for line in lines):
        raise ReceivedElsewhere(number=document.number, location=document.location.code)
    place = Location.objects.filter(code=code).first()
    if place is None:
        raise LocationNotFound(location=code)
    document.location = place
