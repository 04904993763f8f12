"""A buyer orders again in two clicks, a colleague approves, and the invoice is downloaded."""

import re
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import expect

from b2b import services
from b2b.models import PurchaseOrder
from oms.catalog.models import Sku
from tests.b2b.conftest import REP, Office
from tests.e2e.hands import press
from tests.e2e.widths import HAND

pytestmark = pytest.mark.django_db(transaction=True)


def furnish(world):
    """A café with prices of its own, an order that was sent and invoiced, and an offer."""
    office = Office(world)
    office.price("TEA-01", "9.00")
    office.price("TEA-01", "8.00", min_quantity=24)
    office.stock("CUP-02", rotterdam=4)
    Sku.objects.filter(code="TEA-01").update(name="Sencha, 100 g")
    Sku.objects.filter(code="CUP-02").update(name="Moon cup, small")
    office.company(price_list="wholesale", approval_limit=Decimal("5000"))
    world.stock("TEA-01", rotterdam=400)
    bo = office.buyer("bo", limit="150")
    ada = office.buyer("ada", role="admin")
    sold = office.fresh(
        office.submit(
            services.save_purchase_order(
                company="vermeer",
                lines=[services.LineWish("TEA-01", 12)],
                source="portal",
                buyer=bo,
                po_number="4500-17",
                by=REP,
                at=timezone.now(),
            )
        )
    )
    office.ship(sold.order)
    [invoice] = office.invoices(sold.order)
    invoice.file.save(f"{invoice.number}.pdf", ContentFile(b"%PDF-1.7"))
    office.quote(price="8.50", **{"TEA-01": 48, "CUP-02": 12})
    return bo.user, ada.user, sold.number, invoice.number


@pytest.mark.parametrize("phone", HAND)
def test_a_buyer_orders_again_and_a_colleague_approves(world, screen, phone):
    bo, ada, sold, invoice = furnish(world)
    heading = "h1"

    buyer = screen("buyer", phone=phone)
    buyer.home = re.compile("/b2b/portal/$")
    page = buyer.sign_in(bo).page
    expect(page.locator(heading)).to_have_text("Café Vermeer BV")
    buyer.look("overview")

    # Two clicks: order again, hand in. Between them a quantity is changed.
    buyer.open("/b2b/portal/orders/?view=all")
    buyer.look("orders")
    page.get_by_role("button", name=f"Order again: {sold}").click()
    expect(page.locator(heading)).to_have_text("Look over your order")
    page.get_by_label("Sencha, 100 g, units").fill("24")
    page.get_by_label("Sencha, 100 g, units").press("Tab")
    expect(page.locator("#entry-money")).to_contain_text("€192.00")
    expect(page.locator("#entry-money")).to_contain_text("Needs approval")
    buyer.look("review")
    press(page, "Hand in the order")
    expect(page.get_by_text("waits for approval by ada")).to_be_visible()
    buyer.look("waiting")
    number = PurchaseOrder.objects.get(status="pending_approval").number

    approver = screen("approver", phone=phone).let_in(world.browser(ada))
    desk = approver.open("/b2b/portal/")
    desk.get_by_role("link", name=number).first.click()
    desk.get_by_role("link", name="Approve…").click()
    approver.look("approve")
    press(desk, "Approve the order")
    expect(desk.get_by_text(f"{number} is approved.")).to_be_visible()
    assert PurchaseOrder.objects.get(number=number).status == "accepted"

    buyer.open(f"/b2b/portal/orders/{number}/")
    expect(page.locator("main")).to_contain_text("24 being prepared")
    buyer.look("order")
    buyer.open(f"/b2b/portal/invoices/{invoice}/")
    buyer.look("invoice")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    assert download.value.suggested_filename == f"{invoice}.pdf"


@pytest.mark.full
@pytest.mark.parametrize("phone", HAND)
def test_every_other_page_of_the_portal_is_well_made(world, screen, phone):
    _bo, ada, _sold, _invoice = furnish(world)
    window = screen("admin", phone=phone).let_in(world.browser(ada))
    page = window.open("/b2b/portal/order/?new")
    page.get_by_label("Line 1, SKU or barcode").press("F2")
    page.get_by_label("Code, barcode or name").fill("sencha")
    expect(page.get_by_role("option")).to_have_count(1)
    window.look("palette")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Line 1, SKU or barcode")).to_have_value("TEA-01")
    page.get_by_label("Line 1, units").fill("30")
    page.get_by_label("Line 1, units").press("Enter")
    expect(page.locator("#found-1")).to_contain_text("In stock")
    window.look("grid")
    for address, name in (
        ("order/catalog/", "catalog"),
        ("quotes/", "quotes"),
        ("quotes/ask/", "ask"),
        ("invoices/", "invoices"),
        ("people/", "people"),
        ("people/invite/", "invite"),
        ("people/bo/", "person"),
    ):
        window.open(f"/b2b/portal/{address}")
        window.look(name)
    window.open("/b2b/portal/quotes/")
    page.get_by_role("link", name=re.compile("^Q-")).click()
    expect(page.locator("h1")).to_contain_text("Q-")
    window.look("quote")
    page.get_by_role("link", name="Accept, all or part…").click()
    expect(page.locator("h1")).to_contain_text("Accept Q-")
    window.look("take")
    page.goto("/b2b/")
    window.look("refused")
