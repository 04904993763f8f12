"""What other apps may ask of channels."""

from oms.channels.services.agreeing import Terms, agree
from oms.channels.services.archiving import Archived, Arrived, archive_message, settle_message
from oms.channels.services.connecting import OVERLAP, add_secret, connect_channel, end_secret
from oms.channels.services.counting import count_traffic
from oms.channels.services.keys import (
    Opened,
    add_key,
    create_api_key,
    create_channel,
    end_key,
    open_channel,
    principal_of,
    revoke_key,
    rotate_key,
)
from oms.channels.services.purging import purge_messages
from oms.channels.services.reprocessing import reprocess_message, reprocess_quarantined

__all__ = [
    "OVERLAP",
    "Archived",
    "Arrived",
    "Opened",
    "Terms",
    "add_key",
    "add_secret",
    "agree",
    "archive_message",
    "connect_channel",
    "count_traffic",
    "create_api_key",
    "create_channel",
    "end_key",
    "end_secret",
    "open_channel",
    "principal_of",
    "purge_messages",
    "reprocess_message",
    "reprocess_quarantined",
    "revoke_key",
    "rotate_key",
    "settle_message",
]
