"""What a request asks of a report, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from oms.core.errors import Invalid
from oms.core.reports import Asked, key_of

PARAMETERS = {"by", "from", "to", "currency", "format"}


@dataclass(eq=False)
class SpanUnreadable(Invalid):
    """A day or moment cannot be read."""

    pointer: str
    value: str

    message = "Not a day: {value}. Write 2026-11-23, or a moment as in ISO 8601."


@dataclass(eq=False)
class SpanTurned(Invalid):
    """The span ends before it begins."""

    pointer: str = "/to"

    message = "The span ends before it begins."


@dataclass(eq=False)
class CurrencyUnreadable(Invalid):
    """A currency is written in three capital letters."""

    value: str
    pointer: str = "/currency"

    message = "Not a currency: {value}. Write three letters, such as EUR."


@dataclass(eq=False)
class ParameterUnknown(Invalid):
    """A parameter that no report has; leaving it out in silence would give wrong figures."""

    name: str
    pointer: str

    message = "Reports have no parameter {name}."


def asked(slug: str, query: Mapping[str, str], *, channel_id: int | None = None) -> Asked:
    """Return what `query` asks of the report `slug`.

    `from` and `to` are days in the zone of the installation, the last one included, or moments.
    Raises a refusal for what cannot be read and for parameters that are not known.
    """
    for name in query:
        if name not in PARAMETERS:
            raise ParameterUnknown(name=name, pointer=f"/{name}")
    since = _moment("from", query.get("from", ""), last=False)
    until = _moment("to", query.get("to", ""), last=True)
    if since and until and until <= since:
        raise SpanTurned
    currency = query.get("currency", "").strip().upper()
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise CurrencyUnreadable(value=query["currency"][:20])
    return Asked(key_of(slug, query.get("by", "")), since, until, currency, channel_id)


def _moment(name: str, value: str, *, last: bool) -> datetime | None:
    if not value:
        return None
    try:
        day = parse_date(value)
        moment = None if day else parse_datetime(value)
        if day:
            return _begins(day + timedelta(days=1) if last else day)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise SpanUnreadable(pointer=f"/{name}", value=value[:40])
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
