"""A packer with a phone and a scanner: what is wrong stays out, what is missing goes elsewhere."""

import pytest
from playwright.sync_api import expect

from fulfillment.models import FulfillmentOrder, Package, PackedLot, Shipment
from oms.catalog.models import Sku
from orders.models import Order
from tests.e2e.hands import press, scan
from tests.fulfillment.steps import picked, released, status_of
from tests.fulfillment.test_capturing import arrive

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"tea": (240, 190, 45), "cup": (100, 90, 80)}


@pytest.mark.parametrize("orders", [2, pytest.param(10, marks=pytest.mark.full)])
def test_orders_are_packed_by_scanner_on_a_phone(world, screen, orders):
    world.stock("tea", rotterdam=2 * orders, leipzig=9)
    world.stock("cup", rotterdam=orders)
    for code, (length, width, height) in SIZES.items():
        Sku.objects.filter(code=code).update(length_mm=length, width_mm=width, height_mm=height)
    world.sku("phone", tracking=Sku.Tracking.SERIAL)
    arrive(world, "phone", "SN-1")
    placed = [world.place(tea=2, cup=1, paid=True) for _ in range(orders - 1)]
    placed.append(world.place(tea=2, phone=1, paid=True))
    works = [world.works(each)[0] for each in placed]
    kim = world.user("kim", role="warehouse", at=["rotterdam"])
    lee = world.user("lee", role="warehouse", at=["rotterdam"])
    window = screen("packer", phone=True).let_in(world.browser(kim))
    beside = screen("second", phone=True).let_in(world.browser(lee))

    # The first order lacks a unit: the rest of it goes to the other warehouse.
    short = works[0]
    released(short)
    page = window.open(f"/fulfillment/{short.number}/pick/")
    scan(page, "bc-tea", "Tea, 1 of 2")
    scan(page, "bc-cup", "Cup, 1 of 1")
    page.goto(f"/fulfillment/{short.number}/pick/short/")
    page.get_by_label("Tea, tea").fill("0")
    page.get_by_label("Why the rest is not there").select_option("missing")
    window.look("short")
    page.locator("main form.o-form button.btn-primary, main form.o-form button").first.click()
    expect(page.get_by_text("the rest goes elsewhere")).to_be_visible()
    elsewhere = FulfillmentOrder.objects.exclude(pk=short.pk).get(order=placed[0])
    assert (elsewhere.location.code, elsewhere.units) == ("leipzig", 1)

    for work in works[1:]:
        picked(work)
    for nth, work in enumerate(works):
        page = window.open(f"/fulfillment/{work.number}/pack/")
        if nth == 0:
            beside.open(f"/fulfillment/{work.number}/pack/")
            scan(page, "bc-phone", "Phone is not in", tone="stop")
            said = page.get_by_role("alert").filter(has_text="Phone is not in")
            expect(said).to_be_visible()
            window.look("wrong")
        if nth < orders - 1:
            scan(page, "bc-cup", "Cup, 1 of 1")
            scan(page, "bc-tea", "Tea, 1 of")
        else:
            scan(page, "bc-tea", "Tea, 1 of 2")
            scan(page, "bc-phone", "now scan its serial number", tone="wait")
            window.look("serial")
            scan(page, "SN-1", "Phone, 1 of 1")
        if nth:
            scan(page, "bc-tea", "Tea, 2 of 2")
        if nth == 1:
            page.get_by_label("Weight", exact=False).first.fill("9")
            page.keyboard.press("F8")
            expect(page.locator("[data-verdict=stop]")).to_contain_text("The scale says 9000 g")
            window.look("weight")
            page.get_by_label("Why the weight differs").fill("Came with a gift")
        page.keyboard.press("F8")
        expect(page.get_by_text(f"{work.number} is packed")).to_be_visible()
        page.goto(f"/fulfillment/{work.number}/ship/")
        press(page, "Ship the package")
        expect(page.get_by_text(f"{work.number} is on its way")).to_be_visible()

    scan(beside.page, "bc-tea", "shipped", tone="stop")
    assert [status_of(each) for each in works] == ["shipped"] * orders
    assert Shipment.objects.count() == orders
    assert PackedLot.objects.get().code == "SN-1"
    assert Package.objects.filter(weight_reason="Came with a gift").count() == 1
    assert set(Package.objects.values_list("box", flat=True)) <= {"S", "M", "", "L"}
    assert Order.objects.filter(fulfillment_status="partly_fulfilled").count() == 1
