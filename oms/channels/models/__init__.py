"""One file per subject."""

from oms.channels.models.channels import Channel
from oms.channels.models.claims import IdempotencyRecord
from oms.channels.models.connections import ChannelConnection, ChannelSecret
from oms.channels.models.inbound import InboundMessage, InboundTraffic
from oms.channels.models.keys import ApiKey

__all__ = [
    "ApiKey",
    "Channel",
    "ChannelConnection",
    "ChannelSecret",
    "IdempotencyRecord",
    "InboundMessage",
    "InboundTraffic",
]
