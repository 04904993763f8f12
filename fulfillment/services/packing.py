from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Subquery

from fulfillment.errors import LeftToPack, NotInPackage, PackageIsEmpty
from fulfillment.events import FulfillmentOrderPacked, FulfillmentOrderUnpacked
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Package, PackageLine
from fulfillment.services.collecting import make_ready, not_ready
from fulfillment.services.counting import Counted, line_of_scan, lines_of_code, units_by_line
from fulfillment.services.working import Step, Work, by_sku, lock_work, move, refuse_on_hold
from fulfillment.states import FULFILLMENT_ORDER
from oms.core import sql
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.services import batch_service
from orders.states import Stop


@dataclass(frozen=True)
class Packed:
    """A box as it was packed; `lines` left out: everything that is in no other box."""

    box: str = ""
    weight_g: int | None = None
    lines: Sequence[Counted] | None = None


PACKAGES = Package.objects.filter(fulfillment_order=OuterRef("fulfillment_order"))
OPEN_PACKAGE = Subquery(PACKAGES.filter(is_closed=False).order_by("-nth").values("pk")[:1])
LAST_PACKAGE = Subquery(
    PACKAGES.order_by().values("fulfillment_order").annotate(last=Max("nth")).values("last")
)


@batch_service
def pack(
    *,
    number: str,
    packages: Sequence[Packed] = (),
    by: Actor,
    at: datetime,
) -> FulfillmentOrder:
    """Put every picked unit that is in no box yet into these boxes, and close all boxes.

    No packages named: everything goes into one.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, UnknownLine, TooManyUnits,
        LeftToPack, PackageIsEmpty.
    Locks: Order, FulfillmentOrder.
    Publishes: FulfillmentOrderPacked, FulfillmentOrderReadyForPickup.
    """
    work = lock_work(number=number, last_package=LAST_PACKAGE, open_package=OPEN_PACKAGE)
    status = FULFILLMENT_ORDER.after("pack", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PACK)
    last = work.facts["last_package"] or 0
    if work.facts["open_package"]:
        Package.objects.filter(pk=work.facts["open_package"]).update(is_closed=True)
    anything = any(left_to_pack(line) for line in work.lines)
    wanted = (packages or [Packed()]) if anything else []
    inside: dict[FulfillmentOrderLine, int] = {}

    for nth, each in enumerate(wanted, start=last + 1):
        units = _contents(work, each, inside)
        package = Package(
            fulfillment_order_id=work.fulfillment_order.pk,
            nth=nth,
            box=each.box,
            weight_g=each.weight_g,
            is_closed=True,
        )
        record(package)
        record(
            *(
                PackageLine(package_id=package.pk, line_id=line.pk, quantity=quantity)
                for line, quantity in units.items()
            )
        )
        for line, quantity in units.items():
            inside[line] = inside.get(line, 0) + quantity
    left = {line: left_to_pack(line) - inside.get(line, 0) for line in work.lines}
    if any(left.values()):
        raise LeftToPack(number=number, left=by_sku(left))
    if not inside and not last:
        raise PackageIsEmpty(number=number)

    steps = [Step(line, packed=quantity) for line, quantity in inside.items()]
    move(work, steps, status=status, by=by, at=at)

    _tell_packed(work, last + len(wanted), by, at)
    return work.fulfillment_order


@dataclass(frozen=True)
class Scanned:
    """A unit that went into the open package, and how that line stands."""

    line: FulfillmentOrderLine
    lines: Sequence[FulfillmentOrderLine]


@batch_service
def scan_unit(*, number: str, code: str, by: Actor, at: datetime) -> Scanned:
    """Put one unit whose barcode or SKU was scanned into the open package; open one if need be.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, WrongItem, ExtraUnit,
        UnknownCode.
    Locks: Order, FulfillmentOrder.
    """
    work = lock_work(number=number, last_package=LAST_PACKAGE, open_package=OPEN_PACKAGE)
    FULFILLMENT_ORDER.after("pack", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PACK)
    line = line_of_scan(work, code, left_to_pack, lambda line: line.picked)
    package_id = work.facts["open_package"] or _open(work)

    sql.run(PUT_ONE, [package_id, line.pk])
    move(work, [Step(line, packed=1)], status=work.fulfillment_order.status, by=by, at=at)
    return Scanned(line, work.lines)


PUT_ONE = """
INSERT INTO fulfillment_packageline (package_id, line_id, quantity) VALUES (%s, %s, 1)
ON CONFLICT (package_id, line_id) DO UPDATE SET quantity = fulfillment_packageline.quantity + 1
"""


@batch_service
def undo_scan(*, number: str, code: str, by: Actor, at: datetime) -> Scanned:
    """Take one unit of this barcode or SKU out of the open package again.

    Raises: FulfillmentOrderNotFound, TransitionNotAllowed, NotInPackage.
    Locks: Order, FulfillmentOrder.
    """
    work = lock_work(number=number, open_package=OPEN_PACKAGE)
    FULFILLMENT_ORDER.after("pack", work.fulfillment_order.status)
    inside = PackageLine.objects.filter(
        package=work.facts["open_package"], line__in=lines_of_code(work, code)
    ).first()
    if inside is None:
        raise NotInPackage(number=number, scanned=code)
    line = next(each for each in work.lines if each.pk == inside.line_id)

    if inside.quantity == 1:
        inside.delete()
        Package.objects.filter(pk=inside.package_id, lines__isnull=True).delete()
    else:
        PackageLine.objects.filter(pk=inside.pk).update(quantity=inside.quantity - 1)
    move(work, [Step(line, packed=-1)], status=work.fulfillment_order.status, by=by, at=at)
    return Scanned(line, work.lines)


@batch_service
def close_package(
    *, number: str, box: str = "", weight_g: int | None = None, by: Actor, at: datetime
) -> FulfillmentOrder:
    """Close the open package; with the last unit packed, the packing is done.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, PackageIsEmpty.
    Locks: Order, FulfillmentOrder.
    Publishes: FulfillmentOrderPacked, FulfillmentOrderReadyForPickup.
    """
    work = lock_work(number=number, last_package=LAST_PACKAGE, open_package=OPEN_PACKAGE)
    status = FULFILLMENT_ORDER.after("pack", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PACK)
    package = work.facts["open_package"]
    if not package or not PackageLine.objects.filter(package=package).exists():
        raise PackageIsEmpty(number=number)

    Package.objects.filter(pk=package).update(box=box, weight_g=weight_g, is_closed=True)
    if any(left_to_pack(line) for line in work.lines):
        return work.fulfillment_order
    move(work, [], status=status, by=by, at=at)

    _tell_packed(work, work.facts["last_package"], by, at)
    return work.fulfillment_order


@batch_service
def unpack(*, number: str, by: Actor, at: datetime) -> FulfillmentOrder:
    """Take everything out of its packages again: the units are picked, the boxes are gone.

    Raises: FulfillmentOrderNotFound, TransitionNotAllowed.
    Locks: Order, FulfillmentOrder.
    Publishes: FulfillmentOrderUnpacked.
    """
    work = lock_work(number=number)
    status = FULFILLMENT_ORDER.after("unpack", work.fulfillment_order.status)
    units = sum(line.packed for line in work.lines)

    PackageLine.objects.filter(package__fulfillment_order=work.fulfillment_order).delete()
    Package.objects.filter(fulfillment_order=work.fulfillment_order).delete()
    not_ready(work)
    steps = [Step(line, packed=-line.packed) for line in work.lines]
    move(work, steps, status=status, by=by, at=at)

    publish(
        FulfillmentOrderUnpacked(
            thread=work.order.number,
            subject=number,
            by=by,
            at=at,
            location=work.location,
            units=units,
        )
    )
    return work.fulfillment_order


def left_to_pack(line: FulfillmentOrderLine) -> int:
    return line.picked - line.packed


def _contents(
    work: Work, packed: Packed, inside: dict[FulfillmentOrderLine, int]
) -> dict[FulfillmentOrderLine, int]:
    """What goes into one more box when `inside` is in others."""

    def left(line: FulfillmentOrderLine) -> int:
        return left_to_pack(line) - inside.get(line, 0)

    if packed.lines is None:
        units = {line: left(line) for line in work.lines if left(line)}
    else:
        units = units_by_line(work, packed.lines, left)
    if not any(units.values()):
        raise PackageIsEmpty(number=work.fulfillment_order.number)
    return units


def _open(work: Work) -> int:
    package = Package.objects.create(
        fulfillment_order_id=work.fulfillment_order.pk,
        nth=(work.facts["last_package"] or 0) + 1,
    )
    return int(package.pk)


def _tell_packed(work: Work, packages: int, by: Actor, at: datetime) -> None:
    publish(
        FulfillmentOrderPacked(
            thread=work.order.number,
            subject=work.fulfillment_order.number,
            by=by,
            at=at,
            location=work.location,
            units=sum(line.packed for line in work.lines),
            packages=packages,
        )
    )
    make_ready(work, by=by, at=at)
