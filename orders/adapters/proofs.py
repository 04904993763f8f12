"""Proofs that a message is a channel's own which more than one kind of channel uses."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from oms.messaging.rules.signing import signature
from orders.adapters.messages import Message, NotTheirs, Stale

TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def has_webhook_signature(message: Message) -> bool:
    return SIGNATURE in message.headers


def prove_webhook(message: Message, secrets: Sequence[str]) -> None:
    """Prove by Standard Webhooks: HMAC-SHA256 over id, timestamp and the bytes as they came.

    A secret signs as it is written; one that is base64, with `whsec_` before it or without, signs
    as the bytes it stands for too.

    Raises: NotTheirs, Stale.
    """
    identity, stamp = message.headers.get(ID, ""), message.headers.get(TIMESTAMP, "")
    given = [
        text
        for version, _, text in (
            part.partition(",") for part in message.headers.get(SIGNATURE, "").split()
        )
        if version == "v1"
    ]
    if not identity or not given or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise NotTheirs("Its signature is not complete.")
    wanted = [
        signature(key, message_id=identity, timestamp=stamp, body=message.body)
        for secret in secrets
        for key in _keys(secret)
    ]
    pairs = [(f"v1,{each}".encode(), want.encode()) for each in given for want in wanted]
    if not any(hmac.compare_digest(each, want) for each, want in pairs):
        raise NotTheirs("Its signature is not made with a secret of this channel.")
    if abs(message.received_at - datetime.fromtimestamp(int(stamp), UTC)) > TOLERANCE:
        raise Stale("It was signed more than five minutes away from now.")


def prove_body(message: Message, secrets: Sequence[str], *, header: str) -> None:
    """Prove by `header`: HMAC-SHA256 in base64 over the bytes as they came.

    Raises: NotTheirs.
    """
    given = message.headers.get(header, "").strip().encode()
    wanted = [
        base64.b64encode(hmac.digest(secret.encode(), message.body, hashlib.sha256))
        for secret in secrets
        if secret
    ]
    if not any(hmac.compare_digest(given, want) for want in wanted):
        raise NotTheirs(f"Its {header} is not made with a secret of this channel.")


def prove_bearer(message: Message, secrets: Sequence[str]) -> None:
    """Prove by `Authorization: Bearer SECRET`.

    Raises: NotTheirs.
    """
    scheme, _, given = message.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not _is_one_of(given.strip(), secrets):
        raise NotTheirs("It carries no secret of this channel.")


def prove_basic(message: Message, secrets: Sequence[str]) -> None:
    """Prove by HTTP Basic: the channel's secret is the password, or it is name:password.

    Raises: NotTheirs.
    """
    scheme, _, given = message.headers.get("authorization", "").partition(" ")
    try:
        pair = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        pair = ""
    password = pair.partition(":")[2]
    known = [_is_one_of(each, secrets) for each in (password, pair)]
    if scheme.lower() != "basic" or ":" not in pair or not any(known):
        raise NotTheirs("It carries no password of this channel.")


def _is_one_of(given: str, secrets: Sequence[str]) -> bool:
    return any(hmac.compare_digest(given.encode(), secret.encode()) for secret in secrets if secret)


def _keys(secret: str) -> list[bytes]:
    """Return the bytes that a secret may stand for."""
    if not secret:
        return []
    keys = [secret.encode()]
    try:
        decoded = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    # Text that is base64 by accident must not become a key that is easily guessed.
    return [*keys, decoded] if len(decoded) >= 16 else keys
