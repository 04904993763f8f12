from collections.abc import Sequence
from datetime import date, datetime

from b2b.errors import CompanyInactive, NoLines, RequestNotFound
from b2b.events import QuoteRequestDeclined, QuoteRequestSubmitted
from b2b.models import Buyer, QuoteRequest, QuoteRequestLine
from b2b.services.found import company_by
from b2b.services.numbering import next_number
from b2b.services.priced import priced
from b2b.services.wishes import LineWish
from b2b.states import REQUEST
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.services import service


@service
def request_quote(
    *,
    company: str,
    lines: Sequence[LineWish],
    by: Actor,
    at: datetime,
    buyer: Buyer | None = None,
    needed_by: date | None = None,
    note: str = "",
) -> QuoteRequest:
    """Ask what something would cost; a line's `unit_price` is what the company has in mind.

    Raises: CompanyNotFound, CompanyInactive, NoLines, UnknownSku, AmountNotFitting.
    Locks: nothing.
    Publishes: QuoteRequestSubmitted.
    """
    asking = company_by(company)
    if not asking.is_active:
        raise CompanyInactive(company=company)
    if not lines:
        raise NoLines
    wanted = priced(asking, lines, at.date())
    request = QuoteRequest.objects.create(
        number=next_number("RFQ"),
        company=asking,
        buyer=buyer,
        needed_by=needed_by,
        note=note,
        submitted_by=str(by),
        submitted_at=at,
    )
    QuoteRequestLine.objects.bulk_create(
        QuoteRequestLine(
            request=request,
            position=position,
            sku=each.sku,
            quantity=each.wish.quantity,
            target_price=each.wish.unit_price,
            note=each.wish.note,
        )
        for position, each in enumerate(wanted, start=1)
    )
    units: dict[str, int] = {}
    for wish in lines:
        units[wish.sku] = units.get(wish.sku, 0) + wish.quantity
    publish(
        QuoteRequestSubmitted(
            thread=request.number,
            subject=request.number,
            by=by,
            at=at,
            company=company,
            units=units,
        )
    )
    return request


@service
def review_request(*, number: str, by: Actor, at: datetime) -> QuoteRequest:
    """Take a request in hand, so that others leave it alone.

    Raises: RequestNotFound, TransitionNotAllowed.
    Locks: QuoteRequest.
    Publishes: nothing.
    """
    return _move(_locked(number), "review")


@service
def decline_request(*, number: str, reason: str, by: Actor, at: datetime) -> QuoteRequest:
    """Make no offer, and say why.

    Raises: RequestNotFound, TransitionNotAllowed.
    Locks: QuoteRequest.
    Publishes: QuoteRequestDeclined.
    """
    request = _move(_locked(number), "decline", reason)
    publish(
        QuoteRequestDeclined(
            thread=number,
            subject=number,
            by=by,
            at=at,
            company=request.company.code,
            reason=reason,
        )
    )
    return request


@service
def withdraw_request(*, number: str, by: Actor, at: datetime) -> QuoteRequest:
    """Ask no longer.

    Raises: RequestNotFound, TransitionNotAllowed.
    Locks: QuoteRequest.
    Publishes: nothing.
    """
    return _move(_locked(number), "withdraw")


def _locked(number: str) -> QuoteRequest:
    found = QuoteRequest.objects.select_related("company").filter(number=number)
    return lock_one(found, missing=RequestNotFound(number=number))


def _move(request: QuoteRequest, verb: str, reason: str = "") -> QuoteRequest:
    request.status = REQUEST.after(verb, request.status)
    request.decision_reason = reason
    request.save(update_fields=["status", "decision_reason"])
    return request
