"""Changing an order: its units, lines and prices, as far as nothing stands against it."""

from decimal import Decimal

import pytest

from inventory.errors import InsufficientStock
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders import errors, services
from orders.models import MoneyEntry, Order, OrderChange, OrderLine
from orders.rules.changes import Action
from orders.rules.effects import PutBack
from tests.fulfillment.steps import counters, only_work_of, packed, picked, shipped, units_of
from tests.orders.changing import _books as _books
from tests.orders.changing import (
    add,
    change,
    confirm,
    effects,
    fresh,
    line_of,
    preview,
    quantity,
)
from tests.orders.changing import order as order


def test_fewer_units_free_their_stock_and_give_the_money_back(world, order):
    change(order, quantity("tea", 2))

    order, line = fresh(order), line_of(order)
    assert (line.quantity, line.allocated, line.cancelled) == (2, 2, 0)
    assert (order.total_amount, order.cancelled_amount, order.refunded_amount) == (20, 0, 10)
    assert world.available("tea") == {"rotterdam": 3}
    assert only_work_of(order).units == 2
    assert [(entry.kind, entry.amount) for entry in MoneyEntry.objects.order_by("id")] == [
        ("charge", 30),
        ("capture", 30),
        ("charge", -10),
        ("refund", -10),
    ]


def test_more_units_are_reserved_and_leave_the_order_partly_paid_without_a_hold(world, order):
    change(order, quantity("tea", 5))

    order, line = fresh(order), line_of(order)
    assert (line.quantity, line.allocated, line.backordered) == (5, 5, 0)
    assert (order.total_amount, order.payment_status) == (50, "partly_paid")
    assert not order.holds.exists()
    assert world.available("tea") == {"rotterdam": 0}
    fact = EventRecord.objects.get(name="order.changed").payload
    assert (fact["previous_total"], fact["total"], fact["difference"]) == (
        "30.00",
        "50.00",
        "20.00",
    )


def test_more_units_than_there_are_wait_and_none_is_promised_twice(world, order):
    found = preview(order, quantity("tea", 9))
    assert effects(found).backordered == {"tea": 4}
    assert effects(found).owed == 60

    confirm(found)

    assert counters(order) == {"tea": {"allocated": 5, "backordered": 4}}
    assert world.available("tea") == {"rotterdam": 0}


def test_a_channel_that_refuses_shortage_refuses_it_here_too(world):
    world.channel("strict", stock_policy="refuse")
    world.stock("tea", rotterdam=3)
    order = world.place(channel="strict", tea=3)

    with pytest.raises(InsufficientStock):
        preview(order, quantity("tea", 4))

    assert line_of(order).quantity == 3
    assert not OrderChange.objects.exists()


def test_a_line_is_added_at_the_catalogs_price_with_the_tax_of_the_others(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    world.sku("cup").__class__.objects.filter(code="cup").update(price="4.00", currency="EUR")
    body = world.order_body("web-1", tea=2)
    body["lines"][0]["tax"] = "4.20"
    answer = world.api().post(
        "/api/v1/orders/", body, format="json", headers={"Idempotency-Key": "k"}
    )
    order = Order.objects.get(number=answer.json()["number"])

    change(order, add("cup", 2))

    cup = line_of(order, "cup")
    assert (cup.unit_price, cup.tax_amount, cup.total_amount) == (
        4,
        Decimal("1.68"),
        Decimal("9.68"),
    )
    assert (cup.position, cup.allocated) == (2, 2)
    assert fresh(order).total_amount == Decimal("33.88")


def test_a_line_that_has_no_price_anywhere_asks_for_one(world, order):
    world.sku("cup")

    with pytest.raises(errors.PriceNeeded):
        preview(order, add("cup", 1))


def test_a_removed_line_is_gone_and_its_units_are_free(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    order = world.place(tea=1, cup=2)

    change(order, Action("remove_line", sku="cup"))

    assert line_of(order, "cup").quantity == 0
    assert world.available("cup") == {"rotterdam": 5}
    assert fresh(order).total_amount == 10
    answer = world.api().get(f"/api/v1/orders/{order.number}/").json()
    assert [line["sku"] for line in answer["lines"]] == ["tea"]


def test_taking_everything_off_is_a_cancellation_and_refused(order):
    with pytest.raises(errors.NothingWouldBeLeft):
        preview(order, Action("remove_line", sku="tea"))


def test_a_change_that_changes_nothing_is_refused(order):
    with pytest.raises(errors.NothingChanges):
        preview(order, quantity("tea", 3))


def test_a_lower_price_goes_back_and_takes_its_tax_along(world):
    world.stock("tea", rotterdam=5)
    fields = {"lines": [{"sku": "tea", "quantity": 2, "unit_price": "10.00", "tax": "4.20"}]}
    order = world.place(tea=2, fields=fields, paid=True)

    change(order, Action("set_price", sku="tea", unit_price=Decimal("8.00")))

    line = line_of(order)
    assert (line.tax_amount, line.total_amount) == (Decimal("3.36"), Decimal("19.36"))
    assert fresh(order).refunded_amount == Decimal("4.84")


def test_the_orders_discount_shrinks_with_the_units_it_was_given_for(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=4, fields={"discount": "10.00"}, paid=True)

    change(order, quantity("tea", 2))

    order = fresh(order)
    assert (order.discount_amount, order.total_amount, order.refunded_amount) == (5, 15, 15)
    assert line_of(order).paid_amount == 15


def test_units_cancelled_before_stay_cancelled_and_what_is_due_is_exact(world):
    world.stock("tea", rotterdam=9)
    order = world.place(tea=3, price="3.333333", paid=True)
    services.cancel_order(
        number=order.number, reason="one", units={line_of(order).pk: 1}, by=SYSTEM
    )

    change(order, quantity("tea", 4))
    line = line_of(order)
    assert (line.quantity, line.cancelled, line.allocated) == (5, 1, 4)
    assert fresh(order).due_amount == Decimal("13.34")
    services.cancel_order(number=order.number, reason="rest", by=SYSTEM)

    order = fresh(order)
    assert (order.status, order.due_amount) == ("cancelled", 0)


def test_units_in_a_box_cannot_be_taken_off(world, order):
    packed(only_work_of(order))

    with pytest.raises(errors.TooLateToReduce) as refusal:
        preview(order, quantity("tea", 2))

    assert refusal.value.least == 3
    assert line_of(order).quantity == 3


def test_picked_units_that_are_taken_off_go_back_to_their_bin(world, order):
    work = only_work_of(order)
    work.lines.get().reservation.level.__class__.objects.update(bin="A-07")
    picked(work)
    found = preview(order, quantity("tea", 1))
    assert effects(found).put_back == (PutBack("rotterdam", "tea", 2, "A-07"),)

    confirm(found)

    assert units_of(work) == {"tea": (1, 1, 0, 0)}
    fact = EventRecord.objects.get(name="fulfillment_order.reduced").payload
    assert fact["put_back"] == [{"sku": "tea", "quantity": 2, "bin": "A-07"}]
    assert world.available("tea") == {"rotterdam": 4}


def test_an_order_of_which_two_of_three_have_left_is_completed_without_the_third(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=3)
    shipped(only_work_of(order))

    found = preview(order, quantity("tea", 2))
    assert effects(found).completes_order
    confirm(found)

    order = fresh(order)
    assert (order.status, order.fulfillment_status) == ("completed", "fulfilled")


def test_units_are_added_to_an_order_of_which_some_have_left(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=3)
    shipped(only_work_of(order))
    world.stock("cup", rotterdam=1)

    change(order, add("cup", 1, "5.00"), quantity("tea", 4))

    assert counters(order) == {
        "tea": {"allocated": 2, "backordered": 2, "picked": 2, "packed": 2, "shipped": 2},
        "cup": {"allocated": 1},
    }
    assert fresh(order).fulfillment_status == "partly_fulfilled"


def test_a_completed_order_is_not_changed(world, order):
    shipped(only_work_of(order))

    with pytest.raises(TransitionNotAllowed):
        preview(order, quantity("tea", 4))


def test_a_price_stays_once_units_have_left_at_it(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=3)
    shipped(only_work_of(order))

    with pytest.raises(errors.LineHasLeft):
        preview(order, Action("set_price", sku="tea", unit_price=Decimal(1)))


def test_two_lines_of_one_sku_are_told_apart_by_their_position(world):
    world.stock("tea", rotterdam=9)
    line = {"sku": "tea", "quantity": 1, "unit_price": "10.00"}
    order = world.place(tea=1, fields={"lines": [line, line]})

    with pytest.raises(errors.WhichLine):
        preview(order, quantity("tea", 2))
    change(order, quantity("tea", 3, line=2))

    assert [each.quantity for each in order.lines.order_by("position")] == [1, 3]


def test_a_fraud_hold_keeps_the_order_as_it_is(world, order):
    services.hold_order(number=order.number, kind="fraud", reason="", by=SYSTEM)

    with pytest.raises(errors.ChangeStopped):
        preview(order, quantity("tea", 2))


def test_units_added_under_a_hold_that_stops_allocating_are_reserved_when_it_goes(world, order):
    services.hold_order(number=order.number, kind="credit", reason="", by=SYSTEM)
    change(order, quantity("tea", 4))
    assert counters(order) == {"tea": {"allocated": 3}}

    services.release_hold(number=order.number, kind="credit", by=SYSTEM)

    assert counters(order) == {"tea": {"allocated": 4}}


def test_a_line_of_which_units_came_back_is_left_alone(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=3)
    shipped(only_work_of(order))
    OrderLine.objects.filter(order=order).update(return_requested=1)

    with pytest.raises(errors.LineHasReturns):
        preview(order, quantity("tea", 4))

    OrderLine.objects.filter(order=order).update(return_requested=0)
