from typing import Any

from b2b.letters import kinds
from b2b.letters.addressing import day, holders, line, looks_after, to_company, to_people
from b2b.models import Quote, QuoteRequest, QuoteRequestLine
from b2b.selectors import lines_of_quote, newest_version
from b2b.states import QuoteStatus, RequestStatus
from oms.core.display import money_text
from oms.messaging.letters import Letter


def quote_requested(*, number: str) -> Letter | None:
    """Tell who looks after the company that it asks for an offer."""
    request = _request(number)
    if request is None or request.status != RequestStatus.SUBMITTED:
        return None
    wanted = QuoteRequestLine.objects.filter(request=request).select_related("sku")
    lines = [
        {
            "quantity": each.quantity,
            "name": each.sku.name,
            "sku": each.sku.code,
            "price": money_text(each.target_price, request.company.currency)
            if each.target_price is not None
            else "",
            "amount": "",
            "expected_on": "",
        }
        for each in wanted.order_by("position")
    ]
    return to_people(
        kinds.QUOTE_REQUESTED,
        looks_after(request.company, "b2b.draft_quote"),
        request.company,
        {"number": number, "lines": lines, "note": request.note},
        thread=number,
    )


def request_declined(*, number: str) -> Letter | None:
    """Tell the company that there will be no offer."""
    request = _request(number)
    if request is None or request.status != RequestStatus.DECLINED:
        return None
    return to_company(
        kinds.REQUEST_DECLINED,
        request.company,
        {"number": number, "reason": request.decision_reason},
        thread=number,
        buyer=request.buyer,
    )


def quote_presented(*, number: str, version: int) -> Letter | None:
    """Send an offer, unless another version or an answer came before the letter went."""
    quote = _quote(number)
    if quote is None or quote.status != QuoteStatus.PRESENTED or quote.version != version:
        return None
    return to_company(
        kinds.QUOTE_PRESENTED,
        quote.company,
        {
            **_of(quote),
            "lines": _lines(quote),
            "version": version,
            "valid_until": day(quote.valid_until),
            "note": newest_version(quote).note,
        },
        thread=number,
        buyer=quote.request.buyer if quote.request else None,
    )


def quote_to_approve(*, number: str, discount: str) -> Letter | None:
    """Ask those who may approve large discounts."""
    quote = _quote(number)
    if quote is None or quote.status != QuoteStatus.PENDING_APPROVAL:
        return None
    return to_people(
        kinds.QUOTE_TO_APPROVE,
        holders("b2b.approve_quote"),
        quote.company,
        {**_of(quote), "discount": discount},
        thread=number,
    )


def revision_requested(*, number: str, reason: str) -> Letter | None:
    """Tell who looks after the company what is to be different."""
    quote = _quote(number)
    if quote is None or quote.status != QuoteStatus.REVISION_REQUESTED:
        return None
    return to_people(
        kinds.REVISION_REQUESTED,
        looks_after(quote.company, "b2b.draft_quote"),
        quote.company,
        {**_of(quote), "reason": reason},
        thread=number,
    )


def quote_accepted(*, number: str, purchase_order: str) -> Letter | None:
    """Tell who looks after the company that it accepted."""
    quote = _quote(number)
    if quote is None:
        return None
    return to_people(
        kinds.QUOTE_ACCEPTED,
        looks_after(quote.company, "b2b.draft_quote"),
        quote.company,
        {**_of(quote), "purchase_order": purchase_order},
        thread=number,
    )


def _request(number: str) -> QuoteRequest | None:
    found = QuoteRequest.objects.select_related("company__sales_rep", "buyer__user")
    return found.filter(number=number).first()


def _quote(number: str) -> Quote | None:
    found = Quote.objects.select_related("company__sales_rep", "request__buyer__user")
    return found.filter(number=number).first()


def _of(quote: Quote) -> dict[str, Any]:
    total = money_text(quote.total_amount, quote.currency)
    return {"number": quote.number, "total": total}


def _lines(quote: Quote) -> list[dict[str, Any]]:
    return [
        line(
            quantity=each.quantity,
            name=each.name,
            sku=each.sku.code,
            unit_price=each.unit_price,
            amount=each.amount(quote.currency),
            currency=quote.currency,
        )
        for each in lines_of_quote(quote)
    ]
