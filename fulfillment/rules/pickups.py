"""Collecting at a location: where, and with which code."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

LETTERS = "ACDEFHJKLMNPRTUVWXY34679"
"""No letter or digit that is easily taken for another."""
LENGTH = 6
LOCATION = "pickup_location"
UNCOLLECTED_AFTER = timedelta(days=7)


def new_code() -> str:
    """Return a code that nobody guesses and anybody can read out."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def same_code(one: str, other: str) -> bool:
    """Compare codes as people type them, in a time that tells nothing."""
    return secrets.compare_digest(_plain(one).encode(), _plain(other).encode())


def _plain(code: str) -> str:
    return "".join(each for each in code.upper() if each.isalnum())


def location_of(metadata: Mapping[str, Any]) -> str:
    """Return the code of the location where an order is collected."""
    named = metadata.get(LOCATION)
    return named if isinstance(named, str) else ""
