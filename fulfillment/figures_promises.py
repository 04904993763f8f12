"""How promised days were kept: on time, early or late, by what they rested on."""

from decimal import Decimal
from typing import Any

from django.db.models import Avg, CharField, Count, F, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from fulfillment.models import PromisedDate
from oms.core.reports import Asked, Key, Measure, Report, Row, reading
from orders.figures import month

BASIS = Key("basis", _("Basis"), lambda path: F("basis"))
LOCATION = Key("location", _("Location"), lambda path: F("location__code"))
CARRIER = Key("carrier", _("Carrier"), lambda path: F("carrier"))
SERVICE = Key("service", _("Service"), lambda path: F("service"))
CHANNEL = Key("channel", _("Channel"), lambda path: F("channel__slug"))
MONTH = Key("month", _("Month"), lambda path: month("arrived_at"), in_time=True)
TENTH = Decimal("0.1")


def promises(asked: Asked) -> list[Row]:
    """Return promised days of goods that arrived: how many, how many in time, by how much not."""
    wanted = Q(arrived_at__isnull=False)
    if asked.since:
        wanted &= Q(arrived_at__gte=asked.since)
    if asked.until:
        wanted &= Q(arrived_at__lt=asked.until)
    if asked.channel_id:
        wanted &= Q(channel=asked.channel_id)
    rows: Any = (
        reading(PromisedDate.objects.filter(wanted))
        .annotate(by_key=Coalesce(Cast(asked.key.of(""), CharField()), Value("")))
        .values("by_key")
        .order_by()
        .annotate(
            promises=Count("id"),
            early=Count("id", filter=Q(days_late__lt=0)),
            late=Count("id", filter=Q(days_late__gt=0)),
            days=Avg("days_late", filter=Q(days_late__gt=0)),
        )
    )
    return [_row(row) for row in rows]


def _row(row: dict[str, Any]) -> Row:
    count, late = row["promises"], row["late"]
    return {
        "key": row["by_key"],
        "currency": "",
        "promises": count,
        "in_time": (Decimal(count - late) / count).quantize(Decimal("0.0001")),
        "early": row["early"],
        "late": late,
        "days": Decimal(row["days"] or 0).quantize(TENTH),
    }


PROMISES = Report(
    title=_("Promises"),
    about=_(
        "Days that were promised, of goods by the day they arrived. Each is counted once for what "
        "it rested on: the channel's word, the days of a service, an expected supply, or the "
        "carrier's days as the parcel left."
    ),
    keys=(BASIS, LOCATION, CARRIER, SERVICE, CHANNEL, MONTH),
    measures=(
        Measure("promises", _("Promised")),
        Measure("in_time", _("In time"), "percent"),
        Measure("early", _("Early")),
        Measure("late", _("Late")),
        Measure("days", _("Days late, on average")),
    ),
    figures=promises,
    chart=("promises", "late"),
)
