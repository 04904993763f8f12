"""Work and parcels of the demo that are good examples."""

from django.urls import reverse

from fulfillment.models import FulfillmentOrder, Pickup, Shipment
from oms.core.demo_examples import Example
from orders.demo_examples import orders_by_fate

WORK = ("placed", "released", "picking", "picked", "packed", "work_held", "rejected")
PARCELS = ("in_transit", "exception", "delivered")


def examples() -> dict[str, Example]:
    """Return `work.released` (to pick), `work.picked` (to pack) and so on, `parcel.in_transit`."""
    fates = orders_by_fate()
    works = dict(
        FulfillmentOrder.objects.filter(order__number__in=fates.values())
        .order_by("-id")
        .values_list("order__number", "number")
    )
    parcels = dict(
        Shipment.objects.filter(fulfillment_order__order__number__in=fates.values())
        .order_by("-id")
        .values_list("fulfillment_order__order__number", "number")
    )
    found = {}
    for kind, wanted, known, page in (
        ("work", WORK, works, "fulfillment:detail"),
        ("parcel", PARCELS, parcels, "fulfillment:shipment"),
    ):
        for fate in wanted:
            if number := known.get(fates.get(fate, "")):
                found[f"{kind}.{fate}"] = Example(number, reverse(page, args=[number]))
    if waiting := Pickup.objects.filter(handed_over_at=None).order_by("-ready_at").first():
        number = waiting.fulfillment_order.number
        found["work.pickup"] = Example(number, reverse("fulfillment:detail", args=[number]))
    return found
