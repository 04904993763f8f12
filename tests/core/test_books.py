"""The books: each invariant is broken on purpose, and is seen to be broken."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from inventory.models import Movement
from oms.core import books
from oms.core.models import EventRecord
from orders.models import MoneyEntry, Order


def corrupt(statement, *params):
    """Change rows behind the services' back: guards and references switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def without(table, constraint, statement):
    """Change rows that a check constraint would refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
        cursor.execute(statement)


def found(name):
    return [dict(each.row) for each in books.verify([name])]


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=5)
    return world.place("1001", tea=3, paid=True)


def test_a_shop_at_work_keeps_every_invariant(world):
    world.stock("tea", rotterdam=5)
    world.place("1001", tea=3, paid=True)
    world.place("1002", tea=4)

    assert books.verify() == []


def test_the_command_says_so(world, order):
    out = StringIO()
    call_command("verify_books", stdout=out)

    count = len(books.invariants())
    assert out.getvalue() == f"{count} invariants checked: nothing to correct.\n"


def test_the_command_names_the_rows_and_fails(world, order):
    corrupt("UPDATE inventory_stocklevel SET on_hand = 7")
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("verify_books", "--only", "stock_ledger", stdout=out)

    assert ended.value.code == 1
    assert out.getvalue() == (
        "stock_ledger: rotterdam tea: on_hand 7, ledger_on_hand 5, reserved 3, ledger_reserved 3\n"
        "1 invariant checked: 1 violation.\n"
    )


def test_the_command_speaks_json(world, order):
    corrupt("UPDATE inventory_stocklevel SET on_hand = 7")
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("verify_books", "--only", "stock_ledger", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {
        "ok": False,
        "invariants": 1,
        "violations": [
            {
                "invariant": "stock_ledger",
                "sentence": "A stock level is the sum of its ledger, on hand and reserved.",
                "row": {
                    "level": "rotterdam tea",
                    "on_hand": 7,
                    "ledger_on_hand": 5,
                    "reserved": 3,
                    "ledger_reserved": 3,
                },
            }
        ],
    }


def test_an_unknown_invariant_is_refused_in_one_sentence(db):
    with pytest.raises(CommandError, match=r"^No such invariant: nonsense\. Known are "):
        call_command("verify_books", "--only", "nonsense")


def test_every_invariant_has_a_name_of_its_own():
    names = [each.name for each in books.invariants()]

    assert sorted(set(names)) == sorted(names)


ORDER_BREAKERS = {
    "order_lines_add_up": "UPDATE orders_orderline SET quantity = 9",
    "order_line_totals": "UPDATE orders_orderline SET total_amount = total_amount + 0.01",
    "order_totals": "UPDATE orders_order SET total_amount = total_amount - 0.01",
    "money_ledger": "UPDATE orders_moneyentry SET amount = amount + 1 WHERE kind = 'capture'",
    "money_ledger_currency": "UPDATE orders_moneyentry SET currency = 'USD' WHERE kind = 'charge'",
    "payments_captured": "UPDATE orders_payment SET captured_amount = 29",
    "payments_committed": "UPDATE orders_payment SET refund_committed_amount = 5",
    "order_statuses": "UPDATE orders_order SET payment_status = 'unpaid'",
    "orders_are_told": "DELETE FROM core_eventrecord WHERE name = 'order.placed'",
}


@pytest.mark.parametrize("name", ORDER_BREAKERS)
def test_a_broken_order_is_named(order, name):
    assert found(name) == []

    corrupt(ORDER_BREAKERS[name])

    [row, *_] = found(name)
    assert row["order"] == order.number


def test_units_may_wait_for_a_location_only_while_a_hold_stops_allocating(world, order):
    corrupt("UPDATE orders_orderline SET allocated = 0")
    assert [row["sku"] for row in found("order_lines_add_up")] == ["tea"]

    corrupt(
        "INSERT INTO orders_hold (order_id, kind, reason, set_by, set_at, released_by) "
        "VALUES (%s, 'fraud', '', 'x', now(), '')",
        order.pk,
    )

    assert found("order_lines_add_up") == []


def test_units_that_overtake_each_other_are_named(order):
    without(
        "orders_orderline", "line_units_move_in_order", "UPDATE orders_orderline SET packed = 2"
    )

    [row] = found("order_lines_move_in_order")
    assert (row["order"], row["picked"], row["packed"]) == (order.number, 0, 2)


def test_an_order_that_should_have_ended_is_named(order):
    corrupt("UPDATE orders_order SET status = 'completed'")

    [row] = found("order_statuses")
    assert (row["order"], row["status"], row["shipped"]) == (order.number, "completed", 0)


def test_a_refund_that_is_missing_from_the_ledger_is_named(world, order):
    refund = (
        "INSERT INTO orders_refund (id, number, order_id, payment_id, key, reference, reason, "
        "status, amount, currency, gateway_reference, last_error, granted_by, granted_at) "
        "SELECT nextval('core_ids'), 'RF-9', order_id, id, gen_random_uuid(), 'x', '', "
        "'succeeded', 5, 'EUR', '', '', 'x', now() FROM orders_payment"
    )
    corrupt(refund)

    assert found("refunds_in_ledger") == [
        {"refund": "RF-9", "status": "succeeded", "amount": 5, "ledger": None}
    ]


def test_money_given_back_for_a_line_without_a_refund_is_named(order):
    corrupt("UPDATE orders_orderline SET refunded_amount = 10")

    [row] = found("lines_refunded")
    assert (row["order"], row["refunded"], row["parts"]) == (order.number, 10, 0)


LEDGERS = {
    "inventory_movement": (Movement, "stock_ledger_only_grows"),
    "orders_moneyentry": (MoneyEntry, "money_ledger_only_grows"),
    "core_eventrecord": (EventRecord, "facts_only_grow"),
}


@pytest.mark.parametrize("table", LEDGERS)
def test_the_database_refuses_to_change_or_remove_what_a_ledger_holds(order, table):
    model, _ = LEDGERS[table]
    before = list(model.objects.order_by("id").values())

    for statement in ("UPDATE {} SET id = id", "DELETE FROM {}"):
        with (
            pytest.raises(Exception, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

    assert list(model.objects.order_by("id").values()) == before


@pytest.mark.parametrize("table", LEDGERS)
def test_a_guard_that_was_taken_away_is_named(db, table):
    _, name = LEDGERS[table]
    assert found(name) == []

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_only_grows")

    assert found(name) == [{"ledger": table}]


def test_an_order_that_is_imported_or_placed_is_recounted_line_by_line(world):
    order = world.place("1003", tea=2, fields={"discount": "1.00"})

    assert books.verify() == []
    assert Order.objects.get(pk=order.pk).total_amount == 19
