"""What came in is put away by scanner on a phone; some of it is moved and some held."""

import pytest
from playwright.sync_api import expect

from inventory.models import Bin, Quant, Zone
from tests.e2e.hands import press, scan
from tests.inventory.test_moving import put

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.full
def test_a_phone_leads_through_the_shelves(world, screen):
    place = world.location("rotterdam")
    for number, (kind, code) in enumerate((("receiving", "R-1"), ("picking", "A-1"))):
        zone = Zone.objects.create(location=place, code=code[0], kind=kind, position=number)
        Bin.objects.create(location=place, zone=zone, code=code)
    Bin.objects.create(location=place, zone=zone, code="A-2", position=1)
    world.sku("tea", name="Sencha in a tin", tracking="lot")
    put(world, 4, "A-1", "L-8")
    put(world, 3, "R-1", "L-9")
    lee = world.user("lee", role="warehouse", at=["rotterdam"])

    floor = screen("floor", phone=True).let_in(world.browser(lee))
    page = floor.open("/inventory/scan/")
    floor.look("shelf-work")
    page.get_by_role("link", name="Put away, 1 waits").click()
    floor.look("put-away")
    scan(page, "nonsense", "is not in what is to be put away", tone="stop")
    scan(page, "bc-tea", "Sencha in a tin")
    press(page, "All 3 units")
    expect(page.locator("[data-verdict]")).to_contain_text("3")
    floor.look("where-to")
    scan(page, "X-9", "There is no bin X-9 at rotterdam.", tone="stop")
    scan(page, "a-1", "3 of tea are in A-1.")

    page = floor.open("/inventory/scan/move/")
    scan(page, "A-1", "A-1")
    scan(page, "bc-tea", "Say which.", tone="wait")
    floor.look("which-lot")
    page.get_by_role("button", name="L-8").click()
    scan(page, "2", "2")
    scan(page, "A-2", "2 of tea are in A-2.")

    page = floor.open("/inventory/scan/hold/")
    scan(page, "A-2", "A-2")
    scan(page, "bc-tea", "Sencha in a tin")
    scan(page, "1", "1")
    page.get_by_text("Damaged", exact=True).click()
    page.get_by_label("Why").fill("Dented tin")
    floor.look("hold")
    press(page, "Do this with 1 unit")
    expect(page.locator('[data-verdict="done"]')).to_contain_text("1 of tea: Damaged.")

    rows = Quant.objects.order_by("bin", "lot", "state")
    assert [(each.bin, each.lot, each.state, each.quantity) for each in rows] == [
        ("A-1", "L-8", "available", 2),
        ("A-1", "L-9", "available", 3),
        ("A-2", "L-8", "available", 1),
        ("A-2", "L-8", "damaged", 1),
    ]
