"""Reads: work by place and step, documents as they are shown, who may see what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fulfillment.models import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    Package,
    PackageLine,
    PackedLot,
    PackingSlip,
    Shipment,
    SourcingDecision,
)
from fulfillment.states import BEFORE_PICKED, LIVE, FulfillmentOrderStatus
from inventory.models import Location
from inventory.selectors import visible_location_ids
from oms.channels.principals import Principal
from oms.core import sql
from oms.core.models import User
from oms.core.prepared import prepared
from oms.core.shell import Found
from orders.models import Order
from orders.states import Stop

S = FulfillmentOrderStatus


def work_of_user(user: User) -> QuerySet[FulfillmentOrder]:
    """Return the fulfillment orders of the locations that `user` sees."""
    return _at(FulfillmentOrder.objects.select_related("order", "location"), user, "location")


def with_work_at(orders: QuerySet[Order], location_ids: Sequence[int]) -> QuerySet[Order]:
    """Narrow orders to those that have, or had, work at these locations."""
    works = FulfillmentOrder.objects.filter(order=OuterRef("pk"), location__in=location_ids)
    return orders.filter(Exists(works))


def shipments_of_user(user: User) -> QuerySet[Shipment]:
    """Return what left the locations that `user` sees."""
    shipments = Shipment.objects.select_related(
        "fulfillment_order__order", "fulfillment_order__location"
    )
    return _at(shipments, user, "fulfillment_order__location")


def work_of_principal(principal: Principal) -> QuerySet[FulfillmentOrder]:
    """Return what a key may see: a channel its orders' work, a person their places'."""
    if principal.channel:
        return _work_of_channel(principal.channel.pk)
    return work_of_user(principal.person)


def seen_by_principal(principal: Principal, number: str) -> int | None:
    """Return the key of work with this number, where `principal` sees it."""
    if principal.channel:
        found = _numbered(number=number, channel_id=principal.channel.pk)
        return found[0].pk if found else None
    works = work_of_user(principal.person).filter(number=number)
    return works.values_list("pk", flat=True).first()


@prepared
def _numbered(*, number: str, channel_id: int) -> QuerySet[FulfillmentOrder]:
    return _work_of_channel(channel_id).filter(number=number).only("pk")


def _work_of_channel(channel_id: int) -> QuerySet[FulfillmentOrder]:
    return FulfillmentOrder.objects.filter(order__channel_id=channel_id)


def shipment_list(user: User, location_ids: Sequence[int] | None) -> QuerySet[Shipment]:
    """Return what left these locations (None: all), as far as `user` sees them."""
    found = shipments_of_user(user)
    if location_ids is None:
        return found
    return found.filter(fulfillment_order__location__in=location_ids)


def shipments_of_principal(principal: Principal) -> QuerySet[Shipment]:
    """Return the shipments that a key may see."""
    if principal.channel:
        return Shipment.objects.filter(fulfillment_order__order__channel_id=principal.channel.pk)
    return shipments_of_user(principal.person)


def _at(queryset: QuerySet[Any], user: User, location: str) -> QuerySet[Any]:
    ids = visible_location_ids(user)
    return queryset if ids is None else queryset.filter(**{f"{location}_id__in": ids})


@dataclass(frozen=True)
class Step:
    """A place in the flow of work: what stands there, and what a hold may stop."""

    key: str
    label: Any
    statuses: tuple[str, ...]
    stop: str | None

    @property
    def standing(self) -> Q:
        """What can be worked on at this step now."""
        here = Q(status__in=self.statuses)
        if self.stop is None:
            return here
        return here & Q(hold_reason="") & ~Q(stops__contains=[self.stop])


STEPS = (
    Step("release", _("To release"), (S.OPEN,), Stop.PICK),
    Step("pick", _("To pick"), (S.RELEASED,), Stop.PICK),
    Step("picking", _("Picking"), (S.PICKING,), Stop.PICK),
    Step("pack", _("To pack"), (S.PICKED,), Stop.PACK),
    Step("ship", _("To ship"), (S.PACKED,), Stop.SHIP),
    Step("scheduled", _("Scheduled"), (S.SCHEDULED,), Stop.PICK),
    Step("shipped", _("Shipped"), (S.SHIPPED, S.DELIVERED), None),
)
STEP_OF_STATUS = {status: step for step in STEPS for status in step.statuses}
HOLD = "hold"
ON_HOLD = Step(HOLD, _("On hold"), tuple(LIVE), None)

STEP_SQL = """
CASE WHEN f.hold_reason <> '' THEN 'hold'
     WHEN f.status = 'scheduled'
         THEN CASE WHEN 'pick' = ANY(f.stops) THEN 'hold' ELSE 'scheduled' END
     WHEN f.status = 'open'
         THEN CASE WHEN 'pick' = ANY(f.stops) THEN 'hold' ELSE 'release' END
     WHEN f.status = 'released'
         THEN CASE WHEN 'pick' = ANY(f.stops) THEN 'hold' ELSE 'pick' END
     WHEN f.status = 'picking'
         THEN CASE WHEN 'pick' = ANY(f.stops) THEN 'hold' ELSE 'picking' END
     WHEN f.status = 'picked'
         THEN CASE WHEN 'pack' = ANY(f.stops) THEN 'hold' ELSE 'pack' END
     ELSE CASE WHEN 'ship' = ANY(f.stops) THEN 'hold' ELSE 'ship' END
END
"""


def _shipments_of_lot(code: str) -> QuerySet[PackedLot, int | None]:
    """The shipments that a serial number left with."""
    found = PackedLot.objects.filter(code=code, is_serial=True)
    return found.values_list("package_line__package__shipment", flat=True)


@dataclass(frozen=True)
class Standing:
    """How much work stands at a step, and since when."""

    orders: int
    units: int
    oldest: datetime | None


def standing_work(location_ids: Sequence[int] | None) -> dict[str, Standing]:
    """Return the open work of these locations (None: all) by step, `hold` among them. One query."""
    rows = sql.run(
        f"SELECT {STEP_SQL} AS step, count(*), coalesce(sum(f.units), 0), min(f.created_at) "  # noqa: S608 (our own words)
        "FROM fulfillment_fulfillmentorder f "
        "WHERE f.status = ANY(%s) AND (%s::bigint[] IS NULL OR f.location_id = ANY(%s)) "
        "GROUP BY 1",
        [[str(each) for each in LIVE], location_ids, location_ids],
    )
    return {step: Standing(count, units, oldest) for step, count, units, oldest in rows}


def on_hold() -> Q:
    """What a hold keeps from its next step."""
    stopped = Q(hold_reason__gt="")
    for step in STEPS:
        if step.stop:
            stopped |= Q(status__in=step.statuses, stops__contains=[step.stop])
    return Q(status__in=LIVE) & stopped


def queue(user: User, *, step: str, location_ids: Sequence[int]) -> QuerySet[FulfillmentOrder]:
    """Return the work at `step` in these locations, as far as `user` sees them."""
    found = work_of_user(user).filter(location__in=location_ids)
    if step == HOLD:
        return found.filter(on_hold())
    chosen = next((each for each in STEPS if each.key == step), STEPS[0])
    return found.filter(chosen.standing)


def location_ids_of(codes: Sequence[str]) -> list[int]:
    """Return the ids of the locations with these codes."""
    return list(Location.objects.filter(code__in=codes).values_list("pk", flat=True))


def location_id_of(code: str) -> int | None:
    """Return the id of the location with this code; None where there is none."""
    return next(iter(location_ids_of([code])), None)


def work_count(user: User, locations: Sequence[str]) -> int:
    """Return how much work waits in these locations (codes): everything not shipped yet."""
    found = FulfillmentOrder.objects.filter(status__in=LIVE)
    if visible_location_ids(user) is not None:
        found = found.filter(location__code__in=locations)
    return found.count()


def lines_of(work: FulfillmentOrder) -> list[FulfillmentOrderLine]:
    """Return its lines in the order in which one walks past their bins. One query."""
    lines = work.lines.select_related("sku", "order_line", "reservation__level")
    return list(lines.order_by("reservation__level__bin", "sku__code", "pk"))


def lines_of_others(work: FulfillmentOrder) -> list[FulfillmentOrderLine]:
    """Return what the other work for the same order serves. One query."""
    return list(
        FulfillmentOrderLine.objects.filter(fulfillment_order__order=work.order_id, quantity__gt=0)
        .exclude(fulfillment_order=work)
        .select_related("order_line", "fulfillment_order__location")
        .order_by("pk")
    )


def mergeable_with(work: FulfillmentOrder) -> list[FulfillmentOrder]:
    """Return the other work of its order that it can be merged with. One query."""
    others = FulfillmentOrder.objects.filter(
        order=work.order_id,
        location=work.location_id,
        status=work.status,
        service=work.service,
        hold_reason=work.hold_reason,
        units__gt=0,
    )
    if work.status not in BEFORE_PICKED:
        return []
    found = others.exclude(pk=work.pk).order_by("pk")
    return [each for each in found if each.ship_to == work.ship_to]


def slip_of(work: FulfillmentOrder) -> PackingSlip | None:
    """Return its packing slip, made or on its way; None when nobody asked for one."""
    return PackingSlip.objects.filter(fulfillment_order=work).first()


def decisions_of(order_ids: Iterable[int]) -> QuerySet[SourcingDecision]:
    """Return why these locations were chosen, newest first."""
    return SourcingDecision.objects.filter(order__in=order_ids).order_by("-pk")


def find(query: str, user: User) -> list[Found]:
    """Find work and shipments by number or tracking number, for the command palette."""
    found: list[Found] = []
    wanted = query.strip().upper()
    if user.has_perm("fulfillment.view_fulfillmentorder") and wanted.startswith("FO-"):
        works = work_of_user(user).filter(number__startswith=wanted).order_by("number")[:5]
        found += [
            Found(
                label=work.number,
                detail=f"{work.location.name}, {work.get_status_display()}",
                url=reverse("fulfillment:detail", args=[work.number]),
                icon="i-truck",
            )
            for work in works
        ]
    if user.has_perm("fulfillment.view_shipment") and len(wanted) > 3:
        shipments = shipments_of_user(user).filter(
            Q(number=wanted)
            | Q(tracking_number=query.strip())
            | Q(pk__in=_shipments_of_lot(query.strip()))
        )
        found += [
            Found(
                label=shipment.number,
                detail=" ".join(
                    part for part in (shipment.carrier, shipment.tracking_number) if part
                ),
                url=reverse("fulfillment:shipment", args=[shipment.number]),
                icon="i-truck",
            )
            for shipment in shipments.order_by("pk")[:5]
        ]
    return found


def packages_of(work_ids: Sequence[int]) -> dict[int, list[Package]]:
    """Return the packages of this work with their contents, by fulfillment order. Two queries."""
    rows = (
        Package.objects.filter(fulfillment_order__in=work_ids)
        .select_related("shipment")
        .prefetch_related(Prefetch("lines", _contents()))
        .order_by("nth")
    )
    found: dict[int, list[Package]] = {}
    for package in rows:
        found.setdefault(package.fulfillment_order_id, []).append(package)
    return found


def _contents() -> QuerySet[PackageLine]:
    """What is in packages; `lot_units` are the lots or serial numbers, with how many units."""
    lots = PackedLot.objects.filter(package_line=OuterRef("pk")).order_by("pk")
    units = ArraySubquery(lots.values(said=JSONObject(code="code", quantity="quantity")))
    found = PackageLine.objects.select_related("line__order_line").annotate(lot_units=units)
    return found.order_by("pk")


def works_of(order: Order) -> list[FulfillmentOrder]:
    """Return everybody's work for an order, in the order in which it was given. One query."""
    return list(
        FulfillmentOrder.objects.filter(order=order).select_related("location").order_by("pk")
    )


def lines_by_work(work_ids: Sequence[int]) -> dict[int, list[FulfillmentOrderLine]]:
    """Return the lines that still have units, by fulfillment order. One query."""
    rows = (
        FulfillmentOrderLine.objects.filter(fulfillment_order__in=work_ids, quantity__gt=0)
        .select_related("order_line", "reservation__level")
        .order_by("pk")
    )
    found: dict[int, list[FulfillmentOrderLine]] = {}
    for line in rows:
        found.setdefault(line.fulfillment_order_id, []).append(line)
    return found


def shipments_of(order: Order) -> list[Shipment]:
    """Return what left of an order, with the contents of its packages. Three queries."""
    packages = Package.objects.order_by("nth").prefetch_related(Prefetch("lines", _contents()))
    return list(
        Shipment.objects.filter(fulfillment_order__order=order)
        .select_related("fulfillment_order")
        .prefetch_related(Prefetch("packages", packages))
        .order_by("pk")
    )
