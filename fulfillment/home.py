"""What this app shows on the home page: where the work stands, and each location's day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from fulfillment.rules.cutoff import leave_by
from fulfillment.selectors import HOLD, ON_HOLD, STEPS, standing_work
from fulfillment.states import LIVE
from oms.core import sql
from oms.core.cards import Card
from oms.core.models import User

MOST_LOCATIONS = 12

LOCATIONS = """
    SELECT l.name, l.daily_capacity, l.cutoff_time, l.time_zone,
           coalesce(w.waiting, 0), coalesce(s.shipped, 0)
      FROM inventory_location l
      LEFT JOIN (SELECT location_id, count(*) AS waiting FROM fulfillment_fulfillmentorder
                  WHERE status = ANY(%s) GROUP BY location_id) w ON w.location_id = l.id
      LEFT JOIN (SELECT payload->>'location' AS code, count(*) AS shipped FROM core_eventrecord
                  WHERE name = 'shipment.shipped' AND happened_at >= %s GROUP BY 1) s
             ON s.code = l.code
     WHERE l.is_active AND l.kind <> 'supplier' AND (%s::bigint[] IS NULL OR l.id = ANY(%s))
     ORDER BY coalesce(w.waiting, 0) + coalesce(s.shipped, 0) DESC, l.name
     LIMIT %s
"""


@dataclass(frozen=True)
class Stage:
    """A step of the work, how much stands there, and since when."""

    label: Any
    url: str
    orders: int
    oldest: datetime | None
    tone: str


@dataclass(frozen=True)
class Day:
    """A location's day: fulfillment orders that left, of what it can do, and those that wait."""

    name: str
    capacity: int | None
    cutoff: datetime | None
    time_zone: str
    waiting: int
    shipped: int


def cards(user: User, location_ids: list[int] | None) -> list[Card]:
    """Return the cards of those who may see work, for their locations. Two queries."""
    if not user.has_perm("fulfillment.view_fulfillmentorder"):
        return []
    standing = standing_work(location_ids)
    queue = reverse("fulfillment:queue")
    steps = [ON_HOLD, *(step for step in STEPS if step.key != "shipped")]
    stages = []
    for step in steps:
        found = standing.get(step.key)
        stages.append(
            Stage(
                step.label,
                f"{queue}?step={step.key}",
                found.orders if found else 0,
                found.oldest if found else None,
                "backordered" if step.key == HOLD else "picked",
            )
        )
    most = max((stage.orders for stage in stages), default=0)
    return [
        Card("fulfillment/_kpi_ship.html", {"ready": standing.get("ship")}, 30, "kpi"),
        Card("fulfillment/_home_flow.html", {"stages": stages, "most": most}, order=10),
        Card("fulfillment/_home_days.html", {"days": _days(location_ids)}, order=20),
    ]


def _days(location_ids: Sequence[int] | None) -> list[Day]:
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    live = [str(status) for status in LIVE]
    rows = sql.run(LOCATIONS, [live, midnight, location_ids, location_ids, MOST_LOCATIONS])
    return [
        Day(name, capacity, _next_cutoff(now, cutoff, zone), zone, waiting, shipped)
        for name, capacity, cutoff, zone, waiting, shipped in rows
    ]


def _next_cutoff(now: datetime, cutoff: time | None, zone: str) -> datetime | None:
    """The next pick-up within a day."""
    at = leave_by(now, cutoff, zone)
    return at if at and at - now < timedelta(days=1) else None
