from collections.abc import Mapping
from datetime import datetime

from b2b.errors import NoLines, QuoteExpiredAlready, TooManyAccepted, UnknownPosition
from b2b.events import QuoteAccepted
from b2b.models import Buyer, PurchaseOrder, QuoteLine
from b2b.selectors import newest_version
from b2b.services.purchasing import from_quote, submit
from b2b.services.quoting import locked_quote, refuse_unless_newest
from b2b.states import QUOTE
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.money import text
from oms.core.services import batch_service
from oms.customers.addresses import Address


@batch_service
def accept_quote(
    *,
    number: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    quantities: Mapping[int, int] | None = None,
    po_number: str = "",
    buyer: Buyer | None = None,
    ship_to: Address | None = None,
) -> PurchaseOrder:
    """Take an offer, whole or in part (`quantities` by position): it becomes a purchase order.

    That is submitted at the offered prices; unless a limit of the company asks for a second
    person, it is accepted and placed at once.

    Raises: QuoteNotFound, QuoteVersionPassed, QuoteExpiredAlready, UnknownPosition,
        TooManyAccepted, NoLines, NoAddress, PurchaseOrderKnown, TransitionNotAllowed,
        CompanyInactive, AmountDoesNotFit, Busy.
    Locks: Quote, CreditAccount, StockLevel.
    Publishes: QuoteAccepted, PurchaseOrderSubmitted, PurchaseOrderAccepted.
    """
    quote = locked_quote(number)
    refuse_unless_newest(quote, version)
    status = QUOTE.after("accept", quote.status)
    if quote.valid_until is not None and quote.valid_until < at.date():
        raise QuoteExpiredAlready(number=number, valid_until=str(quote.valid_until))
    offered = newest_version(quote)
    offered.quote = quote
    lines = list(offered.lines.select_related("sku").order_by("position"))
    taken = _taken(lines, quantities)

    quote.status, quote.decided_at = status, at
    quote.save(update_fields=["status", "decided_at"])
    for line in lines:
        line.accepted_quantity = taken.get(line.position, 0)
    QuoteLine.objects.bulk_update(lines, ["accepted_quantity"])
    document = from_quote(
        offered, taken, po_number=po_number, buyer=buyer, ship_to=ship_to, by=by, at=at
    )
    units: dict[str, int] = {}
    for line in lines:
        if line.accepted_quantity:
            units[line.sku.code] = units.get(line.sku.code, 0) + line.accepted_quantity
    publish(
        QuoteAccepted(
            thread=number,
            subject=number,
            by=by,
            at=at,
            company=quote.company.code,
            version=quote.version,
            units=units,
            purchase_order=document.number,
            total=text(document.total_amount, quote.currency),
            currency=quote.currency,
        )
    )
    return submit(document, by, at)


def _taken(lines: list[QuoteLine], quantities: Mapping[int, int] | None) -> dict[int, int]:
    """What is accepted, by position: everything, or what was said."""
    offered = {line.position: line for line in lines}
    if quantities is None:
        return {position: line.quantity for position, line in offered.items()}
    for nth, (position, units) in enumerate(quantities.items()):
        line = offered.get(position)
        if line is None:
            raise UnknownPosition(pointer=f"/lines/{nth}/position", position=position)
        if not 0 <= units <= line.quantity:
            raise TooManyAccepted(
                pointer=f"/lines/{nth}/quantity", sku=line.sku.code, offered=line.quantity
            )
    taken = {position: units for position, units in quantities.items() if units}
    if not taken:
        raise NoLines
    return taken
