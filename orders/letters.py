"""What we write to customers, and to colleagues who have to act.

Each function reads the order when its letter is sent, and returns None when there is nothing to
say any more.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from oms.core.display import money_text
from oms.core.models import User
from oms.core.money import ZERO
from oms.messaging.letters import Letter
from orders import selectors, telling
from orders.models import Order, OrderLine


def order_placed(*, order: str) -> Letter | None:
    """Confirm an order: what was ordered, what it costs, where it can be followed."""
    placed = _order(order)
    if placed is None or placed.status == "cancelled":
        return None
    lines = _lines(placed)
    _packing, waiting = telling.still_to_come(lines)
    return _letter(
        placed,
        "confirmation",
        lambda: _("Your order {number}").format(number=_known_as(placed)),
        {
            "lines": lines,
            "money": selectors.money_of(placed, lines),
            "waiting": waiting,
        },
    )


def order_shipped(
    *,
    order: str,
    units: Mapping[str, int],
    carrier: str = "",
    tracking_number: str = "",
    tracking_url: str = "",
) -> Letter | None:
    """Tell what left just now, how to follow it, and what is still to come."""
    shipped = _order(order)
    if shipped is None:
        return None
    lines = _lines(shipped)
    packing, waiting = telling.still_to_come(lines)
    last = not packing and not waiting

    def subject() -> str:
        text = (
            _("Your order {number} is on its way") if last else _("Part of {number} is on its way")
        )
        return text.format(number=_known_as(shipped))

    return _letter(
        shipped,
        "shipped",
        subject,
        {
            "goods": telling.goods(lines, units),
            "carrier": carrier,
            "tracking_number": tracking_number,
            "tracking_url": tracking_url if tracking_url.startswith("https://") else "",
            "packing": packing,
            "waiting": waiting,
        },
    )


def order_cancelled(
    *, order: str, units: Mapping[str, int], whole: bool, amount: str
) -> Letter | None:
    """Tell what was called off, and what of the money comes back."""
    cancelled = _order(order)
    if cancelled is None:
        return None
    lines = _lines(cancelled)
    overpaid = max(ZERO, cancelled.captured_amount - cancelled.due_amount)

    def subject() -> str:
        text = (
            _("Your order {number} is cancelled") if whole else _("Part of {number} is cancelled")
        )
        return text.format(number=_known_as(cancelled))

    return _letter(
        cancelled,
        "cancelled",
        subject,
        {
            "goods": telling.goods(lines, units),
            "whole": whole,
            "back": min(overpaid, Decimal(amount)),
            "others": any(line.quantity > line.cancelled for line in lines),
        },
    )


def refund_succeeded(
    *, order: str, refund: str, amount: str, currency: str, method: str
) -> Letter | None:
    """Tell that money went back, how much and which way."""
    refunded = _order(order)
    if refunded is None:
        return None
    return _letter(
        refunded,
        "refunded",
        lambda: _("{amount} refunded for {number}").format(
            amount=money_text(Decimal(amount), currency), number=_known_as(refunded)
        ),
        {"amount": Decimal(amount), "currency": currency, "way": WAYS.get(method, "")},
    )


WAYS = {"card": "to your card", "paypal": "to your PayPal account", "bank": "to your bank account"}


def refund_failed(
    *, order: str, refund: str, amount: str, currency: str, reason: str
) -> Letter | None:
    """Ask those who may refund to pay money back another way."""
    people = User.objects.filter(
        is_active=True,
        groups__permissions__codename="refund_order",
        groups__permissions__content_type__app_label="orders",
    )
    addresses = people.exclude(email="").order_by("email").values_list("email", flat=True)
    recipients = tuple(addresses.distinct())
    if not recipients:
        return None
    context = {
        "order": order,
        "refund": refund,
        "amount": Decimal(amount),
        "currency": currency,
        "reason": reason,
        "url": f"{settings.OMS_BASE_URL}{reverse('orders:detail', args=[order])}",
    }
    return Letter(
        recipients=recipients,
        subject=f"Refund {refund} for {order} failed",
        text=_text("refund_failed", context),
        html=_html("refund_failed", context),
        thread=order,
    )


def _order(number: str) -> Order | None:
    """The order, if its customer can be written to."""
    return selectors.order_list().filter(number=number).exclude(email="").first()


def _lines(order: Order) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order).order_by("position"))


def _known_as(order: Order) -> str:
    """The number the customer knows: the one the channel gave."""
    return order.external_id or order.number


def _letter(order: Order, name: str, subject: Any, context: dict[str, Any]) -> Letter:
    with translation.override(order.language or "en"):
        context = {
            **context,
            "order": order,
            "known_as": _known_as(order),
            "first_name": (order.customer_name.split() or [""])[0],
            "status_url": selectors.status_url(order),
            "shop": order.channel.name,
        }
        return Letter(
            recipients=(order.email,),
            subject=subject(),
            text=_text(name, context),
            html=_html(name, context),
            thread=order.number,
            language=order.language,
        )


def _text(name: str, context: dict[str, Any]) -> str:
    body = render_to_string(f"orders/letters/{name}.txt", context)
    paragraphs = [part.strip() for part in body.split("\n\n")]
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def _html(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"orders/letters/{name}.html", context).strip()
