"""Reports: figures over a span of days by one key, as a page, a table to take away and an API.

The app that owns the numbers writes a `Report` (`REPORTS` in `oms/composition.py`); one above may
add keys to it (`REPORT_KEYS`): what a sales rep is, orders do not know. Figures are read from the
replica where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from oms.core.errors import Invalid, Missing
from oms.core.money import text

Words = str | Promise
Row = dict[str, Any]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Measure:
    """One column of figures. `form` is `number`, `money`, `percent`, `hours`, `day` or `text`."""

    name: str
    label: Words
    form: str = "number"


@dataclass(frozen=True)
class Key:
    """What figures are put together by.

    `of(path)` is the database expression for it, given the path to the order (`""` or
    `"order__"`). `in_time` keys are read from the oldest to the newest.
    """

    name: str
    label: Words
    of: Callable[[str], Any]
    in_time: bool = False


@dataclass(frozen=True)
class Asked:
    """What is asked for: from `since` to before `until`, in one currency or each of them."""

    key: Key
    since: datetime | None = None
    until: datetime | None = None
    currency: str = ""
    channel_id: int | None = None


@dataclass(frozen=True)
class Report:
    """Figures by one of `keys`, the first of them unless said.

    `figures` returns rows with `key`, `currency` (where there are amounts) and every measure.
    `about` says in a sentence what is counted; `chart` names the measures that are drawn. A report
    that is not `dated` shows how things stand now.
    """

    title: Words
    about: Words
    keys: tuple[Key, ...]
    measures: tuple[Measure, ...]
    figures: Callable[[Asked], list[Row]]
    chart: tuple[str, ...]
    dated: bool = True
    order_by: str = ""
    """The measure whose largest comes first; the first of `chart` unless said."""


@dataclass(eq=False)
class ReportUnknown(Missing):
    """There is no such report."""

    report: str

    message = "No report is called {report}."


@dataclass(eq=False)
class ReportKeyUnknown(Invalid):
    """The report cannot be put together by that."""

    by: str
    known: list[str]
    pointer: str = "/by"

    message = "Not by {by}: ask by {known}."


def report(slug: str) -> Report:
    """Return one report. Raises `ReportUnknown`."""
    if slug not in settings.REPORTS:
        raise ReportUnknown(report=slug)
    found: Report = import_string(settings.REPORTS[slug])
    return found


def keys_of(slug: str) -> dict[str, Key]:
    """Return the keys of a report: its own, then those that other apps add."""
    added = settings.REPORT_KEYS.get(slug, ())
    keys = [*report(slug).keys, *(import_string(path) for path in added)]
    return {key.name: key for key in keys}


def key_of(slug: str, by: str) -> Key:
    """Return the key called `by`, or the report's first. Raises `ReportKeyUnknown`."""
    known = keys_of(slug)
    if by and by not in known:
        raise ReportKeyUnknown(by=by, known=list(known))
    return known[by] if by else next(iter(known.values()))


def figures(slug: str, asked: Asked) -> list[Row]:
    """Return the rows of a report: through time, or the largest first."""
    wanted = report(slug)
    rows = wanted.figures(asked)
    if asked.key.in_time:
        return sorted(rows, key=lambda row: (row["key"], row.get("currency", "")))
    leading = wanted.order_by or wanted.chart[0]
    return sorted(rows, key=lambda row: (-(row[leading] or 0), row["key"], row.get("currency", "")))


def plain(measures: Sequence[Measure], row: Row) -> Row:
    """Return a row as the API and tables show it: amounts and rates as decimal strings."""
    shown: Row = {"key": row["key"]}
    if "currency" in row:
        shown["currency"] = row["currency"]
    for measure in measures:
        value = row[measure.name]
        if measure.form == "money" and value is not None:
            value = text(value, row["currency"])
        elif isinstance(value, Decimal):
            value = str(value)
        shown[measure.name] = value
    return shown


def reading(rows: QuerySet[M]) -> QuerySet[M]:
    """Read `rows` from the replica, where there is one."""
    return rows.using(settings.REPORTS_DATABASE)


def merged(*parts: Sequence[Mapping[str, Any]], zero: Mapping[str, Any]) -> list[Row]:
    """Put rows of the same key and currency together; what a part lacks is as in `zero`."""
    found: dict[tuple[Any, Any], Row] = {}
    for part in parts:
        for row in part:
            at = (row["key"], row.get("currency"))
            found.setdefault(at, {**zero, "key": row["key"]}).update(row)
    return list(found.values())
