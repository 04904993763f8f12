"""Signatures as Standard Webhooks wants them: HMAC-SHA256 over `id.timestamp.body`, version v1."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32
MOST_SIGNATURES = 5


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """Return a secret as its owner gets it."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(
    *, message_id: str, timestamp: int, body: bytes, secrets_in_force: Iterable[bytes]
) -> dict[str, str]:
    """Return the headers that prove `body`: one signature by each secret, the newest first."""
    signatures = [
        signature(secret, message_id=message_id, timestamp=str(timestamp), body=body)
        for secret in secrets_in_force
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures[:MOST_SIGNATURES]),
    }


def signature(secret: bytes, *, message_id: str, timestamp: str, body: bytes) -> str:
    """Return what `secret` makes of a message, as its header says it."""
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()}"


def read_secret(text: str) -> bytes:
    """Return the bytes of a secret as it was shown.

    Raises: ValueError.
    """
    try:
        return base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("This is no webhook secret") from error
