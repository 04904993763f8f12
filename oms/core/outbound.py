"""The one way out: HTTP requests to other systems, to public addresses only.

The host is resolved once, every address it has must be public, and the connection goes to the
address that was checked: a name that changes its mind later changes nothing. Exceptions are
written down by hand in `OUTBOUND_ALLOWED_HOSTS` (`host:port`). Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

LARGEST_ANSWER = 1024 * 1024
CHUNK = 16 * 1024


class Unreachable(Exception):
    """No whole answer came back; what was asked may have happened all the same."""


class AddressRefused(Exception):
    """The address is not one that this system may call: nothing was sent."""


@dataclass(frozen=True)
class Answer:
    """What the other side said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout: float = 15,
    largest: int = LARGEST_ANSWER,
) -> Answer:
    """Send one request and return the whole answer, all within `timeout` seconds.

    Raises: AddressRefused before anything is sent; Unreachable when no whole answer came.
    """
    end = monotonic() + timeout
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise AddressRefused(f"{parts.scheme}://{parts.hostname or ''} is no address to call.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _checked(parts.hostname, port, parts.scheme)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Pinned(parts.hostname, port, address, parts.scheme == "https", end)
    try:
        connection.request(method, path, body=body or None, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), _read(answer, largest, end))
    except (OSError, http.client.HTTPException) as problem:
        raise Unreachable(f"{parts.hostname}: {type(problem).__name__}: {problem}") from problem
    finally:
        connection.close()


def _checked(host: str, port: int, scheme: str) -> str:
    """Return the one address to connect to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as problem:
        raise Unreachable(f"{host} has no address: {problem}") from problem
    addresses = [str(entry[4][0]) for entry in found]
    if f"{host}:{port}" not in settings.OUTBOUND_ALLOWED_HOSTS:
        if scheme != "https":
            raise AddressRefused(f"{host}:{port} is not called without encryption.")
        private = [each for each in addresses if not ipaddress.ip_address(each).is_global]
        if private:
            raise AddressRefused(f"{host}:{port} is not a public address.")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, encrypted: bool, end: float) -> None:
        super().__init__(host, port)
        self._address, self._encrypted, self._end = address, encrypted, end

    def connect(self) -> None:
        left = _left(self._end)
        self.sock = socket.create_connection((self._address, self.port), timeout=left)
        if self._encrypted:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.sock.settimeout(_left(self._end))


def _left(end: float) -> float:
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError("the time is up")
    return left


def _read(answer: http.client.HTTPResponse, largest: int, end: float) -> bytes:
    """Read the body piece by piece: who trickles or floods is left."""
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read1(CHUNK):
        pieces.append(piece)
        size += len(piece)
        _left(end)
        if size > largest:
            raise http.client.HTTPException(f"more than {largest} bytes")
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return b"".join(pieces)
