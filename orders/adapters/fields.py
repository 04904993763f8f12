"""Fields of JSON documents by their names, for channels whose documents come in many shapes."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from orders.adapters import documents
from orders.adapters.messages import Message, Unreadable

Document = documents.Doc
LONGEST = 2000


def json_of(message: Message) -> Any:
    """Return what a message says.

    Raises: Unreadable.
    """
    return documents.parsed(message.body)


def part(document: object, *path: str) -> Document:
    """Return the object at a path; an empty one where there is none."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return documents.inner(document)


def objects(document: Document, name: str) -> list[Document]:
    """Return a list of objects; nothing where it is missing.

    Raises: Unreadable.
    """
    return documents.objects(document.get(name), repr(name))


def text(document: Document, *names: str) -> str:
    """Return the first of these that says something, as text of one line."""
    return next(filter(None, (documents.text(document.get(name)) for name in names)), "")


def lines(document: Document, *names: str) -> str:
    """Return the first of these that says something, as text of several lines."""
    found = (documents.text(document.get(name), LONGEST, lines=True) for name in names)
    return next(filter(None, found), "")


def words(document: Document, name: str) -> list[str]:
    """Return the texts of a list; nothing where it is none."""
    found = document.get(name)
    return (
        [said for each in found if (said := documents.text(each))]
        if isinstance(found, list)
        else []
    )


def is_true(document: Document, name: str) -> bool:
    """Whether it says yes, as true or in text."""
    found = document.get(name)
    return found is True or (isinstance(found, str) and found.strip().lower() == "true")


def moment(value: object, named: str = "A time") -> datetime | None:
    """Return a time as stated: ISO 8601 (without an offset: UTC), RFC 2822, or seconds or
    milliseconds since 1970. None where nothing is stated.

    Raises: Unreadable.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError
        found = _moment(str(value).strip())
    except (ValueError, OverflowError, OSError, TypeError):
        raise Unreadable(f"{named} is not a time: {str(value)[:40]!r}.") from None
    return found


def _moment(written: str) -> datetime:
    if written.isascii() and written.isdigit():
        seconds = int(written) / (1000 if len(written) >= 12 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    if written[:1].isdigit():
        found = datetime.fromisoformat(written.replace(" +", "+"))
    else:
        found = parsedate_to_datetime(written)
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return found.astimezone(UTC)
