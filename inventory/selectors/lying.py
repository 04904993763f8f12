"""Reads: what lies in which bin, of which lot and in which state, and why it is held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse

from inventory.models import Bin, Location, Lot, Movement, Quant, Reservation, StockLevel, Zone
from inventory.states import HELD, MovementKind, StockState, ZoneKind
from oms.core import sql
from oms.core.exports import Cell
from oms.core.keyset import Page, page_of
from oms.core.models import User
from oms.core.shell import Found


@dataclass
class Lying:
    """A stock level, what makes it up, who claims it, and why some of it is held."""

    level: StockLevel
    quants: list[Quant] = field(default_factory=list)
    claims: list[Reservation] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return max(1, len(self.quants))


WHY = """
SELECT DISTINCT ON (level_id, bin, lot, state) level_id, bin, lot, state, reason, reference
FROM inventory_movement
WHERE level_id = ANY(%s) AND on_hand_delta > 0
  AND state IN ('damaged', 'quality_control', 'quarantine')
ORDER BY level_id, bin, lot, state, id DESC
"""


def explained(levels: Sequence[StockLevel]) -> list[Lying]:
    """Return what makes up the figures of these levels: quants that sum to what is on hand, and
    reservations that sum to what is reserved. Held quants say `why`. Three queries."""
    found = {level.pk: Lying(level) for level in levels}
    quants = Quant.objects.filter(level__in=found).order_by("level_id", "state", "bin", "lot", "id")
    for quant in quants.select_related("reservation"):
        found[quant.level_id].quants.append(quant)
    claims = Reservation.objects.filter(level__in=found, quantity__gt=0)
    for claim in claims.order_by("level_id", "reference", "id"):
        found[claim.level_id].claims.append(claim)
    _say_why(list(found), [quant for each in found.values() for quant in each.quants])
    return list(found.values())


def _say_why(level_ids: list[int], quants: Sequence[Quant]) -> None:
    held = [quant for quant in quants if quant.state in HELD]
    if not held:
        return
    reasons = {
        (level_id, bin, lot, state): reason or reference
        for level_id, bin, lot, state, reason, reference in sql.run(WHY, [level_ids])
    }
    for quant in held:
        key = (quant.level_id, quant.bin, quant.lot, quant.state)
        vars(quant)["why"] = reasons.get(key, "")


def arrival_codes(location_id: int) -> list[str]:
    """Return the bins of the receiving zones of a location."""
    found = Bin.objects.filter(location_id=location_id, zone__kind=ZoneKind.RECEIVING)
    return list(found.values_list("code", flat=True))


def to_put_away(location_id: int) -> QuerySet[Quant]:
    """Return what lies in the receiving zones of a location, or in no bin though it has bins;
    each row knows `elsewhere`, a bin in which the same SKU lies."""
    codes = arrival_codes(location_id)
    if Bin.objects.filter(location_id=location_id).exists():
        codes.append("")
    elsewhere = (
        Quant.objects.filter(level=OuterRef("level"), state=StockState.AVAILABLE)
        .exclude(bin__in=[*codes, ""])
        .order_by("bin")
    )
    rows = Quant.objects.filter(level__location_id=location_id, bin__in=codes)
    return (
        rows.exclude(state=StockState.PICKED)
        .select_related("level__sku")
        .annotate(elsewhere=Subquery(elsewhere.values("bin")[:1]))
    )


def put_away_page(location_id: int, *, cursor: str = "", sku: str = "") -> Page[Quant]:
    """Return a page of what is to be put away; each row knows `target`, where to, or nothing."""
    rows = to_put_away(location_id)
    if sku:
        rows = rows.filter(level__sku__code=sku)
    page = page_of(rows, cursor=cursor, keys=("bin", "level__sku__code", "id"), descending=False)
    closed = set(
        Bin.objects.filter(
            Q(is_active=False) | Q(zone__kind=ZoneKind.RECEIVING),
            location_id=location_id,
            code__in=[row.level.bin for row in page] + [_elsewhere(row) for row in page],
        ).values_list("code", flat=True)
    )
    for row in page:
        homes = (row.level.bin, _elsewhere(row))
        vars(row)["target"] = next((code for code in homes if code and code not in closed), "")
    return page


def _elsewhere(row: Quant) -> str:
    return vars(row).get("elsewhere") or ""


def put_away_count(location_id: int) -> int:
    """Return how many rows are to be put away."""
    return to_put_away(location_id).count()


def zones_of(location_id: int) -> list[Zone]:
    """Return the zones of a location as the walk comes by."""
    return list(Zone.objects.filter(location_id=location_id).order_by("position", "code"))


def bins_page(location_id: int, *, zone: str, search: str, cursor: str) -> Page[Bin]:
    """Return a page of bins by code; each knows `units`, what lies in it. `zone` is a code, or
    "-" for bins of none."""
    rows = Bin.objects.filter(location_id=location_id).select_related("zone")
    if zone:
        rows = rows.filter(zone__isnull=True) if zone == "-" else rows.filter(zone__code=zone)
    if search:
        rows = rows.filter(Q(code__startswith=search) | Q(code__startswith=search.upper()))
    page = page_of(rows, cursor=cursor, keys=("code", "id"), descending=False)
    lying = Quant.objects.filter(level__location_id=location_id, bin__in=[b.code for b in page])
    units = dict(lying.values_list("bin").annotate(units=Sum("quantity")))
    for each in page:
        vars(each)["units"] = units.get(each.code, 0)
    return page


def in_bin(location_id: int, code: str) -> QuerySet[Quant]:
    """Return what lies in one bin."""
    found = Quant.objects.filter(level__location_id=location_id, bin=code)
    return found.select_related("level__sku", "reservation").order_by(
        "level__sku__code", "lot", "state", "id"
    )


LOT_VIEWS = ("expiring", "expired", "blocked", "all")


def lots(
    *, view: str, until: date, today: date, location_ids: list[int] | None, search: str
) -> QuerySet[Lot]:
    """Return lots of which something lies at these locations: those that expire by a day, those
    that did, those that are blocked, or all."""
    there = Quant.objects.filter(level__sku=OuterRef("sku"), lot=OuterRef("code")).exclude(lot="")
    if location_ids is not None:
        there = there.filter(level__location_id__in=location_ids)
    found = Lot.objects.select_related("sku")
    if view == "blocked":
        found = found.filter(blocked_at__isnull=False)
    else:
        found = found.filter(Exists(there))
    if view == "expiring":
        found = found.filter(expires_on__lte=until, expires_on__gte=today)
    elif view == "expired":
        found = found.filter(expires_on__lt=today)
    if search:
        found = found.filter(Q(code__startswith=search) | Q(sku__code=search))
    return found


def count_units(rows: Sequence[Lot], location_ids: list[int] | None) -> None:
    """Tell each lot its `units` and, of them, those `held`, at these locations. One query."""
    lying = Quant.objects.filter(
        level__sku__in=[row.sku_id for row in rows], lot__in=[row.code for row in rows]
    )
    if location_ids is not None:
        lying = lying.filter(level__location_id__in=location_ids)
    units: dict[tuple[int, str], list[int]] = {}
    for sku_id, code, state, count in lying.values_list(
        "level__sku_id", "lot", "state", "quantity"
    ):
        both = units.setdefault((sku_id, code), [0, 0])
        both[0] += count
        both[1] += count if state in HELD else 0
    for row in rows:
        vars(row)["units"], vars(row)["held"] = units.get((row.sku_id, row.code), (0, 0))


def quants_of_lot(lot: Lot, location_ids: list[int] | None) -> list[Quant]:
    """Return where a lot lies; held units say `why`."""
    found = Quant.objects.filter(level__sku=lot.sku_id, lot=lot.code)
    if location_ids is not None:
        found = found.filter(level__location_id__in=location_ids)
    quants = list(
        found.select_related("level__location", "reservation").order_by(
            "level__location__name", "state", "bin", "id"
        )
    )
    _say_why(sorted({quant.level_id for quant in quants}), quants)
    return quants


def ledger_of_lot(lot: Lot, location_ids: list[int] | None) -> QuerySet[Movement]:
    """Return what moved units of a lot at these locations, in no order yet."""
    found = Movement.objects.filter(lot=lot.code, level__sku=lot.sku_id)
    if location_ids is not None:
        found = found.filter(level__location_id__in=location_ids)
    return found.select_related("level__location")


MOST_DOCUMENTS = 200


def documents_of_lot(lot: Lot, location_ids: list[int] | None) -> dict[str, list[dict[str, Any]]]:
    """Return the documents with which units of a lot went out and came back, the newest first."""
    moves = (
        ledger_of_lot(lot, location_ids)
        .select_related(None)
        .filter(kind__in=[MovementKind.SHIP, MovementKind.RESTOCK])
    )
    told: dict[str, list[dict[str, Any]]] = {MovementKind.SHIP: [], MovementKind.RESTOCK: []}
    rows = moves.values("kind", "reference").annotate(units=Sum("on_hand_delta"))
    for row in rows.order_by("-reference")[:MOST_DOCUMENTS]:
        told[row["kind"]].append({"reference": row["reference"], "units": abs(row["units"])})
    return {"went": told[MovementKind.SHIP], "came": told[MovementKind.RESTOCK]}


def find_lots(query: str, user: User) -> list[Found]:
    """Return lots and serial numbers by how their code begins. One query."""
    if not user.has_perm("inventory.view_stocklevel"):
        return []
    rows = Lot.objects.filter(code__startswith=query).select_related("sku").order_by("code")
    return [
        Found(lot.code, lot.sku.name, reverse("inventory:lot", args=[lot.pk]), "i-box")
        for lot in rows[:8]
    ]


def bin_table(location_ids: list[int] | None) -> Iterator[list[Cell]]:
    """Yield every bin as the file that brings them in."""
    yield ["location", "zone", "zone_kind", "bin", "position", "is_active"]
    rows = Bin.objects.order_by("location__code", "code")
    if location_ids is not None:
        rows = rows.filter(location_id__in=location_ids)
    names = ("location__code", "zone__code", "zone__kind", "code", "position", "is_active")
    for location, zone, kind, code, position, is_active in rows.values_list(*names).iterator():
        yield [location, zone or "", kind or "", code, position, "yes" if is_active else "no"]


def quant_table(location_ids: list[int] | None) -> Iterator[list[Cell]]:
    """Yield all that lies somewhere, by bin, lot and state."""
    yield ["location", "sku", "bin", "lot", "expires_on", "state", "quantity", "picked_for"]
    rows = Quant.objects.order_by("level__location__code", "level__sku__code", "bin", "lot", "id")
    if location_ids is not None:
        rows = rows.filter(level__location_id__in=location_ids)
    expiry = Lot.objects.filter(sku=OuterRef("level__sku"), code=OuterRef("lot"))
    names = ("level__location__code", "level__sku__code", "bin", "lot", "expires_on", "state",
             "quantity", "reservation__reference")  # fmt: skip
    rows = rows.annotate(expires_on=Subquery(expiry.values("expires_on")[:1]))
    for *row, reference in rows.values_list(*names).iterator():
        yield [*row, reference or ""]


def location_of(location_ids: list[int] | None, code: str) -> Location | None:
    """Return one location somebody sees: the named one, or the first by name; None for others."""
    rows = Location.objects.filter(is_active=True).order_by("name", "code")
    if location_ids is not None:
        rows = rows.filter(pk__in=location_ids)
    return (rows.filter(code=code) if code else rows).first()
