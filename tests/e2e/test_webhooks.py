"""An administrator connects another system, sees it fail, and replays what it missed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from oms.core.jobs import drain
from oms.core.models import Job
from oms.messaging.models import WebhookDelivery
from oms.messaging.services.relaying import relay
from tests.e2e.hands import press
from tests.e2e.widths import OFFICE
from tests.messaging.receiving import Receiver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


def work():
    """What ticks and workers would do now."""
    relay()
    drain("webhook")


@pytest.mark.parametrize("phone", OFFICE)
def test_an_administrator_replays_what_another_system_missed(world, screen, settings, phone):
    receiver = Receiver()
    receiver.start()
    settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{receiver.port}"]
    world.stock("tea", rotterdam=9)
    world.channel("shop")
    window = screen("ada", phone=phone)
    window.let_in(world.browser(world.user("ada", role="administrator")))

    # Nobody is told yet; an address of our own network is not taken, a good one is.
    page = window.open("/webhooks/")
    window.look("webhooks-none")
    page.get_by_role("link", name=re.compile("Add an endpoint")).first.click()
    page.get_by_label("Address").fill("https://10.0.0.1/hooks")
    page.get_by_role("textbox", name="Name").fill("Accounting")
    page.get_by_label("order.placed").check()
    press(page, "Add the endpoint")
    expect(page.locator("main")).to_contain_text("its address belongs to a private network")
    window.look("webhook-refused")
    page.get_by_label("Address").fill(receiver.url)
    press(page, "Add the endpoint")
    expect(page.get_by_role("heading", name="The endpoint is added")).to_be_visible()
    secret = page.get_by_role("textbox", name="Secret").input_value()
    assert secret.startswith("whsec_")
    window.keep("webhook-secret-of-a-test")
    page.get_by_role("link", name="I have copied it").click()

    # An order is told, signed.
    order = world.place("W-1", tea=1, paid=True)
    work()
    [got] = receiver.got
    assert got.is_signed_by(secret)
    assert got.message["type"] == "order.placed"
    assert got.message["data"]["order"] == order.number
    page.reload()
    expect(page.locator("main")).to_contain_text("Delivered")
    expect(page.locator("main")).to_contain_text(order.number)
    window.look("webhook")

    # The other system fails for three days.
    receiver.status = 500
    missed = world.place("W-2", tea=1, paid=True)
    work()
    WebhookDelivery.objects.filter(state="waiting").update(
        asked_at=timezone.now() - timedelta(hours=73), due_at="2000-01-01T00:00:00Z"
    )
    Job.objects.filter(kind="webhook").update(due_at="2000-01-01T00:00:00Z")
    work()
    page.reload()
    expect(page.locator("main")).to_contain_text("1 event was given up")
    page.get_by_role("link", name="Given up").click()
    expect(page.locator("main")).to_contain_text("It answered 500.")
    window.look("webhook-failed")
    page.get_by_role("link", name="order.placed").click()
    expect(page.locator("main")).to_contain_text("It answered 500.")
    window.look("webhook-delivery")

    # It is well again: the administrator replays, and sees it arrive.
    receiver.status = 200
    press(page, "Send it again")
    expect(page.get_by_text("It is sent again now")).to_be_visible()
    work()
    page.reload()
    expect(page.locator("main")).not_to_contain_text("given up.")
    assert [each.message["data"]["order"] for each in receiver.accepted] == [
        order.number,
        missed.number,
    ]
    expect(page.locator("tbody")).not_to_contain_text("Given up")
    window.look("webhook-replayed")

    # A new secret, and off for the night.
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="New secret…").click()
    expect(page.get_by_role("button", name="Make a new secret")).to_be_visible()
    window.look("webhook-rotate")
    press(page, "Make a new secret")
    expect(page.get_by_role("heading", name="The new secret")).to_be_visible()
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Switch it off…").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    window.look("webhook-switch-off")
    press(page, "Switch it off")
    expect(page.get_by_text("Switched off: it hears of nothing")).to_be_visible()
    window.look("webhook-off")
    window.open("/webhooks/")
    window.look("webhooks")
    receiver.stop()
