from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Subquery

from fulfillment.errors_packing import LeftToPack, PackageIsEmpty, WeightDiffers
from fulfillment.events import FulfillmentOrderPacked, FulfillmentOrderUnpacked
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Package, PackageLine
from fulfillment.rules.weighing import Expected, expected
from fulfillment.selectors import rate_book
from fulfillment.services.capturing import Capture, Captured
from fulfillment.services.collecting import make_ready, not_ready
from fulfillment.services.counting import Counted, units_by_line
from fulfillment.services.working import (
    Reading,
    Step,
    Work,
    by_sku,
    lock_work,
    move,
    refuse_on_hold,
)
from fulfillment.states import FULFILLMENT_ORDER
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.services import batch_service
from orders.states import Stop


@dataclass(frozen=True)
class Packed:
    """A box as it was packed; `lines` left out: everything that is in no other box.

    `weight_reason` is why it weighs something else than what is in it.
    """

    box: str = ""
    weight_g: int | None = None
    weight_reason: str = ""
    lines: Sequence[Counted] | None = None


PACKAGES = Package.objects.filter(fulfillment_order=OuterRef("fulfillment_order"))
TO_PACK = Reading(
    open_package=Subquery(PACKAGES.filter(is_closed=False).order_by("-nth").values("pk")[:1]),
    last_package=Subquery(
        PACKAGES.order_by().values("fulfillment_order").annotate(last=Max("nth")).values("last")
    ),
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

    No packages named: everything goes into one. Of tracked SKUs the lots that were picked go in,
    unless others are named.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, UnknownLine, TooManyUnits,
        LeftToPack, PackageIsEmpty, LotNotForSale, WrongLot, SerialPacked, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderPacked, FulfillmentOrderReadyForPickup.
    """
    work = lock_work(number=number, reading=TO_PACK)
    status = FULFILLMENT_ORDER.after("pack", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PACK)
    last = work.facts["last_package"] or 0
    if work.facts["open_package"]:
        Package.objects.filter(pk=work.facts["open_package"]).update(is_closed=True)
    anything = any(left_to_pack(line) for line in work.lines)
    wanted = (packages or [Packed()]) if anything else []
    inside: dict[FulfillmentOrderLine, int] = {}
    capture = Capture(work, at)
    captured: list[tuple[int, Captured]] = []

    for nth, each in enumerate(wanted, start=last + 1):
        units = _contents(work, each, inside)
        package = Package(
            fulfillment_order_id=work.fulfillment_order.pk,
            nth=nth,
            box=each.box,
            weight_g=each.weight_g,
            expected_g=_expected_g(each, units),
            weight_reason=each.weight_reason,
            is_closed=True,
        )
        record(package)
        rows = {
            line.pk: PackageLine(package_id=package.pk, line_id=line.pk, quantity=quantity)
            for line, quantity in units.items()
        }
        record(*rows.values())
        lots = capture.share(units, each.lines or ())
        captured += [(rows[lot.line.pk].pk, lot) for lot in lots]
        for line, quantity in units.items():
            inside[line] = inside.get(line, 0) + quantity
    left = {line: left_to_pack(line) - inside.get(line, 0) for line in work.lines}
    if any(left.values()):
        raise LeftToPack(number=number, left=by_sku(left))
    if not inside and not last:
        raise PackageIsEmpty(number=number)

    steps = [Step(line, packed=quantity) for line, quantity in inside.items()]
    capture.put(captured)
    move(work, steps, status=status, by=by, at=at)

    _tell_packed(work, last + len(wanted), by, at)
    capture.settle(by=by, at=at)
    return work.fulfillment_order


@batch_service
def close_package(
    *,
    number: str,
    box: str = "",
    weight_g: int | None = None,
    weight_reason: str = "",
    by: Actor,
    at: datetime,
) -> FulfillmentOrder:
    """Close the open package; with the last unit packed, the packing is done.

    A weight from the scale is compared with what is inside: where it differs by more than goods
    vary, a person says why, and that is kept.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, PackageIsEmpty, WeightDiffers.
    Locks: Order, FulfillmentOrder.
    Publishes: FulfillmentOrderPacked, FulfillmentOrderReadyForPickup.
    """
    work = lock_work(number=number, reading=TO_PACK)
    status = FULFILLMENT_ORDER.after("pack", work.fulfillment_order.status)
    refuse_on_hold(work.fulfillment_order, Stop.PACK)
    package = work.facts["open_package"]
    by_pk = {line.pk: line for line in work.lines}
    rows = PackageLine.objects.filter(package=package).values_list("line", "quantity")
    inside = {by_pk[line]: units for line, units in rows}
    if not package or not inside:
        raise PackageIsEmpty(number=number)
    should = _expected(box, inside) if weight_g is not None else None
    if should and weight_g is not None and should.differs(weight_g) and not weight_reason.strip():
        raise WeightDiffers(
            number=number,
            weighed_g=weight_g,
            expected_g=should.grams,
            within_g=should.within,
        )

    Package.objects.filter(pk=package).update(
        box=box,
        weight_g=weight_g,
        expected_g=should.grams if should else None,
        weight_reason=weight_reason.strip() if should and should.differs(weight_g or 0) else "",
        is_closed=True,
    )
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


def _expected(box: str, units: Mapping[FulfillmentOrderLine, int]) -> Expected | None:
    named = rate_book().box(box)
    weights = [(line.sku.weight_g, count) for line, count in units.items()]
    return expected(weights, named.weight_g if named else None)


def _expected_g(packed: Packed, units: Mapping[FulfillmentOrderLine, int]) -> int | None:
    """What a box that was weighed should weigh."""
    should = _expected(packed.box, units) if packed.weight_g is not None else None
    return should.grams if should else None


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
