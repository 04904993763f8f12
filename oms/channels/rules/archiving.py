"""What is kept of a message beside its body, and by what it is known again."""

import hashlib
import re
from collections.abc import Collection, Mapping

from oms.channels.states import MessageSource

LONGEST_ID, LONGEST_TOPIC, LONGEST_ORDER = 120, 100, 128
MOST_HEADERS, LONGEST_HEADER = 40, 500
KEPT = re.compile(r"content-type|user-agent|date|(?:x|webhook)-[\w-]+")
SECRET = re.compile(
    r"auth|cookie|secret|token|password|passwd|api-?key|session|csrf|credential|signature|hmac"
    r"|^x-(?:forwarded|real|client|cluster|original|envoy)-|^x-request-id$"
)


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def plain(text: str, longest: int) -> str:
    """Return `text` as a column takes it: one line, nothing hidden in it, not too long."""
    return "".join(char for char in text if char.isprintable())[:longest]


def headers_kept(headers: Mapping[str, str], *, proofs: Collection[str] = ()) -> dict[str, str]:
    """Return the headers that tell something about a message, and nothing that proves anything
    or says where it came along."""
    kept = {
        name: plain(value, LONGEST_HEADER)
        for name, value in sorted(headers.items())
        if KEPT.fullmatch(name) and not SECRET.search(name) and name not in proofs
    }
    return dict(list(kept.items())[:MOST_HEADERS])


def identity_of(*, source: str, message_id: str, topic: str, digest: str) -> str:
    """Return what a message is known by within its channel.

    One without an id is what it says about its topic. What we fetch comes under one id again and
    again, so there it is both.
    """
    if source == MessageSource.FETCH:
        return f"fetch:{_short(message_id, topic, digest)}"
    if not message_id:
        return f"body:{_short(topic, digest)}"
    known = plain(message_id, LONGEST_ID + 1)
    fits = known == message_id and len(known) <= LONGEST_ID
    return f"id:{message_id}" if fits else f"long:{_short(message_id)}"


def _short(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
