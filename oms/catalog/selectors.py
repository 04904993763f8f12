"""Reads: SKUs by code, and by the words somebody has for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from oms.catalog.errors import UnknownSku
from oms.catalog.models import KitComponent, Sku
from oms.catalog.rules.gs1 import names, read
from oms.core import sql
from oms.core.batch import ahead, current
from oms.core.exports import Cell


@dataclass(frozen=True)
class SkuRef:
    """What an order line needs to know of its SKU."""

    pk: int
    code: str
    name: str
    weight_g: int
    is_kit: bool = False


@dataclass(frozen=True)
class KitPart:
    """So many units of a SKU in one kit; `price` is its base price, where it has one."""

    sku: SkuRef
    quantity: int
    price: Decimal | None
    currency: str


def skus_by_code(codes: Iterable[str]) -> dict[str, SkuRef]:
    """Return the SKUs with these codes, by code. One query; none of what was read ahead.

    Raises: UnknownSku, naming every code that is not in the catalog.
    """
    wanted = sorted(set(codes))
    seen: _Seen | None = ahead(SKUS)
    known = _refs(wanted) if seen is None else seen.refs
    found = {code: known[code] for code in wanted if code in known}
    if missing := [code for code in wanted if code not in found]:
        raise UnknownSku(skus=missing)
    return found


def _refs(codes: list[str]) -> dict[str, SkuRef]:
    rows = sql.run(
        "SELECT id, code, name, coalesce(weight_g, 0), is_kit FROM catalog_sku "
        "WHERE code = ANY(%s)",
        [codes],
    )
    return {row[1]: SkuRef(*row) for row in rows}


@dataclass(frozen=True)
class _Seen:
    refs: dict[str, SkuRef]
    parts: dict[int, list[KitPart]]


SKUS = "skus"


def read_skus_ahead(codes: Iterable[str]) -> set[int]:
    """Read these SKUs, and what the kits among them are made of, for the rest of the open batch;
    return the ids of all. Two queries, one without kits."""
    batch = current()
    assert batch is not None  # noqa: S101 (asked for by who opened it)
    batch.ahead.pop(SKUS, None)
    refs = _refs(sorted(set(codes)))
    parts = parts_of_kits(refs.values())
    batch.ahead[SKUS] = _Seen(refs, parts)
    inside = {part.sku.pk for each in parts.values() for part in each}
    return {ref.pk for ref in refs.values()} | inside


def skus_asked(codes: Iterable[str]) -> set[int]:
    """Return the ids of those of these SKUs that were read ahead, and of what is in them."""
    seen: _Seen = ahead(SKUS) or _Seen({}, {})
    refs = [seen.refs[code] for code in codes if code in seen.refs]
    inside = {part.sku.pk for ref in refs for part in seen.parts.get(ref.pk, ())}
    return {ref.pk for ref in refs} | inside


PARTS = """
SELECT c.kit_id, s.id, s.code, s.name, coalesce(s.weight_g, 0), c.quantity, s.price, s.currency
FROM catalog_kitcomponent c JOIN catalog_sku s ON s.id = c.component_id
WHERE c.kit_id = ANY(%s)
ORDER BY c.kit_id, c.position, c.id
"""


def parts_of_kits(refs: Iterable[SkuRef]) -> dict[int, list[KitPart]]:
    """Return what the kits among these SKUs are made of, by id. One query, none without kits."""
    kits = sorted({ref.pk for ref in refs if ref.is_kit})
    if not kits:
        return {}
    if (seen := ahead(SKUS)) is not None:
        return {pk: seen.parts[pk] for pk in kits}
    found: dict[int, list[KitPart]] = {pk: [] for pk in kits}
    for kit_id, pk, code, name, weight_g, quantity, price, currency in sql.run(PARTS, [kits]):
        ref = SkuRef(pk, code, name, weight_g)
        found[kit_id].append(KitPart(ref, quantity, price, currency))
    return found


def kits_with(sku_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the codes of the kits that hold these SKUs, by SKU id. One query."""
    rows = KitComponent.objects.filter(component_id__in=list(sku_ids)).order_by("kit__code")
    found: dict[int, list[str]] = {}
    for sku_id, code in rows.values_list("component_id", "kit__code"):
        found.setdefault(sku_id, []).append(code)
    return found


def releases(*, since: date) -> dict[int, date]:
    """Return the day on which SKUs come out, by id, of those that do on a day or later. One
    query."""
    found = Sku.objects.filter(release_on__gte=since)
    return {pk: day for pk, day in found.values_list("id", "release_on") if day}


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


def kit_table() -> Iterator[Sequence[Cell]]:
    """Yield every kit as the file that brings it in, a row for each component."""
    yield ("kit", "component", "quantity")
    rows = KitComponent.objects.order_by("kit__code", "position")
    yield from rows.values_list("kit__code", "component__code", "quantity").iterator()


def sku_of_scan(code: str) -> Sku | None:
    """Return the SKU whose unit bears this code: its barcode, its code, or a GS1 label."""
    said, *others = names(code) or ("",)
    found = Sku.objects.filter(Q(barcode__in=[said, *others]) | Q(code=said))
    return found.exclude(code="").first() if said else None


def lot_on(code: str, sku: Sku) -> str:
    """Return the lot or serial number that a label says beside its item, whichever the SKU has."""
    label = read(code)
    if label is None:
        return ""
    return label.serial if sku.tracking == Sku.Tracking.SERIAL else label.lot


def sku_of_case(code: str) -> Sku | None:
    """Return the SKU of whose units this is a case by its number, which does not say how many."""
    label = read(code)
    barcodes = label.unit_barcodes if label else ()
    return Sku.objects.filter(barcode__in=barcodes).first() if barcodes else None
