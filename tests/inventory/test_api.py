"""Stock over the API: what is free, what lies where, corrections and transfers, once each."""

import pytest

from inventory.models import Movement
from oms.core import books

ADJUST = {
    "location": "rotterdam",
    "sku": "tea",
    "quantity_delta": 2,
    "reason": "Found behind the shelf",
}
TRANSFER = {
    "sku": "tea",
    "from_location": "rotterdam",
    "to_location": "leipzig",
    "quantity": 2,
}


def post(client, path, body, key="k-1"):
    return client.post(f"/api/v1/stock/{path}/", body, format="json", HTTP_IDEMPOTENCY_KEY=key)


@pytest.fixture
def shop(world):
    world.stock("tea", rotterdam=5, leipzig=2)
    world.sku("cup")
    return world


@pytest.fixture
def api(shop):
    return shop.api(scopes=["stock"])


def test_availability_sums_what_is_free_and_says_where(shop, api):
    shop.place("1001", tea=3)

    answer = api.get("/api/v1/availability/?sku=tea&sku=cup")

    assert answer.status_code == 200
    assert answer.json() == {
        "results": [
            {
                "sku": "tea",
                "on_hand": 7,
                "reserved": 3,
                "held": 0,
                "available": 4,
                "promisable": 4,
                "backorder": True,
                "by": None,
                "release_on": None,
                "buffer": 0,
                "components": [],
                "locations": [
                    {
                        "location": "leipzig",
                        "on_hand": 2,
                        "reserved": 0,
                        "held": 0,
                        "available": 2,
                        "promisable": 2,
                        "distance_km": None,
                    },
                    {
                        "location": "rotterdam",
                        "on_hand": 5,
                        "reserved": 3,
                        "held": 0,
                        "available": 2,
                        "promisable": 2,
                        "distance_km": None,
                    },
                ],
            },
            {
                "sku": "cup",
                "on_hand": 0,
                "reserved": 0,
                "held": 0,
                "available": 0,
                "promisable": 0,
                "backorder": True,
                "by": None,
                "release_on": None,
                "buffer": 0,
                "components": [],
                "locations": [],
            },
        ]
    }


def test_availability_names_the_nearest_location_first(api):
    answer = api.get("/api/v1/availability/?sku=tea&country=NL&postal_code=3011")

    [tea] = answer.json()["results"]
    assert [each["location"] for each in tea["locations"]] == ["rotterdam", "leipzig"]
    assert tea["locations"][0]["distance_km"] < 5 < 500 < tea["locations"][1]["distance_km"]


def test_availability_keeps_the_safety_stock_back_from_promises(shop, api):
    shop.location("rotterdam").stock_levels.update(safety_stock=4)

    [tea] = api.get("/api/v1/availability/?sku=tea").json()["results"]

    assert (tea["available"], tea["promisable"]) == (7, 3)


@pytest.mark.parametrize("scopes", [["stock"], ["orders"], ["orders", "stock"]])
def test_availability_is_for_those_who_keep_stock_and_those_who_place_orders(shop, scopes):
    assert shop.api(scopes=scopes).get("/api/v1/availability/?sku=tea").status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ("", 400, "/sku"),
        ("?sku=tea&country=Holland", 400, "/query"),
        ("?sku=mug", 400, None),
        ("?sku=tea&channel=other", 404, None),
    ],
)
def test_availability_refuses_what_it_cannot_answer(api, query, status, pointer):
    answer = api.get(f"/api/v1/availability/{query}")

    assert answer.status_code == status
    if pointer:
        assert answer.json()["errors"][0]["pointer"].startswith(pointer)


def test_a_key_without_the_scope_sees_no_stock(shop):
    client = shop.api(scopes=["returns"])

    for path in ("availability/?sku=tea", "stock/"):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/scope_missing"
    assert post(client, "adjust", ADJUST).status_code == 403
    assert shop.on_hand("tea") == {"leipzig": 2, "rotterdam": 5}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_stock_costs_the_same_however_long(world, rows, django_assert_num_queries):
    for nth in range(rows):
        world.stock(f"tea-{nth}", rotterdam=nth + 1)
    client = world.api(scopes=["stock"])

    with django_assert_num_queries(2):
        answer = client.get("/api/v1/stock/")

    assert [each["sku"] for each in answer.json()["results"]] == [
        f"tea-{nth}" for nth in reversed(range(rows))
    ]


def test_the_list_of_stock_can_be_narrowed(api):
    answer = api.get("/api/v1/stock/?location=leipzig&sku=tea")

    assert answer.json()["results"] == [
        {
            "location": "leipzig",
            "sku": "tea",
            "on_hand": 2,
            "reserved": 0,
            "held": 0,
            "available": 2,
            "safety_stock": 0,
            "reorder_point": 0,
            "bin": "",
        }
    ]


def test_an_adjustment_is_entered_once(shop, api):
    first = post(api, "adjust", {**ADJUST, "lot": "L1", "bin": "A-1"})
    again = post(api, "adjust", {**ADJUST, "lot": "L1", "bin": "A-1"})

    assert first.status_code == 201
    assert first.json() == {**ADJUST, "lot": "L1", "bin": "A-1"}
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert again.json() == first.json()
    assert shop.on_hand("tea") == {"leipzig": 2, "rotterdam": 7}
    entry = Movement.objects.latest("id")
    assert (entry.kind, entry.on_hand_delta, entry.lot, entry.bin, entry.reason, entry.actor) == (
        "adjust",
        2,
        "L1",
        "A-1",
        "Found behind the shelf",
        "channel:shop",
    )


def test_units_that_are_promised_cannot_be_adjusted_away(shop, api):
    shop.place("1001", tea=4, fields={"shipping_address": HERE})

    answer = post(api, "adjust", {**ADJUST, "quantity_delta": -2})

    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["type"], problem["on_hand"], problem["reserved"]) == (
        "/problems/stock_is_spoken_for",
        5,
        4,
    )
    assert shop.on_hand("tea") == {"leipzig": 2, "rotterdam": 5}


HERE = {"name": "R", "line1": "Kade 1", "city": "Rotterdam", "postal_code": "3011", "country": "NL"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"quantity_delta": 0}, "/quantity_delta"),
        ({"quantity_delta": "2"}, "/quantity_delta"),
        ({"quantity_delta": 100_000}, "/quantity_delta"),
        ({"reason": ""}, "/reason"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_an_adjustment_that_is_not_clear_is_refused(shop, api, change, pointer):
    answer = post(api, "adjust", {**ADJUST, **change})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert shop.on_hand("tea") == {"leipzig": 2, "rotterdam": 5}


def test_every_correction_needs_a_key(api, shop):
    answer = api.post("/api/v1/stock/adjust/", ADJUST, format="json")

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/key_missing")
    assert shop.on_hand("tea") == {"leipzig": 2, "rotterdam": 5}


def test_units_move_between_locations_once(shop, api):
    first = post(api, "transfers", TRANSFER)
    again = post(api, "transfers", TRANSFER)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {**TRANSFER, "reason": ""}
    assert shop.on_hand("tea") == {"leipzig": 4, "rotterdam": 3}
    assert books.verify(["stock_ledger"]) == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"quantity": 6}, 409),
        ({"to_location": "rotterdam"}, 400),
        ({"to_location": "nowhere"}, 404),
        ({"sku": "mug"}, 400),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_and_nothing_moves(shop, api, change, status):
    assert post(api, "transfers", {**TRANSFER, **change}).status_code == status
    assert shop.on_hand("tea") == {"leipzig": 2, "rotterdam": 5}


@pytest.fixture
def partner(shop):
    """A partner warehouse: its key sees Leipzig and nothing else."""
    user = shop.user("kim", role="warehouse", at=["leipzig"])
    return shop.api(user=user, scopes=["stock"])


def test_a_partner_sees_its_own_location_only(shop, partner):
    [level] = partner.get("/api/v1/stock/").json()["results"]
    assert (level["location"], level["on_hand"]) == ("leipzig", 2)

    [tea] = partner.get("/api/v1/availability/?sku=tea").json()["results"]
    assert (tea["available"], tea["backorder"]) == (2, None)


def test_a_partner_changes_its_own_location_only(shop, partner):
    for path, body in (("adjust", ADJUST), ("transfers", TRANSFER)):
        answer = post(partner, path, body)
        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/location_not_found"
    assert shop.on_hand("tea") == {"leipzig": 2, "rotterdam": 5}

    assert post(partner, "adjust", {**ADJUST, "location": "leipzig"}, "k-2").status_code == 201
    assert shop.on_hand("tea") == {"leipzig": 4, "rotterdam": 5}
