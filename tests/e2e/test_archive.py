"""Operations look at what a channel sent, see why it was laid aside, and process it again."""

import re

import pytest
from playwright.sync_api import expect

from orders.adapters.messages import Unreadable
from tests.e2e.hands import press
from tests.e2e.widths import OFFICE
from tests.orders.inbound import give_secret, post, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]

READ = "orders.adapters.native.adapter.read_document"


def not_yet(said):
    raise Unreadable("Amounts in this currency are not known yet.")


@pytest.mark.parametrize("phone", OFFICE)
def test_operations_process_again_what_was_laid_aside(world, screen, monkeypatch, phone):
    world.stock("tea", rotterdam=9)
    world.channel("shop")
    give_secret("shop")
    window = screen("olga", phone=phone)
    window.let_in(world.browser(world.user("olga", role="operations")))

    # Nothing came yet.
    page = window.open("/channels/messages/")
    expect(page.locator("main")).to_contain_text("No channel has sent anything yet")
    window.look("archive-none")

    # One is carried out, one is of no use, two cannot be read.
    post(world.order_body("1001", tea=1), message_id="a")
    post({"type": "cart.filled", "timestamp": "2026-11-20T12:00:00Z", "data": {"a": 1}})
    with monkeypatch.context() as broken:
        broken.setattr(READ, not_yet)
        post(world.order_body("1002", tea=2), message_id="b")
        post(world.order_body("1003", tea=3), message_id="c")
    work()
    page.reload()
    window.look("archive")
    page.get_by_role("link", name="Quarantined").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("searchbox").fill("1001")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Nothing found")
    window.look("archive-nothing-found")
    page.get_by_role("link", name="Clear").click()

    # Why was it laid aside, and what did it say?
    page.get_by_role("link", name="Quarantined").click()
    page.get_by_role("link", name=re.compile("^IM-")).last.click()
    expect(page.locator("main")).to_contain_text("Amounts in this currency are not known yet.")
    expect(page.locator("main")).to_contain_text('"external_id": "1002"')
    window.look("archived-aside")

    # After the fix it is processed again, and the rest of the channel at once.
    page.get_by_role("button", name=re.compile("^Process again")).click()
    expect(page.get_by_text("is processed again")).to_be_visible()
    work()
    page.reload()
    expect(page.locator("h1 + *")).to_contain_text("Applied")
    expect(page.locator("main")).to_contain_text("Molenstraat 27")
    window.look("archived")

    window.open("/channels/messages/?state=quarantined&channel=shop")
    window.look("archive-aside")
    press(page, "Process 1 message again")
    expect(page.get_by_text("1 message is processed again")).to_be_visible()
    work()
    page = window.open("/channels/messages/?state=quarantined")
    expect(page.locator("main")).to_contain_text("Nothing found")
