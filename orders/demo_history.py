"""What the tea house sold before it moved in here: wholesale orders, brought over as they ended."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.core.demo import BY, SLUG, Demo
from oms.core.money import rounded
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.models import Order
from orders.rules.pricing import price
from orders.rules.wanted import NewLine, NewOrder, NewPayment
from orders.services.recording import record_past_order


@dataclass(frozen=True)
class Past:
    """An order of a café or hotel, and how long ago it was."""

    external_id: str
    name: str
    city: str
    country: str
    days_ago: int
    basket: dict[str, int]


ORDERS = (
    Past("H-201", "Café Linde", "Leipzig", "DE", 190, {"TRAY-OAK": 60, "CUP-GLASS-2": 180}),
    Past("H-202", "Hotel De Kade", "Ghent", "BE", 165, {"TRAY-OAK": 72, "CUP-GLASS-2": 240}),
    Past("H-203", "Harbor Tea Rooms", "Boston", "US", 128, {"CUP-GLASS-2": 96, "TEA-BLACK-2": 40}),
    Past("H-204", "Maison Aubépine", "Rouen", "FR", 40, {"CUP-GLASS-2": 48, "TEA-BLACK-1": 90}),
)


def history(demo: Demo) -> None:
    """Bring over what was sold and delivered before; only once."""
    channel = Channel.objects.get(slug=SLUG)
    named = [past.external_id for past in ORDERS]
    known = Order.objects.filter(channel=channel, external_id__in=named)
    if known.exists():
        return
    principal = ChannelPrincipal(
        channel.pk, channel.slug, channel.stock_policy, channel.payment_gateway
    )
    codes = {code for past in ORDERS for code in past.basket}
    skus = Sku.objects.in_bulk(codes, field_name="code")
    for past in ORDERS:
        record_past_order(
            wanted=_order(past, demo, skus),
            status="completed",
            channel=principal,
            by=BY,
            at=demo.now,
        )


def _order(past: Past, demo: Demo, skus: dict[str, Sku]) -> NewOrder:
    lines = []
    for code, units in past.basket.items():
        unit_price = skus[code].price or Decimal(0)
        tax = rounded(unit_price * units * Decimal("0.21"), "EUR")
        lines.append(NewLine(code, units, unit_price, tax=tax))

    def order(*payments: NewPayment) -> NewOrder:
        return NewOrder(
            external_id=past.external_id,
            placed_at=demo.now - timedelta(days=past.days_ago),
            currency="EUR",
            customer=CustomerDetails(name=past.name, external_id=f"b-{past.external_id}"),
            ship_to=Address(
                name=past.name, line1="1 Market Square", city=past.city, country=past.country
            ),
            lines=tuple(lines),
            payments=payments,
        )

    total = price(order()).total
    return order(NewPayment("invoice", "captured", total, reference=past.external_id))
