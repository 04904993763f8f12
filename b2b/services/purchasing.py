from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from b2b.errors import (
    CompanyInactive,
    NoAddress,
    NoLines,
    NoPrice,
    PurchaseOrderChanged,
    PurchaseOrderKnown,
    PurchaseOrderNotFound,
)
from b2b.events import (
    PurchaseOrderApprovalNeeded,
    PurchaseOrderSubmitted,
)
from b2b.models import Buyer, Company, PurchaseOrder, PurchaseOrderLine, QuoteVersion
from b2b.selectors import approval_needed, default_address, lines_of_purchase_order
from b2b.services.accepting import accept, locked_purchase_order
from b2b.services.found import company_by, sales_rep_by
from b2b.services.numbering import next_number
from b2b.services.priced import Priced, priced
from b2b.services.wishes import LineWish
from b2b.states import PURCHASE_ORDER, AddressKind, Issue, PurchaseStatus, Source
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.money import ZERO, text
from oms.core.services import batch_service, service
from oms.customers.addresses import Address


@service
def save_purchase_order(
    *,
    company: str,
    lines: Sequence[LineWish],
    source: str,
    by: Actor,
    at: datetime,
    number: str | None = None,
    buyer: Buyer | None = None,
    po_number: str = "",
    ship_to: Address | None = None,
    requested_on: date | None = None,
    note: str = "",
    sales_rep: str | None = None,
    partial: bool = False,
    expected_version: int | None = None,
) -> PurchaseOrder:
    """Write a purchase order down as a draft, or rewrite the draft `number` with all its lines.

    A line without a price of its own gets the company's. One that a rep names is agreed; one
    that differs otherwise makes a person look before it is accepted. With `partial` the draft
    may still lack lines, an address, prices and known SKUs: it keeps what there is.
    `expected_version` is what the caller saw: nobody overwrites another's change. `sales_rep`
    names whose sale it is: empty for the company's rep of the day it is submitted, None for
    whom the draft names already.

    Raises: CompanyNotFound, CompanyInactive, NoLines, NoAddress, UnknownSku, NoPrice,
        AmountNotFitting, NotASalesRep, PurchaseOrderNotFound, PurchaseOrderKnown,
        PurchaseOrderChanged, TransitionNotAllowed.
    Locks: PurchaseOrder.
    Publishes: nothing.
    """
    buying = company_by(company)
    if not buying.is_active and not partial:
        raise CompanyInactive(company=company)
    if not lines and not partial:
        raise NoLines
    document = (
        PurchaseOrder(
            number=next_number("PO"),
            company=buying,
            source=source,
            currency=buying.currency,
            created_by=str(by),
            created_at=at,
        )
        if number is None
        else _draft_again(number, buying, expected_version)
    )
    document.buyer = buyer or document.buyer
    document.po_number = po_number
    document.ship_to = ship_to or document.ship_to or default_address(buying, AddressKind.SHIP)
    document.requested_on = requested_on
    document.note = note
    if sales_rep is not None:
        document.sales_rep = sales_rep_by(sales_rep) if sales_rep else None
    if document.ship_to is None and not partial:
        raise NoAddress(company=company)

    wanted = priced(buying, lines, at.date(), unknown_skus=partial)
    rows = [_line(document, position, each, by) for position, each in enumerate(wanted, start=1)]
    if not partial:
        _refuse_unpriced(buying, wanted)
    document.issues = _issues(document, rows)
    document.total_amount = _total(document, rows)
    _save(document, rows)
    return document


def _draft_again(number: str, company: Company, expected_version: int | None) -> PurchaseOrder:
    document = locked_purchase_order(number)
    if document.company_id != company.pk:
        raise PurchaseOrderNotFound(number=number)
    if expected_version is not None and document.version != expected_version:
        raise PurchaseOrderChanged(number=number)
    verb = "reopen" if document.status == PurchaseStatus.REJECTED else "change"
    document.status = PURCHASE_ORDER.after(verb, document.status)
    document.version += 1
    return document


def _save(document: PurchaseOrder, rows: Sequence[PurchaseOrderLine]) -> None:
    """Write it with its lines; a number of the company's own is taken once, also in a race."""
    if document.po_number:
        others = PurchaseOrder.objects.filter(
            company=document.company_id, po_number=document.po_number
        ).exclude(pk=document.pk)
        if known := others.first():
            raise PurchaseOrderKnown(po_number=document.po_number, number=known.number)
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:
        raise PurchaseOrderKnown(po_number=document.po_number, number="another one") from None
    PurchaseOrderLine.objects.filter(purchase_order=document).delete()
    for row in rows:
        row.purchase_order = document
    PurchaseOrderLine.objects.bulk_create(rows)


def _line(document: PurchaseOrder, position: int, each: Priced, by: Actor) -> PurchaseOrderLine:
    wish, offer = each.wish, each.offer
    ours = offer.unit_price if offer else None
    origin = offer.origin if offer else "No price agreed"
    price = ours if ours is not None else ZERO
    if wish.unit_price is not None and wish.unit_price != ours:
        price = wish.unit_price
        named = f"Agreed by {by.name}" if document.source == Source.REP else "The buyer's price"
        origin = f"{named}; ours: {origin}" if offer else named
    return PurchaseOrderLine(
        position=position,
        sku=each.sku,
        sku_code=wish.sku,
        buyer_sku=wish.buyer_sku,
        name=each.sku.name if each.sku else "",
        quantity=wish.quantity,
        unit_price=price,
        contract_price=ours,
        price_origin=origin[:200],
        requested_on=wish.requested_on,
        ship_to=wish.ship_to,
    )


def _refuse_unpriced(company: Company, wanted: Sequence[Priced]) -> None:
    for nth, each in enumerate(wanted):
        if each.offer is None and each.wish.unit_price is None:
            raise NoPrice(
                pointer=f"/lines/{nth}/unit_price", sku=each.wish.sku, currency=company.currency
            )


def _issues(document: PurchaseOrder, rows: Sequence[PurchaseOrderLine]) -> list[str]:
    """Say why a person has to look: what a rep writes down, he or she has looked at."""
    found = {each for each in document.issues if each == Issue.UNKNOWN_PARTNER}
    if any(row.sku_id is None and row.sku is None for row in rows):
        found.add(Issue.UNKNOWN_SKU)
    if any(
        row.sku is not None and row.contract_price is None and not row.unit_price for row in rows
    ):
        found.add(Issue.NO_PRICE)
    trusted = document.source in {Source.REP, Source.QUOTE}
    if not trusted and any(row.sku is not None and row.price_differs for row in rows):
        found.add(Issue.PRICE_MISMATCH)
    return sorted(str(each) for each in found)


def _total(document: PurchaseOrder, rows: Sequence[PurchaseOrderLine]) -> Decimal:
    return sum((row.amount(document.currency) for row in rows), ZERO)


def from_quote(
    version: QuoteVersion,
    quantities: dict[int, int],
    *,
    po_number: str,
    buyer: Buyer | None,
    ship_to: Address | None,
    by: Actor,
    at: datetime,
) -> PurchaseOrder:
    """Write the purchase order that an accepted quote becomes, at its prices.

    Raises: NoAddress, PurchaseOrderKnown.
    """
    quote = version.quote
    place = ship_to or default_address(quote.company, AddressKind.SHIP)
    if place is None:
        raise NoAddress(company=quote.company.code)
    document = PurchaseOrder(
        number=next_number("PO"),
        company=quote.company,
        buyer=buyer,
        po_number=po_number,
        source=Source.QUOTE,
        quote_version=version,
        currency=quote.currency,
        ship_to=place,
        created_by=str(by),
        created_at=at,
    )
    rows = [
        PurchaseOrderLine(
            position=line.position,
            sku=line.sku,
            sku_code=line.sku.code,
            name=line.name,
            quantity=quantities[line.position],
            unit_price=line.unit_price,
            contract_price=line.unit_price,
            price_origin=f"Quote {quote.number}, version {version.nth}",
        )
        for line in version.lines.select_related("sku").order_by("position")
        if quantities.get(line.position)
    ]
    document.total_amount = _total(document, rows)
    _save(document, rows)
    return document


@batch_service
def submit_purchase_order(*, number: str, by: Actor, at: datetime) -> PurchaseOrder:
    """Hand a draft in. Over a limit of the buyer or the company it waits for a second person;
    otherwise, when nothing is in question, it is accepted at once.

    Prices that are ours are those of this day.

    Raises: PurchaseOrderNotFound, CompanyInactive, NoLines, NoAddress, NoPrice, UnknownSku,
        TransitionNotAllowed, AmountDoesNotFit, Busy.
    Locks: PurchaseOrder, CreditAccount, StockLevel.
    Publishes: PurchaseOrderSubmitted, PurchaseOrderApprovalNeeded, PurchaseOrderAccepted.
    """
    document = locked_purchase_order(number)
    PURCHASE_ORDER.after("submit", document.status)
    return submit(document, by, at)


def submit(document: PurchaseOrder, by: Actor, at: datetime) -> PurchaseOrder:
    """Submit a draft that the caller has locked, or just written."""
    company = document.company
    if not company.is_active:
        raise CompanyInactive(company=company.code)
    if document.ship_to is None:
        raise NoAddress(company=company.code)
    rows = lines_of_purchase_order(document)
    if not rows:
        raise NoLines
    if document.source != Source.QUOTE:
        _price_of_today(document, rows, at)
    document.submitted_by, document.submitted_at = str(by), at
    if document.sales_rep_id is None:
        document.sales_rep_id = company.sales_rep_id
    limit = approval_needed(document)
    verb = "submit" if limit is None else "ask_approval"
    document.status = PURCHASE_ORDER.after(verb, document.status)
    document.version += 1
    document.save()
    publish(
        PurchaseOrderSubmitted(
            thread=document.number,
            subject=document.number,
            by=by,
            at=at,
            company=company.code,
            po_number=document.po_number,
            total=text(document.total_amount, document.currency),
            currency=document.currency,
            source=document.source,
            issues=list(document.issues),
        )
    )
    if limit is not None:
        publish(
            PurchaseOrderApprovalNeeded(
                thread=document.number,
                subject=document.number,
                by=by,
                at=at,
                company=company.code,
                total=text(document.total_amount, document.currency),
                limit=text(limit, document.currency),
                currency=document.currency,
            )
        )
        return document
    return accept_when_clear(document, by, at)


def _price_of_today(
    document: PurchaseOrder, rows: Sequence[PurchaseOrderLine], at: datetime
) -> None:
    """Bring our own prices up to this day; those somebody named stay as they are."""
    wishes = [
        LineWish(
            sku=row.sku_code,
            quantity=row.quantity,
            unit_price=row.unit_price if row.price_differs and row.unit_price else None,
        )
        for row in rows
    ]
    tolerant = document.source == Source.EDI
    wanted = priced(document.company, wishes, at.date(), unknown_skus=tolerant)
    if not tolerant:
        _refuse_unpriced(document.company, wanted)
    for row, each in zip(rows, wanted, strict=True):
        row.sku = each.sku
        row.contract_price = each.offer.unit_price if each.offer else None
        if each.offer and each.wish.unit_price is None:
            row.unit_price, row.price_origin = each.offer.unit_price, each.offer.origin
    PurchaseOrderLine.objects.bulk_update(
        rows, ["sku", "unit_price", "contract_price", "price_origin"]
    )
    document.issues = _issues(document, rows)
    document.total_amount = _total(document, rows)


def accept_when_clear(document: PurchaseOrder, by: Actor, at: datetime) -> PurchaseOrder:
    """Accept a locked one that raises no question, if its company's are accepted by themselves."""
    offered = document.source == Source.QUOTE
    if document.issues or not (offered or document.company.auto_accept):
        return document
    return accept(document, (), by, at)
