"""Where an address lies on earth, answered from tables that ship with the system.

Order intake asks this for every order, so nothing here touches network or database:
a country's table is read from `oms/core/geodata/` the first time an address there is
asked for, and kept for the life of the process.

Positions come from GeoNames (https://www.geonames.org, CC BY 4.0), reduced by
`manage.py build_geodata`. Errors are in `docs/adr/0004-positions-come-from-a-table-that-ships.md`.
"""

import re
import sys
import threading
import unicodedata
import zipfile
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import accumulate
from math import asin, cos, inf, isfinite, radians, sin, sqrt
from pathlib import Path
from typing import Literal, TypeVar, overload

Level = Literal["given", "postal", "city", "country"]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the earth, kilometres (IUGG)."""

STEPS_PER_DEGREE = 200
"""The tables hold positions in steps of 0.005 degrees: at most 0.4 km off."""

LETTERED = frozenset({"BM", "CA", "GB", "GG", "IE", "IM", "JE", "MT"})
"""Countries whose postal codes begin with letters that mean a place, not the country."""

LONGEST_CODE = 10

_GEODATA = Path(__file__).parent / "geodata"
_NOT_OF_A_CODE = re.compile(r"[^A-Z0-9]+")
_BRITISH_INWARD = re.compile(r"(?<=.{2})[0-9][A-Z]{2}\Z")
_BRITISH = frozenset({"GB", "GG", "IM", "JE"})
_NOT_OF_A_NAME = re.compile(r"[\W_]+")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i"})


@dataclass(frozen=True, slots=True)
class Position:
    """A point in degrees (WGS 84), and how it was found.

    `given` came with the address. `postal` is the middle of the area of a postal code, or
    of the shortest area around it that is known. `city` is the middle of a town of that
    name, the largest where a country has several. `country` is where the people of the
    country live on average, or of that part of it which the postal code's first characters
    name: good for choosing a continent, not a warehouse.
    """

    latitude: float
    longitude: float
    level: Level


def locate(
    *,
    country: str,
    postal_code: str = "",
    city: str = "",
    latitude: Decimal | float | None = None,
    longitude: Decimal | float | None = None,
) -> Position | None:
    """Return the best position known for an address, or None when even its country is unknown.

    `country` is ISO 3166-1 alpha-2. Coordinates that are given win when they are a point on
    earth; else the postal code or its longest known prefix, the city, the country. Never
    raises on any text. About 5 µs, and once per process and country up to 50 ms.
    """
    if latitude is not None and longitude is not None:
        given = _given(float(latitude), float(longitude))
        if given:
            return given
    land = country.strip().upper()
    if len(land) != 2:
        return None
    code = normal_code(land, postal_code) if postal_code else ""
    if code and (spot := _areas(land).find(code)):
        return Position(*spot, "postal")
    if city and (spot := _towns(land).find(normal_name(city))):
        return Position(*spot, "city")
    if code and (spot := _areas(f"{land}~").find(code)):
        return Position(*spot, "country")
    if spot := _countries().find(land):
        return Position(*spot, "country")
    return None


@overload
def distance_km(a: Position, b: Position) -> float: ...
@overload
def distance_km(a: Position | None, b: Position | None) -> float | None: ...
def distance_km(a: Position | None, b: Position | None) -> float | None:
    """Return the great-circle distance in kilometres (haversine on a sphere of the mean radius).

    None when either end is not known. Up to 0.5 % off the distance over the ellipsoid, which is
    less than roads add.
    """
    if a is None or b is None:
        return None
    latitude_a, latitude_b = radians(a.latitude), radians(b.latitude)
    across = sin((latitude_b - latitude_a) / 2) ** 2
    along = sin(radians(b.longitude - a.longitude) / 2) ** 2
    return (
        2
        * EARTH_RADIUS_KM
        * asin(min(1.0, sqrt(across + cos(latitude_a) * cos(latitude_b) * along)))
    )


def unknown_last(km: float | None) -> float:
    """Return a distance to sort by: what is not known comes after everything that is."""
    return inf if km is None else km


def normal_code(country: str, postal_code: str) -> str:
    """Return a postal code as the tables spell it: at most ten of A-Z and 0-9.

    Drops a country prefix ("L-1234", "LV-1010"), French "CEDEX", and the inward part of a
    full British code, whose outward part alone is in the tables.
    """
    code = postal_code[:40]
    if not code.isascii():
        code = unicodedata.normalize("NFKC", code)
    code = _NOT_OF_A_CODE.sub("", code.upper().partition("CEDEX")[0])
    if country not in LETTERED:
        code = code.lstrip(_LETTERS)
    elif country in _BRITISH:
        code = _BRITISH_INWARD.sub("", code)
    return code[:LONGEST_CODE]


def normal_name(city: str) -> str:
    """Return a town's name for look-up: no case, accents, punctuation; "st" for saint."""
    name = city[:200].casefold()
    if not name.isascii():
        name = name.translate(_UNDECOMPOSED)
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not _combines(c))
    words = _NOT_OF_A_NAME.sub(" ", name).split()
    return " ".join("st" if word == "saint" else word for word in words)


def code_key(code: str) -> int:
    """Return a number for a postal code or prefix that sorts as the text does, prefix first."""
    return int(code.ljust(LONGEST_CODE, "0"), 36) << 4 | len(code)


Spot = tuple[float, float]


class _Points:
    """The positions of one table, 8 bytes each."""

    def __init__(self, points: bytes) -> None:
        steps = array("i")
        steps.frombytes(points)
        if sys.byteorder == "big":
            steps.byteswap()
        half = len(steps) // 2
        self.latitudes = array("i", accumulate(steps[:half]))
        self.longitudes = array("i", accumulate(steps[half:]))

    def at(self, index: int) -> Spot:
        return (
            self.latitudes[index] / STEPS_PER_DEGREE,
            self.longitudes[index] / STEPS_PER_DEGREE,
        )


class _Areas:
    """A country's postal codes and their prefixes: 16 bytes each, found by bisection."""

    def __init__(self, names: list[str], points: bytes) -> None:
        self.keys = array("Q", map(code_key, names))
        self.points = _Points(points)

    def find(self, code: str) -> Spot | None:
        """Return the position of the longest known prefix of `code`."""
        keys = self.keys
        for length in range(len(code), 0, -1):
            key = code_key(code[:length])
            index = bisect_left(keys, key)
            if index < len(keys) and keys[index] == key:
                return self.points.at(index)
        return None


class _Names:
    """Names and their positions."""

    def __init__(self, names: list[str], points: bytes) -> None:
        self.index: Mapping[str, int] = {name: index for index, name in enumerate(names)}
        self.points = _Points(points)

    def find(self, name: str) -> Spot | None:
        index = self.index.get(name)
        return None if index is None else self.points.at(index)


_reading = threading.Lock()
Table = TypeVar("Table")


@cache
def _members(archive: str) -> frozenset[str]:
    with zipfile.ZipFile(_GEODATA / archive) as tables:
        return frozenset(tables.namelist())


def _read(kind: Callable[[list[str], bytes], Table], archive: str, member: str) -> Table:
    """Read one table: names, one a line, a NUL, then latitude and longitude steps."""
    if member not in _members(archive):
        return kind([], b"")
    with _reading, zipfile.ZipFile(_GEODATA / archive) as tables:
        names, _, points = tables.read(member).partition(b"\0")
    return kind(names.decode().split("\n"), points)


def _areas(member: str) -> _Areas:
    return _cached_areas(member) if member in _members("postal.zip") else _NO_AREAS


def _towns(country: str) -> _Names:
    return _cached_towns(country) if country in _members("cities.zip") else _NO_NAMES


@cache
def _cached_areas(member: str) -> _Areas:
    return _read(_Areas, "postal.zip", member)


@cache
def _cached_towns(country: str) -> _Names:
    return _read(_Names, "cities.zip", country)


@cache
def _countries() -> _Names:
    return _read(_Names, "cities.zip", "countries")


_NO_AREAS, _NO_NAMES = _Areas([], b""), _Names([], b"")


def _given(latitude: float, longitude: float) -> Position | None:
    """Return the point, unless it is none; 0, 0 is how software says that it does not know."""
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    if isfinite(latitude) and isfinite(longitude) and on_earth and (latitude or longitude):
        return Position(latitude, longitude, "given")
    return None


def _combines(character: str) -> bool:
    return unicodedata.combining(character) != 0
