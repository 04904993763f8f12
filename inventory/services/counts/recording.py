"""Writing down what lies in a bin."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from inventory.errors import (
    AlreadyBeingCounted,
    AlreadyCounted,
    LotMissing,
    LotNotNamed,
    NotInCount,
    RecountByAnother,
)
from inventory.models import CountBin, CountLine, StockCount, StockLevel
from inventory.services.choosing import place_text
from inventory.services.counts.documents import lines_of_count, locked_count, restate_count
from inventory.services.counts.requesting import start_count
from inventory.services.levels import ensure_levels
from inventory.services.lots import ensure_lots
from inventory.states import COUNT, CountStatus
from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku
from oms.core import sql
from oms.core.actors import Actor
from oms.core.locking import lock
from oms.core.services import service
from oms.core.states import TransitionNotAllowed

MOST_UNITS = 999_999


@dataclass(frozen=True)
class Found:
    """Units of one SKU, named by code or barcode. No `lot`: the one that the count knows there.

    `is_more` adds them to what the same person counted so far.
    """

    sku: str
    units: int
    lot: str | None = None
    is_more: bool = False


BOOKS = """
SELECT t.id, coalesce((
    SELECT q.quantity FROM inventory_quant q
    WHERE q.level_id = t.level_id AND q.bin = t.bin AND q.lot = t.lot AND q.state = 'available'
), 0), (
    SELECT count(*) FROM inventory_movement m
    WHERE m.level_id = t.level_id AND m.bin = t.bin AND m.lot = t.lot
      AND m.kind IN ('count', 'adjust')
)
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS t(id, level_id, bin, lot)
"""


def books_at(lines: Sequence[CountLine]) -> dict[int, tuple[int, int]]:
    """Return by line what the books have free at its place, and how often they were corrected
    there. For those who hold the lock of the levels."""
    columns = [
        [line.pk for line in lines],
        [line.level_id for line in lines],
        [line.bin for line in lines],
        [line.lot for line in lines],
    ]
    return {pk: (units, corrections) for pk, units, corrections in sql.run(BOOKS, columns)}


@service
def record_count(
    *,
    number: str,
    bin: str,
    by: Actor,
    at: datetime,
    found: Sequence[Found] = (),
    is_done: bool = False,
) -> list[CountLine]:
    """Write down what was counted in a bin, against what the books say at this moment.

    A SKU that nobody expected there joins the count. With `is_done` all else in the bin counts
    as nothing. A requested count is started by it. Returns the lines that changed.

    Raises: CountNotFound, TransitionNotAllowed, NotInCount, UnknownSku, KitHasNoStock, LotNotNamed,
        LotMissing, AlreadyCounted, RecountByAnother, AlreadyBeingCounted.
    Locks: StockCount, StockLevel.
    Publishes: StockCountStarted.
    """
    count = locked_count(number)
    if count.status == CountStatus.REQUESTED:
        count = start_count(number=number, by=by, at=at)
    if not COUNT.allows("finish", count.status):
        raise TransitionNotAllowed(subject=COUNT.subject, verb="count", state=count.status)
    walk = CountBin.objects.filter(count=count, code=bin).first()
    if walk is None:
        raise NotInCount(number=number, place=place_text(bin, ""))
    lines = [line for line in lines_of_count(count) if line.bin == bin]
    skus = _skus(found)
    said = [(_line(count, lines, skus[each.sku], bin, each), each) for each in found]
    changed = {line.pk: line for line, _ in said}
    if is_done:
        changed |= {line.pk: line for line in lines if line.counted is None}
    _check(count, changed.values(), str(by))

    lock(StockLevel.objects.filter(pk__in={line.level_id for line in changed.values()}))
    books = books_at(list(changed.values()))
    added = {line.pk for line, each in said if each.is_more}
    counts = {pk: line.counted or 0 for pk, line in changed.items()}
    for line, each in said:
        units = counts[line.pk] + each.units if each.is_more else each.units
        counts[line.pk] = min(units, MOST_UNITS)
    for pk, line in changed.items():
        expected, corrections = books[pk]
        moved = line.expected is not None and expected != line.expected
        line.is_disturbed = pk in added and (line.is_disturbed or moved)
        line.expected, line.corrections, line.counted = expected, corrections, counts[pk]
        line.counted_by, line.counted_at, line.round = str(by), at, count.recounts
    CountLine.objects.bulk_update(
        changed.values(),
        [
            "expected",
            "corrections",
            "counted",
            "counted_by",
            "counted_at",
            "round",
            "is_disturbed",
        ],
    )
    if is_done and walk.done_at is None:
        walk.done_by, walk.done_at = str(by), at
        walk.save(update_fields=["done_by", "done_at"])
    restate_count(count)
    return list(changed.values())


def _skus(found: Iterable[Found]) -> dict[str, Sku]:
    codes = {each.sku for each in found}
    rows = Sku.objects.filter(Q(code__in=codes) | Q(barcode__in=codes - {""}))
    known: dict[str, Sku] = {}
    for sku in rows:
        known.setdefault(sku.barcode, sku)
    known |= {sku.code: sku for sku in rows}
    if missing := sorted(codes - known.keys()):
        raise UnknownSku(skus=missing)
    return known


def _line(count: StockCount, lines: list[CountLine], sku: Sku, bin: str, said: Found) -> CountLine:
    """Return the line of what was found; a new one where nobody expected it."""
    here = [line for line in lines if line.level.sku_id == sku.pk]
    lot = said.lot
    if lot is None:
        if len(here) > 1:
            raise LotNotNamed(sku=sku.code, lots=[line.lot or "none" for line in here])
        if not here and sku.tracking != Sku.Tracking.NONE:
            raise LotMissing(sku=sku.code)
        lot = here[0].lot if here else ""
    for line in here:
        if line.lot == lot:
            return line
    level_id = ensure_levels([(count.location_id, sku.pk)])[count.location_id, sku.pk]
    ensure_lots([(sku.pk, lot, None)])
    taken = CountLine.objects.filter(is_open=True, level_id=level_id, bin=bin, lot=lot)
    for other in taken.select_related("count"):
        raise AlreadyBeingCounted(
            number=other.count.number, sku=sku.code, place=place_text(bin, lot)
        )
    line = CountLine(
        count=count, level_id=level_id, bin=bin, lot=lot, is_found=True, round=count.recounts
    )
    line.level = StockLevel.objects.select_related("sku").get(pk=level_id)
    line.save()
    lines.append(line)
    return line


def _check(count: StockCount, lines: Collection[CountLine], who: str) -> None:
    """Refuse to touch what another person counted, and to count again what one counted oneself."""
    for line in lines:
        place = place_text(line.bin, line.lot)
        if line.counted is None:
            if line.not_by == who:
                raise RecountByAnother(sku=line.level.sku.code, place=place)
        elif line.round != count.recounts or line.counted_by != who:
            raise AlreadyCounted(
                sku=line.level.sku.code, place=place, who=line.counted_by.partition(":")[2]
            )
