"""Returns for channels: the shape they rely on, and what they may not see."""

import pytest

from orders.models import Refund
from returns.models import ReturnAuthorization

URL = "/api/v1/returns/"


@pytest.fixture
def shop(world):
    return world.api("shop")


def post(client, body, key="k-1"):
    return client.post(URL, body, format="json", headers={"Idempotency-Key": key})


def command(client, number, verb, body=None):
    return client.post(f"{URL}{number}/{verb}/", body or {}, format="json")


def wish(order, **units):
    lines = [{"sku": sku, "quantity": n, "reason": "damaged"} for sku, n in units.items()]
    return {"order": order.number, "lines": lines, "resolution": "refund"}


def test_the_whole_way_back_by_api(world, shop, shipped):
    order = shipped(tea=3)

    made = post(shop, wish(order, tea=2))
    assert made.status_code == 201, made.content
    body = made.json()
    number = body["number"]
    assert (body["order"], body["status"]) == (order.number, "requested")
    assert body["lines"] == [
        {
            "sku": "tea",
            "quantity": 2,
            "received": 0,
            "inspected": 0,
            "reason": "damaged",
            "comment": "",
            "refund_amount": "0.00",
            "grades": [],
        }
    ]
    lines = [{"sku": "tea", "quantity": 2}]
    grades = [{"sku": "tea", "quantity": 2, "condition": "new", "disposition": "restock"}]
    assert command(shop, number, "approve").json()["status"] == "approved"
    received = command(shop, number, "receive", {"lines": lines}).json()
    assert (received["status"], received["location"]) == ("received", "rotterdam")
    assert command(shop, number, "inspect", {"lines": grades}).json()["status"] == "inspected"
    settled = command(shop, number, "settle").json()

    assert (settled["status"], settled["refund_amount"]) == ("settled", "20.00")
    [refund] = shop.get(f"/api/v1/refunds/?order={order.number}").json()["results"]
    assert settled["refunds"] == [refund["number"]]
    assert {key: refund[key] for key in ("amount", "currency", "status", "method")} == {
        "amount": "20.00",
        "currency": "EUR",
        "status": "succeeded",
        "method": "manual",
    }
    shown = shop.get(f"/api/v1/orders/{order.number}/").json()
    assert (shown["return_status"], shown["payment_status"]) == (
        "partly_returned",
        "partly_refunded",
    )
    assert shown["lines"][0]["returned"] == 2
    assert shown["lines"][0]["refunded_amount"] == "20.00"


def test_the_same_request_twice_is_one_return(shop, shipped):
    order = shipped(tea=2)
    first = post(shop, wish(order, tea=1))

    again = post(shop, wish(order, tea=1))

    assert (again.status_code, again.content) == (200, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert ReturnAuthorization.objects.count() == 1
    assert post(shop, wish(order, tea=2)).status_code == 422
    assert shop.post(URL, wish(order, tea=1), format="json").status_code == 400


def test_another_reason_is_kept_in_its_own_words(shop, shipped):
    order = shipped(tea=1)
    lines = [{"sku": "tea", "quantity": 1, "reason": "smells of soap"}]

    [line] = post(shop, {"order": order.number, "lines": lines}).json()["lines"]

    assert (line["reason"], line["comment"]) == ("other", "smells of soap")


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"lines": [{"sku": "tea", "quantity": 3}]}, 409, "not_returnable"),
        ({"lines": [{"sku": "cup", "quantity": 1}]}, 404, "line_not_found"),
        ({"lines": []}, 400, "invalid"),
        ({"lines": [{"sku": "tea", "quantity": True}]}, 400, "invalid"),
        ({"order": "SO-1"}, 404, "order_not_found"),
        ({"resolution": "exchange"}, 400, "resolution_not_offered"),
        ({"status": "settled"}, 400, "unknown_field"),
    ],
)
def test_a_wrong_request_is_refused_and_changes_nothing(shop, shipped, change, status, kind):
    order = shipped(tea=2)

    answer = post(shop, {**wish(order, tea=1), **change})

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert not ReturnAuthorization.objects.exists()


def test_another_amount_may_go_back_by_sku(shop, desk, shipped):
    order = shipped(tea=2)
    number = desk.request(order, tea=1).number
    desk.approve(number)
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)

    wrong = command(shop, number, "settle", {"lines": [{"sku": "cup", "amount": "1.00"}]})
    assert wrong.status_code == 400
    over = command(shop, number, "settle", {"lines": [{"sku": "tea", "amount": "20.01"}]})
    assert (over.status_code, over.json()["refundable"]) == (409, "20.00")
    assert not Refund.objects.exists()
    settled = command(shop, number, "settle", {"lines": [{"sku": "tea", "amount": "7.50"}]})

    assert settled.json()["refund_amount"] == "7.50"


def test_a_channel_sees_and_moves_its_own_returns_only(world, desk, shipped):
    number = desk.request(shipped(tea=1), tea=1).number
    other = world.api("market")

    assert other.get(URL).json()["results"] == []
    assert other.get(f"{URL}{number}/").status_code == 404
    for verb in ("approve", "decline", "cancel", "receive", "inspect", "settle"):
        assert command(other, number, verb).status_code == 404
    assert post(other, wish(ReturnAuthorization.objects.get().order, tea=1)).status_code == 404
    assert ReturnAuthorization.objects.get().version == 1


def test_processing_needs_its_own_scope(world, desk, shipped):
    number = desk.request(shipped(tea=1), tea=1).number
    asker = world.api("shop", scopes=["returns"])

    for verb in ("approve", "decline", "receive", "inspect", "settle"):
        assert command(asker, number, verb).status_code == 403
    assert ReturnAuthorization.objects.get().status == "requested"
    assert command(asker, number, "cancel").json()["status"] == "cancelled"
    assert world.api("shop", scopes=["orders"]).get(URL).status_code == 403


def test_a_partner_warehouse_sees_what_comes_back_to_it(world, desk, shipped):
    number = desk.request(shipped(tea=1), tea=1).number
    world.location("leipzig")
    here = world.api(user=world.user("ann", "warehouse", at=["rotterdam"]))
    there = world.api(user=world.user("bo", "warehouse", at=["leipzig"]))

    assert here.get(f"{URL}{number}/").status_code == 200
    assert there.get(f"{URL}{number}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_returns_costs_five_queries(
    world, desk, shipped, shop, rows, django_assert_num_queries
):
    for _ in range(rows):
        desk.request(shipped(tea=2), tea=1)

    with django_assert_num_queries(5):
        page = shop.get(URL).json()

    assert len(page["results"]) == rows
    assert shop.get(f"{URL}?status=settled").json()["results"] == []
    assert shop.get(f"{URL}?status=nonsense").status_code == 400
