"""Two people reach for the same work, over HTTP: one wins, the other is told, nothing is half done.

The requests run in processes of their own, let go at one moment.
"""

import re
from functools import partial

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.models import FulfillmentOrder, Package, Shipment
from oms.core.books import verify
from orders.models import Order
from tests.concurrency.racing import race
from tests.fulfillment.steps import KIM, packed, picked, units_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work(world):
    world.stock("tea", rotterdam=5)
    [work] = world.works(world.place(tea=2))
    return work


def asked(client, address, body=None):
    """The status of an answer, and the kind of problem."""
    answer = client.post(address, body or {}, format="json")
    return answer.status_code, answer.json().get("type", "").removeprefix("/problems/")


def pressed(browser, address, said):
    answer = browser.post(address, said)
    return answer.status_code, answer.content.decode()


def at(work, verb):
    return f"/api/v1/fulfillment-orders/{work.number}/{verb}/"


@pytest.mark.parametrize("verb", ["pick", "pack", "ship"])
def test_an_order_is_cancelled_or_led_on_never_half_of_each(world, work, verb):
    steps = {"pick": None, "pack": picked, "ship": packed}
    if begin := steps[verb]:
        begin(work)
    client = world.api("shop")
    cancel = f"/api/v1/orders/{work.order.number}/cancel/"

    cancelled, led = race(
        [
            partial(asked, client, cancel, {"reason": "late"}),
            partial(asked, client, at(work, verb)),
        ]
    )

    order, work = Order.objects.get(), FulfillmentOrder.objects.get()
    if verb == "ship":
        assert (cancelled, led) == ((409, "nothing_to_cancel"), (200, ""))
    elif cancelled[0] == 200:
        assert led == (409, "transition_not_allowed") or (verb, led) == ("pick", (200, ""))
        assert (order.status, work.status, work.units) == ("cancelled", "cancelled", 0)
        assert world.available("tea") == {"rotterdam": 5}
        assert not Package.objects.exists()
    else:
        assert (cancelled, led) == ((409, "nothing_to_cancel"), (200, ""))
        assert (order.status, work.status) == ("open", "packed")
    if verb == "ship":
        assert units_of(work) == {"tea": (2, 2, 2, 2)}
        assert (order.status, Shipment.objects.count()) == ("completed", 1)
    assert verify() == []


def test_two_partners_ship_the_same_work_and_the_second_is_led_to_the_first(world, work):
    packed(work)
    kim, lee = (
        world.api(user=world.user(name, role="warehouse", at=["rotterdam"]))
        for name in ("kim", "lee")
    )

    outcome = race([partial(asked, each, at(work, "ship")) for each in (kim, lee)])

    assert sorted(outcome) == [(200, ""), (409, "already_shipped")]
    [shipment] = Shipment.objects.all()
    told = kim.post(at(work, "ship"), {}, format="json").json()
    assert told["shipment"] == shipment.number
    assert kim.get(f"/api/v1/shipments/{shipment.number}/").status_code == 200
    assert world.on_hand("tea") == {"rotterdam": 3}
    assert verify() == []


def test_two_people_press_ship_and_the_second_page_links_the_first(world, work):
    packed(work)
    browsers = [
        world.browser(world.user(name, role="warehouse", at=["rotterdam"]))
        for name in ("kim", "lee")
    ]
    address = f"/fulfillment/{work.number}/ship/"

    outcome = race([partial(pressed, each, address, {"option": "standard"}) for each in browsers])

    [shipment] = Shipment.objects.all()
    pages = dict(outcome)
    assert sorted(pages) == [302, 409]
    assert f"was shipped as {shipment.number}" in re.sub(r"\s+", " ", pages[409])
    assert f'href="/fulfillment/shipments/{shipment.number}/"' in pages[409]


def test_two_packers_at_one_order_and_no_unit_is_packed_twice(world, work):
    picked(work)
    browsers = [
        world.browser(world.user(name, role="warehouse", at=["rotterdam"]))
        for name in ("kim", "lee", "joe")
    ]
    address = f"/fulfillment/{work.number}/pack/scan/"

    outcome = race([partial(pressed, each, address, {"code": "bc-tea"}) for each in browsers])

    assert sorted(status for status, _ in outcome) == [200, 200, 409]
    told = next(page for status, page in outcome if status == 409)
    assert "Tea, 2 of 2: that was all. Put this one back." in told
    services.close_package(number=work.number, by=KIM, at=timezone.now())
    status, page = pressed(browsers[0], address, {"code": "bc-tea"})
    assert status == 409
    assert "Not now" in page
    assert units_of(work) == {"tea": (2, 2, 2, 0)}
    assert verify() == []
