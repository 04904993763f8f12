"""Kits that customers of the tea house ordered: one that leaves, one that waits for a part."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from oms.catalog.models import Sku
from oms.channels.demo import principal
from oms.core.actors import Actor
from oms.core.demo import SLUG, Demo
from oms.core.money import rounded
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import services
from orders.demo import PEOPLE
from orders.models import Order
from orders.rules.pricing import price
from orders.rules.wanted import NewLine, NewOrder, NewPayment

BASKETS = (
    # days ago, person, basket
    (6.0, 1, {"KIT-BREAKFAST": 1}),
    (2.2, 10, {"KIT-MATCHA": 1, "TEA-GREEN-1": 2}),
    (0.3, 15, {"KIT-GONGFU": 4}),
)


def kits(demo: Demo) -> None:
    """Place orders for kits; only where there are none yet."""
    if Order.objects.filter(channel__slug=SLUG, external_id="K-1").exists():
        return
    for nth, (days, person, basket) in enumerate(BASKETS, start=1):
        place_basket(f"K-{nth}", basket, person=person, at=demo.now - timedelta(days=days))


def place_basket(external_id: str, basket: dict[str, int], *, person: int, at: datetime) -> None:
    """Place an order of one of the usual people, paid for."""
    skus = Sku.objects.in_bulk(basket, field_name="code")
    name, line1, city, region, postal_code, country, language = PEOPLE[person]
    lines = []
    for code, units in basket.items():
        each = skus[code].price or Decimal(0)
        lines.append(NewLine(code, units, each, tax=rounded(each * units * Decimal("0.21"), "EUR")))
    wanted = NewOrder(
        external_id=external_id,
        placed_at=at,
        currency="EUR",
        customer=CustomerDetails(
            name=name,
            external_id=f"c-{person + 1}",
            email=f"{name.split()[0].lower()}@example.com",
            language=language,
        ),
        ship_to=Address(
            name=name,
            line1=line1,
            city=city,
            region=region,
            postal_code=postal_code,
            country=country,
        ),
        lines=tuple(lines),
        service="standard",
    )
    paid = NewPayment("card", "captured", price(wanted).total, reference=f"ch_{external_id}")
    services.place_order(
        wanted=replace(wanted, payments=(paid,)),
        channel=principal(SLUG),
        by=Actor.channel(SLUG),
        at=at,
    )
