from datetime import datetime

from django.db.models import Count, OuterRef, Subquery

from fulfillment.errors import (
    AlreadyShipped,
    CollectedHere,
    NoServiceTakesIt,
    ServiceSwitchedOff,
    TrackingNumberTaken,
    UnknownService,
)
from fulfillment.events import ShipmentShipped
from fulfillment.models import CarriageRevision, Shipment
from fulfillment.rules.carriage import Choice, told, tracking_page
from fulfillment.rules.rates import Book, Quote
from fulfillment.selectors import choice_for, rate_book
from fulfillment.services.working import (
    Reading,
    Step,
    Work,
    by_sku,
    lock_work,
    move,
    refuse_on_hold,
)
from fulfillment.states import FULFILLMENT_ORDER, FulfillmentOrderStatus
from inventory import services as inventory
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.numbers import part_number
from oms.core.prepared import Given
from oms.core.services import batch_service
from orders.states import Stop

SHIPMENTS_OF_ORDER = Subquery(
    Shipment.objects.filter(fulfillment_order__order=OuterRef("fulfillment_order__order"))
    .order_by()
    .values("fulfillment_order__order")
    .annotate(count=Count("pk"))
    .values("count")
)
TO_LEAVE = Reading(shipments=SHIPMENTS_OF_ORDER)
TO_SHIP = Reading(
    shipments=SHIPMENTS_OF_ORDER,
    taken=Subquery(
        Shipment.objects.filter(carrier=Given("carrier"), tracking_number=Given("tracking_number"))
        .exclude(tracking_number="")
        .values("number")[:1]
    ),
    revision=Subquery(CarriageRevision.objects.values("number")[:1]),
)
GONE = {FulfillmentOrderStatus.SHIPPED, FulfillmentOrderStatus.DELIVERED}


@batch_service
def ship(
    *,
    number: str,
    carrier: str = "",
    service: str = "",
    tracking_number: str = "",
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Shipment:
    """Let the packages go: the units leave the stock, the parcel has a number to follow it by.

    Nothing named: the cheapest service that keeps the promise. A carrier or service named is
    taken when it goes there; any other only with a tracking number, as it was said. `reason` is
    why a person took another one than was suggested. Who comes second is told of the first.

    Raises: FulfillmentOrderNotFound, AlreadyShipped, OnHold, TransitionNotAllowed, CollectedHere,
        NoServiceTakesIt, UnknownService, ServiceSwitchedOff, TrackingNumberTaken, Busy.
    Locks: Order, FulfillmentOrder, StockLevel.
    Publishes: ShipmentShipped, OrderCompleted.
    """
    work = lock_work(
        number=number, reading=TO_SHIP, carrier=carrier, tracking_number=tracking_number
    )
    refuse_second(work)
    status = FULFILLMENT_ORDER.after("ship", work.fulfillment_order.status)
    if work.fulfillment_order.is_pickup:
        raise CollectedHere(number=number, location=work.fulfillment_order.location.name)
    refuse_on_hold(work.fulfillment_order, Stop.SHIP)
    if work.facts["taken"]:
        raise TrackingNumberTaken(
            carrier=carrier, tracking_number=tracking_number, shipment=work.facts["taken"]
        )
    book = rate_book(revision=work.facts["revision"] or 0)
    choice = choice_for(work.fulfillment_order, work.order, work.lines, book=book, at=at)
    chosen = _chosen(work, choice, book, carrier, service, tracking_number)
    by_name = carrier or (chosen.service.carrier if chosen else "")
    _refuse_taken(by_name, tracking_number, known_free=carrier)
    freight = None if chosen is None or book.is_built_in else chosen.amount
    shipment = Shipment(
        number=part_number("SH", work.order.number, (work.facts["shipments"] or 0) + 1),
        fulfillment_order_id=work.fulfillment_order.pk,
        carrier=by_name,
        service=chosen.service.code if chosen else service,
        tracking_number=tracking_number,
        tracking_url=tracking_page(by_name, tracking_number),
        freight_amount=freight,
        freight_currency=chosen.currency if chosen and freight is not None else "",
        expected_on=chosen.arrives_on if chosen else None,
        choice=told(choice, chosen, reason, with_amounts=not book.is_built_in),
        shipped_by=str(by),
        shipped_at=at,
    )
    return leave(work, shipment, status=status, by=by, at=at)


def leave(work: Work, shipment: Shipment, *, status: str, by: Actor, at: datetime) -> Shipment:
    """Have everything packed go with `shipment`: write it, tell it, take it off the stock."""
    leaving = {line: line.packed for line in work.lines if line.packed}
    record(shipment)
    steps = [Step(line, shipped=quantity) for line, quantity in leaving.items()]
    move(work, steps, status=status, shipment=shipment, by=by, at=at)

    publish(
        ShipmentShipped(
            thread=work.order.number,
            subject=shipment.number,
            by=by,
            at=at,
            fulfillment_order=work.fulfillment_order.number,
            location=work.location,
            carrier=shipment.carrier,
            service=shipment.service,
            tracking_number=shipment.tracking_number,
            tracking_url=shipment.tracking_url,
            units=by_sku(leaving),
            order=work.order,
        )
    )
    inventory.ship(
        portions=[
            inventory.Portion(line.reservation_id, line.reservation.level_id, quantity, line.pk)
            for line, quantity in leaving.items()
        ],
        reference=shipment.number,
        by=by,
        at=at,
    )
    return shipment


def _chosen(
    work: Work, choice: Choice, book: Book, carrier: str, service: str, tracking_number: str
) -> Quote | None:
    """The service that was named, or the one that was chosen; None where free text counts."""
    number = work.fulfillment_order.number
    if not carrier and not service:
        if tracking_number or choice.best is not None:
            return None if tracking_number else choice.best
        raise NoServiceTakesIt(number=number, country=work.fulfillment_order.ship_to.country)
    found = choice.named(carrier=carrier, service=service)
    if found is not None or tracking_number:
        return found
    if service.casefold() in {code.casefold() for code in book.switched_off}:
        raise ServiceSwitchedOff(number=number, service=service)
    possible = [each.service.code for each in choice.options if each.is_possible]
    named = " ".join(filter(None, (carrier, service)))
    raise UnknownService(number=number, named=named, known=possible)


def _refuse_taken(carrier: str, tracking_number: str, *, known_free: str) -> None:
    """Two parcels of one carrier have no number in common; `known_free` was looked for already."""
    if not tracking_number or carrier == known_free:
        return
    other = Shipment.objects.filter(carrier=carrier, tracking_number=tracking_number).first()
    if other is not None:
        raise TrackingNumberTaken(
            carrier=carrier, tracking_number=tracking_number, shipment=other.number
        )


def refuse_second(work: Work) -> None:
    """Raise `AlreadyShipped` when someone was faster."""
    if work.fulfillment_order.status not in GONE:
        return
    first = Shipment.objects.filter(fulfillment_order=work.fulfillment_order).earliest("pk")
    raise AlreadyShipped(
        number=work.fulfillment_order.number,
        shipment=first.number,
        shipped_by=first.shipped_by,
        shipped_at=first.shipped_at.isoformat(),
    )
