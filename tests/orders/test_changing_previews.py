"""A change is previewed, then confirmed as it was shown, once, or discarded."""

import pytest

from oms.core.models import EventRecord, Job
from oms.core.states import TransitionNotAllowed
from orders import errors, services
from orders.models import Refund
from orders.rules.effects import Effects, StockEffect
from tests.fulfillment.steps import only_work_of, packed
from tests.orders.changing import (
    KIM,
    add,
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


def facts(order):
    return list(
        EventRecord.objects.filter(thread=order.number)
        .order_by("id")
        .values_list("name", flat=True)
    )


def test_a_preview_says_what_would_happen_and_changes_nothing(world, order):
    told = facts(order)

    found = effects(preview(order, quantity("tea", 2)))

    assert (found.due_before, found.due_after, found.refunded) == (30, 20, 10)
    assert found.stock == (StockEffect("rotterdam", "tea", -1),)
    assert [(each.change, each.units) for each in found.work] == [("reduced", 1)]
    assert found.letters == ("order_changed", "refund_succeeded")
    assert {"order.changed", "fulfillment_order.reduced", "refund.succeeded"} == set(found.facts)
    assert facts(order) == told
    assert world.available("tea") == {"rotterdam": 2}
    assert fresh(order).version == order.version
    assert not Refund.objects.exists()
    assert Job.objects.filter(kind="mail").count() == 1


def test_of_two_previews_the_second_is_told_what_happened_and_previewed_anew(world, order):
    first, second = preview(order, quantity("tea", 2)), preview(order, quantity("tea", 1))
    confirm(first)

    with pytest.raises(errors.OrderMovedOn) as refusal:
        confirm(second)

    assert "order.changed" in [each["name"] for each in refusal.value.since]
    assert Effects.of_json(refusal.value.preview).due_before == 20
    assert line_of(order).quantity == 2
    confirm(second)
    assert line_of(order).quantity == 1


def test_confirming_twice_is_one_change(world, order):
    found = preview(order, quantity("tea", 2))

    assert [confirm(found).status, confirm(found).status] == ["confirmed", "confirmed"]

    assert facts(order).count("order.changed") == 1
    assert Refund.objects.count() == 1


def test_a_discarded_change_cannot_be_confirmed_nor_a_confirmed_one_discarded(world, order):
    first, second = preview(order, quantity("tea", 2)), preview(order, quantity("tea", 1))
    services.discard_change(number=order.number, change=first.number, by=KIM)
    confirm(second)

    with pytest.raises(TransitionNotAllowed):
        confirm(first)
    with pytest.raises(TransitionNotAllowed):
        services.discard_change(number=order.number, change=second.number, by=KIM)

    assert line_of(order).quantity == 1


def test_a_preview_that_can_no_longer_be_honoured_says_so(world, order):
    found = preview(order, quantity("tea", 2))
    packed(only_work_of(order))

    with pytest.raises(errors.TooLateToReduce):
        confirm(found)

    assert line_of(order).quantity == 3


def test_the_channel_may_send_the_order_again_as_it_first_was(world, order):
    change(
        order, quantity("tea", 2), add("cup", 1, "5.00") if world.sku("cup") else None, address()
    )

    again = world.place(order.external_id, tea=3, paid=True)

    assert again.pk == order.pk
    assert line_of(order).quantity == 2
