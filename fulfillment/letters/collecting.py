"""What we write to customers who collect their order."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from fulfillment.models import FulfillmentOrderLine, Pickup
from fulfillment.rules.pickups import UNCOLLECTED_AFTER
from fulfillment.selectors import pickup_waiting
from oms.messaging.letters import Letter, LetterKind, Variable, write_to_customer
from oms.messaging.states import Audience, Medium
from orders.selectors import status_url


def ready_for_pickup(*, number: str) -> Letter | None:
    """Tell where the order waits, until when, and the code to show; None once it is collected."""
    pickup = pickup_waiting(number)
    if pickup is None or not pickup.fulfillment_order.order.email:
        return None
    order = pickup.fulfillment_order.order
    return write_to_customer(
        READY_FOR_PICKUP,
        _values(pickup),
        channel=order.channel,
        recipients=(order.email,),
        thread=order.number,
        language=order.language,
        phone=order.phone,
    )


def ready_for_pickup_values(number: str) -> dict[str, Any] | None:
    """Return what the letter would say of a fulfillment order."""
    pickup = pickup_waiting(number)
    return None if pickup is None else _values(pickup)


def _values(pickup: Pickup) -> dict[str, Any]:
    work = pickup.fulfillment_order
    order, place = work.order, work.location
    lines = FulfillmentOrderLine.objects.filter(fulfillment_order=work, quantity__gt=0)
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    return {
        "first_name": (order.customer_name.split() or [""])[0],
        "shop": order.channel.name,
        "order": order.external_id or order.number,
        "place": place.name,
        "address": ", ".join(part for part in (place.line1, town) if part),
        "code": pickup.code,
        "days": UNCOLLECTED_AFTER.days,
        "goods": [
            {"units": line.quantity, "name": line.order_line.name}
            for line in lines.select_related("order_line").order_by("pk")
        ],
        "status_url": status_url(order),
    }


READY_FOR_PICKUP = LetterKind(
    key="fulfillment.ready_for_pickup",
    path="fulfillment.letters.ready_for_pickup",
    name=_("Ready to collect"),
    audience=Audience.CUSTOMER,
    template="fulfillment/letters/ready_for_pickup",
    when=("fulfillment_order.ready_for_pickup",),
    media=(Medium.EMAIL, Medium.SMS),
    variables={
        "first_name": Variable(words=_("The customer's first name"), sample="Robin"),
        "shop": Variable(words=_("The channel's name"), sample="Tea house"),
        "order": Variable(words=_("The number the customer knows"), sample="W-1001"),
        "place": Variable(words=_("Where it waits"), sample="Amsterdam shop"),
        "address": Variable(
            words=_("The address there"), sample="Haarlemmerstraat 80, 1013 EV Amsterdam"
        ),
        "code": Variable(words=_("The code to show"), sample="K4TM9X"),
        "days": Variable(words=_("How many days it waits"), sample=7),
        "goods": Variable(
            words=_("What waits"),
            sample=[{"units": 2, "name": "Green tea"}],
            fields={"units": _("How many"), "name": _("Of what")},
        ),
        "status_url": Variable(
            words=_("The customer's own page"), sample="https://shop.example/s/1"
        ),
    },
    example="fulfillment.letters.collecting.ready_for_pickup_values",
    example_of=_("a fulfillment order that waits to be collected"),
)
