"""Changing an order that asks for kits: kits are changed whole, their lines and money follow."""

from decimal import Decimal

import pytest

from oms.core.actors import SYSTEM
from orders.change_words import differences
from orders.errors import (
    AmountDoesNotFit,
    KitNotWhole,
    LineHasLeft,
    LineHasReturns,
    PartOfKit,
    TooLateToReduce,
    WhichLine,
)
from orders.models import Order, OrderKit
from orders.rules.changes import Action
from orders.services import cancel_order
from tests.fulfillment.steps import only_work_of, packed, shipped
from tests.orders.changing import GHENT, _books, add, address, change, fresh, preview, quantity

__all__ = ["_books"]


@pytest.fixture
def order(world):
    """Three gifts at 10.00, each two teas (base price 4.50) and a cup (3.00), and one tea."""
    world.sku("tea", price=Decimal("4.50"), currency="EUR")
    world.sku("cup", price=Decimal("3.00"), currency="EUR")
    world.kit("gift", price="11.00", tea=2, cup=1)
    world.stock("tea", rotterdam=20)
    world.stock("cup", rotterdam=20)
    return world.place("1", gift=3, tea=1, paid=True)


def lines(order):
    return [
        (line.sku_code, line.quantity, f"{line.total_amount:.2f}", line.allocated)
        for line in order.lines.order_by("position")
    ]


def kits(order):
    rows = OrderKit.objects.filter(order=order).order_by("position")
    return [(kit.sku_code, kit.quantity, f"{kit.total_amount:.2f}") for kit in rows]


def test_fewer_kits_are_fewer_of_everything_in_them(world, order):
    change(order, quantity("gift", 2))

    assert kits(order) == [("gift", 2, "20.00")]
    assert lines(order) == [("tea", 4, "15.00", 4), ("cup", 2, "5.00", 2), ("tea", 1, "10.00", 1)]
    assert fresh(order).total_amount == 30
    assert fresh(order).refunded_amount == 10
    assert world.available("cup") == {"rotterdam": 18}


def test_more_kits_are_reserved_and_what_is_not_there_waits(world, order):
    change(order, quantity("gift", 12))

    assert kits(order) == [("gift", 12, "120.00")]
    tea, cup, single = order.lines.order_by("position")
    assert (tea.quantity, tea.allocated, tea.backordered) == (24, 19, 5)
    assert (cup.quantity, cup.allocated, cup.backordered) == (12, 12, 0)
    assert single.quantity == 1


def test_kits_are_taken_off_and_put_on(world, order):
    change(order, Action("remove_line", sku="gift"), add("gift", 1, tax=Decimal("2.31")))

    assert kits(order) == [("gift", 0, "0.00"), ("gift", 1, "13.31")]
    assert lines(order)[2:] == [
        ("tea", 1, "10.00", 1),
        ("tea", 2, "9.98", 2),
        ("cup", 1, "3.33", 1),
    ]
    assert fresh(order).total_amount == Decimal("23.31")


def test_kits_at_another_price_share_it_as_before(order):
    change(order, Action("set_price", sku="gift", unit_price=Decimal("8.00")))

    assert kits(order) == [("gift", 3, "24.00")]
    assert [line[2] for line in lines(order)] == ["18.00", "6.00", "10.00"]


def test_kits_go_to_an_address_of_their_own(order):
    change(order, address(sku="gift"))

    assert [line.ship_to == GHENT for line in order.lines.order_by("position")] == [
        True,
        True,
        False,
    ]


def test_a_plain_line_is_meant_before_a_component_of_the_same_sku(order):
    change(order, quantity("tea", 4))

    assert [line[1] for line in lines(order)] == [6, 3, 4]


@pytest.mark.parametrize(
    ("action", "refusal"),
    [
        (quantity("cup", 1), PartOfKit),
        (Action("remove_line", sku="cup"), PartOfKit),
        (Action("set_price", sku="cup", unit_price=Decimal(1)), PartOfKit),
        (address(sku="cup"), PartOfKit),
        (quantity("", 1, line=1), PartOfKit),
        (Action("set_price", sku="gift", discount=Decimal(31)), AmountDoesNotFit),
        (add("gift", 1, "1.00", discount=Decimal(2)), AmountDoesNotFit),
    ],
)
def test_what_cannot_be_done_to_kits_is_refused_by_name(order, action, refusal):
    with pytest.raises(refusal):
        preview(order, action)
    assert kits(order) == [("gift", 3, "30.00")]


def test_what_is_in_a_box_stays_in_the_kits(order):
    work = only_work_of(order)
    packed(work)
    with pytest.raises(TooLateToReduce, match="gift"):
        change(order, quantity("gift", 2))
    change(order, quantity("gift", 4))
    assert kits(order) == [("gift", 4, "40.00")]


def test_kits_that_left_keep_their_price_and_those_that_come_back_their_number(world):
    world.kit("gift", tea=2, cup=1)
    world.stock("tea", rotterdam=3)
    world.stock("cup", rotterdam=3)
    order = world.place(gift=3)
    shipped(only_work_of(order))
    with pytest.raises(LineHasLeft, match="gift"):
        change(order, Action("set_price", sku="gift", unit_price=Decimal(1)))

    order.lines.filter(sku_code="cup").update(return_requested=1)
    with pytest.raises(LineHasReturns, match="cup"):
        preview(order, quantity("gift", 4))
    order.lines.filter(sku_code="cup").update(return_requested=0)


def test_kits_cancelled_whole_are_counted_and_parts_of_them_are_not(order):
    tea, cup, _ = order.lines.order_by("position")
    cancel_order(number=order.number, reason="One", units={tea.pk: 2, cup.pk: 1}, by=SYSTEM)
    change(order, quantity("gift", 1))
    assert kits(order) == [("gift", 2, "20.00")]

    cancel_order(number=order.number, reason="A cup", units={cup.pk: 1}, by=SYSTEM)
    with pytest.raises(KitNotWhole, match="gift"):
        preview(order, quantity("gift", 2))


def test_one_of_two_lines_of_kits_is_named_by_its_position(world, order):
    change(order, add("gift", 1, "9.00"))
    with pytest.raises(WhichLine, match="1, 4"):
        preview(order, quantity("gift", 2))

    change(order, quantity("gift", 2, line=4))
    assert kits(order) == [("gift", 3, "30.00"), ("gift", 2, "18.00")]


def test_an_order_for_kits_that_was_changed_is_still_known(world, order):
    change(order, quantity("gift", 1))

    again = world.place("1", gift=3, tea=1, paid=True)

    assert again.pk == order.pk
    assert Order.objects.count() == 1


def test_a_change_of_kits_is_told_as_such(order):
    made = preview(order, quantity("gift", 2))
    change(order, quantity("gift", 2))
    made.refresh_from_db()

    [told] = differences(made.actions, {"lines": [], **_before(order)}, "EUR")

    assert (told.what, told.before, told.after) == ("Gift", "3", "2")


def _before(order):
    return order.changes.exclude(before={}).get().before


def test_staff_write_over_kits_and_not_their_components(world, order):
    browser = world.browser(world.user("kim", role="support"))
    url = f"/orders/{order.number}/change/"
    page = browser.get(url).content.decode()
    assert "Quantity of Gift" in page
    assert "Quantity of Cup" not in page
    assert "a kit of" in page

    form = browser.get(url).context["form"]
    said = {field.html_name: field.value() or "" for field in form}
    answer = browser.post(url, {**said, "quantity-1": "2"}, follow=True)

    assert "Gift" in answer.content.decode()
    assert order.changes.get().actions == [
        {"type": "set_quantity", "sku": "gift", "line": 1, "quantity": 2}
    ]
