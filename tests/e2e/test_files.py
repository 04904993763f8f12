"""Operations brings a file that another shop wrote: says its columns, mends it, watches it."""

import re

import pytest
from playwright.sync_api import expect

from oms.channels import tasks
from oms.core import jobs
from orders.models import Order
from tests.e2e.hands import press, tab_to
from tests.e2e.widths import OFFICE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]

HEADERS = "Order No.;Order date;Ship name;Street;Zip;City;Country;Article;Pieces;Price;Remark"


def orders(count):
    rows = [
        f"{1000 + n};2026-11-18 10:{n:02}:00;Ada Vale;Kade {n};2611;Delft;Netherlands;tea;1;4,50;-"
        for n in range(count)
    ]
    rows[3] = rows[3].replace(";tea;", ";gum;")
    return "\r\n".join([HEADERS, *rows, "1001;2026-11-18 10:01:00;;;;;;cup;2;9,00;gift"]) + "\r\n"


def choose_file(page, name, content):
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)


@pytest.mark.parametrize("phone", OFFICE)
def test_a_foreign_file_is_mapped_mended_and_watched(world, screen, phone, monkeypatch):
    monkeypatch.setattr("orders.imports.Orders.at_once", 8)
    monkeypatch.setattr(tasks, "SLICE", 0)
    world.channel("shop")
    world.stock("tea", rotterdam=99)
    world.stock("cup", rotterdam=99)
    window = screen("otto", phone=phone)
    window.let_in(world.browser(world.user("otto", role="operations")))

    window.open("/files/imports/")
    window.look("files-none")
    window.open("/files/")
    window.look("files")
    page = window.open("/files/orders/")
    press(page, "Look at it first")
    expect(page.locator("main")).to_contain_text("This field is required")
    window.look("file-refused")
    page.get_by_label("Whose they are").select_option("shop")
    choose_file(page, "november.csv", orders(20).encode())
    press(page, "Look at it first")

    # Our columns stand beside theirs; what a file lacks is asked for, by its field.
    expect(page.get_by_role("heading", name=re.compile("^IF-"))).to_be_visible()
    window.look("file-columns")
    assert page.get_by_label("Column for external_id").input_value() == "0"
    press(page, "Look at all rows")
    expect(page.locator("#id_from_currency_error")).to_be_visible()
    expect(page.locator("#id_time_zone_error")).to_be_visible()
    window.look("file-columns-refused")
    page.get_by_label("currency of all rows").fill("EUR")
    page.get_by_label("Time zone of times that name none").select_option("Europe/Amsterdam")
    page.get_by_label("Column for quantity").select_option(label="Pieces")
    page.get_by_label("Keep this for files").fill("Old shop")
    press(page, "Look at all rows")

    # It is looked at by itself, and the page says so when it is done.
    expect(page.locator("main")).to_contain_text("The file is being read.")
    jobs.drain("file", limit=1)
    expect(page.locator("main")).to_contain_text("of 21 rows looked at.")
    window.look("file-checking")
    jobs.drain("file")
    expect(page.get_by_role("heading", name="21 rows")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Not in the catalog: gum.")
    window.look("file-checked-bad")

    # The bad row is mended where it stands, in the file that came back.
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the bad rows").click()
    sent = coming.value.path().read_text()
    assert "what is wrong" in sent
    press(page, "Bring in the other 20 rows alone")
    jobs.drain("file", limit=1)
    expect(page.locator("main")).to_contain_text("rows are behind us.")
    window.look("file-writing")
    press(page, "Stop")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    window.look("file-stopped")
    page.locator("body").focus()
    tab_to(page, "Go on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    jobs.drain("file")
    expect(page.get_by_role("link", name="See what is there now")).to_be_visible()
    window.look("file-done")
    assert Order.objects.count() == 19

    # It has our headers kept: nobody says its columns again.
    page = window.open("/files/orders/")
    page.get_by_label("Whose they are").select_option("shop")
    choose_file(page, "mended.csv", sent.replace("gum", "tea").encode())
    press(page, "Look at it first")
    jobs.drain("file")
    expect(page.get_by_role("button", name="Bring in 1 row", exact=True)).to_be_visible()
    window.look("file-checked")
    press(page, "Bring in 1 row")
    jobs.drain("file")
    expect(page.get_by_role("link", name="See what is there now")).to_be_visible()
    assert Order.objects.count() == 20
    assert Order.objects.get(external_id="1001").lines.count() == 2
    window.open("/files/imports/")
    window.look("files-brought")
