"""Secrets of others that we must be able to read again, sealed while they lie in the database.

A dump of the database alone opens nothing: the key is derived from the secret key. Each value has
a nonce of its own, which HMAC-SHA256 turns into the pad that hides it; a second key proves that
nobody has changed it (encrypt, then MAC). A value sealed under a key of `SECRET_KEY_FALLBACKS`
still opens, and is to be sealed anew while it does.
"""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

NONCE, TAG, LONGEST = 16, 32, 4096


class SealBroken(Exception):
    """No key that we know opens this: the secret key was lost, or the value was changed."""


def seal(value: bytes, *, purpose: str) -> str:
    """Return `value` as text that only this installation can read, for this purpose."""
    if len(value) > LONGEST:
        raise ValueError("Too long to be a secret")
    nonce = secrets.token_bytes(NONCE)
    hidden = _hidden(value, settings.SECRET_KEY, purpose, nonce)
    tag = _tag(settings.SECRET_KEY, purpose, nonce + hidden)
    return base64.b64encode(nonce + hidden + tag).decode()


def unseal(text: str, *, purpose: str) -> bytes:
    """Return what was sealed.

    Raises: SealBroken.
    """
    return _open(text, purpose)[0]


def is_current(text: str, *, purpose: str) -> bool:
    """Whether this is sealed under the key in force, not under one that is to be forgotten."""
    return _open(text, purpose)[1] == settings.SECRET_KEY


def _open(text: str, purpose: str) -> tuple[bytes, str]:
    packed = base64.b64decode(text)
    nonce, hidden, tag = packed[:NONCE], packed[NONCE:-TAG], packed[-TAG:]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(tag, _tag(key, purpose, nonce + hidden)):
            return _hidden(hidden, key, purpose, nonce), key
    raise SealBroken(purpose)


def _hidden(value: bytes, key: str, purpose: str, nonce: bytes) -> bytes:
    derived = _derived(key, f"hide {purpose}")
    blocks = range(-(-len(value) // 32))
    pad = b"".join(
        hmac.digest(derived, nonce + number.to_bytes(4), hashlib.sha256) for number in blocks
    )
    return bytes(a ^ b for a, b in zip(value, pad, strict=False))


def _tag(key: str, purpose: str, sealed: bytes) -> bytes:
    return hmac.digest(_derived(key, f"prove {purpose}"), sealed, hashlib.sha256)


def _derived(key: str, use: str) -> bytes:
    return hmac.digest(key.encode(), f"oms.sealing {use}".encode(), hashlib.sha256)
