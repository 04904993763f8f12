"""What people put together in the tea house's shops, as an order."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from oms.catalog.models import Sku
from oms.channels.demo import EXPORT
from oms.core.money import ZERO, rounded
from orders.demo_people import Person
from orders.rules.pricing import price
from orders.rules.wanted import NewLine, NewOrder, NewPayment

DOLLARS = Decimal("1.15")
TAX = Decimal("0.21")
UNTAXED = {"US", "GB"}
PROMISED = timedelta(days=6)


def basket(
    external_id: str, who: Person, units: dict[Sku, int], at: datetime, channel: str
) -> NewOrder:
    """Return the order of these units, unpaid; the American shop sells in dollars."""
    currency = "USD" if channel == EXPORT else "EUR"
    rate = ZERO if who.address.country in UNTAXED else TAX
    lines = []
    for sku, quantity in units.items():
        asked = sku.price or ZERO
        each = rounded(asked * DOLLARS, currency) if currency == "USD" else asked
        tax = rounded(each * quantity * rate, currency)
        lines.append(NewLine(sku.code, quantity, each, tax=tax))
    shipping = Decimal("4.95")
    return NewOrder(
        external_id=external_id,
        placed_at=at,
        currency=currency,
        customer=who.details,
        ship_to=who.address,
        lines=tuple(lines),
        service="standard",
        shipping_amount=shipping,
        shipping_tax=rounded(shipping * rate, currency),
        deliver_by=at + PROMISED,
    )


def paid(wanted: NewOrder, method: str = "card") -> NewOrder:
    """Return it with all of it captured."""
    total = price(wanted).total
    payment = NewPayment(method, "captured", total, reference=f"ch_{wanted.external_id}")
    return replace(wanted, payments=(payment,))
