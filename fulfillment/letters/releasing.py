"""What we write to customers who ordered something before it is out."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from inventory.selectors import release_dates
from oms.catalog.models import Sku
from oms.core.display import day_text
from oms.messaging.letters import Letter, LetterKind, Variable, write_to_customer
from oms.messaging.states import Audience, Medium
from orders.models import Order, OrderLine
from orders.selectors import status_url
from orders.states import OrderStatus


def release_moved(*, number: str, sku: str) -> Letter | None:
    """Tell on which day it comes out now; None when nothing of it is still to be sent."""
    order = Order.objects.select_related("channel").filter(number=number).first()
    if order is None or order.status != OrderStatus.OPEN or not (order.email or order.phone):
        return None
    lines = OrderLine.objects.filter(order=order, sku__code=sku)
    units = sum(line.quantity - line.cancelled - line.shipped for line in lines)
    if not units:
        return None
    found = Sku.objects.get(code=sku)
    return write_to_customer(
        RELEASE_MOVED,
        _values(order, found, lines[0].name, units),
        channel=order.channel,
        recipients=(order.email,) if order.email else (),
        thread=order.number,
        language=order.language,
        phone=order.phone,
    )


def _values(order: Order, sku: Sku, name: str, units: int) -> dict[str, Any]:
    with translation.override(order.language or "en"):
        day = day_text(sku.release_on) if sku.release_on and sku.pk in release_dates() else ""
    return {
        "first_name": (order.customer_name.split() or [""])[0],
        "shop": order.channel.name,
        "order": order.external_id or order.number,
        "name": name,
        "units": units,
        "day": day,
        "status_url": status_url(order),
    }


RELEASE_MOVED = LetterKind(
    key="fulfillment.release_moved",
    path="fulfillment.letters.release_moved",
    name=_("It comes out on another day"),
    audience=Audience.CUSTOMER,
    template="fulfillment/letters/release_moved",
    when=("sku.release_moved",),
    media=(Medium.EMAIL, Medium.SMS),
    variables={
        "first_name": Variable(words=_("The customer's first name"), sample="Robin"),
        "shop": Variable(words=_("The channel's name"), sample="Tea house"),
        "order": Variable(words=_("The number the customer knows"), sample="W-1001"),
        "name": Variable(words=_("What comes out"), sample="Winter tea 2026"),
        "units": Variable(words=_("How many of it are still to be sent"), sample=2),
        "day": Variable(words=_("The new day; empty: it is out now"), sample="1 December 2026"),
        "status_url": Variable(
            words=_("The customer's own page"), sample="https://shop.example/s/1"
        ),
    },
)
