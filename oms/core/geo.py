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
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from itertools import accumulate
from math import asin, cos, inf, isfinite, radians, sin, sqrt
from pathlib import Path
from typing import Literal, TypeVar, overload

Level = Literal["given", "postal", "city", "country"]
Spot = tuple[float, float]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the earth, kilometres (IUGG)."""

STEPS_PER_DEGREE = 200
"""The tables hold positions in steps of 0.005 degrees: at most 0.4 km off."""

LETTERED = frozenset({"BM", "CA", "GB", "GG", "IE", "IM", "JE", "MT"})
"""Countries whose postal codes begin with letters that mean a place, not the country."""

LONGEST_CODE = 10

BY_TOWN, NEAR_KM = frozenset({"BR"}), 150.0
"""Countries of which one code a town is known, the first of those it has: the last code before
another is of its town. A town of the name that is said, so near to that, is more exact."""
REGION, FARTHEST_KM = 2, 1_000.0
"""So many characters say the region, and so far from its middle no town of it lies."""

ALSO_CALLED = {"UK": "GB", "EL": "GR", "IC": "ES", "EA": "ES"}
"""Codes that people and customs write for a country, and the one that ISO has for it."""

ZEROS_LOST: Mapping[str, Mapping[int, int]] = {
    **{land: {3: 5, 4: 5, 7: 9, 8: 9} for land in ["PR", "US", "VI"]},
    "BR": {4: 5, 7: 8},
    "JP": {5: 7, 6: 7},
    **{land: {1: 4, 2: 4, 3: 4} for land in ["NO", "ZA"]},
    **{land: {5: 6} for land in ["CN", "CO", "EC", "RO", "SG"]},
    **{land: {3: 4} for land in ["AU", "AZ", "DK", "NZ", "PH"]},
    **{land: {3: 5, 4: 5} for land in ["FI", "IT", "LK", "LT", "PL", "VA"]},
    **{land: {4: 5} for land in ["DE", "DZ", "ES", "FR", "GT", "KR", "MX", "MY", "PA"]},
    **{land: {4: 5} for land in ["PE", "SK", "TR", "UA"]},
}
"""How many digits a code has that spreadsheets took the zeros from, by how many are left. Brazil's
first five, and the five and nine of the United States, are codes of their own."""

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
    land = ALSO_CALLED.get(land, land)
    if len(land) != 2:
        return None
    code = normal_code(land, postal_code) if postal_code else ""
    by_town = land in BY_TOWN
    spot = None
    if code:
        spot = _areas(land).before(code) if by_town else _areas(land).find(code)
    if spot:
        town = _town(land, city, spot, NEAR_KM) if by_town and city else None
        return Position(*town, "city") if town else Position(*spot, "postal")
    region = _areas(f"{land}~").find(code) if code else None
    if city:
        near = FARTHEST_KM if code and _areas(f"{land}~").has(code[:REGION]) else inf
        if town := _town(land, city, region, near):
            return Position(*town, "city")
    if region:
        return Position(*region, "country")
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


def apart_km(a: Spot, b: Spot) -> float:
    return distance_km(Position(a[0], a[1], "given"), Position(b[0], b[1], "given"))


def unknown_last(km: float | None) -> float:
    """Return a distance to sort by: what is not known comes after everything that is."""
    return inf if km is None else km


def normal_code(country: str, postal_code: str) -> str:
    """Return a postal code as the tables spell it: at most ten of A-Z and 0-9.

    Drops a country prefix ("L-1234", "LV-1010"), French "CEDEX", and the inward part of a
    full British code, whose outward part alone is in the tables. Puts zeros back that a
    spreadsheet took from the front.
    """
    code = postal_code[:40]
    if not code.isascii():
        code = unicodedata.normalize("NFKC", code)
    code = _NOT_OF_A_CODE.sub("", code.upper().partition("CEDEX")[0])
    if country not in LETTERED:
        code = code.lstrip(_LETTERS)
    elif country in _BRITISH:
        code = _BRITISH_INWARD.sub("", code)
    digits = ZEROS_LOST.get(country, {}).get(len(code)) if code.isdecimal() else None
    return code.zfill(digits) if digits else code[:LONGEST_CODE]


def normal_name(city: str) -> str:
    """Return a town's name for look-up: no case, accents, punctuation; "st" for saint."""
    name = city[:200].casefold()
    if not name.isascii():
        name = name.translate(_UNDECOMPOSED)
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not _combines(c))
    words = _NOT_OF_A_NAME.sub(" ", name).split()
    return " ".join("st" if word == "saint" else word for word in words)


def namesake(name: str, nth: int) -> str:
    """Return how the tables spell the second, third … town of one name."""
    return name if nth == 1 else f"{name}\t{nth}"


def code_key(code: str) -> int:
    """Return a number for a postal code or prefix that sorts as the text does, prefix first."""
    return int(code.ljust(LONGEST_CODE, "0"), 36) << 4 | len(code)


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

    def before(self, code: str) -> Spot | None:
        """Return the position of the last code up to `code`, if it begins with the same digit."""
        index = bisect_right(self.keys, code_key(code.ljust(LONGEST_CODE, "Z"))) - 1
        if len(code) < REGION or index < 0 or self.keys[index] < code_key(code[:1]):
            return None
        return self.points.at(index)

    def has(self, code: str) -> bool:
        key = code_key(code)
        index = bisect_left(self.keys, key)
        return len(code) == REGION and index < len(self.keys) and self.keys[index] == key


class _Names:
    """Names and their positions. Of several towns with one name the largest comes first."""

    def __init__(self, names: list[str], points: bytes) -> None:
        self.index: Mapping[str, int] = {name: index for index, name in enumerate(names)}
        self.points = _Points(points)

    def find(self, name: str, near: Spot | None = None) -> Spot | None:
        """Return the largest town of that name; the nearest one, where it is known near what."""
        index = self.index.get(name)
        if index is None:
            return None
        spots = [self.points.at(index)]
        if near is None:
            return spots[0]
        while (index := self.index.get(namesake(name, len(spots) + 1))) is not None:
            spots.append(self.points.at(index))
        return min(spots, key=partial(apart_km, near))


def _town(land: str, city: str, near: Spot | None, most_km: float) -> Spot | None:
    town = _towns(land).find(normal_name(city), near)
    if town and near and apart_km(town, near) > most_km:
        return None
    return town


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
