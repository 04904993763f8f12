"""Calls to the Selling Partner API: who we are is proven by a token that lasts an hour."""

import hashlib
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from oms.channels.connection import Connection
from orders.adapters.asking import Failing, Refused, address, answer, call
from orders.adapters.documents import inner
from orders.adapters.fields import Document

TOKEN_URL = "https://api.amazon.com/auth/o2/token"  # noqa: S105 (an address)
MARGIN = 60.0
USER_AGENT = "OMS/1.0 (Language=Python)"

_tokens: dict[str, tuple[str, float]] = {}
_lock = threading.Lock()


def token(connection: Connection, *, anew: bool = False) -> str:
    """Return an access token of the seller, kept until shortly before it ends."""
    given = connection.credentials
    known = hashlib.sha256(
        "\0".join([connection.base_url, *(f"{k}={given[k]}" for k in sorted(given))]).encode()
    ).hexdigest()
    with _lock:
        kept, ends = _tokens.get(known, ("", 0.0))
    if kept and not anew and time.monotonic() < ends:
        return kept
    reply = call(
        "POST",
        connection.options.get("token_url") or TOKEN_URL,
        headers={"Accept": "application/json"},
        form={
            "grant_type": "refresh_token",
            "refresh_token": given.get("refresh_token", ""),
            "client_id": given.get("client_id", ""),
            "client_secret": given.get("client_secret", ""),
        },
    )
    said = inner(answer(reply))
    lasts = said.get("expires_in")
    found = str(said.get("access_token") or "")
    if not found:
        raise Failing("Login with Amazon gave no access token.")
    seconds = float(lasts) if isinstance(lasts, int) else 3600.0
    with _lock:
        _tokens[known] = (found, time.monotonic() + seconds - MARGIN)
    return found


def ask(
    connection: Connection,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    restricted: str = "",
) -> Document:
    """Call the API, with a token made anew if the one that was kept is no longer good.

    Raises: Busy, Refused, Failing, and what `oms.core.outbound` raises.
    """
    for anew in (False, True):
        carried = restricted or token(connection, anew=anew)
        try:
            reply = call(
                method,
                address(connection, path),
                headers={
                    "x-amz-access-token": carried,
                    "Accept": "application/json",
                    "User-Agent": USER_AGENT,
                },
                query=query,
                body=body,
            )
        except Refused as refusal:
            if anew or restricted or refusal.status not in (401, 403):
                raise
            continue
        return inner(answer(reply))
    raise AssertionError("unreachable")


def restricted_token(connection: Connection, paths: Mapping[str, tuple[str, ...]]) -> str:
    """Return a token that also reads what is personal at these paths: v0 asks for one."""
    resources = [
        {"method": "GET", "path": path, "dataElements": list(elements)}
        for path, elements in paths.items()
    ]
    said = ask(
        connection,
        "POST",
        "/tokens/2021-03-01/restrictedDataToken",
        body={"restrictedResources": resources},
    )
    found = str(said.get("restrictedDataToken") or "")
    if not found:
        raise Failing("Amazon gave no restricted data token.")
    return found


def in_path(value: str) -> str:
    return quote(value, safe="")
