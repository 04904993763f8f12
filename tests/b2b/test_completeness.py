"""A company that wants everything at once gets it at once."""

from django.utils import timezone

from b2b import services
from fulfillment.models import FulfillmentOrder
from inventory import services as inventory
from oms.core.actors import SYSTEM
from orders import services as orders
from tests.b2b.conftest import REP


def hold(order):
    return services.hold_until_complete(order=order.number, by=SYSTEM)


def test_what_is_there_waits_for_the_rest_and_goes_when_it_comes(office, world):
    office.stock("tea", rotterdam=3)
    office.company(ship_complete=True)
    order = office.buy(tea=5).order

    hold(order)

    assert office.holds(order) == ["stock"]
    [work] = world.works(order)
    assert "ship" in work.stops
    assert services.release_complete() == 0

    sku, place = world.sku("tea"), world.location("rotterdam")
    inventory.receive(
        arrivals=[inventory.Arrival(sku, place, 9)], reference="r", by=REP, at=timezone.now()
    )
    assert services.release_complete() == 1
    assert services.release_complete() == 0
    assert office.holds(order) == []
    assert {work.stops == [] for work in FulfillmentOrder.objects.filter(order=order)} == {True}


def test_a_complete_order_and_other_companies_are_not_held(office):
    office.stock("tea", rotterdam=3)
    office.company(ship_complete=True)
    office.company("other")

    for order in (office.buy(tea=2).order, office.buy("other", tea=5).order):
        assert hold(order) is None
        assert office.holds(order) == []


def test_what_somebody_released_is_not_held_again(office):
    office.company(ship_complete=True)
    order = office.buy(tea=5).order
    hold(order)
    orders.release_hold(number=order.number, kind="stock", by=REP, reason="Send what you have")

    assert hold(order) is None
    assert office.holds(order) == []
