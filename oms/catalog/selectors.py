"""Reads: SKUs by code, and by the words somebody has for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku
from oms.core import sql


@dataclass(frozen=True)
class SkuRef:
    """What an order line needs to know of its SKU."""

    pk: int
    code: str
    name: str
    weight_g: int


def skus_by_code(codes: Iterable[str]) -> dict[str, SkuRef]:
    """Return the SKUs with these codes, by code. One query.

    Raises: UnknownSku, naming every code that is not in the catalog.
    """
    wanted = sorted(set(codes))
    rows = sql.run(
        "SELECT id, code, name, coalesce(weight_g, 0) FROM catalog_sku WHERE code = ANY(%s)",
        [wanted],
    )
    found = {row[1]: SkuRef(*row) for row in rows}
    if missing := [code for code in wanted if code not in found]:
        raise UnknownSku(skus=missing)
    return found


def grams_by_sku(sku_ids: Iterable[int]) -> dict[int, int]:
    """Return what a unit of these SKUs weighs, by id; 0 where nobody weighed it. One query."""
    rows = sql.run(
        "SELECT id, coalesce(weight_g, 0) FROM catalog_sku WHERE id = ANY(%s)",
        [sorted(set(sku_ids))],
    )
    return dict(rows)


def skus_like(words: str) -> QuerySet[Sku]:
    """Return SKUs by code, barcode or words of the name; those that begin so come first."""
    said = words.strip()
    begins = Q(code__istartswith=said) | Q(barcode=said) | Q(name__istartswith=said)
    inside = Q(code__icontains=said)
    named = Q(*(Q(name__icontains=word) for word in said.split()))
    nearness = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Sku.objects.filter(begins | inside | named).order_by(nearness, "code")
