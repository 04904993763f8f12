"""Deliveries of tracked goods, and of damaged ones that are kept."""

from datetime import date

import pytest
from django.utils import timezone

from inventory import services
from inventory.errors import LotMissing, SerialTaken
from inventory.models import Lot, Quant, Receipt, ReceiptLine, ReplenishmentLine
from oms.catalog.models import Sku
from oms.core.actors import SYSTEM
from oms.core.books import verify
from tests.inventory.test_moving import put


def receive(order, *counts, key="k"):
    return services.receive_replenishment(
        number=order.number, counts=counts, key=key, by=SYSTEM, at=timezone.now()
    )


def lying():
    rows = Quant.objects.order_by("state", "lot")
    return [(each.state, each.lot, each.quantity) for each in rows]


@pytest.fixture
def order(world):
    return world.ordered_from_supplier(tea=10)


def test_damaged_units_that_are_kept_are_on_the_books_and_promised_to_nobody(world, order):
    waiting = world.place(tea=6)

    for _ in range(2):
        receive(order, services.Count("tea", 4), services.Count("tea", 2, state="damaged"))

    assert lying() == [("available", "", 4), ("damaged", "", 2)]
    assert waiting.lines.get().backordered == 2
    line = ReplenishmentLine.objects.get()
    assert (line.received, line.rejected) == (6, 0)
    assert verify() == []


def test_tracked_goods_come_in_with_their_lot_or_not_at_all(world, order):
    Sku.objects.update(tracking="lot")

    with pytest.raises(LotMissing, match="tea: name the lot"):
        receive(order, services.Count("tea", 4))
    assert not Receipt.objects.exists()
    receive(order, services.Count("tea", 4, lot="L1", expires_on=date(2031, 1, 1)))

    assert lying() == [("available", "L1", 4)]
    assert Lot.objects.get().expires_on == date(2031, 1, 1)
    assert ReceiptLine.objects.get().lot == "L1"
    assert verify() == []


def test_a_serial_number_that_is_here_already_undoes_the_delivery(world, order):
    Sku.objects.update(tracking="serial")
    receive(order, services.Count("tea", 1, lot="S1"))

    with pytest.raises(SerialTaken):
        receive(
            order, services.Count("tea", 1, lot="S2"), services.Count("tea", 1, lot="S1"), key="2"
        )

    assert lying() == [("available", "S1", 1)]
    assert ReplenishmentLine.objects.get().received == 1


def test_goods_in_names_serial_numbers_and_keeps_damaged_units(world, order):
    Sku.objects.update(tracking="serial")
    floor = world.browser(world.user("lee", role="warehouse", at=["rotterdam"]))
    line = ReplenishmentLine.objects.get()
    page = f"/supply/{order.number}/receive/"
    form = {f"units-{line.pk}": 2, f"rejected-{line.pk}": 1, f"keep-{line.pk}": "on", "key": "f"}

    nothing = floor.post(page, form)
    few = floor.post(page, {**form, f"lot-{line.pk}": "S1, S2"})
    done = floor.post(page, {**form, f"lot-{line.pk}": "S1, S2, S3"}, follow=True)

    assert "Name the lot or serial number." in nothing.content.decode()
    assert "Name 3 serial numbers, with commas between them." in few.content.decode()
    assert "2 units are on the shelf. 1 unit is kept as damaged." in done.content.decode()
    assert lying() == [("available", "S1", 1), ("available", "S2", 1), ("damaged", "S3", 1)]


def test_the_books_tell_of_a_serial_number_that_is_two_units(world):
    put(world, 1, "A", "S1")
    put(world, 1, "A", "S1", at="leipzig")
    assert verify() == []

    Sku.objects.update(tracking="serial")

    [found] = verify()
    row = {"sku": "tea", "serial": "S1", "units": 2}
    assert (found.invariant, dict(found.row)) == ("stock_serials", row)
