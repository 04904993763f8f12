"""Counting over the API, as a partner warehouse does."""

import pytest

from inventory.models import CountLine
from tests.inventory.counting import put, request

LIST_QUERIES = 6


@pytest.fixture
def shop(world):
    put(world, "tea", 5, "A-1")
    put(world, "cup", 3, "B-1")
    return world


@pytest.fixture
def api(shop):
    return shop.api(scopes=["stock"])


def post(api, number, verb, body=None):
    return api.post(f"/api/v1/stock/counts/{number}/{verb}/", body or {}, format="json")


def test_a_partner_starts_records_and_finishes(shop, api):
    number = request(bins=["A-1"])

    assert post(api, number, "start").json()["status"] == "counting"
    said = {"bin": "A-1", "lines": [{"sku": "bc-tea", "units": 4}], "is_done": True}
    answer = post(api, number, "record", said)
    assert answer.status_code == 200
    assert answer.json()["lines"] == [
        {
            "sku": "tea",
            "bin": "A-1",
            "lot": "",
            "counted": 4,
            "expected": None,
            "difference": None,
        }
    ]
    assert post(api, number, "record", said).status_code == 200
    answer = post(api, number, "finish").json()
    assert answer["status"] == "investigating"
    assert (answer["lines"][0]["expected"], answer["lines"][0]["difference"]) == (5, -1)
    assert shop.on_hand("tea") == {"rotterdam": 5}


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("record", {"bin": "Z-9"}, 409),
        ("record", {}, 400),
        ("record", {"bin": "A-1", "lines": [{"sku": "tea", "units": -1}]}, 400),
        ("record", {"bin": "A-1", "lines": [{"sku": "tea", "units": "4"}]}, 400),
        ("record", {"bin": "A-1", "lines": [{"sku": "tea", "units": True}]}, 400),
        ("record", {"bin": "A-1", "secret": 1}, 400),
        ("record", {"bin": "A-1", "lines": [{"sku": "kettle", "units": 1}]}, 400),
        ("finish", {"now": True}, 400),
        ("finish", {}, 409),
    ],
)
def test_what_cannot_be_is_refused(api, verb, body, status):
    number = request(bins=["A-1"])

    answer = post(api, number, verb, body)

    assert answer.status_code == status, answer.json()
    assert CountLine.objects.get().counted is None


def test_other_scopes_and_other_locations_see_nothing(shop):
    number = request(bins=["A-1"])
    assert shop.api(scopes=["orders"]).get("/api/v1/stock/counts/").status_code == 403
    lee = shop.user("lee", role="warehouse", at=["leipzig"])
    foreign = shop.api(scopes=["stock"], user=lee)

    assert foreign.get("/api/v1/stock/counts/").json()["results"] == []
    assert foreign.get(f"/api/v1/stock/counts/{number}/").status_code == 404
    for verb in ("start", "record", "finish"):
        assert post(foreign, number, verb, {"bin": "A-1"}).status_code == 404


def test_the_list_filters_and_costs_the_same_for_one_and_three(
    shop, api, django_assert_num_queries
):
    request(bins=["A-1"])
    api.get("/api/v1/stock/counts/")
    with django_assert_num_queries(LIST_QUERIES):
        api.get("/api/v1/stock/counts/")
    request(bins=["B-1"])
    put(shop, "jug", 1, "C-1")
    request(bins=["C-1"])
    with django_assert_num_queries(LIST_QUERIES):
        found = api.get("/api/v1/stock/counts/").json()["results"]

    assert [each["number"] for each in found] == ["SC-1003", "SC-1002", "SC-1001"]
    assert api.get("/api/v1/stock/counts/?status=approved").json()["results"] == []
    assert len(api.get("/api/v1/stock/counts/?location=rotterdam").json()["results"]) == 3
