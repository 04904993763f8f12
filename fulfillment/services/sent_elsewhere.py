"""Parcels that a channel knows of: sent by somebody else for us, or our own, told back to us."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from fulfillment.errors import UnitsNotHere
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, PackageLine, Shipment
from fulfillment.services.counting import Counted
from fulfillment.services.dispatching import dispatch
from fulfillment.services.moving import split_work
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick
from fulfillment.services.shipping import ship
from fulfillment.services.tracking import record_tracking
from fulfillment.states import BEFORE_PICKED, LIVE, FulfillmentOrderStatus, ShipmentStatus
from oms.core.actors import Actor
from oms.core.services import service
from orders.models import Order, OrderLine

S = FulfillmentOrderStatus


@service
def record_sent_elsewhere(
    *,
    order: Order,
    units: Mapping[int, int],
    carrier: str,
    service: str,
    tracking_numbers: Sequence[str],
    told_before: Collection[str],
    by: Actor,
    at: datetime,
) -> list[str]:
    """Return the shipments of a locked order that a channel speaks of.

    What it tells back to us of our own is known by its tracking number, or without one by its
    units, when no other parcel of the channel is it already (`told_before`). What somebody else
    sent is picked, packed and shipped at once, where these units (by line id) are allocated.

    Raises: UnitsNotHere, OnHold, TransitionNotAllowed, WorkHasBegun, CollectedHere, and what
        shipping raises.
    Locks: FulfillmentOrder, StockLevel.
    Publishes: FulfillmentOrderSplit, FulfillmentOrderPicked, FulfillmentOrderPacked,
        ShipmentShipped, OrderCompleted.
    """
    if known := _known(order, units, tracking_numbers, told_before):
        return known
    shares = _shares(order, units)
    numbers = [*_free(tracking_numbers, carrier), *("" for _ in shares)]
    return [
        _send(work, lines, carrier, service, number, by, at)
        for (work, lines), number in zip(shares, numbers, strict=False)
    ]


def _known(
    order: Order,
    units: Mapping[int, int],
    tracking_numbers: Sequence[str],
    told_before: Collection[str],
) -> list[str]:
    ours = Shipment.objects.filter(fulfillment_order__order=order).order_by("id")
    rows = list(ours.values_list("number", "tracking_number"))
    if same := [number for number, tracking in rows if tracking and tracking in tracking_numbers]:
        return same
    if tracking_numbers and all(tracking for _, tracking in rows):
        return []
    inside: dict[str, dict[int, int]] = {}
    lines = PackageLine.objects.filter(package__shipment__fulfillment_order__order=order)
    for number, line_id, quantity in lines.values_list(
        "package__shipment__number", "line__order_line_id", "quantity"
    ):
        of = inside.setdefault(number, {})
        of[line_id] = of.get(line_id, 0) + quantity
    free = [number for number, _ in rows if number not in told_before]
    return next(([number] for number in free if inside.get(number) == dict(units)), [])


def _shares(
    order: Order, units: Mapping[int, int]
) -> list[tuple[FulfillmentOrder, dict[FulfillmentOrderLine, int]]]:
    """The work that these units are part of, work that is wanted whole first."""
    works: dict[int, tuple[FulfillmentOrder, list[FulfillmentOrderLine]]] = {}
    rows = FulfillmentOrderLine.objects.filter(
        fulfillment_order__order=order, fulfillment_order__status__in=[str(s) for s in LIVE]
    )
    for line in rows.select_related("fulfillment_order", "sku").order_by("pk"):
        work = line.fulfillment_order
        works.setdefault(work.pk, (work, []))[1].append(line)

    def whole_ones_first(
        entry: tuple[FulfillmentOrder, list[FulfillmentOrderLine]],
    ) -> tuple[bool, int]:
        work, lines = entry
        return any(_open(line) > units.get(line.order_line_id, 0) for line in lines), work.pk

    left = dict(units)
    shares = []
    for work, lines in sorted(works.values(), key=whole_ones_first):
        taken = {}
        for line in lines:
            count = min(_open(line), left.get(line.order_line_id, 0))
            if count:
                taken[line] = count
                left[line.order_line_id] -= count
        if taken:
            shares.append((work, taken))
    if missing := {pk: count for pk, count in left.items() if count}:
        pk, count = next(iter(missing.items()))
        lacking = OrderLine.objects.get(pk=pk)
        name = lacking.sku_code or lacking.name
        raise UnitsNotHere(number=order.number, sku=name, units=count, sent=units[pk])
    return shares


def _open(line: FulfillmentOrderLine) -> int:
    return line.quantity - line.shipped


def _free(tracking_numbers: Sequence[str], carrier: str) -> list[str]:
    """The numbers that no other parcel of ours goes under: two orders may travel in one."""
    taken = Shipment.objects.filter(carrier=carrier, tracking_number__in=tracking_numbers)
    found = set(taken.values_list("tracking_number", flat=True))
    return [number for number in tracking_numbers if number not in found]


def _send(
    work: FulfillmentOrder,
    lines: Mapping[FulfillmentOrderLine, int],
    carrier: str,
    service: str,
    tracking_number: str,
    by: Actor,
    at: datetime,
) -> str:
    number, status = work.number, work.status
    is_unpicked = status in BEFORE_PICKED or status == S.PICKING
    if is_unpicked and sum(lines.values()) < work.units:
        counted = [Counted(line.sku.code, count) for line, count in lines.items()]
        number = split_work(number=number, lines=counted, by=by, at=at).number
    if status in BEFORE_PICKED:
        return dispatch(
            number=number,
            carrier=carrier,
            service=service,
            tracking_number=tracking_number,
            by=by,
            at=at,
            is_followed=True,
        ).number
    if status == S.PICKING:
        pick(number=number, by=by, at=at)
    if status in (S.PICKING, S.PICKED):
        pack(number=number, by=by, at=at)
    return ship(
        number=number,
        carrier=carrier,
        service=service,
        tracking_number=tracking_number,
        by=by,
        at=at,
    ).number


@service
def record_arrived_elsewhere(*, number: str, by: Actor, at: datetime) -> None:
    """Put down that a shipment arrived, in a channel's words.

    Raises: ShipmentNotFound.
    Locks: Order, FulfillmentOrder, Shipment.
    Publishes: ShipmentTrackingUpdated, ShipmentDelivered.
    """
    record_tracking(number=number, status=ShipmentStatus.DELIVERED, occurred_at=at, by=by)
