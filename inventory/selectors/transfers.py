"""Transfers between locations: views of the list, one transfer with what moved, its story."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models import StockLevel, Transfer, TransferEntry, TransferLine, TransferStep
from inventory.selectors.replenishing import View
from inventory.selectors.stock import visible_location_ids
from inventory.states import ON_THE_WAY, OPEN_TRANSFER, T
from oms.catalog.models import Sku
from oms.core import sql
from oms.core.models import EventRecord, User
from oms.core.shell import Found

MOST_SKUS = 500

TRANSFER_VIEWS = {
    view.name: view
    for view in (
        View("open", _("Open"), tuple(OPEN_TRANSFER)),
        View("requested", _("To ship"), (T.REQUESTED,)),
        View("transit", _("In transit"), tuple(ON_THE_WAY)),
        View("done", _("Ended"), (T.RECEIVED, T.CLOSED, T.CANCELLED), counted=False),
        View("all", _("All"), tuple(T.values), counted=False),
    )
}


def transfers(location_ids: Sequence[int] | None) -> QuerySet[Transfer]:
    """Return the transfers from or to these locations (None: all), in no order yet."""
    found = Transfer.objects.select_related("source", "target")
    if location_ids is None:
        return found
    return found.filter(Q(source__in=location_ids) | Q(target__in=location_ids))


def transfer_counts(found: QuerySet[Transfer]) -> dict[str, int]:
    """Return how many transfers the counted views show. One query."""
    rows = found.filter(status__in=OPEN_TRANSFER).order_by().values_list("status")
    by_status = dict(rows.annotate(transfers=Count("id")))
    return {
        view.name: sum(by_status.get(status, 0) for status in view.statuses)
        for view in TRANSFER_VIEWS.values()
        if view.counted
    }


def transfer_count(user: User, locations: Sequence[str]) -> int:
    """Return how many transfers wait for these locations: to be sent, or to be received."""
    found = transfers(visible_location_ids(user))
    if not locations:
        return found.filter(status__in=OPEN_TRANSFER).count()
    here = Q(source__code__in=locations, status=T.REQUESTED)
    return found.filter(here | Q(target__code__in=locations, status__in=ON_THE_WAY)).count()


@dataclass(frozen=True)
class TransferRow:
    """What a list shows of one transfer."""

    transfer: Transfer
    units: int
    in_transit: int

    @property
    def is_late(self) -> bool:
        due = self.transfer.expected_on
        return bool(due and due < timezone.localdate() and self.transfer.status in OPEN_TRANSFER)


def transfer_rows(page: Iterable[Transfer]) -> list[TransferRow]:
    """Return the rows of a page of transfers. One query however many."""
    shown = list(page)
    lines = TransferLine.objects.filter(transfer__in=shown).order_by().values("transfer")
    sums = {
        row["transfer"]: (row["units"], row["way"])
        for row in lines.annotate(
            units=Sum("quantity"),
            way=Sum(F("shipped") - F("received") + F("over") - F("lost")),
        )
    }
    return [TransferRow(each, *sums.get(each.pk, (0, 0))) for each in shown]


@dataclass(frozen=True)
class TransferPage:
    """One transfer with its lines, what moved, and its story."""

    transfer: Transfer
    lines: list[TransferLine]
    steps: list[TransferStep]
    story: list[EventRecord]

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def to_ship(self) -> int:
        return sum(line.to_ship for line in self.lines)

    @property
    def in_transit(self) -> int:
        return sum(line.in_transit for line in self.lines)

    @property
    def lost(self) -> int:
        return sum(line.lost for line in self.lines)


def lines_of_transfer(transfer: Transfer) -> list[TransferLine]:
    lines = TransferLine.objects.filter(transfer=transfer).select_related("sku")
    return list(lines.order_by("sku__code"))


def transfer_page(transfer: Transfer) -> TransferPage:
    """Return a transfer with its lines, steps and story. Four queries."""
    entries = TransferEntry.objects.select_related("line__sku").order_by("id")
    steps = TransferStep.objects.filter(transfer=transfer)
    return TransferPage(
        transfer,
        lines_of_transfer(transfer),
        list(steps.prefetch_related(Prefetch("entries", entries)).order_by("-id")),
        list(EventRecord.objects.filter(thread=transfer.number).order_by("-id")[:100]),
    )


def skus_to_send(locations: Sequence[str]) -> list[Sku]:
    """Return SKUs of which units are free at one of these locations, by code, the first 500."""
    levels = StockLevel.objects.filter(
        location__code__in=locations, on_hand__gt=F("reserved") + F("held")
    )
    return list(Sku.objects.filter(pk__in=levels.values("sku")).order_by("code")[:MOST_SKUS])


LOTS = """
SELECT e.line_id, e.lot,
       sum(CASE WHEN s.kind = 'ship' THEN e.units ELSE e.over - e.units END)::int AS units
FROM inventory_transferentry e
JOIN inventory_transferstep s ON s.id = e.step_id
JOIN inventory_transferline t ON t.id = e.line_id
LEFT JOIN inventory_lot l ON l.sku_id = t.sku_id AND l.code = e.lot
WHERE s.transfer_id = %s
GROUP BY e.line_id, e.lot, l.expires_on
HAVING sum(CASE WHEN s.kind = 'ship' THEN e.units ELSE e.over - e.units END) > 0
ORDER BY e.line_id, l.expires_on NULLS LAST, e.lot
"""


def lots_in_transit(transfer: Transfer) -> dict[int, dict[str, int]]:
    """Return the units of a transfer that are in transit, by line and lot."""
    found: dict[int, dict[str, int]] = {}
    for line_id, lot, units in sql.run(LOTS, [transfer.pk]):
        found.setdefault(line_id, {})[lot] = units
    return found


def find_transfer(query: str, user: User) -> list[Found]:
    """Return transfers by number. One query."""
    wanted = query.strip().upper()
    if not wanted.startswith("TR") or not user.has_perm("inventory.view_transfer"):
        return []
    found = transfers(visible_location_ids(user)).filter(number__startswith=wanted)
    return [
        Found(
            each.number,
            f"{each.source.name} → {each.target.name}, {each.get_status_display()}",
            reverse("inventory:transfer", args=[each.number]),
            "i-truck",
        )
        for each in found.order_by("-id")[:5]
    ]
