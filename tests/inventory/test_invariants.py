"""What is true of stock at every moment, broken on purpose."""

import pytest
from django.db import connection

from inventory.models import StockLevel
from oms.core import books
from orders.models import Order
from tests.fulfillment.steps import only_work_of, picked


def corrupt(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def found(name):
    return [dict(each.row) for each in books.verify([name])]


@pytest.fixture
def shop(world):
    world.stock("tea", rotterdam=5, leipzig=2)
    world.place("1001", tea=3)
    return world


@pytest.mark.parametrize(
    ("statement", "on_hand", "reserved"),
    [
        ("UPDATE inventory_stocklevel SET on_hand = 4 WHERE reserved = 3", (4, 5), (3, 3)),
        ("UPDATE inventory_stocklevel SET reserved = 2 WHERE reserved = 3", (5, 5), (2, 3)),
        ("DELETE FROM inventory_movement WHERE kind = 'reserve'", (5, 5), (3, 0)),
        (
            "UPDATE inventory_movement SET on_hand_delta = 6 WHERE on_hand_delta = 5",
            (5, 6),
            (3, 3),
        ),
    ],
)
def test_a_level_that_is_not_the_sum_of_its_ledger_is_named(shop, statement, on_hand, reserved):
    corrupt(statement)

    assert found("stock_ledger") == [
        {
            "level": "rotterdam tea",
            "on_hand": on_hand[0],
            "ledger_on_hand": on_hand[1],
            "reserved": reserved[0],
            "ledger_reserved": reserved[1],
        }
    ]


def test_bins_that_do_not_hold_what_is_on_hand_are_named(shop):
    corrupt("UPDATE inventory_quant SET quantity = 6 WHERE quantity = 5")

    assert found("stock_quants") == [
        {"level": "rotterdam tea", "on_hand": 5, "in_bins": 6, "held": 0, "held_in_bins": 0}
    ]


def test_units_in_another_state_than_the_ledger_says_are_named(shop):
    corrupt("UPDATE inventory_quant SET state = 'damaged' WHERE quantity = 5")

    assert found("stock_ledger_quants") == [
        {
            "level": "rotterdam tea",
            "bin": "",
            "lot": "",
            "state": state,
            "in_bin": in_bin,
            "ledger": ledger,
        }
        for state, in_bin, ledger in (("available", 0, 5), ("damaged", 5, 0))
    ]
    assert [row["held_in_bins"] for row in found("stock_quants")] == [5]


def test_units_picked_for_nobody_are_named(shop):
    picked(only_work_of(Order.objects.get()))
    corrupt("UPDATE inventory_reservation SET quantity = 2")

    [row] = found("stock_picked")
    assert (row["quantity"], row["picked"]) == (2, 3)


def test_a_promise_without_a_reservation_is_named(shop):
    corrupt("UPDATE inventory_reservation SET quantity = 1")

    assert found("stock_reservations") == [{"level": "rotterdam tea", "reserved": 3, "claimed": 1}]


def test_a_ledger_entry_without_a_level_is_named(shop):
    level = StockLevel.objects.get(location__code="leipzig")
    corrupt("DELETE FROM inventory_quant WHERE quantity = 2")
    corrupt("DELETE FROM inventory_stocklevel WHERE on_hand = 2")

    assert [row["level"] for row in found("stock_ledger_levels")] == [level.pk]
