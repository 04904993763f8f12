"""Calls to the API of a channel, and what its answers mean for whoever called."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from oms.channels.connection import Connection
from oms.core import jsontext, outbound
from orders.adapters import documents
from orders.adapters.messages import Unreadable

LARGEST = 5_000_000
LONGEST_WAIT = 3600.0
TOLD = 300


class Busy(Exception):
    """The channel asks for patience."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Refused(Exception):
    """The channel will not do it, however often it is asked; says why in its words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Failing(Exception):
    """The channel is out of order; whether it acted is unknown."""


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    body: Any = None,
    form: Mapping[str, str] | None = None,
    content: bytes = b"",
    timeout: float = 15.0,
) -> outbound.Reply:
    """Call once and return an answer of 2xx.

    Raises: Busy, Refused, Failing, and what `oms.core.outbound` raises.
    """
    sent = dict(headers)
    if body is not None:
        content = jsontext.compact(body).encode()
        sent["Content-Type"] = "application/json"
    if form is not None:
        content = urlencode(form).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    where = f"{url}?{urlencode(query)}" if query else url
    reply = outbound.request(
        method, where, headers=sent, content=content, timeout=timeout, largest=LARGEST
    )
    if 200 <= reply.status < 300:
        if len(reply.body) >= LARGEST:
            raise Refused(413, f"The answer is larger than {LARGEST // 1_000_000} MB.")
        return reply
    told = f"{reply.status}: {_told(reply.body)}"
    if reply.status in (429, 503):
        raise Busy(_patience(reply.headers), told)
    if reply.status >= 500 or reply.status == 408:
        raise Failing(told)
    raise Refused(reply.status, told)


def answer(reply: outbound.Reply) -> Any:
    """Return the JSON of an answer; nothing for an empty one.

    Raises: Failing.
    """
    if not reply.body.strip():
        return None
    try:
        return documents.parsed(reply.body)
    except Unreadable as error:
        raise Failing(str(error)) from error


def address(connection: Connection, path: str) -> str:
    return f"{connection.base_url.rstrip('/')}{path}"


def basic(connection: Connection) -> str:
    """Return the header that carries name and password of a connection."""
    names = ("username", "password")
    pair = ":".join(connection.credentials.get(name, "") for name in names)
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _patience(headers: Mapping[str, str]) -> float:
    """Return how long to wait: as `Retry-After` says, or BigCommerce's own header; else a bit."""
    said = {name.lower(): value for name, value in headers.items()}
    asked = said.get("retry-after", "")
    if asked.isascii() and asked.isdigit():
        return min(float(asked), LONGEST_WAIT)
    try:
        left = (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
        return min(max(left, 1.0), LONGEST_WAIT)
    except (ValueError, TypeError):
        pass
    reset = said.get("x-rate-limit-time-reset-ms", "")
    if reset.isascii() and reset.isdigit():
        return min(float(reset) / 1000 + 0.1, LONGEST_WAIT)
    return 10.0


def _told(body: bytes) -> str:
    return documents.text(body[: TOLD * 4].decode("utf-8", "replace"), TOLD)
