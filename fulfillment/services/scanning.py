"""Packing unit by unit: what a scanner reads goes into the open package, or stays out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fulfillment.errors_packing import LotNeeded, NotInPackage
from fulfillment.models import FulfillmentOrderLine, Package, PackageLine, PackedLot
from fulfillment.services.capturing import Capture, is_tracked, label_of
from fulfillment.services.counting import line_of_scan, lines_of_code, units_of_scan
from fulfillment.services.packing import TO_PACK, left_to_pack
from fulfillment.services.working import Step, Work, lock_work, move, refuse_on_hold
from fulfillment.states import FULFILLMENT_ORDER
from inventory.models import Lot
from oms.catalog.rules.gs1 import lot_in, read
from oms.catalog.selectors import lot_on
from oms.core import sql
from oms.core.actors import Actor
from oms.core.services import batch_service
from orders.states import Stop


@dataclass(frozen=True)
class Scanned:
    """A unit that went into the open package, and how that line stands. `code` names the unit:
    its lot or serial number where it has one, else its SKU."""

    line: FulfillmentOrderLine
    lines: Sequence[FulfillmentOrderLine]
    code: str


@batch_service
def scan_unit(*, number: str, code: str, unit: str = "", by: Actor, at: datetime) -> Scanned:
    """Put one unit whose barcode or SKU was scanned into the open package; open one if need be.

    Of a tracked SKU the lot or serial number is scanned: alone, or after its barcode, which is
    `unit` then. A GS1 label says both at once, and the one of a case how many.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, WrongItem, ExtraUnit,
        CaseScanned, UnknownCode, TooManyUnits, LotNeeded, LotNotForSale, WrongLot, SerialPacked,
        Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    """
    work = lock_work(number=number, reading=TO_PACK)
    FULFILLMENT_ORDER.after("pack", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PACK)
    line, lot = _recognised(work, code.strip(), unit)
    units = units_of_scan(work, line, code, left_to_pack)
    capture = Capture(work, at)
    captured = capture.take(line, lot, units) if lot else None

    package_id = work.facts["open_package"] or _open(work)
    [(package_line,)] = sql.run(PUT, [package_id, line.pk, units])
    if captured:
        capture.put([(package_line, captured)])
    move(work, [Step(line, packed=units)], status=work.fulfillment_order.status, by=by, at=at)
    capture.settle(by=by, at=at)
    return Scanned(line, work.lines, code if units > 1 else lot or line.sku.code)


PUT = """
INSERT INTO fulfillment_packageline AS inside (package_id, line_id, quantity) VALUES (%s, %s, %s)
ON CONFLICT (package_id, line_id) DO UPDATE SET quantity = inside.quantity + excluded.quantity
RETURNING id
"""


def _recognised(work: Work, code: str, unit: str) -> tuple[FulfillmentOrderLine, str]:
    """The line that a scanned unit belongs to, and its lot where it is tracked.

    Raises: WrongItem, ExtraUnit, CaseScanned, UnknownCode, LotNeeded.
    """
    tracked = [line for line in work.lines if is_tracked(line)]
    if tracked and not lines_of_code(work, code):
        lot = lot_in(code)
        sku = unit or _sku_of_lot(tracked, lot)
        if sku and any(is_tracked(line) for line in lines_of_code(work, sku)):
            return line_of_scan(work, sku, left_to_pack, _picked), lot
    line = line_of_scan(work, code, left_to_pack, _picked)
    if is_tracked(line):
        if lot := lot_on(code, line.sku):
            return line, lot
        raise LotNeeded(
            number=work.fulfillment_order.number,
            sku=line.sku.code,
            item=line.sku.name,
            label=label_of(line),
        )
    return line, ""


def _sku_of_lot(tracked: Sequence[FulfillmentOrderLine], code: str) -> str:
    """The SKU of this work that has a lot of this code; the one that still lacks units first."""
    skus = {line.sku_id for line in tracked}
    known = set(Lot.objects.filter(sku__in=skus, code=code).values_list("sku_id", flat=True))
    found = sorted(
        (line for line in tracked if line.sku_id in known), key=lambda line: -left_to_pack(line)
    )
    return found[0].sku.code if found else ""


def _picked(line: FulfillmentOrderLine) -> int:
    return line.picked


@batch_service
def undo_scan(*, number: str, code: str, by: Actor, at: datetime) -> Scanned:
    """Take out of the open package again what one scan put there: a unit by its barcode, SKU, lot
    or serial number, a case by its label.

    Raises: FulfillmentOrderNotFound, TransitionNotAllowed, NotInPackage.
    Locks: Order, FulfillmentOrder.
    """
    work = lock_work(number=number, reading=TO_PACK)
    FULFILLMENT_ORDER.after("pack", work.fulfillment_order.status)
    packed = PackageLine.objects.filter(package=work.facts["open_package"])
    lots = PackedLot.objects.filter(package_line__in=packed).order_by("-pk")
    if lines := lines_of_code(work, code):
        inside = packed.filter(line__in=lines).first()
        named = {"code": said} if (said := lot_on(code, lines[0].sku)) else {}
        lot = lots.filter(package_line=inside, **named).first() if inside else None
    else:
        lot = lots.filter(code=lot_in(code)).first()
        inside = packed.filter(pk=lot.package_line_id).first() if lot else None
    label = read(code)
    units = label.units if label else 1
    if inside is None or units > (lot or inside).quantity:
        raise NotInPackage(number=number, scanned=code)
    line = next(each for each in work.lines if each.pk == inside.line_id)

    if lot is not None and lot.quantity == units:
        lot.delete()
    elif lot is not None:
        PackedLot.objects.filter(pk=lot.pk).update(quantity=lot.quantity - units)
    if inside.quantity == units:
        inside.delete()
        Package.objects.filter(pk=inside.package_id, lines__isnull=True).delete()
    else:
        PackageLine.objects.filter(pk=inside.pk).update(quantity=inside.quantity - units)
    move(work, [Step(line, packed=-units)], status=work.fulfillment_order.status, by=by, at=at)
    return Scanned(line, work.lines, lot.code if lot else line.sku.code)


def _open(work: Work) -> int:
    package = Package.objects.create(
        fulfillment_order_id=work.fulfillment_order.pk,
        nth=(work.facts["last_package"] or 0) + 1,
    )
    return int(package.pk)
