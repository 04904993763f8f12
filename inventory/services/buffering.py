from datetime import datetime

from inventory.events import ChannelBufferSet
from inventory.models import ChannelBuffer
from inventory.selectors import forget_serving_locations
from inventory.services.naming import sku_named
from oms.channels.errors import ChannelNotFound
from oms.channels.models import Channel
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service


@service
def set_channel_buffer(
    *, channel: str, sku: str = "", units: int | None, by: Actor, at: datetime
) -> None:
    """Say how many units a channel is not told of; no `sku`: of every SKU without its own figure.

    None takes the figure away. A SKU's 0 stands against the channel's general figure, and without
    a SKU 0 is the same as none. Other processes know of it within five seconds.

    Raises: ChannelNotFound, UnknownSku, KitHasNoStock.
    Locks: nothing.
    Publishes: ChannelBufferSet.
    """
    of = Channel.objects.filter(slug=channel).first()
    if of is None:
        raise ChannelNotFound(slug=channel)
    unit = sku_named(sku) if sku else None
    if units is None or (units == 0 and unit is None):
        ChannelBuffer.objects.filter(channel=of, sku=unit).delete()
    else:
        ChannelBuffer.objects.update_or_create(channel=of, sku=unit, defaults={"units": units})
    forget_serving_locations()
    publish(
        ChannelBufferSet(
            thread=channel, subject=channel, by=by, at=at, channel=channel, sku=sku, units=units
        )
    )
