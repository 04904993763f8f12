"""What other apps may ask of channels."""

from oms.channels.services.agreeing import Terms, agree
from oms.channels.services.connecting import OVERLAP, add_secret, connect_channel, end_secret
from oms.channels.services.keys import (
    add_key,
    create_api_key,
    create_channel,
    end_key,
    principal_of,
    revoke_key,
    rotate_key,
)

__all__ = [
    "OVERLAP",
    "Terms",
    "add_key",
    "add_secret",
    "agree",
    "connect_channel",
    "create_api_key",
    "create_channel",
    "end_key",
    "end_secret",
    "principal_of",
    "revoke_key",
    "rotate_key",
]
