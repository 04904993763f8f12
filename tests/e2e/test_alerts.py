"""An operations lead works through what the house found: takes one, snoozes one, settles one."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from inventory.models import StockLevel
from oms.alerts import services
from oms.alerts.models import Alert
from oms.core.actors import SYSTEM
from orders.models import Order
from tests.e2e.hands import press
from tests.e2e.widths import OFFICE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


def shop(world):
    """Tea is low, cups are out while an order waits, an old order has not left, pots rest."""
    now = timezone.now()
    world.stock("tea", rotterdam=2)
    world.stock("pot", rotterdam=300)
    StockLevel.objects.filter(sku__code="tea").update(reorder_point=5)
    Order.objects.filter(pk=world.place("W-1", cup=2).pk).update(placed_at=now - timedelta(days=5))
    sold = world.place("W-2", pot=180)
    Order.objects.filter(pk=sold.pk).update(placed_at=now - timedelta(days=130))
    for kind in settings.ALERTS:
        services.sweep(kind=kind, by=SYSTEM, at=now)


@pytest.mark.parametrize("phone", OFFICE)
def test_a_lead_takes_snoozes_and_settles_what_was_found(world, screen, phone):
    shop(world)
    lead = screen("operations", phone=phone).let_in(world.browser(world.user("ola", "operations")))

    # From home to the evidence; the lead makes it their own.
    page = lead.open("/")
    lead.look("home")
    page.get_by_role("link", name="Cup is out of stock, 1 order waits").click()
    page.wait_for_url("**/alerts/AL-*/")
    expect(page.locator("main")).to_contain_text("Units waiting")
    lead.look("alert")
    press(page, "Take it")
    expect(page.get_by_text("ola owns it.")).to_be_visible()

    # One sleeps for a week.
    page = lead.open("/alerts/")
    lead.look("alerts")
    page.get_by_role("link", name="Pot no longer sells").click()
    page.wait_for_url("**/alerts/AL-*/")
    lead.look("alert-slow")
    page.get_by_role("link", name="Snooze…").click()
    expect(page.get_by_role("heading", name="Snooze the alert")).to_be_visible()
    page.get_by_label("A week").check()
    lead.look("snooze")
    press(page, "Snooze")
    expect(page.get_by_text("It comes back on")).to_be_visible()
    lead.look("snoozed")

    # Another one is settled with a note, and is gone.
    page = lead.open("/alerts/?view=mine")
    lead.look("alerts-mine")
    page.get_by_role("link", name="Cup is out of stock, 1 order waits").click()
    page.get_by_role("link", name="Settle…").click()
    page.get_by_label("Useful").check()
    page.get_by_label("What was done").fill("Ordered 40 of the supplier")
    lead.look("settle")
    press(page, "Settle")
    expect(page.locator("main")).to_contain_text("Ordered 40 of the supplier")
    lead.look("settled")

    page = lead.open("/alerts/")
    expect(page.get_by_role("link", name="Tea is low in Rotterdam")).to_be_visible()
    expect(page.get_by_role("link", name="Cup is out of stock")).to_have_count(0)
    expect(page.get_by_role("link", name="Pot no longer sells")).to_have_count(0)
    assert sorted(Alert.objects.values_list("kind", "status")) == [
        ("low_stock", "open"),
        ("slow_seller", "snoozed"),
        ("stock_out", "settled"),
        ("waiting_order", "open"),
        ("waiting_order", "open"),
    ]

    page = lead.open("/alerts/?view=low_stock")
    page.get_by_role("link", name="Tea is low in Rotterdam").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tea is low in Rotterdam")
    lead.look("alert-low")

    # What is looked for, and the history.
    lead.open("/alerts/?view=done")
    lead.look("alerts-done")
    lead.open("/alerts/thresholds/")
    lead.look("thresholds")
