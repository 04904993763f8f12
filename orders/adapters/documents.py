"""JSON documents of others: read without trusting a type, a length or a character in them.

What people read is cut to the lengths that we keep and freed of characters that hide or reorder
text; the message in the archive keeps all of it. What is counted is never bent: an amount or a
quantity that is none makes the message unreadable.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from orders.adapters import amounts
from orders.adapters.messages import Unreadable

Doc = Mapping[str, Any]

MOST_MARKS = 4


def parsed(body: bytes) -> Any:
    """Return the JSON in `body`, decimals as they are written.

    Raises: Unreadable.
    """
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is not JSON: {str(error)[:200]}.") from error


def objects(value: Any, what: str) -> list[Doc]:
    """Return a list of objects; nothing is none of them.

    Raises: Unreadable.
    """
    if value is None:
        return []
    if not isinstance(value, list) or any(not isinstance(each, dict) for each in value):
        raise Unreadable(f"{what} is not a list of objects.")
    return value


def inner(value: Any) -> Doc:
    """Return an object; nothing, and what is none, is an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: Any, most: int = 200, *, lines: bool = False) -> str:
    """Return what people read, of at most `most` characters; "" for what is no text."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    said = str(value)
    if not (said.isascii() and said.isprintable()):
        said = _clean(said, lines=lines)
    return said.strip()[:most].strip()


def identity(value: Any) -> str:
    """Return an id as text: a number or a string; "" for none, and for 0."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    found = text(value, 100)
    return "" if found == "0" else found


def amount(value: Any, what: str) -> Decimal | None:
    """Return an amount written as a string or a number; None where there is none.

    Raises: Unreadable.
    """
    return None if value is None or value == "" else amounts.amount(value, what)


def units(value: Any, what: str) -> int:
    """Return whole units, none to 99,999, written as a number or a string.

    Raises: Unreadable.
    """
    if value is None:
        raise Unreadable(f"{what} is not said.")
    return amounts.quantity(value, what)


def moment(value: Any, *, zone: Any = None) -> datetime | None:
    """Return a time in UTC; None where there is none that can be read, or one without an offset
    when no `zone` is given for it."""
    if not isinstance(value, str) or not value.isascii() or len(value) < 11:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    if found.tzinfo is None and zone is not None:
        found = found.replace(tzinfo=zone)
    if found.tzinfo is None or not 1970 <= found.year <= 9998:
        return None
    return found.astimezone(UTC)


def currency(value: Any) -> str:
    """Return a currency's code; "" where none is said.

    Raises: Unreadable, for one that there is not.
    """
    return amounts.currency(value) if value else ""


def _clean(said: str, *, lines: bool) -> str:
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", said):
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category == "Cc":
            kept.append(char if lines and char in "\n\t" else " " if char in "\n\r\t" else "")
        elif category == "Cf":
            kept.append(char if char == "\u200d" else "")
        elif category != "Cs" and marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no number")
