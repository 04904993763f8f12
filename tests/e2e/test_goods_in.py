"""A delivery is taken in by scanner on a phone: more than was asked for, and one unit dented."""

import pytest
from playwright.sync_api import expect

from inventory.models import Quant, ReplenishmentLine
from oms.core import books
from tests.e2e.hands import press, scan

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_phone_takes_in_more_than_was_asked_for_and_a_dented_unit(world, screen):
    world.location("rotterdam")
    order = world.ordered_from_supplier(tea=3, cup=1)
    floor = screen("goods-in", phone=True)
    floor.let_in(world.browser(world.user("lee", role="warehouse", at=["rotterdam"])))

    # Scans that come faster than the answers all count; what does not belong here is told.
    page = floor.open(f"/supply/{order.number}/receive/")
    field = page.get_by_label("Scan or type a barcode or SKU")
    for _ in range(3):
        page.keyboard.insert_text("bc-tea")
        page.keyboard.press("Enter")
    expect(page.locator('[data-verdict="done"]')).to_contain_text("3 of 3")
    scan(page, "bc-jug", "belongs to no line here", tone="stop")
    scan(page, "tea", "More than expected: 4 of 3", tone="wait")
    scan(page, "bc-cup", "1 of 1")
    expect(field).to_be_focused()
    floor.look("counted")

    # One of the four is dented: it is kept apart. The fourth is kept when somebody says so.
    page.get_by_label("Tea").fill("3")
    page.get_by_text("Damaged or wrong").filter(visible=True).last.click()
    open_row = page.locator("details[open]")
    open_row.get_by_label("Units").fill("1")
    open_row.get_by_label("Why").select_option("damaged")
    open_row.get_by_text("Keep them as damaged").click()
    press(page, "Take these in")
    expect(page.get_by_text("tea: 4 came, 3 are expected")).to_be_visible()
    keep = page.get_by_text("Keep the units that nobody asked for")
    expect(keep).to_be_visible()
    floor.look("more-than-expected")
    keep.click()
    press(page, "Take these in")
    expect(page.get_by_text("4 units are on the shelf. 1 unit is kept as damaged.")).to_be_visible()
    floor.look("taken-in")

    lying = Quant.objects.values_list("level__sku__code", "state", "quantity")
    assert sorted(lying) == [
        ("cup", "available", 1),
        ("tea", "available", 3),
        ("tea", "damaged", 1),
    ]
    assert sorted(ReplenishmentLine.objects.values_list("sku__code", "received", "over")) == [
        ("cup", 1, 0),
        ("tea", 4, 1),
    ]
    assert books.verify() == []
