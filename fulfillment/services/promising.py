"""The ledger of promised days: written from the feed, and scored when goods arrive."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Sum
from django.utils import timezone

from fulfillment.models import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    PromisedDate,
    PromiseReader,
    Shipment,
)
from fulfillment.rules.carriage import Promise, choose
from fulfillment.rules.promises import last_pickup
from fulfillment.rules.rates import Destination, Origin, Parcel, Quote, quote
from fulfillment.selectors import outlook, rate_book
from fulfillment.selectors.rates import services_of
from fulfillment.states import LIVE, PromiseBasis
from inventory.models import Location
from oms.core import sql
from oms.core.services import service
from oms.messaging.models import PublishedEvent
from oms.messaging.selectors import events_after
from orders.models import Order, OrderLine

MOVED = "fulfillment_order.moved"
READ = [
    "order.placed",
    "order.routed",
    "order.backordered",
    "shipment.shipped",
    "shipment.delivered",
    "fulfillment_order.rejected",
    MOVED,
    "order.cancelled",
]
MOST_EVENTS = 300
SCORE = """
UPDATE fulfillment_promiseddate p
   SET arrived_at = s.delivered_at,
       days_late = (s.delivered_at AT TIME ZONE coalesce(l.time_zone, %(zone)s))::date
                   - p.promised_on
  FROM fulfillment_shipment s
  JOIN fulfillment_fulfillmentorder w ON w.id = s.fulfillment_order_id
  JOIN fulfillment_promiseddate q ON q.order_id = w.order_id
  LEFT JOIN fulfillment_fulfillmentorder of ON of.id = q.fulfillment_order_id
  LEFT JOIN inventory_location l ON l.id = q.location_id
 WHERE s.number = ANY(%(shipments)s) AND s.delivered_at IS NOT NULL AND p.id = q.id
   AND (p.arrived_at IS NULL OR p.arrived_at < s.delivered_at)
   AND (of.id = w.id OR of.id IS NULL OR of.status IN ('rejected', 'cancelled'))
   AND NOT EXISTS (SELECT FROM fulfillment_shipment later
                    JOIN fulfillment_fulfillmentorder v ON v.id = later.fulfillment_order_id
                   WHERE v.order_id = w.order_id AND later.number = ANY(%(shipments)s)
                     AND (v.id = of.id OR of.id IS NULL OR of.status IN ('rejected', 'cancelled'))
                     AND later.delivered_at > s.delivered_at)
"""


@service
def note_promises() -> bool:
    """Write down the days that were promised since the last time, and score what arrived.

    The feed tells what happened; a fact that is read twice, or by two workers at once, makes one
    row. Returns whether more is left.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    reader, _ = PromiseReader.objects.get_or_create(pk=1)
    events = events_after(reader.sequence, channel=None, types=READ, limit=MOST_EVENTS)
    if not events:
        return False
    orders = _orders({each.thread for each in events})
    made = [
        *_by_channels(events, orders),
        *_by_rates(events, orders),
        *_by_supply(events, orders),
        *_by_parcels(events, orders),
    ]
    PromisedDate.objects.bulk_create(made, ignore_conflicts=True)
    delivered = [each.event.subject for each in events if each.name == "shipment.delivered"]
    if delivered:
        sql.run(SCORE + " RETURNING p.id", {"shipments": delivered, "zone": settings.TIME_ZONE})
    PromisedDate.objects.filter(is_open=True).exclude(fulfillment_order__status__in=LIVE).update(
        is_open=False
    )
    _close_earlier({each.event.subject for each in events if each.name == MOVED})
    last = events[-1].sequence
    PromiseReader.objects.filter(pk=1, sequence__lt=last).update(sequence=last)
    return len(events) == MOST_EVENTS


def _close_earlier(moved: Collection[str]) -> None:
    """Leave open only what was to be expected last of work that moved."""
    later = PromisedDate.objects.filter(
        fulfillment_order=OuterRef("fulfillment_order"), is_open=True, event__gt=OuterRef("event")
    )
    if moved:
        rows = PromisedDate.objects.filter(is_open=True, fulfillment_order__number__in=moved)
        rows.filter(Exists(later)).update(is_open=False)


def _orders(numbers: Collection[str]) -> dict[str, Order]:
    found = Order.objects.filter(number__in=numbers).select_related("channel")
    return {each.number: each for each in found}


def _by_channels(
    events: Sequence[PublishedEvent], orders: Mapping[str, Order]
) -> Iterator[PromisedDate]:
    for each in events:
        order = orders.get(each.thread)
        if each.name == "order.placed" and order and order.deliver_by:
            yield PromisedDate(
                order=order,
                channel=order.channel,
                basis=PromiseBasis.CHANNEL,
                said=f"{order.channel.name}, when it was placed",
                promised_on=timezone.localdate(order.deliver_by),
                event=each.sequence,
                made_at=each.event.happened_at,
            )


def _by_rates(
    events: Sequence[PublishedEvent], orders: Mapping[str, Order]
) -> Iterator[PromisedDate]:
    """What was to be expected of each piece of work as it was given, and where it moved to."""
    given: dict[str, PublishedEvent] = {}
    for each in events:
        if each.name == MOVED:
            given[each.event.subject] = each
        elif each.name == "order.routed":
            given |= {said["number"]: each for said in each.event.payload["fulfillment_orders"]}
    if not given:
        return
    rows = FulfillmentOrder.objects.filter(number__in=given).select_related("location")
    works = sorted((each for each in rows if not each.is_pickup), key=lambda each: each.pk)
    grams = _grams(works)
    first = _first_days({each.order_id for each in works})
    nth: dict[int, int] = defaultdict(int)
    for work in works:
        each = given[work.number]
        order = orders.get(each.thread)
        if order is None:
            continue
        best = _expected(work, order, grams.get(work.pk, 0), each.event.happened_at)
        if best is None or best.arrives_on is None:
            continue
        due = timezone.localdate(order.deliver_by) if order.deliver_by else None
        due = due or first.setdefault(order.pk, best.arrives_on)
        cutoff = best.service.cutoff or work.location.cutoff_time
        until = f", handed over by {cutoff:%H:%M}" if cutoff else ""
        yield PromisedDate(
            order=order,
            fulfillment_order=work,
            location=work.location,
            channel=order.channel,
            basis=PromiseBasis.RATES,
            said=f"{best.service.label}, {_days(best.days)}{until}",
            carrier=best.service.carrier,
            service=best.service.code,
            promised_on=best.arrives_on,
            leave_by=last_pickup(due, best.service, _origin(work.location), best.days),
            is_open=work.status in LIVE,
            event=each.sequence,
            nth=nth[each.sequence],
            made_at=each.event.happened_at,
        )
        nth[each.sequence] += 1


def _grams(works: Sequence[FulfillmentOrder]) -> dict[int, int]:
    lines = FulfillmentOrderLine.objects.filter(fulfillment_order__in=works).order_by()
    summed = lines.values_list("fulfillment_order_id").annotate(
        grams=Sum(F("quantity") * F("sku__weight_g"))
    )
    return {pk: grams or 0 for pk, grams in summed}


def _first_days(order_ids: Collection[int]) -> dict[int, date]:
    """What was first to be expected, by order."""
    rows = PromisedDate.objects.filter(order__in=order_ids, basis=PromiseBasis.RATES)
    found: dict[int, date] = {}
    for order_id, day in rows.order_by("event", "nth").values_list("order_id", "promised_on"):
        found.setdefault(order_id, day)
    return found


def _days(count: int) -> str:
    return f"{count} working day" if count == 1 else f"{count} working days"


def _expected(work: FulfillmentOrder, order: Order, grams: int, at: datetime) -> Quote | None:
    book = rate_book()
    to = Destination(work.ship_to.country, work.ship_to.postal_code)
    services = services_of(book, order.channel_id)
    quotes = [
        quote(each, origin=_origin(work.location), to=to, parcels=[Parcel(grams)], at=at)
        for each in services
    ]
    promise = Promise(work.service, order.deliver_by)
    return choose(quotes, services=services, promise=promise, currency=order.currency).best


def _origin(place: Location) -> Origin:
    return Origin(place.pk, place.country, place.time_zone, place.cutoff_time, place.calendar)


def _by_supply(
    events: Sequence[PublishedEvent], orders: Mapping[str, Order]
) -> Iterator[PromisedDate]:
    """The day on which the last waiting unit is expected to come in."""
    short = {each.thread: each for each in events if each.name == "order.backordered"}
    waiting = [orders[number] for number in short if number in orders]
    lines = list(OrderLine.objects.filter(order__in=waiting, backordered__gt=0))
    if not lines:
        return
    told = outlook({line.stock_id for line in lines}, at=timezone.now(), of_days_alone=True).told
    days: dict[int, list[date | None]] = defaultdict(list)
    for line in lines:
        found = told.get(line.pk, [])
        days[line.order_id] += [each.on for each in found] or [None]
    for order in waiting:
        known = days[order.pk]
        last = max((day for day in known if day), default=None)
        if last is None or None in known:
            continue
        each = short[order.number]
        yield PromisedDate(
            order=order,
            channel=order.channel,
            basis=PromiseBasis.SUPPLY,
            said="Supplier's day, by the place in the queue",
            promised_on=last,
            event=each.sequence,
            made_at=each.event.happened_at,
        )


def _by_parcels(
    events: Sequence[PublishedEvent], orders: Mapping[str, Order]
) -> Iterator[PromisedDate]:
    left = {each.event.subject: each for each in events if each.name == "shipment.shipped"}
    rows = Shipment.objects.filter(number__in=left, expected_on__isnull=False)
    for parcel in rows.select_related("fulfillment_order"):
        each, work = left[parcel.number], parcel.fulfillment_order
        order = orders.get(each.thread)
        if order is not None and parcel.expected_on is not None:
            yield PromisedDate(
                order=order,
                fulfillment_order=work,
                location_id=work.location_id,
                channel=order.channel,
                basis=PromiseBasis.PARCEL,
                said=f"{parcel.carrier} {parcel.service}, as it left".strip(),
                carrier=parcel.carrier,
                service=parcel.service,
                promised_on=parcel.expected_on,
                event=each.sequence,
                made_at=each.event.happened_at,
            )
