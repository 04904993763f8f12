"""Work of an order that is held while it is being placed: a delivery nobody has paid for yet."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from fulfillment import selectors, services
from fulfillment.errors import OnHold
from fulfillment.models import FulfillmentOrder
from oms.core.actors import SYSTEM
from orders.models import Order
from orders.services import attend, release_hold

DAY = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def unpaid(world):
    world.stock("tea", rotterdam=3)
    subscription = world.subscription(tea=2, at=DAY, starts_on=DAY.date())
    attend(number=subscription.number, at=DAY.replace(hour=23))
    return FulfillmentOrder.objects.get()


def test_its_stock_is_kept_and_no_step_may_be_taken(world, unpaid):
    wim = world.user("wim", role="warehouse", at=["rotterdam"])

    assert (unpaid.units, unpaid.stops) == (2, ["pack", "pick", "ship"])
    with pytest.raises(OnHold):
        services.release_work(number=unpaid.number, by=SYSTEM, at=timezone.now())
    for step, count in (("release", 0), ("hold", 1)):
        here = selectors.queue(wim, step=step, location_ids=[unpaid.location_id])
        assert here.count() == count
    unpaid.refresh_from_db()
    assert unpaid.status == "open"


def test_it_goes_on_when_the_hold_is_released(unpaid):
    release_hold(number=Order.objects.get().number, kind="payment", by=SYSTEM)

    services.release_work(number=unpaid.number, by=SYSTEM, at=timezone.now())

    unpaid.refresh_from_db()
    assert (unpaid.status, unpaid.stops) == ("released", [])
