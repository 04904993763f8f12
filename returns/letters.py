"""What we write about returns: to customers, and to colleagues who have to decide.

Each function reads the return when its letter is sent, and returns None when there is nothing to
say any more. The words are staff's, or those of the files in `templates/returns/letters`.
"""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from oms.core.display import money_text
from oms.core.models import User
from oms.messaging.letters import Letter, LetterKind, write, write_to_customer
from orders import selectors as orders
from returns import letter_kinds
from returns.models import ReturnAuthorization, ReturnLine
from returns.states import ReturnStatus

LETTERS = letter_kinds.LETTERS


def return_to_decide(*, number: str) -> Letter | None:
    """Ask those who may approve returns to decide on one that a customer or channel asked for."""
    document = _document(number)
    if document is None or document.status != ReturnStatus.REQUESTED:
        return None
    people = User.objects.filter(
        is_active=True,
        groups__permissions__codename="approve_returnauthorization",
        groups__permissions__content_type__app_label="returns",
    )
    addresses = people.exclude(email="").order_by("email").values_list("email", flat=True)
    recipients = tuple(addresses.distinct())
    if not recipients:
        return None
    values = {
        "number": number,
        "order": document.order.number,
        "customer": document.order.customer_name,
        "lines": [
            {
                "quantity": line.quantity,
                "name": line.order_line.name,
                "reason": line.get_reason_display(),
                "comment": line.comment,
            }
            for line in _lines(document)
        ],
        "url": f"{settings.OMS_BASE_URL}{reverse('returns:detail', args=[number])}",
    }
    return write(
        letter_kinds.TO_DECIDE, values, recipients=recipients, thread=document.order.number
    )


def return_requested(*, number: str) -> Letter | None:
    """Confirm to the customer that we know of the wish."""
    return _to_customer(number, letter_kinds.REQUESTED)


def return_approved(*, number: str) -> Letter | None:
    """Tell the customer where to send the units."""
    return _to_customer(number, letter_kinds.APPROVED)


def return_declined(*, number: str) -> Letter | None:
    """Tell the customer that nothing is to be sent, and why."""
    return _to_customer(number, letter_kinds.DECLINED)


def return_settled(*, number: str) -> Letter | None:
    """Tell the customer what came and what goes back for it."""
    return _to_customer(number, letter_kinds.SETTLED, settled=True)


def values_of(number: str) -> dict[str, Any] | None:
    """Return what letters about a real return say, for a preview."""
    document = _document(number)
    return _values(document, settled=document.status == "settled") if document else None


def _document(number: str) -> ReturnAuthorization | None:
    found = ReturnAuthorization.objects.select_related("order__channel", "location")
    return found.filter(number=number).first()


def _lines(document: ReturnAuthorization) -> list[ReturnLine]:
    lines = ReturnLine.objects.filter(authorization=document)
    return list(lines.select_related("order_line").order_by("id"))


def _to_customer(number: str, kind: LetterKind, *, settled: bool = False) -> Letter | None:
    document = _document(number)
    if document is None or not (document.order.email or document.order.phone):
        return None
    order = document.order
    return write_to_customer(
        kind,
        _values(document, settled=settled),
        channel=order.channel,
        recipients=(order.email,) if order.email else (),
        phone=order.phone,
        thread=order.number,
        language=document.language,
    )


def _values(document: ReturnAuthorization, *, settled: bool) -> dict[str, Any]:
    order, place = document.order, document.location
    lines = [(line, line.settled if settled else line.quantity) for line in _lines(document)]
    with translation.override(document.language or "en"):
        return {
            "number": document.number,
            "order": order.external_id or order.number,
            "shop": order.channel.name,
            "status_url": orders.status_url(order),
            "lines": [
                {
                    "quantity": quantity,
                    "name": line.order_line.name,
                    "amount": money_text(line.refund_amount, order.currency),
                }
                for line, quantity in lines
                if quantity
            ],
            "reason": document.decision_reason,
            "send_to": [
                each
                for each in (
                    place.name,
                    place.line1,
                    f"{place.postal_code} {place.city}".strip(),
                    place.country,
                )
                if each
            ],
            "amount": _some(document.refund_amount, order.currency),
        }


def _some(amount: Decimal, currency: str) -> str:
    return money_text(amount, currency) if amount else ""
