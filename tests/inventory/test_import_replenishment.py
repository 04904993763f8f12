"""Orders at suppliers are brought in: what is coming is counted on, what came moves nothing."""

from datetime import date

import pytest
from django.utils import timezone

from inventory.models import ReplenishmentOrder, Supplier
from inventory.selectors import arriving, scorecard
from oms.core import books
from tests.importing import Files

HEAD = (
    "order,supplier,location,ordered_on,currency,status,sku,quantity,unit_cost,expected_on,"
    "received_on,received,rejected,reason\n"
)


@pytest.fixture
def files(world, tmp_path):
    world.location("rotterdam")
    world.stock("tea", rotterdam=7)
    world.sku("cup")
    world.supplier("leaf", tea=None)
    return Files(tmp_path)


def test_what_is_missing_of_an_open_order_is_coming(world, files):
    told = files.bring_in(
        "replenishment_orders",
        HEAD
        + "P-7,leaf,rotterdam,2026-10-01,EUR,open,tea,10,4.20,2026-12-04,2026-11-01,6,1,damaged\n"
        "P-7,leaf,rotterdam,2026-10-01,EUR,open,cup,5,1.10,2026-12-04,,,,\n",
    )

    assert told == "replenishment_orders: 2 rows read, 0 bad.\n1 added.\n"
    order = ReplenishmentOrder.objects.get()
    assert (order.number, order.status, order.expected_on) == (
        "P-7",
        "part_received",
        date(2026, 12, 4),
    )
    assert world.on_hand("tea") == {"rotterdam": 7}
    coming = arriving([world.sku("tea").pk, world.sku("cup").pk], today=timezone.localdate())
    assert {key: sum(each.units for each in found) for key, found in coming.items()} == {
        world.sku("tea").pk: 4,
        world.sku("cup").pk: 5,
    }
    assert books.verify() == []


def test_a_closed_order_tells_how_the_supplier_did(world, files):
    files.bring_in(
        "replenishment_orders",
        HEAD + "P-1,leaf,rotterdam,2026-03-02,,closed,tea,10,4.20,2026-03-12,2026-03-10,6,1,\n"
        "P-1,leaf,rotterdam,2026-03-02,,closed,tea,0,,2026-03-12,2026-03-14,5,0,\n",
    )

    order = ReplenishmentOrder.objects.get()
    line = order.lines.get()
    assert (order.status, line.quantity, line.received, line.rejected, line.over) == (
        "closed",
        10,
        11,
        1,
        1,
    )
    score = scorecard(Supplier.objects.get())
    assert (score.accepted, score.rejected, score.promised, score.on_time) == (11, 1, 11, 6)
    assert score.lead_time_days == 10.0
    assert world.on_hand("tea") == {"rotterdam": 7}
    assert books.verify() == []


def test_an_order_that_is_known_stays_as_it_is(world, files):
    row = "P-1,leaf,rotterdam,2026-03-02,,{status},tea,{units},4.20,,,,,\n"
    files.bring_in("replenishment_orders", HEAD + row.format(status="open", units=10))
    again = files.bring_in("replenishment_orders", HEAD + row.format(status="closed", units=99))

    assert "1 unchanged." in again
    assert ReplenishmentOrder.objects.get().status == "sent"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("P-1,nobody,rotterdam,2026-03-02,,,tea,1,,,,,,", "supplier: there is no supplier nobody"),
        ("P-1,leaf,nowhere,2026-03-02,,,tea,1,,,,,,", "location: there is no location nowhere"),
        ("P-1,leaf,rotterdam,2026-03-02,,,gum,1,,,,,,", "sku: there is no SKU gum"),
        ("P-1,leaf,rotterdam,2026-03-02,,,tea,1,,,,1,,", "received_on: say on which day it came"),
        (
            "P-1,leaf,rotterdam,2026-03-02,,,tea,1,,,2026-03-01,1,,",
            "received_on: it came before it was ordered",
        ),
        ("P-1,leaf,rotterdam,2026-03-02,,,tea,0,,,,,,", "quantity: nothing of it was ordered"),
        (
            "RO-1,leaf,rotterdam,2026-03-02,,,tea,1,,,,,,",
            "order: a number has no slash and does not begin with RO-",
        ),
        (
            "P-1,leaf,rotterdam,2026-03-02,,late,tea,1,,,,,,",
            "status: 'late' is none of open, closed",
        ),
        (
            "P-1,leaf,rotterdam,2026-03-02,,,tea,-1,,,,,,",
            "quantity: -1 is not between 0 and 99999999",
        ),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(files, row, reason):
    told = files.bring_in("replenishment_orders", HEAD + row + "\n")

    assert f"line 2: {reason}." in told
    assert not ReplenishmentOrder.objects.exists()


def test_rows_of_one_order_agree_on_it(world, files):
    told = files.bring_in(
        "replenishment_orders",
        HEAD + "P-1,leaf,rotterdam,2026-03-02,EUR,,tea,1,,,,,,\n"
        "P-1,leaf,rotterdam,2026-03-03,EUR,,cup,1,,,,,,\n"
        "P-2,leaf,rotterdam,2026-03-03,EUR,,cup,1,,,,,,\n",
        "--skip-bad-rows",
    )

    assert "line 3: ordered_on: differs from line 2 of the same order." in told
    assert [order.number for order in ReplenishmentOrder.objects.all()] == ["P-2"]
