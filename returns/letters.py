"""What we write about returns: to customers, and to colleagues who have to decide.

Each function reads the return when its letter is sent, and returns None when there is nothing to
say any more.
"""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from oms.core.models import User
from oms.messaging.letters import Letter
from orders import selectors as orders
from returns.models import ReturnAuthorization, ReturnLine
from returns.states import ReturnStatus


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
    context = {
        "document": document,
        "lines": _lines(document),
        "url": f"{settings.OMS_BASE_URL}{reverse('returns:detail', args=[number])}",
    }
    return Letter(
        recipients=recipients,
        subject=f"Return {number} waits for a decision",
        text=_text("to_decide", context),
        html=render_to_string("returns/letters/to_decide.html", context).strip(),
        thread=document.order.number,
    )


def return_requested(*, number: str) -> Letter | None:
    """Confirm to the customer that we know of the wish."""
    return _to_customer(number, "requested", lambda: _("We have your return request {number}"))


def return_approved(*, number: str) -> Letter | None:
    """Tell the customer where to send the units."""
    return _to_customer(number, "approved", lambda: _("You can send {number} back"))


def return_declined(*, number: str) -> Letter | None:
    """Tell the customer that nothing is to be sent, and why."""
    return _to_customer(number, "declined", lambda: _("We cannot take {number} back"))


def return_settled(*, number: str) -> Letter | None:
    """Tell the customer what came and what goes back for it."""
    return _to_customer(number, "settled", lambda: _("Your return {number} is done"))


def _document(number: str) -> ReturnAuthorization | None:
    found = ReturnAuthorization.objects.select_related("order__channel", "location")
    return found.filter(number=number).first()


def _lines(document: ReturnAuthorization) -> list[ReturnLine]:
    lines = ReturnLine.objects.filter(authorization=document)
    return list(lines.select_related("order_line").order_by("id"))


def _to_customer(number: str, name: str, subject: Any) -> Letter | None:
    document = _document(number)
    if document is None or not document.order.email:
        return None
    order = document.order
    with translation.override(document.language or "en"):
        context = {
            "document": document,
            "order": order,
            "known_as": order.external_id or order.number,
            "lines": _lines(document),
            "shop": order.channel.name,
            "status_url": orders.status_url(order),
        }
        return Letter(
            recipients=(order.email,),
            subject=subject().format(number=number),
            text=_text(name, context),
            html=render_to_string(f"returns/letters/{name}.html", context).strip(),
            thread=order.number,
            language=document.language,
        )


def _text(name: str, context: dict[str, Any]) -> str:
    body = render_to_string(f"returns/letters/{name}.txt", context)
    paragraphs = [part.strip() for part in body.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"
