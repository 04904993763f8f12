"""Calls to a channel: JSON there and back, and what its answer means for whoever asked."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from oms.core import outbound
from oms.core.jobs import GiveUp, TryLater

SECONDS = 20.0
LARGEST_ANSWER = 2 * 1024 * 1024
PATIENCE, LONGEST_PATIENCE = 10.0, 3_600.0


class Refused(GiveUp):
    """The channel refuses what was asked; says why in its words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"The channel answered {status}: {words}" if words else f"{status}")
        self.status = status
        self.words = words


class OutcomeUnknown(Exception):
    """The channel did not say whether it acted: look before asking again. `code` is its own name
    of what went wrong, where it gives one."""

    def __init__(self, words: str, code: str = "") -> None:
        super().__init__(words)
        self.code = code


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    document: Any = None,
) -> Any:
    """Return what the channel answers; None for an answer without a body.

    Raises: Refused, TryLater when it asks for patience, OutcomeUnknown, Unreachable,
        AddressNotAllowed.
    """
    sent = {"Accept": "application/json", **headers}
    body = b""
    if document is not None:
        sent["Content-Type"] = "application/json"
        body = json.dumps(document, default=_plain).encode()
    reply = outbound.request(
        method, url, headers=sent, content=body, timeout=SECONDS, largest=LARGEST_ANSWER
    )
    if reply.status == 429 or (reply.status == 503 and "retry-after" in reply.headers):
        raise TryLater(_patience(reply.headers.get("retry-after", "")), "The channel is busy.")
    if reply.status >= 500 or reply.status in {408, 425} or reply.status < 200:
        words = f"The channel answered {reply.status}: {_words(reply.body)}".removesuffix(": ")
        raise OutcomeUnknown(words, _code(reply.body))
    if reply.status >= 300:
        raise Refused(reply.status, _words(reply.body))
    if not reply.body.strip():
        return None
    try:
        return json.loads(reply.body, parse_float=Decimal)
    except ValueError:
        raise OutcomeUnknown(f"The channel answered {reply.status} without JSON.") from None


def _patience(said: str) -> float:
    try:
        seconds = float(said)
    except ValueError:
        return PATIENCE
    return min(max(seconds, 1.0), LONGEST_PATIENCE) if seconds == seconds else PATIENCE


def _words(body: bytes) -> str:
    """Return what a refusal says, whichever of the usual names it says it under."""
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    for name in ("message", "errors", "error_description", "error", "title", "Message"):
        if isinstance(said, dict) and said.get(name):
            found = said[name]
            return (found if isinstance(found, str) else json.dumps(found))[:300]
    return ""


def _code(body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return ""
    return str(said.get("code") or "") if isinstance(said, dict) else ""


def _plain(value: object) -> str:
    return str(value)
