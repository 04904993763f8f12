"""Tables in the habits of others: what of a file is certain, and its cells in our own words.

Nothing is guessed silently: what the cells do not prove (`None`) a person is asked for, and a cell
that does not fit the answer is refused where it stands.
"""

import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import IO, Any
from zoneinfo import ZoneInfo

from babel import Locale

from oms.core import cells
from oms.core.cells import BadCell
from oms.core.columns import Column

ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "mac_roman": "Mac Roman",
    "shift_jis": "Japanese (Shift JIS)",
}
POINT, COMMA = "point", "comma"
DAY_FIRST, MONTH_FIRST = "day", "month"


@dataclass(frozen=True)
class Format:
    """How a table writes letters, numbers and times. Blank: not said, so what leaves a doubt is
    refused. `is_ours` tables are read strictly, as they are."""

    encoding: str = "utf-8-sig"
    delimiter: str = ""
    is_ours: bool = False
    decimals: str = ""
    dates: str = ""
    time_zone: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def encoding_of(file: IO[bytes]) -> str | None:
    """Return the encoding of a text file where its bytes prove it, from first to last."""
    file.seek(0)
    start = file.read(4096)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if without_mark := _utf_16_of(start):
        return without_mark
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return "utf-8-sig"


def _utf_16_of(start: bytes) -> str:
    """Which UTF-16 this is, though it has no mark: every other byte of it is mostly NUL. A stray
    NUL proves nothing."""
    by_half = {"utf-16-be": start[::2].count(0), "utf-16-le": start[1::2].count(0)}
    half = max(by_half, key=lambda each: by_half[each])
    return half if by_half[half] * 4 > len(start) // 2 else ""


def kind_of(column: Column) -> str:
    """Say what a column holds, as far as others write it in other ways than we do."""
    return KINDS.get(getattr(column, "func", column), "text")


KINDS: dict[Any, str] = {
    cells.decimal: "decimal",
    cells.integer: "integer",
    cells.moment: "moment",
    cells.day: "day",
    cells.country: "country",
    cells.choice: "choice",
}

# ── Numbers ─────────────────────────────────────────────────────────────────────────────────

_MONEY = re.compile(
    r"^(?:[A-Z]{3}|[A-Z]{0,2}[$€£¥₹₽₩₺])?[\s\u00a0\u202f]*"
    r"|[\s\u00a0\u202f]*(?:[A-Z]{3}|[$€£¥₹₽₩₺]|zł|kr\.?)?$"
)
_SPACES = re.compile(r"(?<=[0-9])[\s\u00a0\u202f'](?=[0-9]{3}(?![0-9]))", re.ASCII)
_BY_MARK = {
    POINT: re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?", re.ASCII),
    COMMA: re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]+)?", re.ASCII),
}


def _bare(text: str) -> str:
    """A number without the sign of its currency, and without spaces between its thousands."""
    return _SPACES.sub("", _MONEY.sub("", text.strip()))


def marks(text: str) -> set[str]:
    """Return the decimal marks by which this is a number: both, where it leaves a doubt."""
    bare = _bare(text)
    return {mark for mark, pattern in _BY_MARK.items() if pattern.fullmatch(bare)}


def decimals_of(texts: Iterable[str]) -> str | None:
    """Return the decimal mark of these numbers; blank where none has one, None where it is not
    certain. One that tells settles it for all; two that contradict leave it open."""
    found: set[str] = set()
    doubt = False
    for text in texts:
        fits = marks(text)
        if len(fits) == 1:
            found |= fits
        elif len(fits) == 2 and not _bare(text).lstrip("+-").isdigit():
            doubt = True
    if len(found) == 1:
        return found.pop()
    return None if found or doubt else ""


def number(text: str, mark: str) -> str:
    """Return a number as we write it: 1234.50."""
    bare = _bare(text)
    fits = marks(text)
    if mark and mark not in fits:
        raise ValueError(f"{text[:40]!r} is not a number with a decimal {mark}")
    if not fits:
        raise ValueError(f"{text[:40]!r} is not a number")
    if not mark and len(fits) == 2 and not bare.lstrip("+-").isdigit():
        raise ValueError(f"{text[:40]!r} may be two numbers: say which decimal mark the file has")
    if (mark or fits.pop()) == COMMA:
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(",", "")


def _integer(text: str, told: Format) -> str:
    whole, _, rest = number(text, told.decimals).partition(".")
    return whole if not rest.strip("0") else f"{whole}.{rest}"


# ── Times ───────────────────────────────────────────────────────────────────────────────────

_MONTHS = {
    name: nth
    for nth, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june",
            "jul july", "aug august", "sep sept september", "oct october", "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DATED = re.compile(
    r"(?P<a>[0-9]{1,4}|[A-Za-z]{3,9})\.?[\s./-]+(?P<b>[0-9]{1,2}|[A-Za-z]{3,9})\.?,?[\s./-]+"
    r"(?P<c>[0-9]{4}|[0-9]{1,2})(?:,?[T\s]+(?P<rest>.+))?",
    re.ASCII,
)
_CLOCK = re.compile(
    r"(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:\.[0-9]+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


@dataclass(frozen=True)
class _Said:
    """What a time says, under each reading its date allows."""

    days: dict[str, date]
    clock: time | None
    offset: str


def _said(text: str) -> _Said | None:
    found = _DATED.fullmatch(text.strip())
    if not found:
        return None
    clock, offset = None, ""
    if rest := found["rest"]:
        at = _CLOCK.fullmatch(rest.strip())
        if not at:
            return None
        hour = int(at["h"])
        if at["half"]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if at["half"][0] in "Pp" else 0)
        try:
            clock = time(hour, int(at["m"]), int(at["s"] or 0))
        except ValueError:
            return None
        offset = at["zone"] or ""
    days = {}
    for order, (year, month, day) in _readings(found["a"], found["b"], found["c"], text).items():
        try:
            days[order] = date(year, month, day)
        except ValueError:
            continue
    return _Said(days, clock, offset) if days else None


def _readings(a: str, b: str, c: str, text: str) -> dict[str, tuple[int, int, int]]:
    """Year, month and day by the order they may stand in; "" where only one is possible."""
    month_a, month_b = _MONTHS.get(a.lower(), 0), _MONTHS.get(b.lower(), 0)
    if len(a) == 4 and a.isdigit():
        month = month_b or (int(b) if b.isdigit() else 0)
        return {"": (int(a), month, int(c))}
    year = int(c) if len(c) == 4 else 2000 + int(c)
    if month_a and b.isdigit():
        return {"": (year, month_a, int(b))}
    if month_b and a.isdigit():
        return {"": (year, month_b, int(a))}
    if not (a.isdigit() and b.isdigit()) or len(c) == 3:
        return {}
    if a == b:
        return {"": (year, int(b), int(a))}
    return {DAY_FIRST: (year, int(b), int(a)), MONTH_FIRST: (year, int(a), int(b))}


def dates_of(texts: Iterable[str]) -> str | None:
    """Return whether day or month stands first; blank where it does not matter, None where it is
    not certain."""
    found: set[str] = set()
    doubt = False
    for text in texts:
        said = _said(text)
        orders = set(said.days) - {""} if said else set()
        if len(orders) == 1:
            found |= orders
        doubt = doubt or len(orders) == 2
    if len(found) == 1:
        return found.pop()
    return None if found or doubt else ""


def lacks_zone(texts: Iterable[str]) -> bool:
    """Whether any of these times is somebody's local time, or a day alone."""
    return any((said := _said(text)) is not None and not said.offset for text in texts)


def _day_of(said: _Said, text: str, dates: str) -> date:
    if "" in said.days:
        return said.days[""]
    if dates:
        if dates not in said.days:
            raise ValueError(f"{text[:40]!r} is not a date with the {dates} first")
        return said.days[dates]
    if len(said.days) == 1:
        return next(iter(said.days.values()))
    raise ValueError(f"{text[:40]!r} may be two days: say whether the day or the month comes first")


def _day(text: str, told: Format) -> str:
    said = _said(text)
    if said is None:
        raise ValueError(f"{text[:40]!r} is not a date")
    return _day_of(said, text, told.dates).isoformat()


def _moment(text: str, told: Format) -> str:
    said = _said(text)
    if said is None:
        raise ValueError(f"{text[:40]!r} is not a time")
    found = datetime.combine(_day_of(said, text, told.dates), said.clock or time())
    if said.offset in {"Z", "UTC", "GMT"}:
        return found.replace(tzinfo=UTC).isoformat()
    if said.offset:
        return f"{found.isoformat()}{said.offset[:3]}:{said.offset[-2:]}"
    if not told.time_zone:
        raise ValueError(f"{text[:40]!r} lacks a time zone: say which one the file has")
    return found.replace(tzinfo=ZoneInfo(told.time_zone)).isoformat()


# ── Countries ───────────────────────────────────────────────────────────────────────────────

NAMED_IN = ("en", "de", "fr", "nl", "es", "it")


def _country(text: str, told: Format) -> str:
    return text if len(text) == 2 else _country_names().get(text.casefold(), text)


@cache
def _country_names() -> dict[str, str]:
    names: dict[str, str] = {
        "united states of america": "US", "usa": "US", "great britain": "GB", "uk": "GB",
        "holland": "NL", "the netherlands": "NL",
    }  # fmt: skip
    for language in NAMED_IN:
        for code, name in Locale(language).territories.items():
            if len(str(code)) == 2 and str(code).isalpha():
                names.setdefault(str(name).casefold(), str(code))
    return names


IN_OURS: dict[str, Callable[[str, Format], str]] = {
    "decimal": lambda text, told: number(text, told.decimals),
    "integer": _integer,
    "moment": _moment,
    "day": _day,
    "country": _country,
}


def in_ours(text: str, column: str, kind: str, told: Format) -> str:
    """Return a cell as we write it.

    Raises: BadCell.
    """
    read = IN_OURS.get(kind)
    if not text or read is None:
        return text
    try:
        return read(text, told)
    except ValueError as problem:
        raise BadCell(column=column, reason=str(problem)) from None
