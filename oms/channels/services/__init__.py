"""What other apps may ask of channels."""

from oms.channels.services.connecting import add_secret, connect_channel, end_secret
from oms.channels.services.keys import (
    add_key,
    create_api_key,
    create_channel,
    principal_of,
    revoke_key,
)

__all__ = [
    "add_key",
    "add_secret",
    "connect_channel",
    "create_api_key",
    "create_channel",
    "end_secret",
    "principal_of",
    "revoke_key",
]
