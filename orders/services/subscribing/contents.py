"""What comes with a delivery, at which prices, and the order that it makes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku
from oms.core.money import ZERO, rounded
from oms.customers.services import CustomerDetails
from orders.errors import PriceNeeded
from orders.models import Cycle, CycleLine, Subscription, SubscriptionLine
from orders.rules.contracts import ContentLine, WantedLine
from orders.rules.pricing import price
from orders.rules.wanted import NewLine, NewOrder
from orders.states import CycleStatus, PricePolicy

HUNDRED = 100


def contents_of(subscription: Subscription, cycle: Cycle | None = None) -> list[ContentLine]:
    """Return what comes with `cycle`, or with every delivery. One or two queries."""
    rows: list[CycleLine] | list[SubscriptionLine] = []
    if cycle is not None and (cycle.is_changed or cycle.status != CycleStatus.PLANNED):
        rows = list(cycle.lines.select_related("sku").order_by("position"))
    if not rows:
        rows = list(subscription.lines.select_related("sku").order_by("position"))
    return [
        ContentLine(
            sku_id=row.sku_id,
            sku=row.sku.code,
            name=row.sku.name,
            quantity=row.quantity,
            unit_price=row.unit_price,
            tax_rate=row.tax_rate,
        )
        for row in rows
    ]


def agreed(
    wanted: Sequence[WantedLine], currency: str, known: Iterable[ContentLine] = ()
) -> list[ContentLine]:
    """Return wanted lines with their prices: as said, as agreed before, or as the catalog has it.

    Raises: UnknownSku, PriceNeeded.
    """
    skus = Sku.objects.in_bulk([line.sku for line in wanted], field_name="code")
    if missing := sorted({line.sku for line in wanted} - skus.keys()):
        raise UnknownSku(skus=missing)
    before = {line.sku: line for line in known}
    usual = next((line.tax_rate for line in before.values()), ZERO)
    found = []
    for line in wanted:
        sku, earlier = skus[line.sku], before.get(line.sku)
        unit_price = line.unit_price
        if unit_price is None:
            unit_price = earlier.unit_price if earlier else _catalog_price(sku, currency)
        tax_rate = line.tax_rate
        if tax_rate is None:
            tax_rate = earlier.tax_rate if earlier else usual
        found.append(
            ContentLine(
                sku_id=sku.pk,
                sku=sku.code,
                name=sku.name,
                quantity=line.quantity,
                unit_price=unit_price,
                tax_rate=tax_rate,
            )
        )
    return found


def _catalog_price(sku: Sku, currency: str) -> Decimal:
    if sku.price is None or sku.currency not in ("", currency):
        raise PriceNeeded(sku=sku.code, currency=currency)
    return sku.price


def at_prices_of_the_day(
    subscription: Subscription, lines: Sequence[ContentLine]
) -> list[ContentLine]:
    """Return the lines as the price policy has them now; what has no price keeps the agreed one."""
    if subscription.price_policy != PricePolicy.CURRENT:
        return list(lines)
    skus = Sku.objects.in_bulk([line.sku_id for line in lines])
    found = []
    for line in lines:
        sku = skus[line.sku_id]
        if sku.price is not None and sku.currency in ("", subscription.currency):
            line = replace(line, unit_price=sku.price)
        found.append(line)
    return found


def keep_lines_of_cycle(
    cycle: Cycle, lines: Sequence[ContentLine], *, instead: bool = True
) -> None:
    """Give a delivery lines of its own, `instead` of those it may have."""
    if instead:
        cycle.lines.all().delete()
    CycleLine.objects.bulk_create(
        CycleLine(cycle_id=cycle.pk, **_columns(n, line)) for n, line in _numbered(lines)
    )


def keep_lines(subscription: Subscription, lines: Sequence[ContentLine]) -> None:
    subscription.lines.all().delete()
    SubscriptionLine.objects.bulk_create(
        SubscriptionLine(subscription_id=subscription.pk, **_columns(n, line))
        for n, line in _numbered(lines)
    )


def _numbered(lines: Sequence[ContentLine]) -> Iterable[tuple[int, ContentLine]]:
    return enumerate(lines, start=1)


def _columns(position: int, line: ContentLine) -> dict[str, Any]:
    return {
        "position": position,
        "sku_id": line.sku_id,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "tax_rate": line.tax_rate,
    }


def order_for(
    subscription: Subscription,
    lines: Sequence[ContentLine],
    at: datetime,
    cycle: Cycle | None = None,
) -> NewOrder:
    """Return the order that these lines make; `cycle` names it, once for ever."""
    index = cycle.index if cycle else 0
    return NewOrder(
        external_id=f"{subscription.number}-{index}",
        placed_at=at,
        currency=subscription.currency,
        customer=CustomerDetails(
            name=subscription.customer_name,
            external_id=subscription.customer_external_id,
            email=subscription.email,
            phone=subscription.phone,
            language=subscription.language,
        ),
        ship_to=(cycle and cycle.ship_to) or subscription.ship_to,
        bill_to=subscription.bill_to,
        lines=tuple(
            NewLine(
                sku=line.sku,
                quantity=line.quantity,
                unit_price=line.unit_price,
                tax=rounded(
                    line.quantity * line.unit_price * line.tax_rate / HUNDRED,
                    subscription.currency,
                ),
            )
            for line in lines
        ),
        service=subscription.service,
        shipping_amount=subscription.shipping_amount,
        shipping_tax=subscription.shipping_tax_amount,
        metadata={"subscription": subscription.number, "delivery": index},
    )


def total_of(subscription: Subscription, lines: Sequence[ContentLine], at: datetime) -> Decimal:
    """Return what a delivery of these lines costs.

    Raises: AmountDoesNotFit.
    """
    return price(order_for(subscription, lines, at)).total
