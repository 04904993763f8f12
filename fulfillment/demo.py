"""What the tea house's warehouses did with its orders."""

from datetime import datetime, timedelta

from fulfillment import services
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Shipment
from oms.core.actors import Actor
from oms.core.demo import Demo, hand_at
from orders.demo import Story, stories

DELIVERED = {
    "delivered",
    "refunded",
    "part_refunded",
    "return_requested",
    "return_approved",
    "return_received",
    "return_inspected",
    "return_part",
    "return_declined",
    "return_cancelled",
    "return_closed",
    "refund_failed",
}
SHIPPED = {*DELIVERED, "shipped", "part_shipped", "in_transit", "exception"}
PACKED = {*SHIPPED, "packed"}
PICKED = {*PACKED, "picked"}
RELEASED = {*PICKED, "picking", "released", "part_cancelled", "short_picked", "work_held"}
CARRIER = Actor("system", "carrier")
LONG_AGO = 15
"""Days after which it is enough to know that it left."""
CARRIERS = {"US": "UPS", "DE": "DHL", "GB": "DHL"}


def warehouse(demo: Demo) -> None:
    """Lead every order placed just now as far as its story goes."""
    for number, story in stories(demo):
        if story.fate == "rejected":
            _reject(number, demo.now - story.at)
        if story.fate not in RELEASED:
            continue
        work = (
            FulfillmentOrder.objects.filter(order__number=number)
            .select_related("location")
            .order_by("id")
        )
        for each in work:
            _lead(each, story, demo.now - story.at, demo)


def _lead(work: FulfillmentOrder, story: Story, placed: datetime, demo: Demo) -> None:
    number, by = work.number, hand_at(work.location.code)
    if story.fate in DELIVERED and story.days_ago > LONG_AGO:
        left_at = placed + timedelta(hours=8)
        label = _label(work)
        shipment = services.dispatch(
            number=number,
            by=by,
            at=left_at,
            carrier=label["carrier"],
            service=label.get("service", ""),
            tracking_number=label["tracking_number"],
        )
        _follow(shipment, story, placed)
        return
    services.release_work(number=number, by=by, at=placed + timedelta(hours=3))
    if story.fate == "picking":
        first = FulfillmentOrderLine.objects.filter(fulfillment_order=work).earliest("id")
        services.pick_one(number=number, code=first.sku.code, by=by, at=demo.now)
    if story.fate == "short_picked":
        _pick_short(work, placed + timedelta(hours=5))
    if story.fate == "work_held":
        reason = "The carafe is chipped: we ask the customer"
        services.hold_work(number=number, reason=reason, by=by, at=placed + timedelta(hours=4))
    if story.fate in PICKED:
        services.pick(number=number, by=by, at=placed + timedelta(hours=5))
    if story.fate in PACKED:
        packages = [services.Packed(box="M", weight_g=900)]
        services.pack(number=number, packages=packages, by=by, at=placed + timedelta(hours=6))
    if story.fate in SHIPPED:
        shipment = services.ship(
            number=number, by=by, at=placed + timedelta(hours=8), **_label(work)
        )
        _follow(shipment, story, placed)


def _label(work: FulfillmentOrder) -> dict[str, str]:
    return {
        "carrier": CARRIERS.get(work.ship_to.country, "PostNL"),
        "tracking_number": f"3S{work.pk % 10**10:010}NL",
    }


def _reject(order: str, placed: datetime) -> None:
    """Have the first location say that it cannot do it today; another one is asked."""
    work = FulfillmentOrder.objects.filter(order__number=order).earliest("id")
    services.reject(
        number=work.number,
        reason="no_capacity",
        by=hand_at(work.location.code),
        at=placed + timedelta(hours=2),
    )


def _pick_short(work: FulfillmentOrder, at: datetime) -> None:
    """Find all of it but two units of the first line."""
    first, *others = work.lines.select_related("sku").order_by("id")
    found = [services.Counted(first.sku.code, first.quantity - 2)]
    found += [services.Counted(line.sku.code, line.quantity) for line in others]
    services.pick(
        number=work.number, lines=found, reason="missing", by=hand_at(work.location.code), at=at
    )


def _follow(shipment: Shipment, story: Story, placed: datetime) -> None:
    """Say what the carrier said."""
    seen = []
    if story.fate in {*DELIVERED, "in_transit", "exception"}:
        seen.append(("in_transit", 20, "Sorting center", "On its way"))
    if story.fate == "exception":
        seen.append(("exception", 44, "Kraków", "Nobody was at home"))
    if story.fate in DELIVERED:
        seen.append(("out_for_delivery", 44, "Depot", "In the van"))
        seen.append(("delivered", 50, "", "Handed over at the door"))
    for status, hours, location, message in seen:
        services.record_tracking(
            number=shipment.number,
            status=status,
            occurred_at=placed + timedelta(hours=hours),
            location=location,
            message=message,
            by=CARRIER,
        )
