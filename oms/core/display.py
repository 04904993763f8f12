"""Amounts, quantities and times as a reader of the page's language writes them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale

MINUS = "\N{MINUS SIGN}"
type_of_zone = ZoneInfo | dt.tzinfo | str | None


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def locale() -> Locale:
    """Return the reader's locale: the active language, English where it is unknown."""
    return _locale(get_language() or "en")


@lru_cache(maxsize=64)
def _bare_pattern(place: Locale) -> str:
    pattern: str = place.currency_formats["standard"].pattern
    return pattern.replace("\N{CURRENCY SIGN}", "").strip("\N{NO-BREAK SPACE} ")


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


def money_text(amount: Decimal | int, currency: str, *, symbol: bool = True) -> str:
    """Return an amount with the currency's own decimals; the minus is a minus, not a hyphen."""
    place = locale()
    pattern = None if symbol else _bare_pattern(place)
    text = format_currency(amount, currency, format=pattern, locale=place)
    return _minus(re.sub(r"(?<=[A-Za-z])(?=\d)", "\N{NO-BREAK SPACE}", text))


def number_text(number: Decimal | int, *, sign: bool = False) -> str:
    """Return a number with the reader's separators, and a plus where `sign` asks for one."""
    text = _minus(format_decimal(number, locale=locale()))
    return f"+{text}" if sign and number > 0 else text


def short_number(number: int) -> str:
    """Return a count that need not be exact: 999, 1.2k, 34k, 1.1M."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if abs(number) >= size:
            scaled = Decimal(number) / size
            digits = 1 if abs(scaled) < 10 else 0
            return f"{_minus(format_decimal(round(scaled, digits), locale=locale()))}{letter}"
    return number_text(number)


def zone(tz: type_of_zone) -> dt.tzinfo:
    """Return the zone meant: a name, a zone, or nothing for the reader's current one."""
    if isinstance(tz, str) and tz:
        return ZoneInfo(tz)
    return tz if isinstance(tz, dt.tzinfo) else timezone.get_current_timezone()


def day_text(day: dt.date, *, today: dt.date | None = None) -> str:
    """Return "Wed 18 Nov", with the year when it is not this one."""
    place = locale()
    year = day.year != (today or timezone.localdate()).year
    if place.language == "en":
        return format_date(day, "EEE d MMM y" if year else "EEE d MMM", locale=place)
    return format_skeleton("yMMMEd" if year else "MMMEd", day, locale=place)


def time_text(at: dt.datetime) -> str:
    """Return "10:02"; the day has twenty-four hours in every language here."""
    return at.strftime("%H:%M")


def span_text(seconds: float) -> str:
    """Return how long: "40 min", "2 h 42 min", "26 h", "3 d"."""
    minutes = max(1, round(seconds / 60))
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return gettext("{n} d").format(n=round(hours / 24))
    if hours and rest and hours < 24:
        return gettext("{h} h {m} min").format(h=hours, m=rest)
    return gettext("{h} h").format(h=hours) if hours else gettext("{m} min").format(m=minutes)


def relative_text(at: dt.datetime, now: dt.datetime) -> str:
    """Return "in 2 h 42 min" or "40 min ago"."""
    seconds = (at - now).total_seconds()
    if abs(seconds) < 45:
        return gettext("just now")
    words = gettext("in {}") if seconds > 0 else gettext("{} ago")
    return words.format(span_text(abs(seconds)))


def packs_text(number: int, pack: int, names: str) -> str:
    """Return "36 (6 cases of 6)", with what is left over: "38 (6 cases of 6, and 2)".

    `names` is one word ("case") or two where the plural is another one ("box|boxes").
    """
    packs, rest = divmod(abs(number), pack)
    one, _, many = names.partition("|")
    words = gettext("{packs} {name} of {pack}").format(
        packs=number_text(packs), name=one if packs == 1 else many or f"{one}s", pack=pack
    )
    if rest:
        words = gettext("{words}, and {rest}").format(words=words, rest=rest)
    return f"{number_text(number)} ({words})" if packs else number_text(number)
