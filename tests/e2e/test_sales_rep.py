"""A sales rep answers a company's request, sells, and finance takes the money in."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from b2b import services
from b2b.models import Invoice, PurchaseOrder, Quote
from b2b.services import LineWish
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from oms.core import jobs
from tests.b2b.conftest import BUYER, REP, Office
from tests.e2e.hands import focused, press, tab_to
from tests.e2e.widths import OFFICE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(world):
    """A company of Rita's with its own prices, and goods in two places."""
    made = Office(world)
    made.rita = world.user("rita", role="sales")
    made.price("tea", "9.50")
    made.price("tea", "9.20", min_quantity=24)
    made.price("cup", "7.00")
    made.company(price_list="wholesale", sales_rep="rita", credit_limit=Decimal(2000))
    made.stock("tea", rotterdam=90)
    made.stock("cup", leipzig=60)
    return made


def ship(order, sku):
    """Send what lies ready of one SKU."""
    [work] = FulfillmentOrder.objects.filter(order=order, lines__sku__code=sku)
    fulfillment.dispatch(
        number=work.number,
        carrier="post",
        tracking_number=f"T-{sku}",
        by=REP,
        at=timezone.now(),
    )
    services.follow_order(order=order.number, by=REP, at=timezone.now())
    jobs.drain("invoice")


@pytest.mark.full
@pytest.mark.parametrize("phone", OFFICE)
def test_from_a_request_to_a_paid_invoice(world, office, screen, phone):
    request = services.request_quote(
        company="vermeer",
        lines=[LineWish("tea", 40, Decimal("8.00")), LineWish("cup", 20)],
        needed_by=timezone.localdate() + timedelta(days=20),
        note="For the terrace, from spring on.",
        by=BUYER,
        at=timezone.now(),
    )
    rita = screen("sales", phone=phone).let_in(world.browser(office.rita))

    # The request is answered with a price below the list.
    page = rita.open("/b2b/")
    rita.look("desk")
    page.get_by_role("link", name=request.number).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(request.number)
    rita.look("request")
    page.get_by_role("link", name=re.compile("Make a quote")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New quote")
    page.get_by_label("Line 1, price each").fill("8.90")
    rita.look("quote-entry")
    page.get_by_role("button", name=re.compile("Keep the quote")).click()
    expect(page.get_by_role("link", name="Present to the company…")).to_be_visible()
    quote = Quote.objects.get()
    rita.look("quote-draft")
    page.get_by_role("link", name="Present to the company…").click()
    press(page, "Present the quote")
    expect(page.get_by_text(f"{quote.number} is presented")).to_be_visible()

    # They want it cheaper: a second version, which they take in part.
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="They want it otherwise…").click()
    page.get_by_label("Reason").fill("Can you do 8.70 for the tea?")
    press(page, "Ask for a revision")
    expect(page.get_by_text("Can you do 8.70 for the tea?").first).to_be_visible()
    page.get_by_role("link", name="Begin the next version…").click()
    press(page, "Begin the next version")
    page.get_by_role("link", name=re.compile("Change lines")).click()
    page.get_by_label("Line 1, price each").fill("8.70")
    page.get_by_role("button", name=re.compile("Keep the quote")).click()
    page.get_by_role("link", name="Present to the company…").click()
    press(page, "Present the quote")
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    rita.look("quote-versions")
    page.get_by_role("link", name="They accept…").click()
    page.get_by_role("spinbutton", name="Units of Tea, tea").fill("30")
    page.get_by_label("Their purchase order number").fill("CV-778")
    rita.look("quote-accept")
    press(page, "Make it a purchase order")
    document = PurchaseOrder.objects.select_related("order").get()
    expect(page.get_by_role("heading", level=1)).to_have_text(document.number)
    assert (document.status, document.total_amount) == ("accepted", Decimal("401.00"))
    rita.look("purchase-order")

    # Tea leaves from Rotterdam, cups from Leipzig: an invoice each.
    ship(document.order, "tea")
    ship(document.order, "cup")
    rita.open(f"/b2b/purchase-orders/{document.number}/")
    rita.look("purchase-order-shipped")
    rita.open("/b2b/companies/vermeer/")
    rita.look("company")

    # Finance takes the money in: one invoice in two parts.
    desk = screen("finance", phone=phone).let_in(world.browser(world.user("fin", role="finance")))
    page = desk.open("/b2b/invoices/")
    desk.look("invoices")
    tea, cup = Invoice.objects.order_by("id")
    for invoice, amount in ((tea, "61.00"), (tea, "200.00"), (cup, "140.00")):
        page = desk.open(f"/b2b/invoices/{invoice.number}/")
        page.get_by_role("link", name=re.compile("Record a payment")).click()
        page.get_by_label("Amount").fill(amount)
        page.get_by_label("Reference").fill(f"bank {invoice.number} {amount}")
        press(page, "Record the payment")
        expect(page.get_by_text("is recorded")).to_be_visible()
    desk.look("invoice-paid")
    rita.open(f"/b2b/purchase-orders/{document.number}/")
    rita.look("purchase-order-closed")

    document.refresh_from_db()
    assert document.status == "closed"
    assert [(each.status, each.open_amount) for each in Invoice.objects.all()] == [("paid", 0)] * 2
    assert office.balances() == (0, 0)


def test_a_purchase_order_is_typed_and_pasted_without_a_mouse(world, office, screen):
    rita = screen("sales-keys").let_in(world.browser(office.rita))
    page = rita.open("/b2b/purchase-orders/new/?company=vermeer")
    keys = page.keyboard

    # The first cell has the focus. A line is typed, the next copies its units from above.
    assert focused(page).name == "Line 1, SKU or barcode"
    keys.type("tea")
    keys.press("Tab")
    keys.type("12")
    keys.press("Enter")
    expect(page.get_by_label("Line 2, SKU or barcode")).to_be_focused()
    expect(page.locator("#found-1")).to_contain_text("24")
    expect(page.locator("#entry-state")).to_contain_text("Kept as a draft")
    keys.type("bc-cup")
    keys.press("Tab")
    keys.press("Control+d")
    expect(page.get_by_label("Line 2, units")).to_have_value("12")

    # Five rows come out of a spreadsheet; one names a SKU that nobody knows, one no number.
    keys.press("Enter")
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
            );
        }""",
        "SKU\tQty\ntea\t24\ncup\t6\nteapot\t1\nbc-tea\t2\ncup\ttwo\n",
    )
    expect(page.get_by_text("4 rows read, 1 not")).to_be_visible()
    assert focused(page).name == "Line 5, SKU or barcode"
    rita.look("purchase-order-pasted")
    with page.expect_navigation():
        keys.press("Control+Enter")
    expect(page.get_by_label("Line 5, SKU or barcode")).to_be_focused()
    assert PurchaseOrder.objects.get().status == "draft"

    # F2 looks the right one up.
    keys.press("Control+a")
    keys.type("cu")
    keys.press("F2")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(1)
    rita.look("purchase-order-look-up")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_label("Line 5, SKU or barcode")).to_have_value("cup")
    tab_to(page, "Submit the order")
    keys.press("Enter")

    document = PurchaseOrder.objects.get()
    expect(page.get_by_role("heading", level=1)).to_have_text(document.number)
    document.refresh_from_db()
    assert document.status == "accepted"
    assert list(document.lines.order_by("position").values_list("sku_code", "quantity")) == [
        ("tea", 12),
        ("cup", 12),
        ("tea", 24),
        ("cup", 6),
        ("cup", 1),
        ("tea", 2),
    ]


def test_what_is_handed_in_while_its_draft_is_kept_is_one_order(world, office, screen):
    rita = screen("sales-hasty").let_in(world.browser(office.rita))
    page = rita.open("/b2b/purchase-orders/new/?company=vermeer")
    keys = page.keyboard

    def slowly(route):
        page.wait_for_timeout(400)
        route.continue_()

    page.route(lambda url: "/purchase-orders/new/" in url, slowly)
    with page.expect_request(lambda sent: "step=keep" in (sent.post_data or "")):
        keys.type("tea")
        keys.press("Tab")
        keys.type("12")
        keys.press("Enter")
    keys.press("Control+Enter")

    expect(page.get_by_text("is accepted and on its way")).to_be_visible()
    document = PurchaseOrder.objects.get()
    document.refresh_from_db()
    assert (document.status, document.total_amount) == ("accepted", Decimal("114.00"))
