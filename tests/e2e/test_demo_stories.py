"""The stories of the tour, told to the end in a demo shop that runs as a stranger starts it.

Nothing is reached but through the screens: people sign in with what the demo printed, and find
documents by the steps of the tour, the lists, and the letters that went out.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from oms.core.display import day_text
from oms.tours import TOURS
from tests.e2e.conftest import windows
from tests.e2e.demo import DemoShop, new_home
from tests.e2e.hands import press, scan
from tests.messaging.receiving import Receiver

pytestmark = pytest.mark.full

BACKGROUND = 60
"""Seconds in which background work has to be seen."""


@pytest.fixture(scope="module")
def receiver():
    """Another system, on this machine."""
    one = Receiver()
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def demo(receiver):
    shop = DemoShop(new_home())
    try:
        shop.open(may_call=f"127.0.0.1:{receiver.port}")
        yield shop
    finally:
        shop.close()


@pytest.fixture
def opening(chromium, demo, shots):
    with windows(chromium, demo.url, shots) as function:
        yield function


@dataclass(frozen=True)
class Person:
    username: str


@pytest.fixture
def person(opening, demo):
    """A function that signs somebody in as they were told to: `person("wim", phone=True)`."""

    def sign_in(username, *, home="/", phone=False):
        window = opening(f"demo-{username}", phone=phone)
        window.home = demo.url + home
        return window.sign_in(Person(username), demo.passwords[username])

    return sign_in


def show(window, at):
    """Go by the tour to the step that is told there; the step's words may change."""
    [title] = [step["title"] for steps in TOURS.values() for step in steps if step["at"] == at]
    page = window.open("/tour/")
    page.get_by_role("button", name=re.compile(re.escape(title) + "$")).click()
    expect(page.get_by_role("complementary", name="Tour")).to_contain_text(title)
    return page


def heading(page):
    return page.get_by_role("heading", level=1)


def number_of(page):
    """The document that is being looked at."""
    expect(heading(page)).to_have_text(re.compile(r"^[A-Z]+-[0-9-]+$"))
    return heading(page).inner_text()


def expect_badge(page, state):
    """Beside the number of the document stands how far it is."""
    expect(page.locator(".o-title").get_by_text(state, exact=True)).to_be_visible()


def expect_sum(page, term, amount):
    """In the list of sums, this one is as much."""
    beside = page.locator("dt").filter(has_text=re.compile(f"^{term}$"))
    expect(beside.locator("+ dd")).to_have_text(amount)


def after_a_while(page, found):
    """Look again until background work has brought it."""
    for _ in range(BACKGROUND):
        if found.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(found.first).to_be_visible()
    return found.first


def work_of(page, order):
    """The link to an order's work: its number says whose it is."""
    return page.get_by_role("link", name=re.compile(f"^{order.replace('SO', 'FO')}-"))


def pick_pack_and_ship(floor, order, units, **label):
    """Lead an order's work from the list out of the door."""
    page = floor.open("/fulfillment/?step=release")
    work_of(page, order).click()
    number_of(page)
    press(page, "Release to the floor")
    expect_badge(page, "Released")
    page.get_by_role("link", name=re.compile(r"^Pick \d+ unit")).click()
    page.get_by_role("button", name=re.compile(r"units? found$")).click()
    page.get_by_role("link", name=re.compile(r"^Pack \d+ unit")).click()
    for code, count in units.items():
        for nth in range(1, count + 1):
            scan(page, code, f"{nth} of {count}")
    press(page, "Close package 1")
    expect_badge(page, "Packed")
    ship(page, **label)


def ship(page, tracking_number="3SDEMO0001"):
    page.get_by_role("link", name=re.compile("^Ship 1 package")).click()
    page.get_by_role("textbox", name="Tracking number").fill(tracking_number)
    press(page, "Ship the package")
    expect_badge(page, "Shipped")


def test_a_sales_rep_sells_what_was_asked_for_until_it_is_paid(person):
    # Sofia answers a request that came in.
    sofia = person("sofia")
    page = show(sofia, "b2b.tour.request")
    number_of(page)
    page.get_by_role("link", name=re.compile("^Make a quote")).click()
    page.get_by_label("Line 1, price each").fill("7.00")
    page.get_by_role("button", name=re.compile("^Keep the quote")).click()
    quote = number_of(page)
    expect_badge(page, "Draft")
    page.get_by_role("link", name=re.compile("^Present")).click()
    press(page, "Present the quote")
    expect_badge(page, "Presented")

    # The company takes a part of it; nobody has to accept the purchase order.
    anna = person("anna", home="/b2b/portal/", phone=True)
    theirs = anna.open("/b2b/portal/quotes/")
    theirs.get_by_role("link", name=quote).click()
    theirs.get_by_role("link", name=re.compile("^Accept")).click()
    theirs.get_by_label("Gunpowder, green tea 100 g, units").fill("4")
    theirs.get_by_label("Porcelain teapot 1.0 l, units").fill("2")
    theirs.get_by_label("Your order number").fill("4500-30")
    press(theirs, "Order at these prices")
    purchase = number_of(theirs)
    expect_badge(theirs, "Accepted")
    expect(theirs.locator("main")).to_contain_text("4 being prepared")
    expect(theirs.get_by_role("row", name="Total")).to_contain_text("112.00")

    # Sofia sees that it was placed, and where it is.
    page.reload()
    expect_badge(page, "Accepted")
    page = sofia.open("/b2b/purchase-orders/?view=all")
    page.get_by_role("link", name=purchase).click()
    expect_badge(page, "Accepted")
    page.get_by_role("link", name=re.compile("^SO-")).first.click()
    order = number_of(page)

    wim = person("wim", phone=True)
    pick_pack_and_ship(wim, order, {"TEA-GREEN-2": 4, "POT-PORC-10": 2})

    # The invoice comes by itself; Fiona takes the money in.
    fiona = person("fiona")
    desk = fiona.open(f"/b2b/invoices/?search={purchase}")
    after_a_while(desk, desk.get_by_role("row").filter(has_text=purchase))
    desk.get_by_role("link", name=re.compile("^INV-")).click()
    expect_badge(desk, "Issued")
    expect_sum(desk, "Open", "€112.00")
    desk.get_by_role("link", name=re.compile("^Record a payment")).click()
    desk.get_by_label("Amount").fill("112.00")
    desk.get_by_label("Reference").fill("NL-2400")
    press(desk, "Record the payment")
    expect_badge(desk, "Paid")
    expect_sum(desk, "Open", "€0.00")
    fiona.look("invoice-paid")
    page = sofia.open(f"/b2b/purchase-orders/{purchase}/")
    expect_badge(page, "Closed")
    sofia.look("purchase-order-closed")


def test_a_buyer_orders_again_in_two_clicks(person):
    bram = person("bram", home="/b2b/portal/", phone=True)
    page = show(bram, "buying:orders?view=all")
    row = page.get_by_role("row").filter(has_text="4500-17")
    expect(row).to_contain_text("€193.20")
    row.get_by_role("button", name=re.compile("^Order again")).click()
    expect(heading(page)).to_have_text("Look over your order")
    expect(page.locator("#entry-money")).to_contain_text("€193.20")
    press(page, "Hand in the order")
    number = number_of(page)
    expect_badge(page, "Accepted")
    expect(page.locator("main")).to_contain_text("24 being prepared")
    expect(page.get_by_role("row", name="Total")).to_contain_text("193.20")

    bram.open("/b2b/portal/orders/")
    mine = page.get_by_role("row").filter(has_text=number)
    expect(mine).to_contain_text("Accepted")
    expect(mine).to_contain_text("€193.20")
    bram.look("orders")


def test_a_customer_pauses_a_subscription_by_their_link(opening, demo):
    visitor = opening("demo-subscriber", phone=True)
    page = visitor.open(demo.link("Subscription SUB-"))
    expect(heading(page)).to_contain_text("Next delivery")
    page.get_by_role("link", name="Take a break").click()
    until = timezone.localdate() + timedelta(days=50)
    page.get_by_label("Until").fill(until.isoformat())
    press(page, "Pause my subscription")
    expect(heading(page)).to_have_text("Your subscription is paused")
    expect(page.locator("main")).to_contain_text(day_text(until))
    visitor.look("paused")


def test_support_lets_an_order_go_on_and_changes_another(person):
    sam = person("sam")
    page = show(sam, "orders.tour.doubtful_address")
    number_of(page)
    page.get_by_role("link", name=re.compile("^Release with a reason")).first.click()
    page.get_by_label("Why it may go on").fill("They wrote: number 21")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Release")).click()
    expect(page.locator("main")).to_contain_text("They wrote: number 21")
    expect(page.locator(".o-banner")).to_have_count(0)

    show(sam, "orders.tour.to_change")
    page.get_by_label("Quantity of Chestnut honey 250 g").fill("1")
    page.get_by_label("Why").fill("They called")
    press(page, "See what would happen")
    page.get_by_role("button", name=re.compile("^Change order, refund €11.13$")).click()
    number = number_of(page)
    expect(page.get_by_text(f"{number} is changed.")).to_be_visible()
    honey = page.get_by_role("row", name="HONEY-CHESTNUT")
    expect(honey).to_contain_text("€11.13")
    expect_badge(page, "Partly refunded")
    expect_sum(page, "Total", "74.47")
    after_a_while(page, page.get_by_text("Succeeded", exact=True))
    expect_sum(page, "Kept", "74.47")
    sam.look("order-changed")


def test_what_is_out_is_bought_and_the_order_that_waited_leaves(person, opening):
    # Somebody has waited for days.
    sam = person("sam")
    desk = show(sam, "orders.tour.waiting_for_stock")
    order = number_of(desk)
    units_of_matcha = desk.get_by_role("row", name="GIFT-MATCHA").get_by_role("img")
    expect(units_of_matcha).to_have_accessible_name("1 ordered: 1 backordered")

    pia = person("pia")
    page = pia.open("/supply/shortages/")
    short = page.get_by_role("row", name="GIFT-MATCHA")
    expect(short).to_contain_text(re.compile(r"15\s*4 orders"))
    page = show(pia, "inventory.tour.proposal")
    number = number_of(page)
    expect_badge(page, "Proposed")
    page.get_by_role("button", name=re.compile(r"^Approve \d+ units")).click()
    expect_badge(page, "Approved")
    page.get_by_role("button", name=re.compile("^Send to ")).click()
    expect_badge(page, "Sent")

    # The supplier answers by the link of the letter.
    ada = person("ada")
    log = ada.open("/messages/")
    after_a_while(log, log.get_by_role("link", name=re.compile(number))).click()
    letter = log.frame_locator("iframe[title='The letter']")
    address = letter.get_by_role("link").first.get_attribute("href")
    vendor = opening("demo-vendor", phone=True)
    theirs = vendor.open(address)
    expect(heading(theirs)).to_have_text(f"Our order {number}")
    soon = timezone.localdate() + timedelta(days=4)
    theirs.get_by_role("spinbutton", name="Units Matcha set: bowl and whisk").fill("24")
    theirs.get_by_label("Arrives on Matcha set: bowl and whisk").fill(soon.isoformat())
    press(theirs, "Send this answer")
    expect(theirs.get_by_text("We have your answer.")).to_be_visible()

    page.reload()
    expect_badge(page, "Acknowledged")
    expect(page.get_by_role("row", name="GIFT-MATCHA")).to_contain_text(f"24 on {day_text(soon)}")

    # What comes is taken in, and whoever waited longest has theirs.
    wanda = person("wanda", phone=True)
    floor = show(wanda, "inventory.tour.delivery")
    expect(heading(floor)).to_have_text(f"Receive {number}")
    scan(floor, "GIFT-MATCHA", "1 of 48")
    floor.get_by_role("spinbutton", name=re.compile("GIFT-MATCHA$")).fill("24")
    press(floor, "Take these in")
    expect(floor.get_by_text("24 units are on the shelf.")).to_be_visible()
    desk.reload()
    expect(units_of_matcha).to_have_accessible_name("1 ordered: 1 allocated")

    pick_pack_and_ship(wanda, order, {"GIFT-MATCHA": 1})
    desk.reload()
    expect(units_of_matcha).to_have_accessible_name("1 ordered: 1 shipped")
    # The others live where nothing is carried from there: they wait for the next delivery.
    page = pia.open("/supply/shortages/")
    expect(short).to_contain_text(re.compile(r"14\s*3 orders"))
    pia.look("shortages")


def test_an_operations_lead_settles_an_alert(person):
    otto = person("otto")
    page = show(otto, "oms.alerts.tour.waits_long")
    title = heading(page).inner_text()
    press(page, "Take it")
    expect(page.get_by_text("Otto Brand owns it.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Settle")).click()
    page.get_by_label("Useful").check()
    page.get_by_label("What was done").fill("The carrier came at noon")
    press(page, "Settle")
    expect_badge(page, "Settled")
    expect(page.locator("main")).to_contain_text("The carrier came at noon")
    otto.look("alert-settled")
    page = otto.open("/alerts/?view=done")
    expect(page.get_by_role("link", name=title)).to_be_visible()


def test_an_administrator_rewords_a_letter_and_replays_a_delivery(person, receiver):
    ada = person("ada")
    page = show(ada, "messaging:letter order.shipped")
    page.get_by_label("Subject").fill("The kettle is on for {{ number }}")
    press(page, "Use these words from now on")
    expect(page.get_by_text("From now on it says that.")).to_be_visible()

    page = show(ada, "webhooks:list")
    page.get_by_role("link", name=re.compile("^Add an endpoint")).click()
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_role("textbox", name="Name").fill("Newsroom")
    page.get_by_label("shipment.shipped").check()
    press(page, "Add the endpoint")
    secret = page.get_by_role("textbox", name="Secret").input_value()
    page.get_by_role("link", name="I have copied it").click()

    receiver.status = 500
    wim = person("wim")
    floor = wim.open("/fulfillment/?step=ship")
    floor.get_by_role("row").filter(has_text="Antwerp").get_by_role("link", name="FO-").click()
    number_of(floor)
    ship(floor, tracking_number="3SDEMO0002")

    # The letter says it.
    page = ada.open("/messages/")
    after_a_while(page, page.get_by_role("link", name=re.compile("The kettle is on for"))).click()
    expect(heading(page)).to_have_text(re.compile(r"^The kettle is on for W-\d+$"))
    expect(page.locator("main")).to_contain_text("robin@example.com")
    [order] = page.get_by_role("link", name=re.compile("^SO-")).all_inner_texts()

    # The other system fails, is well again and hears of it; it forgets, and hears once more.
    page = show(ada, "webhooks:list")
    page.get_by_role("link", name="Newsroom").click()
    after_a_while(page, page.get_by_text("It answered 500."))
    receiver.status = 200
    page.get_by_role("link", name="shipment.shipped").click()
    after_a_while(page, page.get_by_role("button", name="Send it again")).click()
    expect(page.get_by_text("It is sent again now")).to_be_visible()
    delivered = page.get_by_role("row", name=re.compile(f"shipment.shipped {order}"))
    after_a_while(page, delivered.filter(has_text="Delivered"))
    expect(page.locator(".o-title")).to_contain_text("Healthy")
    first, second = receiver.accepted
    assert first.id == second.id
    assert second.is_signed_by(secret)
    assert second.message["data"]["order"] == order
    ada.look("delivery-replayed")
