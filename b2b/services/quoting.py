from collections.abc import Sequence
from datetime import date, datetime, timedelta

from b2b.errors import (
    CompanyInactive,
    NoLines,
    NoPrice,
    OwnApproval,
    QuoteNotFound,
    QuoteVersionPassed,
    RequestNotFound,
)
from b2b.events import (
    QuoteApprovalNeeded,
    QuoteExpired,
    QuoteLost,
    QuotePresented,
    QuoteRevisionRequested,
    QuoteWithdrawn,
)
from b2b.models import Company, Quote, QuoteLine, QuoteRequest, QuoteVersion
from b2b.rules.approval import discount_to_approve
from b2b.selectors import lines_of_quote, newest_version
from b2b.services.found import company_by, user_by
from b2b.services.numbering import next_number
from b2b.services.priced import priced
from b2b.services.wishes import LineWish
from b2b.states import QUOTE, REQUEST, QuoteStatus
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.money import ZERO, text
from oms.core.services import service

VALID_DAYS = 30
"""How long an offer stands when nobody says otherwise."""


@service
def draft_quote(
    *,
    company: str,
    lines: Sequence[LineWish],
    by: Actor,
    at: datetime,
    number: str | None = None,
    request: str | None = None,
    valid_until: date | None = None,
    note: str = "",
    owner: str = "",
) -> Quote:
    """Draft an offer, or rewrite the draft `number`. A line without a price gets the company's.

    `request` is the number of a quote request that this answers. `owner` is a user's name.

    Raises: CompanyNotFound, CompanyInactive, NoLines, UnknownSku, NoPrice, AmountNotFitting,
        QuoteNotFound, RequestNotFound, NoSuchUser, TransitionNotAllowed.
    Locks: QuoteRequest, Quote.
    Publishes: nothing.
    """
    asking = company_by(company)
    if not asking.is_active:
        raise CompanyInactive(company=company)
    if not lines:
        raise NoLines
    if number is None:
        answered = _answered(request, asking)
        quote = Quote.objects.create(
            number=next_number("Q"),
            company=asking,
            request=answered,
            owner=user_by(owner) if owner else asking.sales_rep,
            currency=asking.currency,
            drafted_by=str(by),
            created_at=at,
        )
        version = QuoteVersion.objects.create(quote=quote, nth=1, drafted_by=str(by), created_at=at)
    else:
        quote = locked_quote(number)
        if quote.company_id != asking.pk:
            raise QuoteNotFound(number=number)
        quote.status = QUOTE.after("change", quote.status)
        version = newest_version(quote)
        version.lines.all().delete()
    _fill(quote, version, lines, at.date())
    version.note, version.drafted_by = note, str(by)
    version.valid_until = quote.valid_until = valid_until
    version.save(update_fields=["note", "drafted_by", "valid_until", "total_amount"])
    quote.save(update_fields=["status", "valid_until", "total_amount"])
    return quote


def _answered(number: str | None, company: Company) -> QuoteRequest | None:
    if number is None:
        return None
    wanted = QuoteRequest.objects.filter(number=number, company=company)
    request = lock_one(wanted, missing=RequestNotFound(number=number))
    request.status = REQUEST.after("quote", request.status)
    request.save(update_fields=["status"])
    return request


def _fill(quote: Quote, version: QuoteVersion, wishes: Sequence[LineWish], on: date) -> None:
    rows = []
    for position, each in enumerate(priced(quote.company, wishes, on), start=1):
        usual = each.offer.unit_price if each.offer else None
        price = each.wish.unit_price if each.wish.unit_price is not None else usual
        if price is None or each.sku is None:
            raise NoPrice(
                pointer=f"/lines/{position - 1}", sku=each.wish.sku, currency=quote.currency
            )
        rows.append(
            QuoteLine(
                version=version,
                position=position,
                sku=each.sku,
                name=each.sku.name,
                quantity=each.wish.quantity,
                unit_price=price,
                list_price=usual,
            )
        )
    QuoteLine.objects.bulk_create(rows)
    version.total_amount = sum((row.amount(quote.currency) for row in rows), ZERO)
    quote.total_amount = version.total_amount


def locked_quote(number: str) -> Quote:
    """Lock a quote and return it fresh, with its company.

    Raises: QuoteNotFound.
    Locks: Quote.
    """
    found = Quote.objects.select_related("company__price_list").filter(number=number)
    return lock_one(found, missing=QuoteNotFound(number=number))


def refuse_unless_newest(quote: Quote, version: int | None) -> None:
    """Raise `QuoteVersionPassed` when the caller speaks of an older version."""
    if version is not None and version != quote.version:
        raise QuoteVersionPassed(number=quote.number, version=version, newest=quote.version)


@service
def present_quote(
    *, number: str, by: Actor, at: datetime, valid_until: date | None = None
) -> Quote:
    """Offer the newest version to the company, until a day (30 days when none was said).

    A line further below the company's usual price than a rep may go alone makes it wait for
    someone else's approval first.

    Raises: QuoteNotFound, TransitionNotAllowed.
    Locks: Quote.
    Publishes: QuotePresented, QuoteApprovalNeeded.
    """
    quote = locked_quote(number)
    QUOTE.after("present", quote.status)
    quote.valid_until = valid_until or quote.valid_until or at.date() + timedelta(days=VALID_DAYS)
    discount = discount_to_approve(each.discount_percent for each in lines_of_quote(quote))
    if discount is None:
        return _present(quote, by, at, approved_by="")
    quote.status = QUOTE.after("ask_approval", quote.status)
    quote.save(update_fields=["status", "valid_until"])
    publish(
        QuoteApprovalNeeded(
            thread=number,
            subject=number,
            by=by,
            at=at,
            company=quote.company.code,
            version=quote.version,
            discount=f"{discount:.1f}",
        )
    )
    return quote


@service
def approve_quote(*, number: str, by: Actor, at: datetime) -> Quote:
    """Agree to the discounts of a quote that someone else drafted, and present it.

    Raises: QuoteNotFound, OwnApproval, TransitionNotAllowed.
    Locks: Quote.
    Publishes: QuotePresented.
    """
    quote = locked_quote(number)
    QUOTE.after("approve", quote.status)
    if newest_version(quote).drafted_by == str(by):
        raise OwnApproval(number=number)
    return _present(quote, by, at, approved_by=str(by))


def _present(quote: Quote, by: Actor, at: datetime, *, approved_by: str) -> Quote:
    quote.status = QUOTE.after("approve" if approved_by else "present", quote.status)
    quote.presented_at = at
    quote.reason = ""
    quote.save(update_fields=["status", "presented_at", "valid_until", "reason"])
    QuoteVersion.objects.filter(quote=quote, nth=quote.version).update(
        presented_at=at, valid_until=quote.valid_until, approved_by=approved_by
    )
    publish(
        QuotePresented(
            thread=quote.number,
            subject=quote.number,
            by=by,
            at=at,
            company=quote.company.code,
            version=quote.version,
            total=text(quote.total_amount, quote.currency),
            currency=quote.currency,
            valid_until=str(quote.valid_until),
        )
    )
    return quote


@service
def request_revision(
    *, number: str, reason: str, by: Actor, at: datetime, version: int | None = None
) -> Quote:
    """Say what would have to be different before the company accepts.

    Raises: QuoteNotFound, QuoteVersionPassed, TransitionNotAllowed.
    Locks: Quote.
    Publishes: QuoteRevisionRequested.
    """
    quote = locked_quote(number)
    refuse_unless_newest(quote, version)
    quote.status = QUOTE.after("request_revision", quote.status)
    quote.reason = reason
    quote.save(update_fields=["status", "reason"])
    publish(
        QuoteRevisionRequested(
            thread=number,
            subject=number,
            by=by,
            at=at,
            company=quote.company.code,
            version=quote.version,
            reason=reason,
        )
    )
    return quote


@service
def revise_quote(*, number: str, by: Actor, at: datetime) -> Quote:
    """Open the next version as a draft with the lines of the last one, which is off the table.

    Raises: QuoteNotFound, TransitionNotAllowed.
    Locks: Quote.
    Publishes: nothing.
    """
    quote = locked_quote(number)
    lines = lines_of_quote(quote)
    before = newest_version(quote)
    quote.status = QUOTE.after("revise", quote.status)
    quote.version += 1
    quote.valid_until = None
    version = QuoteVersion.objects.create(
        quote=quote,
        nth=quote.version,
        note=before.note,
        asked_for=quote.reason,
        total_amount=before.total_amount,
        drafted_by=str(by),
        created_at=at,
    )
    QuoteLine.objects.bulk_create(
        QuoteLine(
            version=version,
            position=line.position,
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            unit_price=line.unit_price,
            list_price=line.list_price,
        )
        for line in lines
    )
    quote.save(update_fields=["status", "version", "valid_until"])
    return quote


@service
def withdraw_quote(*, number: str, reason: str, by: Actor, at: datetime) -> Quote:
    """Take an offer back, or drop a draft.

    Raises: QuoteNotFound, TransitionNotAllowed.
    Locks: Quote.
    Publishes: QuoteWithdrawn.
    """
    quote = _decided(locked_quote(number), "withdraw", reason, at)
    publish(
        QuoteWithdrawn(
            thread=number, subject=number, by=by, at=at, company=quote.company.code, reason=reason
        )
    )
    return quote


@service
def lose_quote(*, number: str, reason: str, by: Actor, at: datetime) -> Quote:
    """Note that the company will not buy, and why.

    Raises: QuoteNotFound, TransitionNotAllowed.
    Locks: Quote.
    Publishes: QuoteLost.
    """
    quote = _decided(locked_quote(number), "lose", reason, at)
    publish(
        QuoteLost(
            thread=number, subject=number, by=by, at=at, company=quote.company.code, reason=reason
        )
    )
    return quote


@service
def expire_quotes(*, by: Actor, at: datetime, limit: int = 100) -> int:
    """Take offers off the table whose last day has passed; return how many.

    Raises: nothing.
    Locks: Quote.
    Publishes: QuoteExpired.
    """
    past = Quote.objects.filter(status=QuoteStatus.PRESENTED, valid_until__lt=at.date())
    numbers = list(past.order_by("valid_until").values_list("number", flat=True)[:limit])
    expired = 0
    for number in sorted(numbers):
        quote = locked_quote(number)
        if quote.status != QuoteStatus.PRESENTED:
            continue
        _decided(quote, "expire", "", at)
        expired += 1
        publish(
            QuoteExpired(
                thread=number,
                subject=number,
                by=by,
                at=at,
                company=quote.company.code,
                version=quote.version,
            )
        )
    return expired


def _decided(quote: Quote, verb: str, reason: str, at: datetime) -> Quote:
    quote.status = QUOTE.after(verb, quote.status)
    quote.reason, quote.decided_at = reason, at
    quote.save(update_fields=["status", "reason", "decided_at"])
    return quote
