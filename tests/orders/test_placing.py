"""Placing an order: accepted once, routed, reserved, confirmed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.models import FulfillmentOrder
from inventory.models import Reservation
from orders.models import Order

URL = "/api/v1/orders/"


@pytest.fixture
def shop(world):
    return world.api("shop")


def post(client, body, key="k-1"):
    return client.post(URL, body, format="json", headers={"Idempotency-Key": key})


def test_an_order_goes_to_the_closest_location_that_has_all_of_it(world, shop):
    world.stock("tea", rotterdam=5, leipzig=9, ghent=1)

    answer = post(shop, world.order_body("1001", tea=2))

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["status"] == "open"
    assert body["total"] == "20.00"
    assert body["lines"][0]["allocated"] == 2
    assert body["lines"][0]["backordered"] == 0
    [work] = body["fulfillment_orders"]
    assert work["location"] == "rotterdam"
    assert work["lines"] == [{"sku": "tea", "quantity": 2}]
    assert world.available("tea") == {"ghent": 1, "leipzig": 9, "rotterdam": 3}
    assert Order.objects.get().number == body["number"]
    assert FulfillmentOrder.objects.get().number == work["number"]


def test_the_same_key_and_body_is_answered_once(world, shop):
    world.stock("tea", rotterdam=5)
    first = post(shop, world.order_body("1001", tea=2))

    again = post(shop, world.order_body("1001", tea=2))

    assert again.status_code == 200
    assert again["Idempotent-Replayed"] == "true"
    assert again.content == first.content
    assert world.available("tea") == {"rotterdam": 3}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("skus", [["a", "b", "c"], [f"s{n}" for n in range(30)]])
def test_an_order_costs_eight_queries_however_many_lines(world, shop, skus):
    for sku in skus:
        world.stock(sku, rotterdam=50)
    body = world.order_body("1001", paid=True, **dict.fromkeys(skus, 2))
    post(shop, world.order_body("warm", **dict.fromkeys(skus, 1)), key="warm")

    with CaptureQueriesContext(connection) as queries:
        assert post(shop, body).status_code == 201

    statements = [query["sql"] for query in queries]
    assert statements[1] == "BEGIN"
    assert statements[-1] == "COMMIT"
    assert len(statements) - 2 == 8
    assert "inventory_stocklevel" in statements[-2]
    assert [text for text in statements if "FOR NO KEY UPDATE" in text] == [statements[-2]]


def test_an_order_of_many_lines_takes_ids_that_nobody_else_gets(world, shop):
    """Five rows a line: more than a block of a thousand."""
    world.stock("tea", rotterdam=5_000)
    many = world.order_body("big", tea=1)
    many["lines"] *= 400

    for external_id in ("big-1", "big-2", "big-3"):
        answer = post(shop, {**many, "external_id": external_id}, key=external_id)
        assert answer.status_code == 201, answer.content

    assert world.available("tea") == {"rotterdam": 3_800}


def test_the_same_order_under_another_key_is_answered_with_the_order_as_it_stands(world, shop):
    world.stock("tea", rotterdam=5)
    first = post(shop, world.order_body("1001", tea=2)).json()

    again = post(shop, world.order_body("1001", tea=2), key="k-2")

    assert again.status_code == 200
    assert again.json() == first
    assert Order.objects.count() == 1
    assert world.available("tea") == {"rotterdam": 3}


def test_another_order_under_the_same_external_id_is_refused_field_by_field(world, shop):
    world.stock("tea", rotterdam=5)
    number = post(shop, world.order_body("1001", tea=2)).json()["number"]

    refused = post(shop, world.order_body("1001", tea=3), key="k-2")

    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "/problems/duplicate_order_differs"
    assert problem["number"] == number
    assert problem["differences"] == [
        {"field": "lines[0].quantity", "ours": "2", "sent": "3"},
    ]
    assert world.available("tea") == {"rotterdam": 3}


def test_a_key_cannot_be_used_for_another_request(world, shop):
    world.stock("tea", rotterdam=5)
    post(shop, world.order_body("1001", tea=2))

    refused = post(shop, world.order_body("1002", tea=2))

    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/key_reused"
    assert Order.objects.count() == 1


def test_a_key_of_another_channel_is_another_key(world, shop):
    world.stock("tea", rotterdam=5)
    post(shop, world.order_body("1001", tea=1))

    answer = post(world.api("market"), world.order_body("1001", tea=1))

    assert answer.status_code == 201
    assert Order.objects.count() == 2


def test_a_post_without_a_key_is_refused(world, shop):
    refused = shop.post(URL, world.order_body("1001", tea=2), format="json")

    assert refused.status_code == 400
    assert refused.json()["type"] == "/problems/key_missing"
    assert Order.objects.count() == 0


def test_a_corrected_request_may_use_the_key_again(world, shop):
    world.stock("tea", rotterdam=5)
    wrong = world.order_body("1001", tea=2)
    wrong["lines"][0]["quantity"] = 0
    assert post(shop, wrong).status_code == 400

    assert post(shop, world.order_body("1001", tea=2)).status_code == 201


def test_units_that_nobody_has_are_backordered_and_seen(world, shop):
    world.stock("tea", rotterdam=2, leipzig=1)

    body = post(shop, world.order_body("1001", tea=5)).json()

    [line] = body["lines"]
    assert (line["allocated"], line["backordered"]) == (3, 2)
    assert [work["location"] for work in body["fulfillment_orders"]] == ["rotterdam", "leipzig"]
    assert world.available("tea") == {"leipzig": 0, "rotterdam": 0}
    facts = shop.get(f"{URL}{body['number']}/timeline/").json()["results"]
    assert [fact["name"] for fact in facts] == [
        "order.backordered",
        "order.routed",
        "order.placed",
    ]
    assert facts[0]["payload"] == {"units": {"tea": 2}}


def test_a_channel_that_wants_no_backorders_is_refused_and_nothing_is_written(world):
    world.channel("strict", stock_policy="refuse")
    shop = world.api("strict")
    world.stock("tea", rotterdam=3)

    refused = post(shop, world.order_body("1001", tea=5))

    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "/problems/insufficient_stock"
    assert (problem["sku"], problem["requested"], problem["available"]) == ("tea", 5, 3)
    assert Order.objects.count() == 0
    assert world.available("tea") == {"rotterdam": 3}


def test_a_shortage_stays_refused_under_its_key_and_another_key_succeeds_after_restock(world):
    world.channel("strict", stock_policy="refuse")
    shop = world.api("strict")
    world.stock("tea", rotterdam=1)
    assert post(shop, world.order_body("1001", tea=2)).status_code == 409
    world.stock("tea", rotterdam=5)

    again = post(shop, world.order_body("1001", tea=2))
    fresh = post(shop, world.order_body("1001", tea=2), key="k-2")

    assert (again.status_code, again["Idempotent-Replayed"]) == (409, "true")
    assert fresh.status_code == 201


def test_the_same_sku_on_two_lines_is_counted_once(world):
    world.channel("strict", stock_policy="refuse")
    shop = world.api("strict")
    world.stock("tea", rotterdam=5)
    body = world.order_body("1001", tea=3)
    body["lines"].append({"sku": "tea", "quantity": 3, "unit_price": "10.00"})

    refused = post(shop, body)
    assert (refused.status_code, refused.json()["requested"], refused.json()["available"]) == (
        409,
        6,
        5,
    )
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert world.available("tea") == {"rotterdam": 5}


def test_lines_with_an_address_of_their_own_are_served_from_near_it(world, shop):
    world.stock("tea", rotterdam=5, newark=5)
    body = world.order_body("1001", tea=1)
    there = {"name": "B", "line1": "1 Main", "city": "Newark", "postal_code": "07102"}
    body["lines"].append(
        {"sku": "tea", "quantity": 1, "unit_price": "1.00", "ship_to": {**there, "country": "US"}}
    )

    answer = post(shop, body).json()

    assert [work["location"] for work in answer["fulfillment_orders"]] == ["rotterdam", "newark"]


def test_an_unknown_sku_is_refused_by_name(world, shop):
    body = world.order_body("1001", tea=1)
    body["lines"][0]["sku"] = "nothing-like-it"

    refused = post(shop, body)

    assert refused.status_code == 400
    assert refused.json()["skus"] == ["nothing-like-it"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"status": "completed"}, "/status"),
        ({"total": "1.00"}, "/total"),
        ({"currency": "EURO"}, "/currency"),
        ({"placed_at": "2026-11-20T12:00:00"}, "/placed_at"),
        ({"lines": []}, "/lines"),
        ({"discount": 5}, "/discount"),
        ({"discount": "-5.00"}, "/discount"),
        ({"discount": "0.005"}, "/discount"),
        ({"discount": "1000.00"}, "/discount"),
    ],
)
def test_what_does_not_fit_is_refused_and_pointed_at(world, shop, change, pointer):
    refused = post(shop, {**world.order_body("1001", tea=1), **change})

    assert refused.status_code == 400
    problem = refused.json()
    assert pointer in {error["pointer"] for error in problem["errors"]}
    assert Order.objects.count() == 0


@pytest.mark.parametrize("quantity", [0, -1, 100_000, 1.5, True, "2", " 7 ", "٣", None, 1e2])
def test_a_quantity_is_a_whole_number_and_nothing_that_resembles_one(world, shop, quantity):
    body = world.order_body("1001", tea=1)
    body["lines"][0]["quantity"] = quantity

    refused = post(shop, body)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/lines/0/quantity"


@pytest.mark.parametrize(
    "raw",
    [
        b'{"external_id": "a", "external_id": "b"}',
        b'{"discount": NaN}',
        b'{"metadata": {"a": "\\u0000"}}',
        b'{"metadata": {"a": "\\ud83d"}}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"",
        b"null",
        b"[]",
        b'"text"',
    ],
)
def test_hostile_json_is_a_400_and_never_a_500(shop, raw):
    refused = shop.post(URL, raw, content_type="application/json", headers={"Idempotency-Key": "k"})

    assert refused.status_code == 400
    assert refused["content-type"] == "application/problem+json"
    assert refused.json()["request_id"]


def test_without_a_key_of_ours_nobody_gets_in(client, world):
    refused = client.post(URL, "{}", content_type="application/json")

    assert refused.status_code == 401
    assert refused["www-authenticate"] == "Bearer"


def test_a_channel_sees_its_own_orders_only(world, shop):
    world.stock("tea", rotterdam=5)
    number = post(shop, world.order_body("1001", tea=1)).json()["number"]
    stranger = world.api("market")

    assert stranger.get(f"{URL}{number}/").status_code == 404
    assert stranger.get(URL).json()["results"] == []
    assert stranger.post(f"{URL}{number}/cancel/", {"reason": "mine"}).status_code == 404
    assert Order.objects.get().status == "open"


def test_a_backslash_that_only_looks_like_an_escape_is_kept(world, shop):
    world.stock("tea", rotterdam=1)

    answer = post(shop, world.order_body("1001", tea=1, fields={"notes": r"\u0000 in words"}))

    assert answer.status_code == 201
    assert answer.json()["notes"] == r"\u0000 in words"
