"""Kits in words: for staff, in the confirmation, on the customer's page and the slip."""

from datetime import date
from decimal import Decimal

import pytest

from fulfillment.paper import slips_of
from oms.core.books import verify
from orders import letters, selectors
from orders.models import Order
from tests.fulfillment.steps import only_work_of, shipped
from tests.orders.subscribing import START, placed, through


@pytest.fixture
def order(world):
    world.sku("tea", name="Oolong", price=Decimal("4.50"), currency="EUR")
    world.sku("cup", name="Cup", price=Decimal("3.00"), currency="EUR")
    world.sku("gift", name="Tea for one", barcode="bc-gift")
    world.kit("gift", tea=2, cup=1)
    world.stock("tea", rotterdam=20)
    world.stock("cup", rotterdam=1)
    return world.place("1", gift=2, tea=1)


def test_staff_read_the_kit_with_its_price_above_what_is_in_it(world, order):
    kim = world.browser(world.user("kim", role="support"))

    page = kim.get(f"/orders/{order.number}/").content.decode()

    kit, tea, cup = (page.index(word) for word in ("Tea for one<", "Oolong (Tea", "Cup (Tea"))
    assert kit < tea < cup
    assert page.count("A kit: what is in it follows,") == 1


def test_the_confirmation_names_kits_with_their_price_and_then_what_they_hold(order):
    letter = letters.order_placed(order=order.number)

    text = letter.text.replace("\N{MULTIPLICATION SIGN}", "x")
    rows = [line.strip() for line in text.splitlines() if line[:1].isdigit()]
    assert rows == [
        "2 x Tea for one: €20.00",
        "4 x Oolong (Tea for one)",
        "2 x Cup (Tea for one)",
        "1 x Oolong: €10.00",
        "1 x Cup (Tea for one)",
    ]


def test_the_customers_page_and_the_slip_say_what_is_part_of_which_kit(world, order, client):
    shipped(only_work_of(order))

    page = client.get(selectors.status_url(order), follow=True).content.decode()

    assert "Cup (Tea for one)" in page
    [slip] = slips_of(world.works(order))
    assert sorted(line.name for line in slip.lines) == [
        "Cup (Tea for one)",
        "Oolong",
        "Oolong (Tea for one)",
    ]


def test_a_kit_comes_round_with_a_subscription_as_it_is_made_then(world):
    world.kit("gift", tea=2, cup=1)
    world.stock("tea", rotterdam=20)
    world.stock("cup", rotterdam=20)
    subscription = world.subscription(
        gift=1, at=START, starts_on=date(2027, 1, 11), every=1, unit="week"
    )
    through(START, START.replace(day=11))
    world.kit("gift", cup=3)
    through(START.replace(day=12), START.replace(day=18))

    assert len(placed(subscription.number)) == 2
    told = [
        {line.sku_code: line.quantity for line in order.lines.all()}
        for order in Order.objects.order_by("id")
    ]
    assert told == [{"tea": 2, "cup": 1}, {"cup": 3}]
    assert {order.total_amount for order in Order.objects.all()} == {Decimal("10.00")}
    assert [str(found) for found in verify()] == []
