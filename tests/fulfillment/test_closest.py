"""Orders to real places are served from the closest location, by a reckoning of our own.

`REAL_PLACES=FOLDER pytest tests/fulfillment/test_closest.py -m full` tries the places of a folder
with the data sets `geo` and `orders_datasets` as well: they may be used, but not be copied here.
"""

import csv
import gzip
import os
from math import acos, cos, radians, sin
from pathlib import Path

import pytest

from fulfillment.models import FulfillmentOrder
from fulfillment.rules.costing import Candidate
from fulfillment.rules.routing import BUILT_IN, Asked
from fulfillment.rules.sourcing import Demand, decide
from oms.core.geo import Position, distance_km, locate
from tests.fulfillment.measures import Nothing

HERE = Path(__file__).parent
FOLDER = os.environ.get("REAL_PLACES", "")
needs_more = pytest.mark.skipif(not FOLDER, reason="REAL_PLACES names no folder with data sets")
TIE_KM = 5
TEA = 1
ISO = {
    "Brasil": "BR", "United States": "US", "China": "CN", "France": "FR", "South Korea": "KR",
    "Japan": "JP", "Spain": "ES", "Germany": "DE", "United Kingdom": "GB", "Belgium": "BE",
    "Australia": "AU", "Poland": "PL",
}  # fmt: skip


def rows(path):
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        return list(csv.DictReader(file))


def place(row):
    return float(row["latitude"]), float(row["longitude"])


def great_circle(a, b):
    """Kilometers by the law of cosines, on the mean sphere."""
    (north, east), (other_north, other_east) = [tuple(map(radians, each)) for each in (a, b)]
    flat = cos(north) * cos(other_north) * cos(east - other_east)
    return 6371.0088 * acos(max(-1.0, min(1.0, sin(north) * sin(other_north) + flat)))


def chosen(origins, address):
    """The name of the location from which the rules that are built in serve an address."""
    target = locate(**address)
    plan = decide(
        book=BUILT_IN,
        asked=Asked(country=address["country"]),
        demands=[Demand(1, TEA, 1)],
        candidates=[
            Candidate(nth, name, distance_km(Position(*spot, "given"), target), {TEA: 5})
            for nth, (name, spot) in enumerate(origins.items())
        ],
        measures=Nothing(),
    )
    [placement] = plan.placements
    return list(origins)[placement.location_id]


def wrongly_served(origins, destinations):
    """Destinations that are served from farther away than from the closest location."""
    wrong = []
    for spot, address in destinations:
        far = {name: great_circle(there, spot) for name, there in origins.items()}
        serving = chosen(origins, address)
        if far[serving] > min(far.values()) + TIE_KM:
            wrong.append((address, serving, min(far, key=far.__getitem__)))
    return wrong


def stores():
    return {row["store_name"]: place(row) for row in rows(HERE / "data/stores.csv")}


def zip_codes():
    return [
        (place(row), {"country": "US", "postal_code": row["zip"], "city": row["city"]})
        for row in rows(HERE.parent / "core/data/us_zips_sample.csv.gz")
    ]


def test_american_addresses_are_served_from_the_closest_store():
    assert wrongly_served(stores(), zip_codes()[::10]) == []


def test_zeros_that_a_spreadsheet_took_change_no_choice():
    shortened = [
        (spot, address | {"postal_code": address["postal_code"].lstrip("0"), "city": ""})
        for spot, address in zip_codes()
        if address["postal_code"].startswith("0")
    ]
    assert len(shortened) > 100
    assert wrongly_served(stores(), shortened) == []


@pytest.mark.full
def test_two_thousand_american_addresses_are_served_from_the_closest_store():
    assert wrongly_served(stores(), zip_codes()) == []


ADDRESSES = [
    ("NL", "1012 AB", "Amsterdam", "Utrecht"),
    ("nl", "9711lm", "Groningen", "Utrecht"),
    ("GB", "M1 1AE", "Manchester", "London"),
    ("DE", "1067", "Dresden", "Berlin"),
    ("US", "2116-1234", "Boston", "New York City"),
    ("US", "00901", "San Juan", "New York City"),
    ("PR", "901", "San Juan", "New York City"),
    ("GU", "96910", "Hagatna", "Tokyo"),
    ("RE", "97400", "Saint-Denis", "Johannesburg"),
    ("BR", "01310-100", "São Paulo", "São Paulo"),
    ("BR", "90010", "porto alegre", "Buenos Aires"),
    ("AU", "800", "Darwin", "Perth"),
    ("IN", "", "Hyderabad", "Mumbai"),
]


@pytest.mark.django_db
def test_real_orders_are_worked_on_at_the_closest_store(world):
    names = {}
    for nth, (name, (latitude, longitude)) in enumerate(stores().items()):
        names[f"s{nth}"] = name
        world.location(f"s{nth}", latitude=latitude, longitude=longitude)
    world.stock("tea", **dict.fromkeys(names, 50))

    for country, postal_code, city, closest in ADDRESSES:
        address = {
            "name": "Robin Vale",
            "line1": "Main street 1",
            "city": city,
            "postal_code": postal_code,
            "country": country.upper(),
        }
        order = world.place(tea=1, fields={"shipping_address": address})
        [work] = FulfillmentOrder.objects.filter(order=order).select_related("location")
        assert (country, names[work.location.code]) == (country, closest)


def real(path):
    return rows(Path(FOLDER) / path)


def centers():
    found = real("orders_datasets/thelook/distribution_centers.csv")
    return {row["name"]: place(row) for row in found}


def towns():
    found = real("geo/br_olist_city_centroids.csv")
    return {(row["city"], row["state"]): place(row) for row in found}


def hubs():
    """The forty towns of most sellers."""
    sellers = [
        (row["seller_city"], row["seller_state"])
        for row in real("orders_datasets/olist/sellers.csv")
    ]
    known = towns()
    busiest = sorted(set(sellers) & set(known), key=lambda each: (-sellers.count(each), each))
    return {"/".join(each): known[each] for each in busiest[:40]}


def brazilians():
    known = towns()
    found = [
        (known.get((row["customer_city"], row["customer_state"])), row)
        for row in real("orders_datasets/olist/customers.csv")
    ]
    return [
        (
            spot,
            {
                "country": "BR",
                "postal_code": row["customer_zip_code_prefix"],
                "city": row["customer_city"],
            },
        )
        for spot, row in found
        if spot
    ]


def users():
    return [
        (
            place(row),
            {
                "country": ISO[row["country"]],
                "postal_code": row["postal_code"],
                "city": "" if row["city"] == "null" else row["city"],
            },
        )
        for row in real("orders_datasets/thelook/users_sample.csv")
    ]


def all_zip_codes():
    """Those of the military lie elsewhere than their gateway, and some have no place."""
    return [
        (place(row), {"country": "US", "postal_code": row["zip"], "city": row["city"]})
        for row in real("geo/us_zips.csv.gz")
        if row["city"] not in ("Apo", "Fpo", "Dpo") and place(row) != (0, 0)
    ]


@needs_more
@pytest.mark.full
@pytest.mark.parametrize("origins", [stores, centers, hubs])
@pytest.mark.parametrize(
    ("destinations", "most"), [(all_zip_codes, 0.001), (brazilians, 0.001), (users, 0)]
)
def test_real_places_are_served_from_the_closest_location(origins, destinations, most):
    found = destinations()
    wrong = wrongly_served(origins(), found)

    print(f"{origins.__name__} {destinations.__name__}: {len(wrong)} of {len(found)} {wrong[:5]}")  # noqa: T201
    assert len(wrong) <= most * len(found)
