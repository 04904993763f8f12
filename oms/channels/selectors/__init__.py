"""Reads of channels."""

from oms.channels.selectors.agreed import allowed_services, forget_agreed, is_called, slug_of
from oms.channels.selectors.connections import (
    connection_of,
    connection_row,
    keys_in_force,
    secret_rows,
    secrets_in_force,
)

__all__ = [
    "allowed_services",
    "connection_of",
    "connection_row",
    "forget_agreed",
    "is_called",
    "keys_in_force",
    "secret_rows",
    "secrets_in_force",
    "slug_of",
]
