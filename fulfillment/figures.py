"""What left, from where, how soon, and what carrying it cost."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, CharField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from fulfillment.models import PackageLine, Shipment
from oms.core.reports import Asked, Key, Measure, Report, Row, merged, reading
from orders.figures import CHANNEL, COUNTRY, month

WORK = "fulfillment_order__"
LOCATION = Key("location", _("Location"), lambda path: F(f"{path}{WORK}location__code"))
MONTH = Key("month", _("Month"), lambda path: month(f"{path}shipped_at"), in_time=True)
CARRIER = Key("carrier", _("Carrier"), lambda path: F(f"{path}carrier"))
OF_ORDER = (COUNTRY, CHANNEL)


def fulfillment(asked: Asked) -> list[Row]:
    """Return what was shipped: orders, parcels, units, hours since the order, promises, freight."""
    shipments = reading(Shipment.objects.filter(_shipped(asked)))
    counted = _keyed(shipments, asked.key).annotate(
        orders=Count(f"{WORK}order_id", distinct=True),
        shipments=Count("id"),
        waited=Avg(F("shipped_at") - F(f"{WORK}order__placed_at")),
        promised=Count("id", filter=Q(delivered_at__isnull=False) & _promised()),
        kept=Count("id", filter=_promised() & Q(delivered_at__lte=F(f"{WORK}order__deliver_by"))),
        amount=Sum("freight_amount"),
    )
    packed = reading(PackageLine.objects.filter(_shipped(asked, "package__shipment__")))
    units = _keyed(packed, asked.key, "package__shipment__").annotate(units=Sum("quantity"))
    return merged(
        [_row(row) for row in counted],
        [
            {
                "key": row["by_key"],
                "currency": row["package__shipment__freight_currency"],
                "units": row["units"],
            }
            for row in units
        ],
        zero={"units": 0},
    )


def _shipped(asked: Asked, path: str = "") -> Q:
    wanted = Q(**{f"{path}shipped_at__isnull": False})
    if asked.since:
        wanted &= Q(**{f"{path}shipped_at__gte": asked.since})
    if asked.until:
        wanted &= Q(**{f"{path}shipped_at__lt": asked.until})
    if asked.currency:
        wanted &= Q(**{f"{path}freight_currency": asked.currency})
    if asked.channel_id:
        wanted &= Q(**{f"{path}{WORK}order__channel": asked.channel_id})
    return wanted


def _promised() -> Q:
    return Q(**{f"{WORK}order__deliver_by__isnull": False})


def _keyed(rows: QuerySet[Any], key: Key, path: str = "") -> QuerySet[Any, dict[str, Any]]:
    of = key.of(f"{path}{WORK}order__" if key in OF_ORDER else path)
    found: QuerySet[Any, dict[str, Any]] = (
        rows.annotate(by_key=Coalesce(Cast(of, CharField()), Value("")))
        .values("by_key", f"{path}freight_currency")
        .order_by()
    )
    return found


def _row(row: dict[str, Any]) -> Row:
    promised, kept = row["promised"], row["kept"]
    return {
        "key": row["by_key"],
        "currency": row["freight_currency"],
        "orders": row["orders"],
        "shipments": row["shipments"],
        "hours": (Decimal(row["waited"] / timedelta(hours=1))).quantize(Decimal("0.1")),
        "promise_kept": (Decimal(kept) / promised).quantize(Decimal("0.0001"))
        if promised
        else None,
        "amount": row["amount"],
    }


FULFILLMENT = Report(
    title=_("Fulfillment"),
    about=_(
        "Shipments by the day they left. Hours are from the order to its parcel leaving, on "
        "average; a promise is kept when a parcel arrived by the day that was promised; amounts "
        "are freight by our rates."
    ),
    keys=(LOCATION, MONTH, COUNTRY, CARRIER, CHANNEL),
    measures=(
        Measure("orders", _("Orders")),
        Measure("shipments", _("Shipments")),
        Measure("units", _("Units")),
        Measure("hours", _("Hours to leave"), "hours"),
        Measure("promise_kept", _("Promises kept"), "percent"),
        Measure("amount", _("Freight"), "money"),
    ),
    figures=fulfillment,
    chart=("units", "amount"),
)
