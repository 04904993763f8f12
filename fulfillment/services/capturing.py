"""Lots and serial numbers at the packing table: what is in hand counts, where the books chose other
units; what is not for this work, or must not be sold, stays out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from fulfillment.errors_packing import LotNotForSale, SerialPacked, WrongLot
from fulfillment.models import FulfillmentOrderLine, PackedLot
from fulfillment.rules.counting import Taken, hand_out
from fulfillment.services.counting import Counted
from fulfillment.services.working import Work
from inventory import services as inventory
from inventory.models import Lot
from inventory.selectors import is_on_the_books, picked_lots, units_free
from oms.catalog.models import Sku
from oms.core import sql
from oms.core.actors import Actor


class Captured(NamedTuple):
    """Units of a lot that go into a package."""

    line: FulfillmentOrderLine
    code: str
    units: int


class Capture:
    """The tracked units of some work that are picked and in no package yet, by lot.

    Reads nothing for work in which no SKU is tracked.
    """

    def __init__(self, work: Work, at: datetime) -> None:
        self._work = work
        self._on = timezone.localdate(at)
        self._others: list[Captured] = []
        self._left: dict[int, Counter[str]] = {}
        self._unsold: dict[tuple[int, str], str] = {}
        self._came_back: set[tuple[int, str]] = set()
        tracked = {line.reservation_id: line for line in work.lines if is_tracked(line)}
        if tracked:
            self._read(tracked)

    def _read(self, tracked: Mapping[int, FulfillmentOrderLine]) -> None:
        self._left = {line.pk: Counter() for line in tracked.values()}
        for each in picked_lots(tracked, on=self._on):
            line = tracked[each.reservation_id]
            self._left[line.pk][each.lot] += each.units
            if each.why:
                self._unsold[line.sku_id, each.lot] = each.why
            self._came_back.add((line.sku_id, each.lot))
        packed = PackedLot.objects.filter(package_line__line__in=self._left)
        for line_id, code, units in packed.values_list("package_line__line", "code", "quantity"):
            left = self._left[line_id]
            named = min(left[code], units)
            left[code] -= named
            left[""] -= units - named

    def take(self, line: FulfillmentOrderLine, code: str, units: int) -> Captured:
        """Take units of this lot in hand.

        Raises: LotNotForSale, WrongLot.
        """
        self._refuse_unsold(line, code)
        left = self._left[line.pk]
        missing = units - min(units, left[code])
        left[code] -= units - missing
        if missing:
            self._take_others(line, code, missing)
        return Captured(line, code, units)

    def share(
        self, units: Mapping[FulfillmentOrderLine, int], counted: Sequence[Counted]
    ) -> list[Captured]:
        """Take units of each line in hand: of the lots that were said, else of those picked.

        Raises: LotNotForSale, WrongLot.
        """
        said: dict[str, list[Taken]] = {}
        for each in counted:
            said.setdefault(each.sku, []).append(Taken(each.quantity, "", each.lot))
        found: list[Captured] = []
        for line, count in units.items():
            if line.pk not in self._left:
                continue
            for taken in hand_out(said.get(line.sku.code, []), count):
                if taken.lot:
                    found.append(self.take(line, taken.lot, taken.units))
                else:
                    found += self._as_picked(line, taken.units)
        return found

    def put(self, packed: Iterable[tuple[int, Captured]]) -> None:
        """Write which units are in which line of a package (by id).

        Raises: SerialPacked.
        """
        rows = [(line_id, *each) for line_id, each in packed]
        if not rows:
            return
        serials = [row for row in rows if _is_serial(row[1])]
        lots = [row for row in rows if not _is_serial(row[1])]
        if lots:
            sql.run(PUT_LOTS, _columns(lots))
        if serials:
            self._put_serials(serials)

    def settle(self, *, by: Actor, at: datetime) -> None:
        """Have the books know of units that were picked instead of others."""
        number = self._work.fulfillment_order.number
        exchanges = [each for captured in self._others for each in self._exchanges(*captured)]
        inventory.exchange_picked(exchanges=exchanges, reference=number, by=by, at=at)

    def _exchanges(
        self, line: FulfillmentOrderLine, code: str, units: int
    ) -> Iterator[inventory.Exchange]:
        """Give back picked units that are in no package, for those in hand."""
        left = self._left[line.pk]
        for lot in sorted(left):
            part = max(0, min(units, left[lot]))
            left[lot] -= part
            units -= part
            if part:
                level = line.reservation.level_id
                yield inventory.Exchange(line.reservation_id, level, part, lot, code)

    def _as_picked(self, line: FulfillmentOrderLine, units: int) -> list[Captured]:
        found = []
        for code, count in self._left[line.pk].items():
            part = min(units, count)
            if code and part > 0:
                self._refuse_unsold(line, code)
                found.append(Captured(line, code, part))
                units -= part
        for each in found:
            self._left[line.pk][each.code] -= each.units
        self._left[line.pk][""] -= units
        return found

    def _take_others(self, line: FulfillmentOrderLine, code: str, missing: int) -> None:
        """Take units that lie free here for others that the books chose; or learn which ones
        those are that nobody named."""
        left = self._left[line.pk]
        others = [each for each in self._others if each.line is line]
        wanted = missing + sum(each.units for each in others if each.code == code)
        if sum(left.values()) < missing + sum(each.units for each in others):
            self._refuse_wrong(line, code)
        if units_free(line.reservation.level_id, code) >= wanted:
            self._others.append(Captured(line, code, missing))
            self._came_back.add((line.sku_id, code))
        elif left[""] >= missing and not is_on_the_books(line.sku_id, code):
            left[""] -= missing
        else:
            self._refuse_wrong(line, code)

    def _refuse_wrong(self, line: FulfillmentOrderLine, code: str) -> None:
        picked = sorted(lot for lot, units in self._left[line.pk].items() if lot and units > 0)
        number = self._work.fulfillment_order.number
        raise WrongLot(number=number, item=line.sku.name, lot=code, picked=picked)

    def _refuse_unsold(self, line: FulfillmentOrderLine, code: str) -> None:
        why = self._unsold.get((line.sku_id, code)) or _why_unsold(line.sku_id, code, self._on)
        if why:
            number = self._work.fulfillment_order.number
            raise LotNotForSale(number=number, item=line.sku.name, lot=code, why=why)

    def _put_serials(self, rows: Sequence[tuple[int, FulfillmentOrderLine, str, int]]) -> None:
        back = [row for row in rows if (row[1].sku_id, row[2]) in self._came_back]
        if back:
            sql.run(CAME_BACK, _columns(back)[1:3])
        put = {code for (code,) in sql.run(PUT_SERIALS, _columns(rows)[:3])}
        for _, line, code, _ in rows:
            if code not in put:
                raise SerialPacked(item=line.sku.name, serial=code, where=_where(line.sku_id, code))


PUT_LOTS = """
INSERT INTO fulfillment_packedlot (package_line_id, sku_id, code, quantity, is_serial, is_out)
SELECT line, sku, code, sum(units), false, true
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[]) AS t(line, sku, code, units)
GROUP BY line, sku, code
ON CONFLICT (package_line_id, code)
    DO UPDATE SET quantity = fulfillment_packedlot.quantity + excluded.quantity
"""
CAME_BACK = """
UPDATE fulfillment_packedlot t SET is_out = false
FROM unnest(%s::bigint[], %s::text[]) AS b(sku, code), fulfillment_packageline l,
    fulfillment_package p
WHERE t.sku_id = b.sku AND t.code = b.code AND t.is_serial AND t.is_out
  AND l.id = t.package_line_id AND p.id = l.package_id AND p.shipment_id IS NOT NULL
"""
PUT_SERIALS = """
INSERT INTO fulfillment_packedlot (package_line_id, sku_id, code, quantity, is_serial, is_out)
SELECT line, sku, code, 1, true, true
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS t(line, sku, code)
ON CONFLICT DO NOTHING RETURNING code
"""


def is_tracked(line: FulfillmentOrderLine) -> bool:
    return line.sku.tracking != Sku.Tracking.NONE


def label_of(line: FulfillmentOrderLine) -> str:
    """What is scanned to tell units of a tracked line apart."""
    return "serial number" if _is_serial(line) else "lot"


def _is_serial(line: FulfillmentOrderLine) -> bool:
    return line.sku.tracking == Sku.Tracking.SERIAL


def _columns(rows: Sequence[tuple[int, FulfillmentOrderLine, str, int]]) -> list[list[object]]:
    return [
        [row[0] for row in rows],
        [row[1].sku_id for row in rows],
        [row[2] for row in rows],
        [row[3] for row in rows],
    ]


def _why_unsold(sku_id: int, code: str, on: date) -> str:
    lot = Lot.objects.filter(sku=sku_id, code=code).first()
    if lot is None:
        return ""
    if lot.blocked_at is not None:
        return "blocked"
    return "expired" if lot.expires_on is not None and lot.expires_on < on else ""


def _where(sku_id: int, code: str) -> str:
    """The document in which a serial number is out."""
    found = PackedLot.objects.filter(sku=sku_id, code=code, is_serial=True, is_out=True)
    numbers = found.values_list(
        "package_line__package__shipment__number",
        "package_line__package__fulfillment_order__number",
    )
    return next((shipment or work for shipment, work in numbers), "another package")
