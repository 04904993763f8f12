"""Reads: which boxes a piece of work goes in, and which service takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, PackageLine
from fulfillment.rules.carriage import Choice, Promise, cheapest, choose
from fulfillment.rules.cartons import Freight, Plan, Suggestion, Units, suggest
from fulfillment.rules.rates import Book, Destination, Origin, Parcel, Quote, quote
from fulfillment.selectors.rates import services_of
from orders.models import Order

Inside = Mapping[FulfillmentOrderLine, int]


def choice_for(
    work: FulfillmentOrder,
    order: Order,
    lines: Sequence[FulfillmentOrderLine],
    *,
    book: Book,
    at: datetime,
) -> Choice:
    """Return which service takes this work, and why. One query, none where rates are built in.

    `lines` come with their SKUs; `work` with its location.
    """
    parcels = [Parcel()]
    if not book.is_built_in:
        parcels = parcels_of_work(work, order, lines, book=book, at=at)
    quotes = _quotes(work, book, parcels, at)
    allowed = services_of(book, order.channel_id)
    quotes = [
        each if each.service in allowed else replace(each, refusal="Not for this channel")
        for each in quotes
    ]
    return choose(
        quotes,
        services=book.services,
        promise=Promise(work.service, order.deliver_by),
        currency=order.currency,
    )


def suggestion_for(
    work: FulfillmentOrder, order: Order, units: Inside, *, book: Book, at: datetime
) -> Suggestion:
    """Return which boxes these units go in: those that are cheapest to send, where rates are
    known; else the fewest and smallest. No query."""
    freight = None if book.is_built_in else _freight(work, order, book, at)
    return suggest([_units(line, count) for line, count in units.items()], book.boxes, freight)


def parcels_of_work(
    work: FulfillmentOrder,
    order: Order,
    lines: Sequence[FulfillmentOrderLine],
    *,
    book: Book,
    at: datetime,
) -> list[Parcel]:
    """Return what there is to carry: the packages, or as it would be packed. One query.

    What the scale said counts; else the units' weights and that of the box.
    """
    by_pk = {line.pk: line for line in lines}
    packed = (
        PackageLine.objects.filter(package__fulfillment_order=work, package__shipment=None)
        .order_by("package__nth")
        .values_list("package_id", "package__box", "package__weight_g", "line_id", "quantity")
    )
    inside: dict[int, dict[FulfillmentOrderLine, int]] = {}
    named: dict[int, tuple[str, int | None]] = {}
    for package, box, weight, line, units in packed:
        inside.setdefault(package, {})[by_pk[line]] = units
        named[package] = (box, weight)
    if not inside:
        wanted = {line: line.quantity for line in lines if line.quantity}
        best = suggestion_for(work, order, wanted, book=book, at=at).best
        return parcels_of(best) if best else [Parcel(grams(wanted))]
    return [_parcel(units, *named[package], book) for package, units in inside.items()]


def parcels_of(plan: Plan) -> list[Parcel]:
    """Return boxes as a carrier sees them."""
    return [Parcel(each.weight_g, each.lengths_mm) for each in plan.cartons]


def grams(inside: Inside) -> int | None:
    """Return what units weigh without a box; None where nobody weighed one of them."""
    weights = [(line.sku.weight_g, units) for line, units in inside.items()]
    if any(weight is None for weight, _ in weights):
        return None
    return sum((weight or 0) * units for weight, units in weights)


def _parcel(inside: Inside, named: str, weighed: int | None, book: Book) -> Parcel:
    """A package as a carrier sees it: in no named box, in the smallest that holds it."""
    box = book.box(named) if named else None
    if box is None and not named:
        best = suggest([_units(*each) for each in inside.items()], book.boxes).best
        box = best.cartons[0].box if best and len(best.cartons) == 1 else None
    units = grams(inside)
    weight = None if units is None else units + (box.weight_g if box else 0)
    return Parcel(weight if weighed is None else weighed, box.lengths_mm if box else None)


def _units(line: FulfillmentOrderLine, count: int) -> Units:
    sku = line.sku
    return Units(line.pk, count, (sku.length_mm, sku.width_mm, sku.height_mm), sku.weight_g)


def _freight(work: FulfillmentOrder, order: Order, book: Book, at: datetime) -> Freight:
    allowed = services_of(book, order.channel_id)
    promise = Promise(work.service, order.deliver_by)

    def freight(plan: Plan) -> tuple[Decimal, str] | None:
        quotes = [
            each for each in _quotes(work, book, parcels_of(plan), at) if each.service in allowed
        ]
        best, _is_late = cheapest(
            quotes, services=book.services, promise=promise, currency=order.currency
        )
        return None if best is None or best.amount is None else (best.amount, best.currency)

    return freight


def _quotes(
    work: FulfillmentOrder, book: Book, parcels: Sequence[Parcel], at: datetime
) -> list[Quote]:
    place = work.location
    origin = Origin(place.pk, place.country, place.time_zone, place.cutoff_time, place.calendar)
    to = Destination(work.ship_to.country, work.ship_to.postal_code)
    return [quote(each, origin=origin, to=to, parcels=parcels, at=at) for each in book.services]
