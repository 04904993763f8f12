"""What fields of an order are called when staff read of them: "Line 2, quantity"."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

GROUPS = {
    "customer": gettext_lazy("Customer"),
    "shipping": gettext_lazy("Shipping"),
    "shipping_address": gettext_lazy("Shipping address"),
    "billing_address": gettext_lazy("Billing address"),
    "promise": gettext_lazy("Promise"),
    "lines": gettext_lazy("Line"),
    "payments": gettext_lazy("Payment"),
}
PARTS = {
    "placed_at": gettext_lazy("placed at"),
    "currency": gettext_lazy("currency"),
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail"),
    "method": gettext_lazy("method"),
    "amount": gettext_lazy("amount"),
    "tax": gettext_lazy("tax"),
    "discount": gettext_lazy("discount"),
    "notes": gettext_lazy("notes"),
    "tags": gettext_lazy("tags"),
    "metadata": gettext_lazy("metadata"),
    "deliver_by": gettext_lazy("deliver by"),
    "line1": gettext_lazy("line 1"),
    "line2": gettext_lazy("line 2"),
    "city": gettext_lazy("city"),
    "region": gettext_lazy("region"),
    "postal_code": gettext_lazy("postal code"),
    "country": gettext_lazy("country"),
    "sku": gettext_lazy("SKU"),
    "quantity": gettext_lazy("quantity"),
    "unit_price": gettext_lazy("unit price"),
    "reference": gettext_lazy("reference"),
    "status": gettext_lazy("status"),
}
FIELD = re.compile(r"(?:(?P<group>\w+)(?:\[(?P<nth>\d+)\])?\.)?(?P<part>\w+)")


def field_in_words(field: str) -> str:
    """Return the words for a field by its name in the API; rows are counted from 1."""
    found = FIELD.fullmatch(field)
    if found is None or found["part"] not in PARTS:
        return field
    part = str(PARTS[found["part"]])
    if not found["group"]:
        return part[0].upper() + part[1:]
    group = str(GROUPS.get(found["group"], found["group"]))
    if found["nth"]:
        group = f"{group} {int(found['nth']) + 1}"
    return _("{group}, {part}").format(group=group, part=part)
