"""Decisions about files that are brought in, on plain values."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import IO

from oms.core.mapping import REMARK, plain

MOST_ROWS = 200_000
"""Rows of one file that is written in parts."""

LARGEST_FILE = 50 * 1024 * 1024


def digest_of(file: IO[bytes]) -> str:
    """What tells the bytes of one file from those of another."""
    found = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()


def signature_of(headers: Iterable[str]) -> str:
    """What tells one kind of file from another: its headers, whatever their order."""
    said = "\n".join(sorted(plain(header) for header in headers if header != REMARK))
    return hashlib.sha256(said.encode()).hexdigest()


class Parts:
    """Which rows belong together: each says on which line the first of them stands."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, ...], int] = {}

    def of(self, key: Sequence[str], line: int) -> int:
        return self._first.setdefault(tuple(key), line) if key else line
