"""A customer looks after a subscription from the link in a letter, and staff see it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from oms.catalog.models import Sku
from oms.core.jobs import drain
from orders import services
from orders.models import Cycle, Order, Subscription
from tests.e2e.hands import press
from tests.e2e.widths import HAND

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


def link_of(letter):
    return next(
        word for word in letter.body.split() if "/s/subscription/open/" in word
    ).split("/s/", 1)[1]  # fmt: skip


@pytest.mark.parametrize("phone", HAND)
def test_a_customer_pauses_resumes_and_skips_and_staff_see_it(world, screen, phone):
    world.stock("tea", rotterdam=3)
    world.stock("cup", rotterdam=9)
    Sku.objects.filter(code="tea").update(name="Sencha, 100 g", price="10", currency="EUR")
    now = timezone.now()
    begun = now - timedelta(hours=30)
    one = world.subscription(at=begun, starts_on=begun.date(), every=2, unit="week", tea=2, cup=1)
    services.attend(number=one.number, at=now)
    assert drain("mail") == 2

    # The customer opens the page from the letter, skips, thinks again, takes a break, goes on.
    visitor = screen("subscriber", phone=phone)
    page = visitor.open(f"/s/{link_of(mail.outbox[0])}")
    assert page.url.endswith(f"/s/subscription/{one.number}/")
    visitor.look("subscription")
    press(page, "Skip this delivery")
    expect(page.get_by_text("Your next delivery is skipped")).to_be_visible()
    visitor.look("skipped")
    page.get_by_role("button", name="Have the skipped one after all").click()
    expect(page.get_by_text("The delivery comes after all")).to_be_visible()
    page.get_by_role("link", name="Take a break").click()
    expect(page.get_by_label("Until")).to_be_visible()
    visitor.look("pause")
    page.get_by_label("Until").fill((now + timedelta(days=50)).date().isoformat())
    press(page, "Pause my subscription")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your subscription is paused")
    visitor.look("paused")

    # Support sees it paused, and why.
    desk = screen("support", phone=phone).let_in(world.browser(world.user("sam", role="support")))
    shelf = desk.open("/subscriptions/?view=paused")
    desk.look("subscriptions")
    shelf.get_by_role("link", name=one.number).click()
    expect(shelf.locator("main")).to_contain_text("Paused until")
    expect(shelf.locator("main")).to_contain_text("the customer, Asked for by the customer")
    desk.look("subscription")

    # The customer goes on, and wants more of it.
    press(page, "Go on with my subscription")
    expect(page.get_by_text("Your subscription goes on")).to_be_visible()
    page.get_by_role("link", name="Change what I get").click()
    expect(page.get_by_label("Sencha, 100 g")).to_be_visible()
    visitor.look("content")
    page.get_by_label("Sencha, 100 g").fill("4")
    page.get_by_label("The next delivery only").check()
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("In your next delivery")
    assert Cycle.objects.get(status="planned").lines.get(sku__code="tea").quantity == 4
    for verb in ("address", "rhythm", "cancel"):
        visitor.open(f"/s/subscription/{one.number}/{verb}/")
        visitor.look(verb)

    # Support begins another, and looks at what is to come.
    desk.open("/subscriptions/new/")
    desk.look("new")
    shelf.get_by_label("Name").fill("Ida Holm")
    shelf.get_by_label("Street and number").fill("Vesterbrogade 33")
    shelf.get_by_label("City").fill("Copenhagen")
    shelf.get_by_label("Country").fill("dk")
    shelf.get_by_label("SKU", exact=True).fill("tea")
    shelf.get_by_label("Quantity", exact=True).fill("1")
    press(shelf, "Begin the subscription")
    expect(shelf.get_by_text("is begun.")).to_be_visible()
    two = Subscription.objects.latest("id")
    for verb in ("content", "pause", "rhythm", "address", "account", "cancel"):
        desk.open(f"/subscriptions/{two.number}/{verb}/")
        desk.look(f"staff-{verb}")
    desk.open("/subscriptions/upcoming/?days=30")
    expect(shelf.locator("main")).to_contain_text("Stock will not do for 1 SKU")
    desk.look("upcoming")

    # Finance books the transfer, and the order goes on.
    till = screen("finance", phone=phone).let_in(world.browser(world.user("fay", role="finance")))
    booth = till.open(f"/subscriptions/{one.number}/")
    booth.get_by_role("link", name="Record a payment").click()
    expect(booth.get_by_role("button", name="Record the payment")).to_be_visible()
    till.look("payment")
    press(booth, "Record the payment")
    expect(booth.get_by_text("The payment is recorded")).to_be_visible()
    assert Order.objects.get().payment_status == "paid"
