"""JSON as we write it: compact, and the same text for the same content."""

import hashlib
import json
from typing import Any

import msgspec


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def fingerprint(value: Any) -> str:
    """SHA-256 of what a JSON document says: key order and white space do not count."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()
