"""What this app shows on the home page: the way from order to parcel, and each location's day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fulfillment.rules.cutoff import leave_by
from fulfillment.selectors import HOLD, ON_HOLD, STEPS, Standing, at_risk, standing_work
from fulfillment.states import LIVE
from inventory.rules.calendar import Calendar
from inventory.selectors import visible_location_ids
from oms.core import sql
from oms.core.cards import Card
from oms.core.models import User
from orders import selectors as orders

MOST_LOCATIONS = 12

LOCATIONS = """
    SELECT l.name, l.daily_capacity, l.cutoff_time, l.time_zone, l.weekdays, l.closed_on,
           coalesce(w.waiting, 0), coalesce(s.shipped, 0),
           sum(coalesce(s.shipped, 0)) OVER ()
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
    shipped_everywhere: int


def cards(user: User, location_ids: list[int] | None) -> list[Card]:
    """Return the cards of those who may see work, for their locations. Four queries at most."""
    if not user.has_perm("fulfillment.view_fulfillmentorder"):
        return []
    standing = standing_work(location_ids)
    days = _days(location_ids)
    before = _funnel() if location_ids is None else None
    shipped = days[0].shipped_everywhere if days else 0
    stages = [*_before_work(before), *_work(standing), _shipped(shipped)]
    most = max(stage.orders for stage in stages)
    flow = {"stages": stages, "most": most, "whole": location_ids is None}
    found = [
        Card("fulfillment/_kpi_ship.html", {"ready": standing.get("ship")}, 30, "kpi"),
        Card("fulfillment/_kpi_late.html", _late(location_ids), 35, "kpi"),
        Card("fulfillment/_home_flow.html", flow, order=10),
        Card("fulfillment/_home_days.html", {"days": days}, order=20),
    ]
    if before:
        found.append(Card("orders/_kpi_oldest.html", {"funnel": before}, 15, "kpi"))
        found.append(Card("orders/_kpi_waiting.html", {"funnel": before}, 40, "kpi"))
    if visible_location_ids(user) is not None:
        oldest = min((each.oldest for each in standing.values() if each.oldest), default=None)
        open_work = sum(each.orders for each in standing.values())
        context = {"orders": open_work, "oldest": oldest}
        found.append(Card("fulfillment/_kpi_work.html", context, 10, "kpi"))
    return found


def _late(location_ids: Sequence[int] | None) -> dict[str, Any]:
    """How much work has to leave within a day, and by when the first of it."""
    return at_risk(location_ids, at=timezone.now()).aggregate(
        count=Count("id"), first=Min("leave_by")
    )


def _funnel() -> orders.Funnel:
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return orders.funnel(midnight=midnight, now=now)


def _before_work(found: orders.Funnel | None) -> list[Stage]:
    """Orders of the whole shop that no location can work on yet, and what came in today."""
    if found is None:
        return []
    listed = reverse("orders:list")
    return [
        Stage(_("Placed today"), f"{listed}?view=all", found.placed, None, "allocated"),
        Stage(_("On hold"), f"{listed}?view=held", found.held, found.held_since, "backordered"),
        Stage(
            _("Waiting for stock"),
            f"{listed}?view=waiting",
            found.waiting,
            found.waiting_since,
            "backordered",
        ),
    ]


def _work(standing: Mapping[str, Standing]) -> list[Stage]:
    queue = reverse("fulfillment:queue")
    steps = [ON_HOLD, *(step for step in STEPS if step.key != "shipped")]
    stages = []
    for step in steps:
        found = standing.get(step.key)
        held = step.key == HOLD
        if step.key in (HOLD, "scheduled") and not found:
            continue
        stages.append(
            Stage(
                _("Work on hold") if held else step.label,
                f"{queue}?step={step.key}",
                found.orders if found else 0,
                found.oldest if found else None,
                "backordered" if held else "picked",
            )
        )
    return stages


def _shipped(count: int) -> Stage:
    return Stage(_("Shipped today"), reverse("fulfillment:shipments"), count, None, "delivered")


def _days(location_ids: Sequence[int] | None) -> list[Day]:
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    live = [str(status) for status in LIVE]
    rows = sql.run(LOCATIONS, [live, midnight, location_ids, location_ids, MOST_LOCATIONS])
    return [
        Day(
            name,
            capacity,
            _next_cutoff(now, cutoff, zone, Calendar(tuple(days), frozenset(closed))),
            zone,
            waiting,
            shipped,
            int(total),
        )
        for name, capacity, cutoff, zone, days, closed, waiting, shipped, total in rows
    ]


def _next_cutoff(
    now: datetime, cutoff: time | None, zone: str, calendar: Calendar
) -> datetime | None:
    """The next pick-up within a day."""
    at = leave_by(now, cutoff, zone, calendar)
    return at if at and at - now < timedelta(days=1) else None
