"""An order that goes elsewhere: what has not left follows, what has left stays."""

import pytest

from fulfillment.models import FulfillmentOrder
from orders import errors
from orders.rules.changes import Action
from tests.fulfillment.steps import only_work_of, packed, shipped, units_of
from tests.orders.changing import (
    GHENT,
    address,
    change,
    confirm,
    effects,
    fresh,
    line_of,
    preview,
    quantity,
)
from tests.orders.changing import _books as _books
from tests.orders.changing import order as order


def test_work_that_has_not_left_goes_to_the_new_address_from_where_it_is(world, order):
    found = preview(order, address())
    assert effects(found).stock == ()
    assert [(each.location, each.change) for each in effects(found).work] == [
        ("rotterdam", "redirected")
    ]

    confirm(found)

    work = only_work_of(order)
    assert (fresh(order).ship_to, work.ship_to) == (GHENT, GHENT)
    assert work.location.code == "rotterdam"


def test_a_box_packed_for_the_old_address_refuses_the_new_one(world, order):
    packed(only_work_of(order))

    with pytest.raises(errors.TooLateToRedirect) as refusal:
        preview(order, address())

    assert "3 of tea" in str(refusal.value)
    assert only_work_of(order).ship_to.city == "Antwerp"


def test_what_has_left_stays_and_the_rest_goes_elsewhere(world):
    world.stock("tea", rotterdam=2)
    order = world.place(tea=3)
    first = only_work_of(order)
    shipped(first)
    world.stock("tea", rotterdam=1)

    change(order, address())

    second = FulfillmentOrder.objects.exclude(pk=first.pk).get()
    assert (FulfillmentOrder.objects.get(pk=first.pk).ship_to.city, second.ship_to) == (
        "Antwerp",
        GHENT,
    )


def test_one_line_that_goes_elsewhere_becomes_work_of_its_own(world):
    world.stock("tea", rotterdam=2)
    world.stock("cup", rotterdam=2)
    order = world.place(tea=2, cup=1)
    before = only_work_of(order)

    found = preview(order, address(sku="cup"))
    assert effects(found).stock == ()
    confirm(found)

    old, new = FulfillmentOrder.objects.order_by("id")
    assert (old.pk, old.units, old.ship_to.city) == (before.pk, 2, "Antwerp")
    assert (new.units, new.ship_to, new.location_id) == (1, GHENT, old.location_id)
    assert units_of(new) == {"cup": (1, 0, 0, 0)}
    assert line_of(order, "cup").ship_to == GHENT


def test_the_service_of_what_has_not_left_follows(world, order):
    change(order, Action("set_service", service="express"))

    assert (fresh(order).service, only_work_of(order).service) == ("express", "express")


def test_units_added_for_two_addresses_are_work_with_numbers_of_their_own(world):
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    order = world.place(tea=1, cup=1)
    change(order, address(sku="cup"))

    change(order, quantity("tea", 2), quantity("cup", 2))
    change(order, quantity("tea", 3), quantity("cup", 3))

    numbers = [each.number.rpartition("-")[2] for each in FulfillmentOrder.objects.order_by("id")]
    assert numbers == ["1", "2", "3", "4", "5", "6"]
