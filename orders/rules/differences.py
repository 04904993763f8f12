"""What differs between an order we have and the same order sent again."""

from decimal import Decimal
from typing import Any

from orders.rules.wanted import NewOrder


def said(wanted: NewOrder) -> dict[str, Any]:
    """Return what an order says, field by field, under the names of the API."""
    fields: dict[str, Any] = {
        "placed_at": wanted.placed_at,
        "currency": wanted.currency,
        "customer.name": wanted.customer.name,
        "customer.email": wanted.customer.email,
        "shipping.method": wanted.service,
        "shipping.amount": wanted.shipping_amount,
        "shipping.tax": wanted.shipping_tax,
        "discount": wanted.discount,
        "notes": wanted.notes,
        "tags": list(wanted.tags),
        "metadata": wanted.metadata,
        "promise.deliver_by": wanted.deliver_by,
    }
    for name, address in (
        ("shipping_address", wanted.ship_to),
        ("billing_address", wanted.bill_to),
    ):
        for part in ("name", "line1", "line2", "city", "region", "postal_code", "country"):
            fields[f"{name}.{part}"] = getattr(address, part) if address else None
    for number, line in enumerate(wanted.lines):
        for part in ("sku", "quantity", "unit_price", "discount", "tax"):
            fields[f"lines[{number}].{part}"] = getattr(line, part)
    for number, payment in enumerate(wanted.payments):
        for part in ("reference", "method", "status", "amount"):
            fields[f"payments[{number}].{part}"] = getattr(payment, part)
    return fields


def differences(kept: NewOrder, sent: NewOrder) -> list[dict[str, str | None]]:
    """Return every field that differs: its name, what we have, what was sent."""
    before, after = said(kept), said(sent)
    return [
        {"field": name, "ours": _text(before.get(name)), "sent": _text(after.get(name))}
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def _text(value: Any) -> str | None:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value is None else str(value)
