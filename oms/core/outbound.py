"""The one way out: HTTP to addresses that others chose, such as a webhook's.

An address that a customer or partner typed may point into our own network. So the name is resolved
once, every address it has is judged, and the connection goes to the address that was judged, while
Host and TLS still speak of the name. Nothing follows redirects or the environment's proxies.
`settings.OUTBOUND_ALLOWED_HOSTS` lists `host:port` pairs that may be called all the same.
"""

import contextlib
import functools
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import httpx
from django.conf import settings

from oms.core.errors import Invalid, Unavailable

DEADLINE_SECONDS = 15.0
RESOLVE_SECONDS = 5.0
LARGEST_REPLY_BYTES = 64 * 1024
LONGEST_URL = 2000
PORTS = {"http": 80, "https": 443}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Answer = TypeVar("Answer")
Resolver = Callable[[str, int], list[str]]

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_UNROUTED = (
    ipaddress.ip_network("100.64.0.0/10"),  # shared by carriers (RFC 6598)
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, withdrawn
    ipaddress.ip_network("fec0::/10"),  # site-local, withdrawn
    ipaddress.ip_network("5f00::/16"),  # segment routing
)
_COMPATIBLE = ipaddress.IPv6Network("::/96")


@dataclass(eq=False)
class AddressNotAllowed(Invalid):
    """This address is not one that the system calls."""

    url: str
    reason: str

    message = "{url} cannot be called: {reason}."


@dataclass(eq=False)
class Unreachable(Unavailable):
    """The other side did not answer in full; whether it acted is unknown."""

    reason: str

    message = "There was no answer: {reason}."


@dataclass(frozen=True)
class Reply:
    """What the other side answered; `body` is its first 64 kB, where no more was asked for. Not for
    showing to users."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class _Target:
    url: httpx.URL
    host: str
    port: int
    excepted: bool


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name as the operating system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_url(url: str, *, https_only: bool = False) -> None:
    """Refuse an address that could never be called. Opens no connection and asks no resolver.

    A name that resolves into a private network is found out at each call, since names move.
    `https_only` makes no demand of hosts that `OUTBOUND_ALLOWED_HOSTS` lists.

    Raises: AddressNotAllowed.
    """
    target = _target(url)
    if https_only and target.url.scheme != "https" and not target.excepted:
        raise AddressNotAllowed(url=url[:200], reason="only https is called")


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    timeout: float = DEADLINE_SECONDS,
    resolver: Resolver | None = None,
    largest: int = LARGEST_REPLY_BYTES,
) -> Reply:
    """Send one request and return the answer, whatever its status; redirects are not followed.

    `timeout` is in seconds and holds for the whole exchange: name, connection, a body that
    trickles. Of the answer the first `largest` bytes are read. Not for use inside a transaction.

    Raises: AddressNotAllowed, Unreachable.
    """
    deadline = time.monotonic() + timeout
    target = _target(url)
    address = _judged_address(target, resolver or resolve, min(RESOLVE_SECONDS, timeout))
    pinned = target.url.copy_with(host=address)
    sent = {name: value for name, value in (headers or {}).items() if name.lower() != "host"}
    sent["Host"] = target.url.netloc.decode("ascii")
    sent["Accept-Encoding"] = "identity"  # a small reply must not inflate into a large one

    line = _Line()

    def exchange() -> Reply:
        left = max(0.1, deadline - time.monotonic())
        transport = httpx.HTTPTransport(retries=0, trust_env=False, verify=_certificates())
        with httpx.Client(
            transport=transport, timeout=left, follow_redirects=False, trust_env=False
        ) as client:
            order = client.build_request(method, pinned, headers=sent, content=content)
            order.extensions["trace"] = line.noted
            if target.url.scheme == "https":
                order.extensions["sni_hostname"] = target.host
            answer = client.send(order, stream=True)
            try:
                body = _first_bytes(answer, deadline, largest)
            finally:
                answer.close()
        return Reply(answer.status_code, dict(answer.headers), body)

    try:
        return _within(deadline - time.monotonic(), exchange)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Unreachable(reason=f"it took longer than {timeout:g} s") from error
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
        raise Unreachable(reason=f"{type(error).__name__}: {error}"[:300]) from error
    finally:
        line.cut()


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Whom we believe to be who they say. Read once: it takes longer than most requests."""
    return httpx.create_ssl_context(trust_env=False)


class _Line:
    """A second handle on the connection, to cut it when time is up.

    Socket time limits begin anew with every byte, so a status line that trickles would hold
    its thread for hours.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.over = False
        self.held: socket.socket | None = None

    def noted(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear of the connection being made: httpx's `trace`."""
        if event == "connection.connect_tcp.complete":
            with self.lock:
                self.held = info["return_value"].get_extra_info("socket").dup()
                late = self.over
            if late:
                self.cut()

    def cut(self) -> None:
        with self.lock:
            self.over = True
            held, self.held = self.held, None
        if held is not None:
            with held, contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


def _target(url: str) -> _Target:
    """Return the parts of an address whose form is in order."""

    def refuse(reason: str) -> AddressNotAllowed:
        return AddressNotAllowed(url=url[:200], reason=reason)

    if len(url) > LONGEST_URL or not url.isprintable() or " " in url or "\\" in url:
        raise refuse("it is no web address")
    try:
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii").lower().removesuffix(".")
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise refuse("it is no web address") from error
    if parsed.scheme not in PORTS:
        raise refuse("only http and https are called")
    if parsed.userinfo or "@" in url.partition("://")[2].partition("/")[0]:
        raise refuse("it carries a user name")
    if not host:
        raise refuse("it names no host")
    port = parsed.port or PORTS[parsed.scheme]
    if _listed(host, port):
        return _Target(parsed, host, port, excepted=True)
    if port not in PORTS.values():
        raise refuse("only ports 80 and 443 are called")
    literal = _literal(host)
    if literal is not None and (reason := _fault(literal)):
        raise refuse(reason)
    if literal is None:
        if _is_number(host.rpartition(".")[2]):
            raise refuse("its host is a number written in an unusual way")
        if "." not in host or host.endswith((".localhost", ".local", ".internal")):
            raise refuse("its host is not a public name")
    return _Target(parsed, host, port, excepted=False)


def _judged_address(target: _Target, resolver: Resolver, seconds: float) -> str:
    """Return the one address to connect to; refuse a name that has any address of ours."""
    literal = _literal(target.host)
    if literal is not None:
        return str(literal)
    try:
        found = _within(seconds, lambda: resolver(target.host, target.port))
    except TimeoutError as error:
        raise Unreachable(reason="its name was not resolved in time") from error
    except (OSError, UnicodeError) as error:
        raise Unreachable(reason="its name is not known") from error
    if not found:
        raise Unreachable(reason="its name is not known")
    if not target.excepted:
        for text in found:
            judged = _literal(text)
            reason = "its address is unreadable" if judged is None else _fault(judged)
            if reason:
                raise AddressNotAllowed(url=str(target.url)[:200], reason=reason)
    return found[0]


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _fault(address: Address) -> str:
    """Return why an address is not to be called, or nothing."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            return "its address belongs to a private network"
        inner = address.ipv4_mapped or address.sixtofour or _embedded(address)
        if inner is not None and (reason := _fault(inner)):
            return reason
        if address.teredo:
            return "its address is reserved"
    if address.is_loopback or address.is_unspecified:
        return "its address is this machine"
    if address.is_private or address.is_link_local:
        return "its address belongs to a private network"
    if any(address in network for network in _UNROUTED if network.version == address.version):
        return "its address belongs to a private network"
    if address.is_multicast or address.is_reserved or not address.is_global:
        return "its address is reserved"
    return ""


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that a translator would take out of this one."""
    if address in _COMPATIBLE or any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _is_number(label: str) -> bool:
    """Tell whether C libraries would read the last label of a host as a number."""
    return label.isdigit() or (
        label.startswith("0x") and all(c in "0123456789abcdef" for c in label[2:])
    )


def _listed(host: str, port: int) -> bool:
    return f"{host}:{port}" in settings.OUTBOUND_ALLOWED_HOSTS or (
        ":" in host and f"[{host}]:{port}" in settings.OUTBOUND_ALLOWED_HOSTS
    )


def _first_bytes(answer: httpx.Response, deadline: float, largest: int) -> bytes:
    body = bytearray()
    for chunk in answer.iter_raw():
        body += chunk
        if len(body) >= largest:
            break
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(body[:largest])


def _within(seconds: float, act: Callable[[], Answer]) -> Answer:
    """Return what `act` returns, or stop waiting for it.

    A name look-up cannot be interrupted, so the work runs in a thread that is left behind when
    time is up.
    """
    results: queue.SimpleQueue[tuple[Answer | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put((act(), None))
        except Exception as error:
            results.put((None, error))

    threading.Thread(target=run, name="outbound", daemon=True).start()
    try:
        answer, error = results.get(timeout=max(0.0, seconds))
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return cast("Answer", answer)
