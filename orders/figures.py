"""What was sold: by country, month, channel or SKU."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.reports import standing_stock
from oms.core.money import ZERO, rounded
from oms.core.reports import Asked, Key, Measure, Report, Row, merged, reading
from orders.models import Order, OrderLine
from orders.reports import slow_sellers
from orders.states import OrderStatus

MOMENT = DateTimeField()
AMOUNT = DecimalField(max_digits=24, decimal_places=6)


def month(path: str) -> Func:
    """Return the month of a moment, `2026-11`, in the zone of the installation."""
    there = Func(Value(settings.TIME_ZONE), F(path), function="timezone", output_field=MOMENT)
    return Func(there, Value("YYYY-MM"), function="to_char", output_field=CharField())


COUNTRY = Key("country", _("Country"), lambda path: KeyTextTransform("country", f"{path}ship_to"))
MONTH = Key("month", _("Month"), lambda path: month(f"{path}placed_at"), in_time=True)
CHANNEL = Key("channel", _("Channel"), lambda path: F(f"{path}channel__slug"))
SKU = Key("sku", _("SKU"), lambda path: F("sku_code"))


def placed(asked: Asked, path: str = "") -> Q:
    """Orders that stand and were placed in the span, for rows that reach them by `path`."""
    wanted = ~Q(**{f"{path}status__in": [OrderStatus.DRAFT, OrderStatus.CANCELLED]})
    if asked.since:
        wanted &= Q(**{f"{path}placed_at__gte": asked.since})
    if asked.until:
        wanted &= Q(**{f"{path}placed_at__lt": asked.until})
    if asked.currency:
        wanted &= Q(**{f"{path}currency": asked.currency})
    if asked.channel_id:
        wanted &= Q(**{f"{path}channel": asked.channel_id})
    return wanted


def keyed(rows: QuerySet[Any], key: Key, path: str = "") -> QuerySet[Any, dict[str, Any]]:
    """Put rows together by key and currency."""
    found: QuerySet[Any, dict[str, Any]] = (
        rows.annotate(by_key=Coalesce(Cast(key.of(path), CharField()), Value("")))
        .values("by_key", f"{path}currency")
        .order_by()
    )
    return found


def sales(asked: Asked) -> list[Row]:
    """Return orders that were not cancelled, their units, and what was to be paid for them."""
    lines = reading(OrderLine.objects.filter(placed(asked, "order__")))
    sold = F("quantity") - F("cancelled")
    by_lines = keyed(lines, asked.key, "order__").annotate(units=Sum(sold))
    if asked.key is SKU:
        worth = ExpressionWrapper(F("paid_amount") * sold / F("quantity"), output_field=AMOUNT)
        rows = by_lines.annotate(orders=Count("order_id", distinct=True), amount=Sum(worth))
        return [_row(row, "order__currency", "orders", "units", "amount") for row in rows]
    orders = keyed(reading(Order.objects.filter(placed(asked))), asked.key).annotate(
        orders=Count("id"), amount=Sum(F("total_amount") - F("cancelled_amount"))
    )
    return merged(
        [_row(row, "currency", "orders", "amount") for row in orders],
        [_row(row, "order__currency", "units") for row in by_lines],
        zero={"orders": 0, "units": 0, "amount": ZERO},
    )


SALES = Report(
    title=_("Sales"),
    about=_(
        "Orders by the day they were placed, less what was cancelled. Amounts are what was to be "
        "paid: with shipping and tax, after discounts; by SKU, the part that is the line's."
    ),
    keys=(MONTH, COUNTRY, CHANNEL, SKU),
    measures=(
        Measure("orders", _("Orders")),
        Measure("units", _("Units")),
        Measure("amount", _("Amount"), "money"),
    ),
    figures=sales,
    chart=("amount",),
)


def _row(row: dict[str, Any], currency: str, *measures: str) -> Row:
    found = {"key": row["by_key"], "currency": row[currency]}
    for name in measures:
        value = row[name]
        found[name] = rounded(value, found["currency"]) if isinstance(value, Decimal) else value
    return found


def slow(asked: Asked) -> list[Row]:
    """Return what sold well once and nothing of late, as of the end of the span (or now)."""
    sellers = slow_sellers(at=asked.until or timezone.now())
    stock = standing_stock([seller.sku for seller in sellers])
    return [
        {
            "key": seller.sku,
            "currency": stock[seller.sku].currency,
            "name": seller.name,
            "units": seller.sold,
            "last_sold": seller.last_sold_at.date() if seller.last_sold_at else None,
            "on_hand": stock[seller.sku].on_hand,
            "amount": stock[seller.sku].value,
        }
        for seller in sellers
        if asked.currency in ("", stock[seller.sku].currency)
    ]


SLOW_SELLERS = Report(
    title=_("Slow sellers"),
    about=_(
        "SKUs that sold at least 100 units ever and none in the 90 days before the end of the "
        "span (or today). Amounts are what lies of them, at the base price."
    ),
    keys=(SKU,),
    measures=(
        Measure("name", _("Name"), "text"),
        Measure("units", _("Sold ever")),
        Measure("last_sold", _("Last sold"), "day"),
        Measure("on_hand", _("On hand")),
        Measure("amount", _("Tied up"), "money"),
    ),
    figures=slow,
    chart=("amount",),
)
