"""Addresses that carry their own permission.

A token names a row and a revision of its link and is signed with the secret key, so that it can
be derived again at any time and needs no table. Raising the revision revokes every older one.
"""

from django.core.signing import BadSignature, Signer
from django.utils.http import base36_to_int, int_to_base36

SEPARATOR = "."


def token(purpose: str, *, pk: int, revision: int) -> str:
    """Return the token that opens row `pk` for `purpose`."""
    return _signer(purpose).sign(f"{int_to_base36(pk)}-{int_to_base36(revision)}")


def read(purpose: str, given: str) -> tuple[int, int] | None:
    """Return the row and revision a token was made for; None for one that is not ours."""
    try:
        row, _, revision = _signer(purpose).unsign(given).partition("-")
        return base36_to_int(row), base36_to_int(revision)
    except (BadSignature, ValueError):
        return None


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"oms.link.{purpose}", sep=SEPARATOR)
