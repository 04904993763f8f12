"""One file per subject."""

from oms.channels.models.channels import Channel
from oms.channels.models.claims import IdempotencyRecord
from oms.channels.models.connections import ChannelConnection, ChannelSecret
from oms.channels.models.files import ColumnMapping, FileImport, FileProblem, FileRow
from oms.channels.models.inbound import InboundMessage, InboundTraffic
from oms.channels.models.keys import ApiKey
from oms.channels.models.listings import ChannelSku

__all__ = [
    "ApiKey",
    "Channel",
    "ChannelConnection",
    "ChannelSecret",
    "ChannelSku",
    "ColumnMapping",
    "FileImport",
    "FileProblem",
    "FileRow",
    "IdempotencyRecord",
    "InboundMessage",
    "InboundTraffic",
]
