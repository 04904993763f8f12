"""Operations put intake right, by keyboard alone, while orders keep coming in at the real door."""

import json
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import expect

from oms.channels.models import Channel, InboundMessage
from oms.channels.services import add_key
from oms.core import books, jobs
from oms.core.actors import SYSTEM
from oms.core.demo import Demo
from oms.customers.models import CustomerMatch, CustomerMerge
from orders import demo_channels
from orders.adapters.messages import Unreadable
from orders.adapters.native import adapter
from orders.models import ChannelOrder, Hold, Order, OrderLine
from tests.e2e.hands import focused, tab_to
from tests.e2e.test_pages import walk
from tests.e2e.widths import OFFICE
from tests.orders.inbound import give_secret, signed

pytestmark = pytest.mark.django_db(transaction=True)

SIGNS_WITH = "whsec-of-the-shop"


class Shop(threading.Thread):
    """A shop that sells and sells: a webhook and a call of the API in turn, every third twice."""

    def __init__(self, url, world, key):
        super().__init__()
        self.address, self.world = urlsplit(url).netloc, world
        self.key, self.secret = key, SIGNS_WITH
        self.turn, self.is_over = threading.Lock(), threading.Event()
        self.sent, self.answers = [], []

    def run(self):
        try:
            while not self.is_over.wait(0.05):
                with self.turn:
                    self.sell(f"S-{len(self.sent) + 1}")
        finally:
            connections.close_all()

    def sell(self, name, sku="tea"):
        body = self.world.order_body(name, tea=1)
        body["lines"][0]["sku"] = sku
        send = self.webhook if len(self.sent) % 2 else self.call
        self.sent.append(name)
        for _time in range(2 if len(self.sent) % 3 == 0 else 1):
            self.answers.append((name, send(name, body)))
        jobs.drain("inbound")

    def webhook(self, name, body):
        raw = json.dumps(body).encode()
        proof = signed(raw, secrets=[self.secret], message_id=name)
        return self.post("/api/v1/inbound/shop/", raw, proof)

    def call(self, name, body):
        proof = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": name}
        return self.post("/api/v1/orders/", json.dumps(body).encode(), proof)

    def post(self, path, raw, headers):
        line = HTTPConnection(self.address, timeout=20)
        try:
            line.request("POST", path, raw, {"Content-Type": "application/json", **headers})
            return line.getresponse().status
        finally:
            line.close()

    def change(self, **proof):
        """From the next order on, sell with this key or secret."""
        with self.turn:
            sold = len(self.sent)
            vars(self).update(proof)
        while len(self.sent) < sold + 4 and self.is_alive():
            self.is_over.wait(0.05)


@pytest.fixture
def shop(world, live_server):
    world.stock("tea", rotterdam=999)
    world.channel("shop")
    give_secret("shop", SIGNS_WITH)
    shop = Shop(live_server.url, world, add_key(slug="shop", by=SYSTEM))
    yield shop
    shop.is_over.set()
    if shop.ident:
        shop.join()


def choose(page, name):
    """Go there with Tab, and press Enter."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def begin(page):
    """Jump over the sections to what the page is about, if one is not there already."""
    page.keyboard.press("Tab")
    if focused(page).name == "Skip to content":
        page.keyboard.press("Enter")


@pytest.mark.parametrize("phone", OFFICE)
def test_a_sku_is_matched_a_message_processed_and_proofs_rotated_while_orders_come(
    world, screen, shop, monkeypatch, phone
):
    read, is_fixed = adapter.read_document, threading.Event()

    def read_most(said):
        if said.get("external_id") == "S-2" and not is_fixed.is_set():
            raise Unreadable("Orders of this kind are not read yet.")
        return read(said)

    monkeypatch.setattr(adapter, "read_document", read_most)
    shop.sell("S-1")
    shop.sell("S-2")  # cannot be read
    shop.sell("S-3")
    shop.sell("S-4", sku="T-GREEN")  # nobody knows it
    assert shop.answers[-1] == ("S-4", 200)
    shop.start()
    window = screen("ada", phone=phone)
    window.let_in(world.browser(world.user("ada", role="administrator")))

    # What the channel calls T-GREEN is our tea; the order goes on.
    page = window.open("/orders/unknown-skus/")
    begin(page)
    choose(page, "Match… T-GREEN")
    begin(page)
    tab_to(page, "SKU, barcode or words of the name")
    page.keyboard.press("Control+a")
    page.keyboard.type("tea")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    begin(page)
    choose(page, "Match with this SKU")
    expect(page.get_by_text("1 line is tea now.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Every SKU is known")

    # What was laid aside is processed again after the fix.
    is_fixed.set()
    aside = InboundMessage.objects.get(state="quarantined").number
    page = window.open("/channels/messages/?state=quarantined")
    begin(page)
    choose(page, aside)
    expect(page.locator("main")).to_contain_text("Orders of this kind are not read yet.")
    begin(page)
    choose(page, "Process again")
    expect(page.get_by_text(f"{aside} is processed again.")).to_be_visible()

    # The key and the secret are rotated: both count, then the old ones are ended.
    old = shop.key[:12]
    page = window.open("/channels/shop/")
    begin(page)
    choose(page, f"Rotate {old}")
    begin(page)
    choose(page, "Make the key")
    shop.change(key=page.get_by_role("textbox", name="Key").input_value())
    begin(page)
    choose(page, "I have copied it")
    begin(page)
    choose(page, f"End {old}")
    begin(page)
    choose(page, "End the key")
    expect(page.get_by_text(f"The key {old}… has ended.")).to_be_visible()
    begin(page)
    choose(page, "Rotate the secret")
    begin(page)
    choose(page, "Use the new secret")
    shop.change(secret=page.get_by_role("textbox", name="Secret").input_value())
    begin(page)
    choose(page, "I have copied it")
    begin(page)
    choose(page, "End it now")
    begin(page)
    choose(page, "End the secret")
    expect(page.get_by_text("The old secret has ended.")).to_be_visible()
    window.look("channel-after")
    shop.change()
    shop.is_over.set()
    shop.join()

    # Every order that was sent is there, once.
    jobs.drain("inbound")
    refused = [told for told in shop.answers if told[1] not in {200, 201}]
    assert refused == []
    assert len(shop.sent) > 16
    assert sorted(Order.objects.values_list("external_id", flat=True)) == sorted(shop.sent)
    assert set(InboundMessage.objects.values_list("state", flat=True)) == {"applied"}
    assert OrderLine.objects.filter(allocated=1).count() == len(shop.sent)
    assert not Hold.objects.filter(released_at=None).exists()
    assert books.verify() == []


def told(world):
    """What the shops of the demo send: something of every kind."""
    world.channel("social")
    world.stock("TEA-GREEN-1", rotterdam=50)
    world.sku("TEA-HERBAL-3")
    world.sku("GIFT-MATCHA")
    demo = Demo()
    demo_channels.shops(demo)
    demo_channels.people(demo)


def order_of(external_id):
    return Order.objects.get(external_id=external_id).number


@pytest.mark.full
@pytest.mark.parametrize("phone", [False, True])
def test_an_address_is_completed_a_total_accepted_and_people_merged_by_keyboard(
    world, screen, phone
):
    told(world)
    window = screen("olga", phone=phone)
    window.let_in(world.browser(world.user("olga", role="operations")))

    # Amazon withheld the address: it is entered, and the hold goes.
    number = order_of("303-5501823-9917734")
    page = window.open(f"/orders/{number}/")
    begin(page)
    choose(page, "Complete the address")
    begin(page)
    for label, words in (("Street and number", "Domstr. 1"), ("City", "Köln"), ("Country", "DE")):
        tab_to(page, label)
        page.keyboard.type(words)
    choose(page, "See what would happen")
    window.look("address-preview")
    begin(page)
    choose(page, "Change order")
    expect(page.locator("main")).to_contain_text("Domstr. 1")
    expect(page.locator("main")).not_to_contain_text("Address hold:")

    # Shopify states another total: ours is accepted, with a reason.
    page = window.open(f"/orders/{order_of('5401003')}/")
    expect(page.locator("main")).to_contain_text("says 19.90: goods 12.50")
    expect(page.locator("main")).to_contain_text("€7.40")
    begin(page)
    tab_to(page, "Release the total mismatch hold…")
    page.keyboard.press("Enter")
    tab_to(page, "Why it may go on")
    page.keyboard.type("They gave a discount by telephone")
    choose(page, "Release the hold")
    expect(page.get_by_text("Total mismatch hold is released.")).to_be_visible()

    # A refund of more than was paid cannot be carried out: it is left as it is.
    [problem] = ChannelOrder.objects.get(state="behind").problems
    page = window.open("/orders/channel-orders/?state=behind")
    begin(page)
    choose(page, f"Leave it as it is {problem['says']}")
    expect(page.get_by_text("stays as it is here.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Every order is in step")

    # Two customers are one, and two again.
    page = window.open("/customers/matches/")
    other = CustomerMatch.objects.filter(state="open").order_by("id")[0].second
    begin(page)
    choose(page, f"One person {other.name} {other.number}")
    expect(page.get_by_text("They are one person now.")).to_be_visible()
    begin(page)
    choose(page, "Take it back CM-1002")
    expect(page.get_by_text("CM-1002 is taken back.")).to_be_visible()
    window.look("person-again")


@pytest.mark.full
def test_what_channels_sent_is_shown_in_every_state(world, screen):
    told(world)
    window = screen("intake").let_in(world.browser(world.user("ada", role="administrator")))
    messages = InboundMessage.objects.order_by("channel", "state").distinct("channel", "state")
    orders = Hold.objects.order_by("kind").distinct("kind").values_list("order__number", flat=True)

    walk(
        window,
        [
            "/channels/",
            *(f"/channels/{slug}/" for slug in Channel.objects.values_list("slug", flat=True)),
            "/channels/keys/",
            "/channels/messages/",
            "/channels/messages/?state=quarantined&channel=teeladen-berlin",
            *(f"/channels/messages/{each.number}/" for each in messages),
            "/orders/unknown-skus/",
            "/orders/unknown-skus/match/?channel=amazon-de&listing=B0DEMO9157"
            "&code=AMZ-EU-FBM-TEEKANNE-GLAS-1200ML-MIT-SIEB-UND-STOEVCHEN-2ER-SET",
            "/orders/channel-skus/",
            "/orders/channel-orders/",
            *(f"/orders/{number}/" for number in orders),
            f"/orders/{order_of('9202')}/",
            "/customers/",
            "/customers/matches/",
            f"/customers/{CustomerMerge.objects.get().kept.number}/",
        ],
    )
