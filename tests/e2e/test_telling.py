"""An administrator changes what a letter says, and sees it go out; the bell tells who must act."""

import pytest
from django.core import mail
from playwright.sync_api import expect

from oms.core.jobs import drain
from oms.messaging.services import notify
from tests.e2e.hands import press
from tests.e2e.widths import OFFICE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


@pytest.mark.parametrize("phone", OFFICE)
def test_an_administrator_rewords_a_letter_and_sees_it_go_out(world, screen, phone):
    ada = world.user("ada", role="administrator")
    world.stock("tea", rotterdam=5)
    number = world.place("W-0", tea=1).number
    drain("mail")
    desk = screen("telling", phone=phone).let_in(world.browser(ada))

    page = desk.open("/automation/")
    desk.look("automation")
    page.get_by_role("link", name="Order confirmation").first.click()
    page.wait_for_url("**/messages/letters/order.confirmation/")
    desk.look("letter")

    # A slip is refused by its line; a preview shows a real order; nothing has gone out yet.
    page.get_by_label("Text").fill("Hello {{ nobody }}")
    press(page, "Use these words from now on")
    expect(page.locator("main")).to_contain_text("There is no variable “nobody”")
    desk.look("letter-refused")
    page.get_by_label("Subject").fill("The kettle is on: {{ number }}")
    page.get_by_label("Text").fill(
        "# Hello {{ first_name }}\n\nWe pack {{ number }}.\n\n[Follow it]({{ status_url }})"
    )
    page.get_by_label("Preview with a real one").fill(number)
    press(page, "Preview")
    letter = page.frame_locator("iframe[name=preview]")
    expect(letter.get_by_role("heading", name="Hello Robin")).to_be_visible()
    expect(letter.get_by_role("link", name="Follow it")).to_be_visible()
    desk.keep("letter-preview")
    press(page, "Send me a test")
    expect(page.get_by_text("A test goes to ada@oms.example.")).to_be_visible()
    press(page, "Use these words from now on")
    expect(page.get_by_text("From now on it says that.")).to_be_visible()
    desk.look("letter-reworded")

    # The next order's letter says it, and the log shows it as it was sent.
    mail.outbox.clear()
    world.place("W-1", tea=1)
    drain("mail")
    assert {each.subject for each in mail.outbox} == {
        "[Test] The kettle is on: 1001",
        "The kettle is on: W-1",
    }
    page = desk.open("/messages/")
    desk.look("messages")
    page.get_by_role("link", name="The kettle is on: W-1").click()
    page.wait_for_url("**/messages/*/")
    sent = page.frame_locator("iframe[title='The letter']")
    expect(sent.get_by_text("We pack W-1.")).to_be_visible()
    desk.look("message")
    press(page, "Send it again")
    expect(page.get_by_text("It goes out once more.")).to_be_visible()
    drain("mail")
    assert [each.subject for each in mail.outbox].count("The kettle is on: W-1") == 2

    for address, name in (
        ("/messages/letters/", "letters"),
        ("/messages/chats/", "chats"),
        ("/messages/chats/finance/", "chat"),
        ("/messages/?show=dead", "messages-none"),
    ):
        desk.open(address)
        desk.look(name)

    # The bell.
    notify(
        key="n1",
        subject="Refund RF-1007 failed: €9.50 did not go back",
        text="The card is closed.",
        role="administrator",
        url=f"/orders/{number}/",
        level="urgent",
    )
    page = desk.open("/messages/")
    page.get_by_role("link", name="Notices, 1 new").click()
    page.wait_for_url("**/inbox/")
    desk.look("inbox")
    page.get_by_role("button", name="Refund RF-1007").first.click()
    page.wait_for_url(f"**/orders/{number}/")
    expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    desk.open("/inbox/")
    desk.look("inbox-read")
