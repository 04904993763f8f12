"""Reads: what carriers took for what left."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from fulfillment.models import Shipment
from oms.core.money import ZERO


@dataclass(frozen=True)
class Freight:
    """What some shipments cost to send, in one currency; `unknown` are those without a rate."""

    currency: str
    amount: Decimal
    shipments: int
    unknown: int


def freight_of(order_ids: Iterable[int]) -> dict[int, list[Freight]]:
    """Return the freight of orders by id, one entry a currency. One query.

    Amounts stay in the currency of the rates; nothing is converted. Shipments whose freight is
    not known are counted under an empty currency.
    """
    rows = (
        Shipment.objects.filter(fulfillment_order__order__in=list(order_ids))
        .exclude(choice__isnull=True, freight_amount__isnull=True)
        .order_by()
        .values("freight_currency", order=F("fulfillment_order__order"))
        .annotate(
            amount=Sum("freight_amount"),
            shipments=Count("pk"),
            unknown=Count("pk", filter=Q(freight_amount__isnull=True)),
        )
        .order_by("order", "freight_currency")
    )
    found: dict[int, list[Freight]] = {}
    for row in rows:
        found.setdefault(row["order"], []).append(
            Freight(
                row["freight_currency"], row["amount"] or ZERO, row["shipments"], row["unknown"]
            )
        )
    return found
