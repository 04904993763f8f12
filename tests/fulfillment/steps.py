"""Short ways through warehouse work, for tests that begin in the middle of it."""

from django.utils import timezone

from fulfillment import services
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, RoutingVersion
from fulfillment.rules.reading import parse
from fulfillment.rules.writing import document_of
from fulfillment.selectors import forget_live_rules
from oms.core.actors import Actor

KIM = Actor("user", "kim")


def work_of(order):
    """The fulfillment orders of an order, oldest first."""
    return list(FulfillmentOrder.objects.filter(order=order).order_by("id"))


def only_work_of(order):
    [work] = work_of(order)
    return work


def released(work):
    return services.release_work(number=work.number, by=KIM, at=timezone.now())


def picked(work, lines=None, reason=""):
    counted = lines and [services.Counted(sku, units) for sku, units in lines.items()]
    return services.pick(
        number=work.number, lines=counted, reason=reason, by=KIM, at=timezone.now()
    )


def packed(work, packages=()):
    picked(work)
    return services.pack(number=work.number, packages=packages, by=KIM, at=timezone.now())


def shipped(work, **named):
    packed(work)
    return services.ship(number=work.number, by=KIM, at=timezone.now(), **named)


def said(shipment, status, at=None, **named):
    return services.record_tracking(
        number=shipment.number, status=status, occurred_at=at or timezone.now(), by=KIM, **named
    )


def counters(order):
    """What each line of an order has reached, by SKU."""
    names = ("allocated", "backordered", "picked", "packed", "shipped", "delivered")
    return {
        line.sku_code: {name: getattr(line, name) for name in names if getattr(line, name)}
        for line in order.lines.order_by("position")
    }


def units_of(work):
    """`(quantity, picked, packed, shipped)` of each line, by SKU."""
    lines = FulfillmentOrderLine.objects.filter(fulfillment_order=work).select_related("sku")
    return {
        line.sku.code: (line.quantity, line.picked, line.packed, line.shipped) for line in lines
    }


def status_of(work):
    return FulfillmentOrder.objects.get(pk=work.pk).status


def follow_rules(*steps, groups=None, **routing):
    """Have orders served by a rule book of one routing, from now on."""
    routing = {"name": "Tea", "steps": list(steps), **routing}
    document = {"groups": groups or {}, "routings": [routing]}
    now = timezone.now()
    last = RoutingVersion.objects.order_by("-number").values_list("number", flat=True).first()
    RoutingVersion.objects.filter(status="live").update(status="replaced")
    RoutingVersion.objects.create(
        number=(last or 0) + 1,
        status="live",
        rules=document_of(parse(document)),
        made_by="user:olga",
        made_at=now,
        changed_by="user:olga",
        changed_at=now,
        published_by="user:olga",
        published_at=now,
    )
    forget_live_rules()
