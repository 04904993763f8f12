"""An administrator opens a channel, agrees on its terms, and rotates its key while orders come."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from rest_framework.test import APIClient

from oms.channels.models import ApiKey, Channel, InboundTraffic
from orders.models import Order
from orders.tasks import match_customers
from tests.e2e.hands import press
from tests.e2e.widths import OFFICE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


def order_with(world, key, number):
    client = APIClient(headers={"Authorization": f"Bearer {key}", "Idempotency-Key": f"k{number}"})
    body = world.order_body(str(number), tea=1)
    return client.post("/api/v1/orders/", body, format="json").status_code


def traffic(slug):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    channel = Channel.objects.get(slug=slug)
    for hours, kind, count in ((0, "accepted", 14), (1, "accepted", 9), (1, "refused", 2)):
        InboundTraffic.objects.create(
            channel=channel,
            hour=now - timedelta(hours=hours),
            kind=kind,
            slot=0,
            count=count,
        )


@pytest.mark.parametrize("phone", OFFICE)
def test_a_key_is_rotated_while_orders_keep_coming(world, screen, phone):
    world.stock("tea", rotterdam=99)
    window = screen("ada", phone=phone)
    window.let_in(world.browser(world.user("ada", role="administrator")))

    # Nothing comes in yet: a channel is opened, and shows what proves it once.
    page = window.open("/channels/")
    window.look("channels-none")
    page.get_by_role("link", name=re.compile("Open a channel")).first.click()
    window.look("channel-new")
    page.get_by_label("Name", exact=True).fill("Tea web shop")
    page.get_by_label("Short name").fill("tea-web")
    page.get_by_label("What it speaks").select_option("shopify")
    press(page, "Open the channel")
    expect(page.get_by_role("heading", name="Tea web shop is open")).to_be_visible()
    window.look("channel-opened")
    old = page.get_by_label("API key").input_value()
    assert order_with(world, old, 1) == 201
    page.get_by_role("link", name="I have copied them").click()

    # What is agreed: its orders wait for a person.
    traffic("tea-web")
    page.get_by_role("link", name=re.compile("Change the settings")).click()
    window.look("channel-settings")
    page.get_by_label("New orders go on by themselves").uncheck()
    page.get_by_label("Cancel unpaid orders after").fill("48")
    press(page, "Keep the settings")
    expect(page.locator("main")).to_contain_text("wait for a person")
    window.look("channel")
    window.open("/channels/tea-web/?by=day")
    window.look("channel-by-day")
    assert order_with(world, old, 2) == 201
    assert Order.objects.get(external_id="2").payment_status == "unpaid"

    # The connection is entered, refused without what it needs, and never shown.
    page = window.open("/channels/tea-web/connection/")
    page.get_by_label("Address of the channel").fill("https://tea.myshopify.com")
    press(page, "Keep the connection")
    expect(page.locator("main")).to_contain_text("It is needed to call this address")
    page.get_by_label("Access token").fill("shpat_in_clear")
    press(page, "Keep the connection")
    assert "shpat_in_clear" not in page.content()

    # The key is rotated: both work, then the old one is ended.
    page = window.open("/channels/tea-web/")
    page.get_by_role("link", name=re.compile("^Rotate oms_")).click()
    window.look("channel-rotate")
    press(page, "Make the key")
    new = page.get_by_role("textbox", name="Key").input_value()
    window.look("channel-key-shown")
    assert order_with(world, old, 3) == 201
    assert order_with(world, new, 4) == 201
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_role("link", name=f"End {old[:12]}").click()
    press(page, "End the key")
    expect(page.get_by_text(re.compile("has ended")).first).to_be_visible()
    assert order_with(world, old, 5) == 401
    assert order_with(world, new, 5) == 201
    assert ApiKey.objects.filter(channel__slug="tea-web", revoked_at=None).count() == 1
    window.open("/channels/keys/")
    window.look("channel-keys")
    window.open("/channels/")
    window.look("channels")

    # The same person ordered elsewhere: they are one, and can be two again.
    world.place("M-1", channel="market", tea=2)
    match_customers()
    page = window.open("/customers/")
    window.look("customers")
    page.get_by_role("link", name=re.compile("Who may be one person")).click()
    window.look("customers-matches")
    page.get_by_role("link", name="Robin Vale").first.click()
    page.get_by_role("button", name=re.compile("One person")).first.click()
    expect(page.locator("main")).to_contain_text("CM-1001")
    window.look("customer")
    page.get_by_role("button", name=re.compile("Take it back")).first.click()
    expect(page.locator("main")).to_contain_text("Taken back")
