"""Pages of staff lists by cursor: deep pages cost what the first one costs."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[M]):
    """The rows of one page; `newer` and `older` are cursors, or None at an end."""

    rows: list[M]
    newer: str | None
    older: str | None

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(
    queryset: QuerySet[M],
    *,
    cursor: str = "",
    keys: Sequence[str] = ("placed_at", "id"),
    descending: bool = True,
    size: int = PAGE_SIZE,
    narrowed: Callable[[QuerySet[M], int], QuerySet[M]] | None = None,
) -> Page[M]:
    """Return one page of `queryset` in the order of `keys`, of which the last is unique.

    A cursor that is not ours shows the first page. One query, and what `narrowed` takes: it may
    leave of the ordered rows only some among which are the first so many.
    """
    towards, values = _read(cursor, len(keys))
    backwards = towards == "newer"
    down = descending != backwards
    if values:
        try:
            queryset = queryset.filter(_beyond(keys, values, down))
        except (ValueError, TypeError, ValidationError):
            return page_of(queryset, keys=keys, descending=descending, size=size, narrowed=narrowed)
    queryset = queryset.order_by(*(F(key).desc() if down else F(key).asc() for key in keys))
    if narrowed:
        queryset = narrowed(queryset, size + 1)
    rows = list(queryset[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    before = more if backwards else bool(values)
    after = bool(values) if backwards else more
    return Page(
        rows,
        newer=_write("newer", rows[0], keys) if before and rows else None,
        older=_write("older", rows[-1], keys) if after and rows else None,
    )


def _beyond(keys: Sequence[str], values: Sequence[Any], down: bool) -> Q:
    """Rows past `values`. The first condition alone lets an index find where to begin."""
    step, within = ("lt", "lte") if down else ("gt", "gte")
    found = Q(**{f"{keys[-1]}__{step}": values[-1]})
    for key, value in reversed(list(zip(keys[:-1], values[:-1], strict=True))):
        found = Q(**{f"{key}__{within}": value}) & (Q(**{f"{key}__{step}": value}) | found)
    return found


def _write(towards: str, row: Model, keys: Sequence[str]) -> str:
    values = [_value(row, key) for key in keys]
    plain = [{_moment(each): each.isoformat()} if _moment(each) else each for each in values]
    packed = json.dumps([towards[0], *plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _value(row: Any, key: str) -> Any:
    for name in key.split("__"):
        row = getattr(row, name)
    return row


def _read(cursor: str, wanted: int) -> tuple[str, list[Any]]:
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        towards, *plain = json.loads(packed)
        values = [_as_moment(each) if isinstance(each, dict) else each for each in plain]
    except (ValueError, TypeError, KeyError, binascii.Error):
        return "older", []
    known = all(_is_plain(each) for each in values)
    if len(values) != wanted or towards not in ("n", "o") or not known:
        return "older", []
    return ("newer" if towards == "n" else "older"), values


def _moment(value: Any) -> str:
    """Return how a cursor marks a time or a day; nothing for other values."""
    return "t" if isinstance(value, datetime) else "d" if isinstance(value, date) else ""


def _as_moment(marked: dict[str, str]) -> date:
    if "d" in marked:
        return date.fromisoformat(marked["d"])
    return datetime.fromisoformat(marked["t"])


def _is_plain(value: Any) -> bool:
    """Whether the database can be asked for it."""
    if isinstance(value, str):
        return "\0" not in value and value.isprintable()
    return isinstance(value, date) or (type(value) is int and -(2**63) <= value < 2**63)
