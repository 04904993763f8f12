"""Reads: how every channel fares: what came, how quickly, what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from oms.channels.models import Channel, InboundTraffic
from oms.channels.states import Traffic
from oms.core import sql
from orders.selectors.following import LATE

COUNTED = 10_000
"""Counts of a day stop here: nobody needs more digits."""
LOOKED_AT = 100
"""So many of its latest messages say how quickly a channel's messages become orders."""

FARES = """
SELECT c.id,
       (SELECT count(*) FROM (
           SELECT 1 FROM orders_order o
           WHERE o.channel_id = c.id AND o.placed_at >= %s LIMIT %s) t),
       (SELECT o.number FROM orders_order o WHERE o.channel_id = c.id
        ORDER BY o.placed_at DESC, o.id DESC LIMIT 1),
       (SELECT o.placed_at FROM orders_order o WHERE o.channel_id = c.id
        ORDER BY o.placed_at DESC, o.id DESC LIMIT 1),
       (SELECT extract(epoch FROM
               percentile_cont(0.5) WITHIN GROUP (ORDER BY m.processed_at - m.received_at))
        FROM (SELECT processed_at, received_at FROM channels_inboundmessage
              WHERE channel_id = c.id AND state = 'applied' AND asked = 1
              ORDER BY received_at DESC, id DESC LIMIT %s) m),
       (SELECT count(*) FROM (
           SELECT 1 FROM channels_inboundmessage m
           WHERE m.channel_id = c.id AND m.state = 'quarantined' LIMIT 1000) t),
       (SELECT coalesce(sum(t.count), 0) FROM channels_inboundtraffic t
        WHERE t.channel_id = c.id AND t.hour >= %s AND t.kind = ANY(%s))
FROM channels_channel c WHERE c.id = ANY(%s)
"""
ERRORS = [Traffic.REFUSED, Traffic.STALE, Traffic.CONFLICT]


@dataclass(frozen=True)
class ChannelRow:
    """A channel and how it fares. `lag_seconds` is half of its latest messages' time from coming
    in to being carried out; None where none came."""

    channel: Channel
    today: int
    last_order: str | None
    last_at: datetime | None
    lag_seconds: float | None
    quarantined: int
    errors: int


def channel_rows(channels: Sequence[Channel], *, since: datetime) -> list[ChannelRow]:
    """Return how these channels fare, in their order; `since` is when today began. One query."""
    by_id = {each.pk: each for each in channels}
    rows = sql.run(FARES, [since, COUNTED, LOOKED_AT, since, [str(e) for e in ERRORS], list(by_id)])
    found = {pk: ChannelRow(by_id[pk], *figures) for pk, *figures in rows}
    return [found[each.pk] for each in channels]


@dataclass(frozen=True)
class Span:
    """What came in an hour or a day, by kind of traffic, and orders placed meanwhile."""

    begins: datetime
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        return self.counts.get(Traffic.ACCEPTED, 0)

    @property
    def others(self) -> int:
        """What was not taken, or was known already; what lies aside was taken."""
        kept = self.accepted + self.counts.get(Traffic.QUARANTINED, 0)
        return sum(self.counts.values()) - kept


WORK = """
SELECT h.kind, count(*)::int FROM orders_hold h JOIN orders_order o ON o.id = h.order_id
WHERE h.released_at IS NULL AND o.channel_id = %s GROUP BY h.kind
UNION ALL
SELECT 'behind', count(*)::int FROM (
    SELECT 1 FROM orders_channelorder
    WHERE channel_id = %s
      AND (state = 'behind' OR (state = 'waiting' AND first_heard_at < %s)) LIMIT 1000) t
"""


def work_of(channel: Channel, *, now: datetime) -> dict[str, int]:
    """Return how many orders of a channel wait for somebody, by kind of hold, and how many are
    `behind` what it says. One query."""
    rows = sql.run(WORK, [channel.pk, channel.pk, now - LATE])
    return {kind: count for kind, count in rows if count}


def traffic_of(channel: Channel, *, now: datetime, by_day: bool, today: datetime) -> list[Span]:
    """Return the traffic of the last 24 hours, or 14 days, the latest last. One query.

    `today` is when the viewer's day began: days are theirs.
    """
    if by_day:
        step, count = timedelta(days=1), 14
        begins = today - 13 * step
    else:
        step, count = timedelta(hours=1), 24
        begins = now.replace(minute=0, second=0, microsecond=0) - 23 * step
    spans = [Span(begins + number * step) for number in range(count)]
    rows = InboundTraffic.objects.filter(channel=channel, hour__gte=begins)
    for hour, kind, units in rows.values_list("hour", "kind", "count"):
        place = min(int((hour - begins) / step), count - 1)
        counts = spans[place].counts
        counts[kind] = counts.get(kind, 0) + units
    return spans
