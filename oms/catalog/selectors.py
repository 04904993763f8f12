"""Reads: SKUs by code."""

from collections.abc import Iterable
from dataclasses import dataclass

from oms.catalog.errors import UnknownSku
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
