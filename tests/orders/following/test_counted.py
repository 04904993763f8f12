"""What a channel only counts as sent in all: what is beyond what has left already, leaves."""

from decimal import Decimal

import pytest

from oms.core.money import ZERO
from oms.customers.services import CustomerDetails
from orders.adapters.merging import Told
from orders.adapters.parts import Fulfillment, Units
from orders.services.following.acts import Book, LineNow, OrderNow, Send, UnitsNow
from orders.services.following.planning.units import fulfillments
from tests.orders.following.telling import HEAD, HOME


def line(item, *units, per_item=1, ships=True):
    """A line of ours: its units as (quantity, cancelled, shipped), by line id from 1."""
    rows = tuple(
        UnitsNow(pk, per_item, quantity, cancelled, shipped, shipped)
        for pk, (quantity, cancelled, shipped) in enumerate(units, start=1)
    )
    asked, money = rows[0].quantity // per_item, Decimal(10)
    return LineNow(item, 1, item, item, asked, 0, money, ZERO, ZERO, ships, False, rows)


def now(*lines):
    customer = CustomerDetails(name="Robin Vale")
    money = (ZERO, ZERO, ZERO, ZERO, ZERO)
    return OrderNow("open", HOME, "", *money, customer, "", lines, {}, (), (), {})


def sent(told, *lines, known=()):
    book = Book(known={"fulfillment": dict.fromkeys(known, "SH-1")})
    return [
        (act.key, dict(act.units))
        for act in fulfillments(told, now(*lines), book)
        if isinstance(act, Send)
    ]


def counted(count, key="tea", **fields):
    units = None if count is None else (Units(key, count),)
    return Told(head=HEAD, fulfilled=Fulfillment(units, **fields))


@pytest.mark.parametrize(
    ("count", "line_now", "leaves"),
    [
        (2, (5, 0, 0), 2),
        (2, (5, 0, 1), 1),
        (2, (5, 0, 2), None),
        (2, (5, 0, 3), None),
        (9, (5, 0, 1), 4),
        (5, (5, 2, 1), 2),
        (None, (5, 0, 0), 5),
        (None, (5, 2, 1), 2),
        (None, (5, 0, 5), None),
        (0, (5, 0, 0), None),
    ],
)
def test_as_many_leave_as_are_counted_beyond_those_that_left(count, line_now, leaves):
    expected = [("fulfilled", {1: leaves})] if leaves else []

    assert sent(counted(count), line("tea", line_now)) == expected


def test_units_in_parcels_of_their_own_are_among_those_counted():
    parcel = {"fulfillment:1": Fulfillment((Units("tea", 2),))}
    told = Told(head=HEAD, fulfillments=parcel, fulfilled=Fulfillment((Units("tea", 3),)))

    assert sent(told, line("tea", (5, 0, 0))) == [("fulfillment:1", {1: 2}), ("fulfilled", {1: 1})]
    again = sent(told, line("tea", (5, 0, 2)), known=["fulfillment:1"])
    assert again == [("fulfilled", {1: 1})]


def test_a_count_that_was_taken_back_sends_nothing():
    assert sent(counted(3, is_cancelled=True), line("tea", (5, 0, 0))) == []


def test_kits_are_counted_by_the_kit_and_leave_by_the_component():
    kit = line("gift", (6, 0, 2), (3, 0, 1), per_item=2)

    assert sent(counted(2, "gift"), kit) == [("fulfilled", {1: 2, 2: 2})]


def test_what_never_ships_and_what_is_not_counted_stays():
    assert sent(counted(2), line("tea", (2, 0, 0), ships=False)) == []
    assert sent(counted(2, "cup"), line("tea", (2, 0, 0))) == []


def test_each_count_is_known_by_its_sum_so_that_it_leaves_once():
    [act] = [
        each
        for each in fulfillments(counted(2), now(line("tea", (5, 0, 0))), Book())
        if isinstance(each, Send)
    ]

    assert act.id == "fulfillment:counted-2"
