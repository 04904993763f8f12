"""What we write to customers, and to colleagues who have to act.

Each function reads the order when its letter is sent, and returns None when there is nothing to
say any more. The words are staff's, or those of the files in `templates/orders/letters`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from oms.core.display import day_text, money_text
from oms.core.models import User
from oms.core.money import ZERO
from oms.messaging.letters import Letter, LetterKind, write, write_to_customer
from orders import letter_kinds, selectors, telling
from orders.models import Order, OrderLine

LETTERS = letter_kinds.LETTERS


def order_placed(*, order: str) -> Letter | None:
    """Confirm an order: what was ordered, what it costs, where it can be followed."""
    placed = _order(order)
    if placed is None or placed.status == "cancelled":
        return None
    return _to_customer(placed, letter_kinds.CONFIRMATION, _confirmed(placed))


def confirmation_of(number: str) -> dict[str, Any] | None:
    """Return what the confirmation of a real order says, for a preview."""
    order = _order(number)
    return _known(order, _confirmed(order)) if order else None


def _confirmed(order: Order) -> dict[str, Any]:
    lines = _lines(order)
    money = selectors.money_of(order, lines)
    amount = partial(_amount, order)
    _packing, waiting = telling.still_to_come(lines)
    return {
        "lines": [
            {"quantity": each.quantity, "name": each.name, "total": amount(each.total)}
            for each in telling.priced(lines, selectors.kits_of(order, lines))
        ],
        "shipping": amount(money.shipping, free=""),
        "shipping_tax": amount(order.shipping_tax_amount, free=""),
        "discount": amount(order.discount_amount, free=""),
        "total": amount(order.total_amount),
        "waiting": _goods(waiting),
        "later": _later(order, lines),
    }


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
    values = {
        **_parcel(shipped, units),
        "carrier": carrier,
        "tracking_number": tracking_number,
        "tracking_url": tracking_url if tracking_url.startswith("https://") else "",
    }
    return _to_customer(shipped, letter_kinds.SHIPPED, values)


def shipment_of(number: str) -> dict[str, Any] | None:
    """Return what the letter about a real order's parcels says, as if they were one."""
    order = _order(number)
    if order is None:
        return None
    sent = _by_sku((line.sku_code, line.shipped or line.quantity) for line in _lines(order))
    sample = letter_kinds.SHIPPED.sample
    carried = {name: sample[name] for name in ("carrier", "tracking_number", "tracking_url")}
    return _known(order, {**_parcel(order, sent), **carried})


def _parcel(order: Order, units: Mapping[str, int]) -> dict[str, Any]:
    lines = _lines(order)
    packing, waiting = telling.still_to_come(lines)
    return {
        "goods": _goods(telling.goods(lines, units)),
        "packing": _goods(packing),
        "waiting": _goods(waiting),
        "later": _later(order, lines),
    }


def order_cancelled(
    *, order: str, units: Mapping[str, int], whole: bool, amount: str
) -> Letter | None:
    """Tell what was called off, and what of the money comes back."""
    cancelled = _order(order)
    if cancelled is None:
        return None
    values = _called_off(cancelled, units, whole=whole, amount=Decimal(amount))
    return _to_customer(cancelled, letter_kinds.CANCELLED, values)


def cancellation_of(number: str) -> dict[str, Any] | None:
    """Return what the letter would say if what is cancelled, else all, was called off just now."""
    order = _order(number)
    if order is None:
        return None
    lines = _lines(order)
    units = _by_sku((line.sku_code, line.cancelled) for line in lines if line.cancelled)
    whole = not units or order.status == "cancelled"
    units = units or _by_sku((line.sku_code, line.quantity) for line in lines)
    values = _called_off(order, units, whole=whole, amount=order.captured_amount)
    return _known(order, values)


def _called_off(
    order: Order, units: Mapping[str, int], *, whole: bool, amount: Decimal
) -> dict[str, Any]:
    lines = _lines(order)
    overpaid = max(ZERO, order.captured_amount - order.due_amount)
    return {
        "goods": _goods(telling.goods(lines, units)),
        "whole": whole,
        "back": _amount(order, min(overpaid, amount), free=""),
        "paid": bool(order.captured_amount),
        "others": any(line.quantity > line.cancelled for line in lines),
    }


def order_changed(*, order: str, difference: str, redirected: bool = False) -> Letter | None:
    """Tell what is different now, and what is to be paid or comes back."""
    changed = _order(order)
    if changed is None or changed.status == "cancelled":
        return None
    more = Decimal(difference)
    overpaid = max(ZERO, changed.captured_amount - changed.due_amount)
    unpaid = max(ZERO, changed.due_amount - changed.kept_amount)
    standing = [line for line in _lines(changed) if line.quantity > line.cancelled]
    values = {
        "goods": [
            {"units": line.quantity - line.cancelled, "name": line.name} for line in standing
        ],
        "total": _amount(changed, changed.due_amount),
        "redirected": redirected,
        "back": _amount(changed, max(ZERO, min(overpaid, -more)), free=""),
        "to_pay": _amount(changed, max(ZERO, min(unpaid, more)), free=""),
    }
    return _to_customer(changed, letter_kinds.CHANGED, values)


def refund_succeeded(
    *, order: str, refund: str, amount: str, currency: str, method: str
) -> Letter | None:
    """Tell that money went back, how much and which way."""
    refunded = _order(order)
    if refunded is None:
        return None
    values = {"amount": _amount(refunded, Decimal(amount), currency), "method": method}
    return _to_customer(refunded, letter_kinds.REFUNDED, values)


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
    values = {
        "order": order,
        "refund": refund,
        "amount": money_text(Decimal(amount), currency),
        "reason": reason,
        "url": f"{settings.OMS_BASE_URL}{reverse('orders:detail', args=[order])}",
    }
    return write(letter_kinds.REFUND_FAILED, values, recipients=recipients, thread=order)


def _order(number: str) -> Order | None:
    """The order, if its customer can be written to."""
    reachable = selectors.order_list().exclude(email="", phone="")
    return reachable.filter(number=number).first()


def _lines(order: Order) -> list[OrderLine]:
    return list(selectors.standing_lines(order))


def _by_sku(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for sku, units in rows:
        found[sku] = found.get(sku, 0) + units
    return found


def _goods(goods: Iterable[telling.Goods]) -> list[dict[str, Any]]:
    return [{"units": each.units, "name": each.name} for each in goods]


def _later(order: Order, lines: list[OrderLine]) -> list[dict[str, Any]]:
    """What is not out yet, each with its day as the customer reads it."""
    with translation.override(order.language or "en"):
        return [
            {"units": each.units, "name": each.name, "day": day_text(day)}
            for day, them in telling.not_out(lines)
            for each in them
        ]


def _amount(
    order: Order, amount: Decimal | None, currency: str = "", *, free: str | None = None
) -> str:
    """Write an amount as the customer reads it; `free` instead of none at all.

    What has no price of its own gets no words."""
    if amount is None:
        return ""
    if not amount and free is not None:
        return free
    with translation.override(order.language or "en"):
        return money_text(amount, currency or order.currency)


def _known(order: Order, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add what every letter about an order may say. The number is the one the channel gave."""
    return {
        **values,
        "number": order.external_id or order.number,
        "first_name": (order.customer_name.split() or [""])[0],
        "shop": order.channel.name,
        "status_url": selectors.status_url(order),
    }


def _to_customer(order: Order, kind: LetterKind, values: Mapping[str, Any]) -> Letter | None:
    return write_to_customer(
        kind,
        _known(order, values),
        channel=order.channel,
        recipients=(order.email,) if order.email else (),
        phone=order.phone,
        thread=order.number,
        language=order.language,
    )
