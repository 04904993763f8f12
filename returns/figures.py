"""How much of what was sold came back, and why."""

from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, F, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from oms.core.reports import Asked, Key, Measure, Report, Row, reading
from orders.figures import CHANNEL, COUNTRY, MONTH, SKU, keyed, placed
from orders.models import OrderLine
from returns.models import ReturnLine

REASON = Key("reason", _("Reason"), lambda path: F("reason"))
NEVER = Decimal("0.0000")


def return_rate(asked: Asked) -> list[Row]:
    """Return units that left, those of them that came back, and what was refunded for them.

    By reason the units are all that left, since each of them might have come back for it.
    """
    lines = reading(OrderLine.objects.filter(placed(asked, "order__"), shipped__gt=0))
    if asked.key is REASON:
        return _by_reason(asked, lines)
    sold = keyed(lines, asked.key, "order__").annotate(
        orders=Count("order_id", distinct=True, filter=Q(returned__gt=0)),
        units=Sum("shipped"),
        returned=Sum("returned"),
        amount=Sum("refunded_amount"),
    )
    return [_row(row["by_key"], row["order__currency"], row) for row in sold]


def _by_reason(asked: Asked, lines: Any) -> list[Row]:
    left = lines.values("order__currency").order_by().annotate(units=Sum("shipped"))
    units = {row["order__currency"]: row["units"] for row in left}
    path = "order_line__order__"
    back = (
        reading(ReturnLine.objects.filter(placed(asked, path), received__gt=0))
        .annotate(by_key=Coalesce(Cast(F("reason"), CharField()), Value("")))
        .values("by_key", f"{path}currency")
        .order_by()
        .annotate(
            orders=Count("order_line__order_id", distinct=True),
            returned=Sum("received"),
            amount=Sum("refund_amount"),
        )
    )
    return [
        _row(row["by_key"], row[f"{path}currency"], {**row, "units": units[row[f"{path}currency"]]})
        for row in back
    ]


def _row(key: str, currency: str, row: dict[str, Any]) -> Row:
    names = ("orders", "units", "returned", "amount")
    rate = (Decimal(row["returned"]) / row["units"]).quantize(NEVER) if row["units"] else NEVER
    return {"key": key, "currency": currency, "rate": rate, **{name: row[name] for name in names}}


RETURN_RATE = Report(
    title=_("Return rate"),
    about=_(
        "Units that left and came back, of orders by the day they were placed. A rate is what was "
        "received back of what was shipped; amounts are what was refunded for it."
    ),
    keys=(SKU, REASON, MONTH, COUNTRY, CHANNEL),
    measures=(
        Measure("orders", _("Orders with returns")),
        Measure("units", _("Units shipped")),
        Measure("returned", _("Units returned")),
        Measure("rate", _("Rate"), "percent"),
        Measure("amount", _("Refunded"), "money"),
    ),
    figures=return_rate,
    chart=("returned",),
)
