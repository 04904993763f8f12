"""How far our orders follow what their channels say, and what is not known yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.utils import timezone

from oms.catalog.models import Sku
from oms.channels.models import Channel, ChannelSku
from oms.core import sql
from orders.models import ChannelOrder, Order, OrderRepeat
from orders.states import ChannelOrderState, RepeatState

LATE = timedelta(hours=24)
"""How long something may wait for its order before a person has to look."""

UNKNOWN = """
SELECT c.slug, c.name, coalesce(l.said ->> 'listing', '') AS listing, l.sku_code,
       max(l.name), count(DISTINCT o.id)::int, sum(l.quantity - l.cancelled)::int,
       min(o.placed_at), (array_agg(o.number ORDER BY o.placed_at, o.id))[1],
       CASE WHEN l.sku_code = '' AND coalesce(l.said ->> 'listing', '') = ''
            THEN min(l.position)::int END
FROM orders_orderline l
JOIN orders_order o ON o.id = l.order_id
JOIN channels_channel c ON c.id = o.channel_id
WHERE l.sku_id IS NULL AND l.ships AND l.quantity > l.cancelled AND o.status = 'open'
  AND (%s = '' OR c.slug = %s)
GROUP BY c.slug, c.name, listing, l.sku_code,
         CASE WHEN l.sku_code = '' AND coalesce(l.said ->> 'listing', '') = '' THEN l.id END
ORDER BY 8, 9
LIMIT %s
"""


@dataclass(frozen=True)
class UnknownSku:
    """Something a channel sells that no SKU of ours is known for; `line` is the position in
    `oldest` of what was made for one customer, and has no name of its own."""

    channel: str
    channel_name: str
    listing: str
    code: str
    name: str
    orders: int
    units: int
    since: datetime
    oldest: str
    line: int | None


MOST_UNKNOWN = 200
MOST_BEGINNING = 300


def unknown_skus(*, channel: str = "", most: int = MOST_UNKNOWN) -> list[UnknownSku]:
    """Return what is not known yet (in one channel), what waits longest first. One query."""
    return [UnknownSku(*row) for row in sql.run(UNKNOWN, [channel, channel, most])]


def channel_skus(*, channel: str = "", begins: str = "") -> QuerySet[ChannelSku]:
    """Return what channels call our SKUs, where either code `begins` so."""
    found = ChannelSku.objects.select_related("channel", "sku")
    if channel:
        found = found.filter(channel=Subquery(Channel.objects.filter(slug=channel).values("pk")))
    if begins:
        typed = Q(code__startswith=begins) | Q(code__startswith=begins.upper())
        ours = Sku.objects.filter(typed).order_by("code")
        found = found.filter(
            Q(code__istartswith=begins)
            | Q(listing__istartswith=begins)
            | Q(sku__in=list(ours.values_list("pk", flat=True)[:MOST_BEGINNING]))
        )
    return found


def channel_orders_behind(
    *, state: str = "", channel: str = "", now: datetime | None = None
) -> QuerySet[ChannelOrder]:
    """Return channel orders that a person has to look at: behind, or waiting for too long."""
    long_ago = (now or timezone.now()) - LATE
    waiting = Q(state=ChannelOrderState.WAITING, first_heard_at__lt=long_ago)
    behind = Q(state=ChannelOrderState.BEHIND)
    wanted = {"waiting": waiting, "behind": behind}.get(state, waiting | behind)
    found = ChannelOrder.objects.filter(wanted).select_related("channel", "order")
    return found.filter(channel__slug=channel) if channel else found


def open_repeats() -> QuerySet[OrderRepeat]:
    """Return what came again with other content and is not decided."""
    return OrderRepeat.objects.filter(state=RepeatState.OPEN).select_related("order__channel")


@dataclass(frozen=True)
class Following:
    """What a channel says of an order, as the order's page shows it."""

    kept: ChannelOrder
    stated_total: Decimal | None
    difference: Decimal

    @property
    def differs(self) -> bool:
        return bool(self.difference)


def following_of(order: Order) -> Following | None:
    """Return what the channel of an order says of it; None for one that no message told of. No
    query, when the order was read with `channel_order__channel`."""
    kept: ChannelOrder | None = getattr(order, "channel_order", None)
    if kept is None:
        return None
    head: dict[str, Any] = kept.parts.get("head", {}).get("value", {})
    total = None if head.get("total") is None else Decimal(head["total"])
    return Following(kept, total, Decimal(0) if total is None else total - order.total_amount)


def said_lines(said: Any) -> Sequence[tuple[str, str]]:
    """Return what people read of a line: options, notes, and its taxes."""
    words = [(str(key), str(value)) for key, value in said.get("said", {}).items()]
    for tax in said.get("taxes", ()):
        rate = f" {Decimal(tax['rate']) * 100:f}".rstrip("0").rstrip(".") if tax["rate"] else ""
        words.append((f"{tax['title']}{rate and rate + ' %'}", tax["amount"]))
    return words
