"""Stock counts: views of the list, one count with its lines, the bin somebody stands before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from inventory.models import AdjustmentRequest, CountBin, CountLine, Quant, StockCount
from inventory.selectors.replenishing import View
from inventory.states import OPEN_COUNT, AdjustmentStatus, C, StockState
from oms.core.models import EventRecord

COUNT_VIEWS = {
    view.name: view
    for view in (
        View("open", _("Open"), tuple(OPEN_COUNT)),
        View("todo", _("To count"), (C.REQUESTED, C.COUNTING)),
        View("investigating", _("To look into"), (C.INVESTIGATING,)),
        View("approved", _("Approved"), (C.APPROVED,), counted=False),
        View("all", _("All"), tuple(C.values), counted=False),
    )
}
REQUEST_VIEWS = {
    view.name: view
    for view in (
        View("waiting", _("Waiting"), (AdjustmentStatus.WAITING,)),
        View("all", _("All"), tuple(AdjustmentStatus.values), counted=False),
    )
}


def counts(location_ids: Sequence[int] | None) -> QuerySet[StockCount]:
    """Return the counts at these locations (None: all), in no order yet."""
    found = StockCount.objects.select_related("location")
    return found if location_ids is None else found.filter(location__in=location_ids)


def counts_by_view(found: QuerySet[StockCount]) -> dict[str, int]:
    """Return how many counts the counted views show. One query."""
    rows = found.filter(status__in=OPEN_COUNT).order_by().values_list("status")
    by_status = dict(rows.annotate(documents=Count("id")))
    return {
        view.name: sum(by_status.get(status, 0) for status in view.statuses)
        for view in COUNT_VIEWS.values()
        if view.counted
    }


@dataclass(frozen=True)
class CountRow:
    """What a list shows of one count; `differences` is None while nobody may know."""

    count: StockCount
    bins: int
    done: int
    differences: int | None


def count_rows(found: Iterable[StockCount]) -> list[CountRow]:
    """Return the rows of a page of counts. Two queries however many."""
    page = list(found)
    walks = CountBin.objects.filter(count__in=page).order_by().values_list("count")
    bins = {
        pk: (every, done)
        for pk, every, done in walks.annotate(
            every=Count("id"), done=Count("id", filter=Q(done_at__isnull=False))
        )
    }
    different = CountLine.objects.filter(count__in=page).exclude(counted=F("expected"))
    sums = dict(
        different.filter(counted__isnull=False)
        .order_by()
        .values_list("count")
        .annotate(differences=Count("id"))
    )
    return [
        CountRow(
            count,
            *bins.get(count.pk, (0, 0)),
            differences=None
            if count.is_open and count.status != C.INVESTIGATING
            else sums.get(count.pk, 0),
        )
        for count in page
    ]


@dataclass(frozen=True)
class CountPage:
    """One count with what belongs to it."""

    lines: list[CountLine]
    bins: list[CountBin]
    story: list[EventRecord]
    request: AdjustmentRequest | None

    @property
    def different(self) -> list[CountLine]:
        return [line for line in self.lines if line.counted is not None and line.difference]

    @property
    def units(self) -> int:
        """Units found more, less those missing."""
        return sum(line.difference for line in self.different)


def count_page(count: StockCount) -> CountPage:
    """Return a count's lines (those that differ first), bins and story. Four queries."""
    lines = CountLine.objects.filter(count=count).select_related("level__sku")
    shown = sorted(
        lines.order_by("bin", "level__sku__code", "lot"), key=lambda line: not line.difference
    )
    waiting = AdjustmentRequest.objects.filter(count=count, status=AdjustmentStatus.WAITING)
    return CountPage(
        shown,
        list(CountBin.objects.filter(count=count).order_by("code")),
        list(EventRecord.objects.filter(thread=count.number).order_by("-happened_at", "-id")),
        waiting.first(),
    )


@dataclass(frozen=True)
class StationLine:
    """What a counter sees of one place; `expected` stays empty where the count is blind."""

    line: CountLine
    expected: int | None
    is_mine: bool

    @property
    def is_settled(self) -> bool:
        """Whether somebody else counted it, or an earlier round did."""
        return self.line.counted is not None and not self.is_mine


def station_lines(count: StockCount, bin: str, who: str) -> list[StationLine]:
    """Return what a count looks for in a bin, as `who` sees it. Two queries."""
    lines = CountLine.objects.filter(count=count, bin=bin).select_related("level__sku")
    shown = list(lines.order_by("level__sku__code", "lot"))
    books: dict[tuple[int, str], int] = {}
    if not count.is_blind:
        lying = Quant.objects.filter(
            level__in=[line.level_id for line in shown], bin=bin, state=StockState.AVAILABLE
        )
        books = {(each.level_id, each.lot): each.quantity for each in lying}
    return [
        StationLine(
            line,
            expected=None if count.is_blind else books.get((line.level_id, line.lot), 0),
            is_mine=line.counted is not None
            and line.counted_by == who
            and line.round == count.recounts,
        )
        for line in shown
    ]


def count_bins(count: StockCount) -> list[CountBin]:
    """Return the bins of a count as the walk goes."""
    return list(CountBin.objects.filter(count=count).order_by("code"))


def adjustment_requests(location_ids: Sequence[int] | None) -> QuerySet[AdjustmentRequest]:
    """Return the corrections asked of a second person at these locations, in no order yet."""
    found = AdjustmentRequest.objects.select_related("location", "sku", "count")
    return found if location_ids is None else found.filter(location__in=location_ids)
