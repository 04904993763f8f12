import pytest
from django.db import connection
from django.utils import timezone

from fulfillment import services
from fulfillment.invariants import INVARIANTS
from oms.core.actors import SYSTEM
from oms.core.books import verify
from orders import services as orders
from tests.fulfillment.steps import (
    KIM,
    only_work_of,
    packed,
    picked,
    released,
    said,
    shipped,
    work_of,
)
from tests.fulfillment.waving import placed, wave

OURS = [each.name for each in INVARIANTS]


def some_of_everything(world):
    """Work at every step, short picks, rejections, splits, moves and cancellations."""
    for sku in ("tea", "cup"):
        world.stock(sku, rotterdam=30, leipzig=20)
    works = [only_work_of(world.place(tea=2, cup=1)) for _ in range(10)]
    released(works[0])
    services.pick_one(number=works[1].number, code="tea", by=KIM, at=timezone.now())
    picked(works[2], {"tea": 1, "cup": 1}, reason="missing")
    picked(works[3])
    services.scan_unit(number=works[3].number, code="cup", by=KIM, at=timezone.now())
    orders.cancel_order(number=works[3].order.number, reason="", by=KIM)
    packed(works[4])
    said(shipped(works[5]), "delivered")
    shipped(works[6])
    services.reject(number=works[7].number, reason="damaged", by=KIM, at=timezone.now())
    services.split_work(
        number=works[8].number, lines=[services.Counted("tea", 1)], by=KIM, at=timezone.now()
    )
    services.move_work(number=works[9].number, location="leipzig", by=KIM, at=timezone.now())
    orders.cancel_order(number=works[0].order.number, reason="", by=KIM)
    packed(work_of(works[8].order)[1])
    services.unpack(number=works[4].number, by=KIM, at=timezone.now())


def test_the_books_hold_through_all_kinds_of_work(world):
    some_of_everything(world)

    assert [str(each) for each in verify()] == []


BREAKS = {
    "work_adds_up": "UPDATE fulfillment_fulfillmentorder SET units = units + 1",
    "work_follows_order": "UPDATE orders_orderline SET packed = 0, shipped = 0",
    "work_is_reserved": "UPDATE inventory_reservation SET quantity = quantity + 1",
    "reserved_for_somebody": (
        "INSERT INTO inventory_reservation (id, level_id, quantity, reference, created_at) "
        "SELECT nextval('core_ids'), id, 1, 'nobody', now() FROM inventory_stocklevel"
    ),
    "work_is_reserved_here": (
        "UPDATE fulfillment_fulfillmentorder SET location_id = "
        "(SELECT max(id) FROM inventory_location)"
    ),
    "packages_hold_what_is_packed": "UPDATE fulfillment_packageline SET quantity = quantity + 1",
    "shipments_carry_what_left": "UPDATE fulfillment_package SET shipment_id = NULL",
    "shipped_units_left_the_stock": (
        "UPDATE inventory_movement SET on_hand_delta = on_hand_delta - 1 WHERE kind = 'ship'"
    ),
    "status_of_work": "UPDATE fulfillment_fulfillmentorder SET status = 'packed'",
    "packed_lots_fit": (
        "INSERT INTO fulfillment_packedlot "
        "(package_line_id, sku_id, code, quantity, is_serial, is_out) "
        "SELECT i.id, x.sku_id, 'L1', i.quantity + 1, false, true "
        "FROM fulfillment_packageline i JOIN fulfillment_fulfillmentorderline x ON x.id = i.line_id"
    ),
    "waves_hold_what_is_walked": "UPDATE fulfillment_wave SET status = 'done'",
    "papers_are_counted": "UPDATE fulfillment_printrun SET done = 1",
    "work_is_on_something": "DELETE FROM inventory_reservation",
    "delivered_units": ("UPDATE fulfillment_shipment SET status = 'delivered'; "),
}


@pytest.mark.parametrize("name", OURS)
def test_each_invariant_finds_what_breaks_it(world, name):
    world.stock("tea", rotterdam=9, leipzig=1)
    shipped(only_work_of(world.place(tea=2)))
    number = placed(world, tea=1)
    wave(number)
    services.request_paper(
        kind="slips", location="rotterdam", numbers=[number], by=SYSTEM, at=timezone.now()
    )
    assert verify([name]) == []

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(BREAKS[name])

    assert verify([name]) != []
