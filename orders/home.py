"""What this app shows on the home page: today's orders, what waits for a person, money in doubt."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from inventory.selectors import visible_location_ids
from oms.core import sql
from oms.core.cards import Card
from oms.core.models import User
from orders.states import HOLDS, hold_kind

WEEKS = 4
MAY_RELEASE = sorted({kind.released_by for kind in HOLDS.values()})

FIGURES = """
    SELECT EXISTS (SELECT 1 FROM orders_order),
           (SELECT count(*) FROM orders_refund WHERE status = 'in_doubt'),
           (SELECT min(granted_at) FROM orders_refund WHERE status = 'in_doubt'),
           (SELECT count(*) FROM orders_refund WHERE status IN ('granted', 'sending')),
           (SELECT min(granted_at) FROM orders_refund WHERE status IN ('granted', 'sending')),
           (SELECT array_agg(w.placed ORDER BY w.week DESC)
              FROM (SELECT g.week, (SELECT count(*) FROM orders_order o
                                     WHERE o.placed_at >= %s - g.week * interval '7 days'
                                       AND o.placed_at < %s - g.week * interval '7 days') AS placed
                      FROM generate_series(0, %s) AS g(week)) w)
"""
HELD = """
    SELECT h.kind, count(*), min(h.set_at), (array_agg(o.number ORDER BY h.set_at, h.id))[1]
      FROM orders_hold h JOIN orders_order o ON o.id = h.order_id
     WHERE h.released_at IS NULL
     GROUP BY h.kind
     ORDER BY min(h.set_at)
"""
HOURS = """
    SELECT h.at,
           (SELECT count(*) FROM orders_order
             WHERE placed_at >= h.at AND placed_at < h.at + interval '1 hour'),
           (SELECT count(*) FROM core_eventrecord
             WHERE name = 'shipment.shipped'
               AND happened_at >= h.at AND happened_at < h.at + interval '1 hour')
      FROM generate_series(%s::timestamptz, %s::timestamptz, interval '1 hour') AS h(at)
     ORDER BY h.at
"""


@dataclass(frozen=True)
class HeldKind:
    """The orders that one kind of hold stops."""

    kind: str
    label: str
    count: int
    oldest_at: datetime
    oldest: str

    @property
    def in_words(self) -> str:
        return hold_kind(self.kind).in_words

    @property
    def is_late(self) -> bool:
        hours = hold_kind(self.kind).hours
        return hours is not None and timezone.now() - self.oldest_at > timedelta(hours=hours)

    @property
    def url(self) -> str:
        return f"{reverse('orders:holds')}?kind={self.kind}"


def cards(user: User, location_ids: list[int] | None) -> list[Card]:
    """Return what somebody sees who may see orders, as far as it is theirs. Three queries at most.

    Figures are the whole shop's; who works at some locations only is shown their work instead.
    """
    if not user.has_perm("orders.view_order"):
        return []
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    [figures] = sql.run(FIGURES, [midnight, now, WEEKS])
    any_orders, doubts, doubted_since, moving, moving_since, by_week = figures
    if not any_orders:
        return [Card("orders/_home_empty.html", order=0)]
    if visible_location_ids(user) is not None:
        return []
    held = _held()
    found = [
        Card("orders/_kpi_today.html", _today(by_week, now), 10, "kpi"),
        Card("orders/_kpi_held.html", {"first": held[0] if held else None}, 20, "kpi"),
        Card("orders/_home_hours.html", _hours(), 30, "aside"),
    ]
    if any(user.has_perm(each) for each in MAY_RELEASE):
        found.append(Card("orders/_home_held.html", {"held": held}, 10, "aside"))
    if user.has_perm("orders.refund_order"):
        doubt = {"count": doubts, "since": doubted_since}
        found.append(Card("orders/_kpi_doubt.html", doubt, 50, "kpi"))
        money = {
            "doubts": doubts,
            "doubted": doubted_since,
            "moving": moving,
            "moved": moving_since,
        }
        if doubts or moving:
            found.append(Card("orders/_home_money.html", money, 12, "aside"))
    return found


def _today(by_week: list[int], now: datetime) -> dict[str, object]:
    """Orders since midnight, and what is usual by this hour on this weekday."""
    *before, today = by_week
    usual = sum(before) / WEEKS
    return {
        "today": today,
        "series": by_week,
        "usual": round(usual) if usual >= 1 else None,
        "weekday": now,
    }


def _held() -> list[HeldKind]:
    return [
        HeldKind(kind, hold_kind(kind).label, count, at, number)
        for kind, count, at, number in sql.run(HELD)
    ]


def _hours() -> dict[str, object]:
    """Placed and shipped by the hour, the last twelve."""
    last = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    found = sql.run(HOURS, [last - timedelta(hours=11), last])
    rows = [(timezone.localtime(at).strftime("%H"), placed, left) for at, placed, left in found]
    return {
        "rows": rows,
        "is_quiet": not any(placed or left for _hour, placed, left in rows),
    }
