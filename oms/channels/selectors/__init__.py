"""Reads of channels."""

from oms.channels.selectors.connections import connection_of, secrets_in_force

__all__ = ["connection_of", "secrets_in_force"]
