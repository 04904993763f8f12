"""Having channels told what became of their orders. What they are told is decided here, in the
transaction in which it became true; a job says it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from oms.channels.models import ChannelConnection
from oms.channels.selectors import is_called
from oms.core import jobs
from oms.core.actors import Actor
from oms.core.services import service
from orders.adapters.writers import WRITERS
from orders.models import ChannelOrder, Order, OrderLine
from orders.rules.shares import Share, keyed

SENT, DROPPED, STOCKED = "channel_shipment", "channel_cancellation", "channel_stock"
AT_ONCE = 20
"""So many figures one job tells: shops let us call them twice a second, or so."""


@service
def tell_channel_of_shipment(
    *, order: Order, number: str, units: Mapping[str, int], said: Mapping[str, str], by: Actor
) -> None:
    """Have the channel of an order told of a parcel, `units` by SKU and counted as shipped, if it
    is a channel that is called and did not say so itself. `said` is what else is told of it.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    known = _called(order)
    if known is None or by == Actor.channel(known.channel.slug):
        return
    lines = _lines(order)
    shares = [
        _share(line, wanted=line.quantity - line.cancelled, at=line.shipped) for line in lines
    ]
    payload = _payload(known, shares, units) | {
        "said": dict(said),
        "is_all": all(line.shipped >= line.quantity - line.cancelled for line in lines),
    }
    if payload["units"]:
        jobs.enqueue(SENT, key=number, payload=payload)


@service
def tell_channel_of_cancellation(
    *, order: Order, units: Mapping[str, int], reason: str, whole: bool, by: Actor
) -> None:
    """Have the channel of an order told that units, counted as cancelled, will not come, if it is
    a channel that is called and did not say so itself.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    known = _called(order)
    if known is None or by == Actor.channel(known.channel.slug):
        return
    lines = _lines(order)
    shares = [_share(line, wanted=line.quantity, at=line.cancelled) for line in lines]
    payload = _payload(known, shares, units) | {"reason": reason, "whole": whole}
    if payload["units"] or whole:
        number = f"{order.number}-C{sum(line.cancelled for line in lines)}"
        jobs.enqueue(DROPPED, key=number, payload=payload)


@service
def tell_channel_of_stock(*, channel: str, levels: Sequence[Mapping[str, Any]]) -> None:
    """Have a channel that is called told which figures of what it may promise changed: `levels` are
    SKUs with the sequence of their telling. The jobs say the latest figures, when they are done.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    if not _is_called().filter(channel__slug=channel).exists():
        return
    for first in range(0, len(levels), AT_ONCE):
        some = levels[first : first + AT_ONCE]
        jobs.enqueue(
            STOCKED,
            key=f"{channel}:{some[0]['sequence']}",
            payload={"channel": channel, "skus": [each["sku"] for each in some]},
        )


def _is_called() -> QuerySet[ChannelConnection]:
    called = ChannelConnection.objects.filter(channel__adapter__in=WRITERS, is_on=True)
    return called.filter(channel__is_active=True).exclude(base_url="")


def _called(order: Order) -> ChannelOrder | None:
    """Return the channel's order, when it came through messages of a channel that is called."""
    if not is_called(order.channel_id):
        return None
    known = ChannelOrder.objects.filter(order=order, channel__connection__in=_is_called())
    return known.select_related("channel").first()


def _lines(order: Order) -> list[OrderLine]:
    lines = OrderLine.objects.filter(order=order).select_related("kit")
    return list(lines.order_by("position", "pk"))


def _share(line: OrderLine, *, wanted: int, at: int) -> Share:
    return Share(
        key=line.kit.external_id if line.kit else line.external_id,
        sku=line.sku_code,
        wanted=wanted,
        counted=at,
        kit=line.kit.pk if line.kit else None,
        per_kit=line.per_kit or 1,
    )


def _payload(known: ChannelOrder, shares: list[Share], units: Mapping[str, int]) -> dict[str, Any]:
    return {
        "channel": known.channel.slug,
        "order": known.external_id,
        "name": known.name,
        "order_id": known.order_id,
        "units": keyed(shares, units),
    }
