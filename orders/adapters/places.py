"""Addresses as channels write them."""

import functools
import unicodedata
from collections.abc import Iterable

from babel import Locale

_ALSO = {
    "UK": "GB",
    "EL": "GR",
    "USA": "US",
    "UNITED STATES OF AMERICA": "US",
    "GREAT BRITAIN": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "NORTHERN IRELAND": "GB",
    "TURKEY": "TR",
    "CZECH REPUBLIC": "CZ",
    "HOLLAND": "NL",
    "THE NETHERLANDS": "NL",
    "SOUTH KOREA": "KR",
    "KOREA, REPUBLIC OF": "KR",
    "RUSSIAN FEDERATION": "RU",
    "VIET NAM": "VN",
    "HONG KONG": "HK",
    "MACAU": "MO",
    "MACEDONIA": "MK",
    "IVORY COAST": "CI",
}


def country(written: object) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country, from its code or its English name.

    What is not known is given back in capitals, for people to see.
    """
    text = " ".join(written.split()) if isinstance(written, str) else ""
    known = _by_name()
    for guess in (text.upper(), _plain(text)):
        if guess in _ALSO:
            return _ALSO[guess]
        if guess in known:
            return known[guess]
    return text.upper()


def two_lines(written: Iterable[object]) -> tuple[str, str]:
    """Return the lines of a street address as two: the first that is filled, and all others."""
    lines = [" ".join(line.split()) for line in written if isinstance(line, str) and line.strip()]
    return (lines[0] if lines else ""), ", ".join(lines[1:])


@functools.cache
def _by_name() -> dict[str, str]:
    names = {
        str(code): str(name)
        for code, name in Locale("en").territories.items()
        if len(str(code)) == 2 and str(code).isalpha()
    }
    return {code: code for code in names} | {_plain(name): code for code, name in names.items()}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).upper()
