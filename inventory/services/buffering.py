from datetime import datetime

from inventory.events import ChannelBufferSet
from inventory.models import ChannelBuffer
from inventory.selectors import forget_serving_locations
from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku
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

    Raises: ChannelNotFound, UnknownSku.
    Locks: nothing.
    Publishes: ChannelBufferSet.
    """
    of = Channel.objects.filter(slug=channel).first()
    if of is None:
        raise ChannelNotFound(slug=channel)
    unit = Sku.objects.filter(code=sku).first() if sku else None
    if sku and unit is None:
        raise UnknownSku(skus=[sku])
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
