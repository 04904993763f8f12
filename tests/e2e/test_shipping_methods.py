"""The floor ships as suggested, takes another service with a reason, and hands a pickup over."""

import re

import pytest
from playwright.sync_api import expect

from fulfillment.models import Pickup, Rate, Shipment
from oms.core.jobs import drain
from tests.e2e.hands import press
from tests.fulfillment.rates import two_services
from tests.fulfillment.steps import packed

pytestmark = pytest.mark.django_db(transaction=True)
AT_ROTTERDAM = {"shipping": {"method": "pickup", "pickup_location": "rotterdam"}}


@pytest.mark.full
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_parcels_leave_as_suggested_or_for_a_reason_and_a_pickup_goes_over_the_counter(
    world, screen, phone
):
    two_services()
    world.stock("tea", rotterdam=9)
    first, second = (world.works(world.place(tea=2))[0] for _ in range(2))
    [pickup] = world.works(world.place("W-77", tea=1, fields=AT_ROTTERDAM))
    for work in (first, second, pickup):
        packed(work)
    drain("mail")
    kim = world.user("kim", role="warehouse", at=["rotterdam"])
    floor = screen("shipping", phone=phone).let_in(world.browser(kim))

    # The first goes as suggested: one number from the label, one press.
    page = floor.open(f"/fulfillment/{first.number}/ship/")
    expect(page.get_by_role("radio", name=re.compile("PostNL parcel"))).to_be_checked()
    floor.look("suggested")
    page.get_by_label("Tracking number").fill("3SDEMO1")
    press(page, "Ship the package")
    expect(page.get_by_text(f"{first.number} is on its way")).to_be_visible()
    assert Shipment.objects.get(fulfillment_order=first).service == "parcel"

    # The second takes another service; the reason is asked for, and kept.
    page = floor.open(f"/fulfillment/{second.number}/ship/")
    page.get_by_role("radio", name=re.compile("DHL express")).check()
    press(page, "Ship the package")
    expect(page.get_by_text("Say why another service takes it.").first).to_be_visible()
    floor.look("reason")
    page.get_by_label(re.compile("Why not the suggested one")).fill("Promised on the phone")
    press(page, "Ship the package")
    expect(page.get_by_text(f"{second.number} is on its way")).to_be_visible()
    shipment = Shipment.objects.get(fulfillment_order=second)
    page = floor.open(f"/fulfillment/shipments/{shipment.number}/")
    expect(page.locator("main")).to_contain_text("Promised on the phone")
    floor.look("why")

    # The customer stands at the counter and reads out the code.
    code = Pickup.objects.get().code
    page = floor.open("/fulfillment/pickups/")
    floor.look("counter")
    page.get_by_label("Code, order or name").fill(code)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=pickup.number).click()
    page.wait_for_url("**/hand-over/**")
    expect(page.get_by_label("Code from the letter")).to_have_value(code)
    floor.look("hand-over")
    press(page, "Hand it over")
    expect(page.get_by_text(f"{pickup.number} is handed over.")).to_be_visible()
    expect(page.get_by_text("Nothing waits to be collected")).to_be_visible()


def test_operations_looks_at_a_file_of_rates_before_it_counts(world, screen):
    two_services()
    otto = world.user("otto", role="operations")
    desk = screen("rates").let_in(world.browser(otto))
    page = desk.open("/fulfillment/services/")
    desk.look("services")
    page.get_by_role("link", name="parcel", exact=True).click()
    page.wait_for_url("**/services/parcel/")
    desk.look("service")
    page.get_by_role("link", name="Bring in rates").click()
    page.wait_for_url("**/rates/")
    content = b"service,country,up_to_weight_g,amount,currency\nparcel,NL,1000,4.95,EUR\n"
    file = {"name": "postnl.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label(re.compile("File")).set_input_files(file)
    press(page, "Look at it first")
    drain("file")
    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
    desk.look("rates")
    before = Rate.objects.count()
    press(page, "Bring in 1 row")
    drain("file")
    page.get_by_role("link", name="See what is there now").click()
    page.wait_for_url("**/fulfillment/services/")
    assert Rate.objects.count() == before + 1
    desk.open("/fulfillment/services/new/")
    desk.look("service-new")
    desk.open("/fulfillment/boxes/new/")
    desk.look("box-new")
