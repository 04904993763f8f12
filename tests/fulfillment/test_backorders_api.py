"""A channel sees its own places in the line of all."""

import pytest

from tests.fulfillment.test_backorder_views import commit, day, placed_on

URL = "/api/v1/backorders/"


@pytest.fixture
def line(world):
    """Three who wait for tea, the second of another channel; five units come."""
    world.stock("tea", rotterdam=0)
    found = [
        world.place("a", tea=3, fields=placed_on(1)),
        world.place("b", channel="market", tea=1, fields=placed_on(2)),
        world.place("c", tea=2, fields=placed_on(3)),
    ]
    commit(world.ordered_from_supplier(tea=5), (5, day(3)))
    return found


def test_a_place_tells_its_days(world, line):
    answer = world.api("shop", ["orders"]).get(URL, {"sku": "tea"})

    assert answer.status_code == 200
    first, last = answer.json()["results"]
    assert first == {
        "sku": "tea",
        "position": 1,
        "of": 3,
        "rule": "first_in",
        "order": line[0].number,
        "units": 3,
        "priority": 0,
        "placed_at": "2026-11-01T12:00:00+00:00",
        "holds": [],
        "expected": [{"units": 3, "expected_on": day(3).isoformat()}],
    }
    assert (last["order"], last["position"]) == (line[2].number, 3)
    assert last["expected"] == [
        {"units": 1, "expected_on": day(3).isoformat()},
        {"units": 1, "expected_on": None},
    ]


def test_pages_lead_on_and_back(world, line):
    api = world.api("shop", ["orders"], user=world.user("ola", role="operations"))
    first = api.get(URL, {"sku": "tea", "page_size": 2}).json()
    second = api.get(first["next"]).json()

    assert [each["position"] for each in first["results"] + second["results"]] == [1, 2, 3]
    assert (first["previous"], second["next"]) == (None, None)
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_what_is_not_asked_well_is_refused(world, line):
    api = world.api("shop", ["orders"])
    assert api.get(URL).status_code == 400
    assert api.get(URL, {"sku": "cake"}).status_code == 400
    assert api.get(URL, {"sku": "tea", "page_size": "many"}).status_code == 400
    assert api.get(URL, {"sku": "tea", "cursor": "x"}).status_code == 200
    assert api.get(URL, {"sku": "tea", "location": "nowhere"}).json()["results"] == []
    assert world.api("shop", ["stock"]).get(URL, {"sku": "tea"}).status_code == 403
    assert api.post(URL, {"sku": "tea"}).status_code == 405


def test_the_questions_asked_do_not_grow(world, line, django_assert_num_queries):
    api = world.api("shop", ["orders"])
    api.get(URL, {"sku": "tea"})
    for count in (0, 2):
        for nth in range(count):
            world.place(f"more-{nth}", tea=1)
        with django_assert_num_queries(6):
            api.get(URL, {"sku": "tea"})
