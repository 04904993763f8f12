"""Changes over the API: a preview with an id, confirmed or discarded by the channel it is of."""

import itertools

import pytest

from oms.core.actors import SYSTEM
from orders import services
from orders.models import Order, OrderChange, OrderLine
from tests.fulfillment.steps import only_work_of, packed

keys = itertools.count(1)


@pytest.fixture
def api(world):
    return world.api("shop")


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=5)
    return world.place(tea=3, paid=True)


def preview(api, order, *actions, key=None, **fields):
    return api.post(
        f"/api/v1/orders/{order.number}/changes/",
        {"actions": list(actions), **fields},
        format="json",
        headers={"Idempotency-Key": key or f"k-{next(keys)}"},
    )


def post(api, order, change, verb):
    return api.post(f"/api/v1/orders/{order.number}/changes/{change}/{verb}/", format="json")


FEWER = {"type": "set_quantity", "sku": "tea", "quantity": 2}


def test_a_preview_has_an_id_and_tells_before_after_stock_work_and_letters(world, api, order):
    answer = preview(api, order, FEWER, reason="Too many")

    told = answer.json()
    assert answer.status_code == 201
    assert told["id"] == order.number.replace("SO", "OC") + "-1"
    assert (told["status"], told["version"], told["actions"]) == ("previewed", 1, [FEWER])
    effects = told["effects"]
    assert effects["total"] == {"before": "30.00", "after": "20.00", "difference": "-10.00"}
    assert (effects["refund"], effects["owed"]) == ("10.00", "0.00")
    assert effects["stock"] == [{"location": "rotterdam", "sku": "tea", "units": -1}]
    assert [each["change"] for each in effects["fulfillment_orders"]] == ["reduced"]
    assert effects["letters"] == ["order_changed", "refund_succeeded"]
    assert world.available("tea") == {"rotterdam": 2}


def test_the_same_preview_sent_twice_is_one(api, order):
    first, second = (preview(api, order, FEWER, key="same") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert second["Idempotent-Replayed"] == "true"
    assert first.json() == second.json()
    assert OrderChange.objects.count() == 1


def test_a_preview_without_a_key_is_refused(api, order):
    body = {"actions": [FEWER]}
    answer = api.post(f"/api/v1/orders/{order.number}/changes/", body, format="json")

    assert answer.status_code == 400
    assert not OrderChange.objects.exists()


def test_confirming_changes_the_order_and_answers_with_it_and_again_the_same(world, api, order):
    change = preview(api, order, FEWER).json()["id"]

    first, second = post(api, order, change, "confirm"), post(api, order, change, "confirm")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    told = first.json()
    assert (told["status"], told["order"]["total"]) == ("confirmed", "20.00")
    assert [line["quantity"] for line in told["order"]["lines"]] == [2]
    assert world.available("tea") == {"rotterdam": 3}


def test_a_discarded_change_is_a_conflict_to_confirm(api, order):
    change = preview(api, order, FEWER).json()["id"]

    assert post(api, order, change, "discard").json()["status"] == "discarded"
    assert post(api, order, change, "confirm").status_code == 409
    assert OrderLine.objects.get().quantity == 3


def test_an_order_that_moved_on_is_a_conflict_with_what_happened_and_a_fresh_preview(api, order):
    change = preview(api, order, FEWER).json()["id"]
    services.hold_order(number=order.number, kind="address", reason="", by=SYSTEM)
    other = preview(api, order, {"type": "set_quantity", "sku": "tea", "quantity": 1}).json()["id"]
    post(api, order, other, "confirm")

    answer = post(api, order, change, "confirm")

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/problems/order_moved_on")
    assert {"order.held", "order.changed"} <= {each["name"] for each in problem["since"]}
    assert problem["preview"]["due"] == {
        "before": "10.00",
        "after": "20.00",
        "difference": "10.00",
    }
    assert OrderLine.objects.get().quantity == 1
    assert post(api, order, change, "confirm").status_code == 200


def test_what_the_warehouse_can_no_longer_honour_is_a_conflict_with_the_numbers(api, order):
    packed(only_work_of(order))

    answer = preview(api, order, FEWER)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/problems/too_late_to_reduce")
    assert (problem["sku"], problem["requested"], problem["least"]) == ("tea", 2, 3)


@pytest.mark.parametrize(
    ("action", "pointer"),
    [
        ({"type": "set_quantity", "sku": "tea"}, "/actions/0/quantity"),
        ({"type": "set_quantity", "sku": "tea", "quantity": 0}, "/actions/0/quantity"),
        ({"type": "remove_line", "sku": "tea", "quantity": 1}, "/actions/0/quantity"),
        ({"type": "set_address", "address": {"name": "A"}}, "/actions/0/address/line1"),
        ({"type": "melt"}, "/actions/0/type"),
        ({"type": "set_price", "sku": "tea", "unit_price": 3}, "/actions/0/unit_price"),
        ({**FEWER, "color": "red"}, "/actions/0/color"),
    ],
)
def test_an_action_of_the_wrong_shape_is_refused_by_its_pointer(api, order, action, pointer):
    answer = preview(api, order, action)

    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not OrderChange.objects.exists()


def test_another_channel_sees_neither_the_order_nor_its_changes(world, api, order):
    change = preview(api, order, FEWER).json()["id"]
    stranger = world.api("other")

    assert preview(stranger, order, FEWER).status_code == 404
    for verb in ("confirm", "discard"):
        assert post(stranger, order, change, verb).status_code == 404
    address = f"/api/v1/orders/{order.number}/changes/{change}/"
    assert stranger.get(address).status_code == 404
    assert api.get(address).json()["id"] == change
    assert Order.objects.get().version == 1


def test_a_change_of_another_order_is_not_found_under_this_one(world, api, order):
    change = preview(api, order, FEWER).json()["id"]
    other = world.place(tea=1)

    assert post(api, other, change, "confirm").status_code == 404


def test_the_list_costs_the_same_for_one_change_and_for_three(
    api, order, django_assert_num_queries
):
    for count in (1, 3):
        while OrderChange.objects.count() < count:
            preview(api, order, FEWER)
        with django_assert_num_queries(3):
            answer = api.get(f"/api/v1/orders/{order.number}/changes/")
        assert len(answer.json()["results"]) == count


def test_a_key_without_the_scope_changes_nothing(world, order):
    assert preview(world.api("shop", scopes=["stock"]), order, FEWER).status_code == 403


def test_a_hold_is_released_with_a_reason_and_one_that_is_not_there_is_a_conflict(api, order):
    address = f"/api/v1/orders/{order.number}/"
    held = api.post(f"{address}hold/", {"kind": "fraud", "reason": "Look"}, format="json")
    assert held.json()["holds"] == ["fraud"]

    body = {"kind": "fraud", "reason": "Looked"}
    assert api.post(f"{address}release/", body, format="json").json()["holds"] == []
    assert api.post(f"{address}release/", body, format="json").status_code == 409
    assert api.post(f"{address}release/", {"kind": "moon"}, format="json").status_code == 409
