"""Asking for a count, and calling it off."""

from collections.abc import Collection, Sequence
from datetime import datetime

from inventory.errors import AlreadyBeingCounted, BinNotFound, NothingToCount
from inventory.events import StockCountCancelled, StockCountRequested, StockCountStarted
from inventory.models import AdjustmentRequest, Bin, CountBin, CountLine, Location, StockCount
from inventory.services.choosing import place_text
from inventory.services.counts.documents import locked_count, restate_count
from inventory.services.levels import ensure_levels
from inventory.services.naming import location_named
from inventory.states import COUNT, AdjustmentStatus
from oms.catalog.selectors import skus_by_code
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.numbers import gapless_number
from oms.core.services import batch_service, service

LYING = """
SELECT s.sku_id, q.level_id, q.bin, q.lot
FROM inventory_quant q JOIN inventory_stocklevel s ON s.id = q.level_id
WHERE s.location_id = %s AND q.state = 'available'
  AND (%s OR q.bin = ANY(%s)) AND (%s OR s.sku_id = ANY(%s))
ORDER BY q.bin, s.sku_id, q.lot
"""

Place = tuple[int, str, str]
"""A stock level, a bin, a lot."""


@batch_service
def request_count(
    *,
    location: str,
    by: Actor,
    at: datetime,
    bins: Sequence[str] = (),
    skus: Sequence[str] = (),
    pairs: Sequence[tuple[str, str]] = (),
    is_blind: bool = True,
    note: str = "",
) -> StockCount:
    """Ask for a count of what lies in these bins, of these SKUs, or of those in these bins.

    `pairs` are SKUs and bins that belong together, as the plan proposes them. A bin that the
    books think empty is gone to as well.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, BinNotFound, NothingToCount,
        AlreadyBeingCounted.
    Publishes: StockCountRequested.
    """
    place = location_named(location)
    places, walk = _scope(place, bins, skus, pairs)
    if not walk:
        raise NothingToCount
    _refuse_twice(places)
    count = StockCount(
        number=gapless_number("SC"),
        location=place,
        is_blind=is_blind,
        note=note,
        requested_by=str(by),
        requested_at=at,
    )
    record(count)
    record(*(CountBin(count=count, code=code) for code in walk))
    record(
        *(CountLine(count=count, level_id=level, bin=code, lot=lot) for level, code, lot in places)
    )
    publish(
        StockCountRequested(
            thread=count.number, subject=count.number, by=by, at=at, location=location, bins=walk
        )
    )
    return count


def _scope(
    place: Location,
    bins: Sequence[str],
    skus: Sequence[str],
    pairs: Sequence[tuple[str, str]],
) -> tuple[list[Place], list[str]]:
    """Return the places to count, and the bins to walk to."""
    named = sorted({*bins, *(code for _, code in pairs)})
    _known(place, named)
    refs = skus_by_code(sorted({*skus, *(sku for sku, _ in pairs)}))
    wanted = {refs[sku].pk for sku in skus}
    if not (bins or skus or pairs):
        return [], []
    paired = {(refs[sku].pk, code) for sku, code in pairs}
    every = sorted({ref.pk for ref in refs.values()})
    rows = sql.run(LYING, [place.pk, not named, named, not every, every])
    places = [
        (level, code, lot)
        for sku_id, level, code, lot in rows
        if not pairs or (sku_id, code) in paired
    ]
    walk = {code for _, code, _ in places} | set(named)
    missing = wanted - {sku_id for sku_id, *_ in rows}
    if missing and not bins:
        levels = ensure_levels([(place.pk, sku_id) for sku_id in missing])
        usual = _usual_bins(levels.values())
        places += [(level, usual[level], "") for level in levels.values()]
        walk |= {usual[level] for level in levels.values()}
    return places, sorted(walk)


def _known(place: Location, codes: Collection[str]) -> None:
    known = set(Bin.objects.filter(location=place, code__in=codes).values_list("code", flat=True))
    for code in codes:
        if code and code not in known:
            raise BinNotFound(bin=code, location=place.code)


def _usual_bins(level_ids: Collection[int]) -> dict[int, str]:
    return dict(
        sql.run("SELECT id, bin FROM inventory_stocklevel WHERE id = ANY(%s)", [list(level_ids)])
    )


def _refuse_twice(places: Collection[Place]) -> None:
    open_lines = CountLine.objects.filter(
        is_open=True, level_id__in={level for level, *_ in places}
    )
    wanted = set(places)
    for line in open_lines.select_related("count", "level__sku"):
        if (line.level_id, line.bin, line.lot) in wanted:
            raise AlreadyBeingCounted(
                number=line.count.number,
                sku=line.level.sku.code,
                place=place_text(line.bin, line.lot),
            )


@service
def start_count(*, number: str, by: Actor, at: datetime) -> StockCount:
    """Go to the bins.

    Raises: CountNotFound, TransitionNotAllowed.
    Locks: StockCount.
    Publishes: StockCountStarted.
    """
    count = locked_count(number)
    count.status = COUNT.after("start", count.status)
    count.started_at = at
    restate_count(count, "status", "started_at")
    publish(
        StockCountStarted(thread=number, subject=number, by=by, at=at, location=count.location.code)
    )
    return count


@service
def cancel_count(
    *, number: str, by: Actor, at: datetime, reason: str = "", expected_version: int | None = None
) -> StockCount:
    """Call a count off; nothing is corrected. A request that waits for it is declined with it.

    Raises: CountNotFound, CountChanged, TransitionNotAllowed.
    Locks: StockCount.
    Publishes: StockCountCancelled.
    """
    count = locked_count(number, expected_version)
    count.status = COUNT.after("cancel", count.status)
    count.ended_by, count.ended_at, count.end_reason = str(by), at, reason
    restate_count(count, "status", "ended_by", "ended_at", "end_reason")
    CountLine.objects.filter(count=count).update(is_open=False)
    AdjustmentRequest.objects.filter(count=count, status=AdjustmentStatus.WAITING).update(
        status=AdjustmentStatus.DECLINED, decided_at=at, decision_note=reason or "Cancelled"
    )
    publish(
        StockCountCancelled(
            thread=number,
            subject=number,
            by=by,
            at=at,
            location=count.location.code,
            reason=reason,
        )
    )
    return count
