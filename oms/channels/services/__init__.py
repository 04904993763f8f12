"""What other apps may ask of channels."""

from oms.channels.services.keys import create_api_key, create_channel, principal_of

__all__ = ["create_api_key", "create_channel", "principal_of"]
