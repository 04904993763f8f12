"""What was sold as a kit comes back in parts, or whole, for its share of what the kit cost."""

from decimal import Decimal

import pytest

from oms.core.books import verify
from orders.errors import LineNotFound
from orders.models import Order, OrderLine, Refund
from returns.errors import NotReturnable
from returns.models import ReturnAuthorization


@pytest.fixture
def order(world, desk):
    """Two gifts at 10.00 that have left, each two teas (7.50 of it) and a cup; and one cup more."""
    world.sku("tea", price=Decimal("4.50"), currency="EUR")
    world.sku("cup", price=Decimal("3.00"), currency="EUR")
    world.kit("gift", tea=2, cup=1)
    world.stock("tea", rotterdam=4)
    world.stock("cup", rotterdam=3)
    yield desk.ship(world.place(gift=2, cup=1, paid=True))
    assert [str(found) for found in verify()] == []


def test_one_component_comes_back_for_its_share(world, desk, order):
    desk.all_the_way(order, tea=1)

    assert Refund.objects.get().amount == Decimal("3.75")
    assert world.available("tea") == {"rotterdam": 1}
    order.refresh_from_db()
    assert (order.return_status, order.refunded_amount) == ("partly_returned", Decimal("3.75"))


def test_kits_come_back_as_all_that_is_in_them_to_the_cent(world, desk, order):
    first = desk.request(order, gift=1)
    units = {line.order_line.sku_code: line.quantity for line in first.lines.all()}
    assert units == {"tea": 2, "cup": 1}
    desk.approve(first.number)
    desk.receive(first.number, tea=2, cup=1)
    desk.inspect(first.number, tea=2, cup=1)
    desk.settle(first.number)
    assert Refund.objects.get().amount == Decimal("10.00")

    desk.all_the_way(order, tea=2)
    desk.all_the_way(order, cup=2)

    refunded = sum(refund.amount for refund in Refund.objects.all())
    assert refunded == Order.objects.get().total_amount == 30


def test_a_cup_bought_alone_comes_back_before_one_of_a_kit(desk, order):
    number = desk.request(order, cup=1)

    [line] = number.lines.all()
    assert line.order_line.kit is None


def test_more_kits_than_are_whole_cannot_come_back(desk, order):
    desk.request(order, tea=1)
    desk.request(order, cup=1)

    with pytest.raises(NotReturnable, match="gift"):
        desk.request(order, gift=2)
    with pytest.raises(LineNotFound):
        desk.request(order, box=1)
    assert ReturnAuthorization.objects.count() == 2
    assert desk.request(order, gift=1).lines.count() == 2


def test_a_channel_asks_for_kits_to_come_back(world, order):
    answer = world.api("shop").post(
        "/api/v1/returns/",
        {"order": order.number, "lines": [{"sku": "gift", "quantity": 1, "reason": "other"}]},
        format="json",
        headers={"Idempotency-Key": "r-1"},
    )

    assert answer.status_code == 201
    assert {line["sku"]: line["quantity"] for line in answer.json()["lines"]} == {
        "tea": 2,
        "cup": 1,
    }
    told = world.api("shop").get(f"/api/v1/orders/{order.number}/").json()
    assert told["kits"][0]["returned"] == 0
    assert OrderLine.objects.filter(return_requested__gt=0).count() == 2
