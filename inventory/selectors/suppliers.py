"""Suppliers: who they are, what they supply, how they keep their word."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from inventory.models import Supplier, SupplierSku
from oms.core import sql


def supplier_list(*, search: str = "") -> QuerySet[Supplier]:
    """Return suppliers with how many SKUs they supply, narrowed by code or beginning of name."""
    suppliers = Supplier.objects.annotate(
        skus=Count("supplies"), preferred=Count("supplies", filter=Q(supplies__is_preferred=True))
    )
    if search:
        named = Q(code__startswith=search) | Q(code__startswith=search.upper())
        named |= Q(name__istartswith=search)
        suppliers = suppliers.filter(named)
    return suppliers


def supplies_of(supplier: Supplier) -> QuerySet[SupplierSku]:
    """Return what a supplier supplies, with the SKUs."""
    return SupplierSku.objects.filter(supplier=supplier).select_related("sku")


def suppliers_of(sku_ids: list[int]) -> dict[int, list[SupplierSku]]:
    """Return who supplies these SKUs, the preferred one first. One query."""
    found: dict[int, list[SupplierSku]] = {}
    supplies = SupplierSku.objects.filter(sku_id__in=sku_ids, supplier__is_active=True)
    for each in supplies.select_related("supplier").order_by(
        F("is_preferred").desc(), "supplier__name"
    ):
        found.setdefault(each.sku_id, []).append(each)
    return found


SCORE = """
SELECT count(DISTINCT r.order_id),
       coalesce(sum(l.accepted), 0)::int,
       coalesce(sum(l.rejected), 0)::int,
       avg(extract(epoch FROM r.received_at - o.sent_at) / 86400.0)::float,
       coalesce(sum(l.accepted) FILTER (WHERE l.promised_on IS NOT NULL), 0)::int,
       coalesce(sum(l.accepted)
           FILTER (WHERE (r.received_at AT TIME ZONE p.time_zone)::date <= l.promised_on), 0)::int
FROM inventory_receiptline l
JOIN inventory_receipt r ON r.id = l.receipt_id
JOIN inventory_replenishmentorder o ON o.id = r.order_id
JOIN inventory_location p ON p.id = o.location_id
WHERE o.supplier_id = %s
"""


@dataclass(frozen=True)
class Scorecard:
    """How a supplier has kept its word so far."""

    orders: int
    accepted: int
    rejected: int
    lead_time_days: float | None
    promised: int
    on_time: int

    @property
    def rejected_percent(self) -> float:
        came = self.accepted + self.rejected
        return 100 * self.rejected / came if came else 0.0

    @property
    def on_time_percent(self) -> float | None:
        """Of the units that a day was given for, those that came by it."""
        return 100 * self.on_time / self.promised if self.promised else None


def scorecard(supplier: Supplier) -> Scorecard:
    """Return what receipts say of a supplier. One query."""
    [row] = sql.run(SCORE, [supplier.pk])
    return Scorecard(*row)
