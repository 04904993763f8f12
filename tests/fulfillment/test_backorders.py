"""Units that come in go to those who wait, in the order of their queue, in one transaction."""

import pytest
from django.utils import timezone

from fulfillment.models import QueuePolicy, SourcingDecision
from fulfillment.services import serve_waiting, set_queue_policy
from fulfillment.states import QueueRule
from oms.catalog.errors import UnknownSku
from oms.channels.models import Channel
from oms.channels.selectors import forget_agreed
from oms.core.actors import SYSTEM
from oms.core.jobs import drain
from oms.core.models import EventRecord, Job
from orders import services
from orders.models import OrderLine
from tests.fulfillment.rates import rate, service


def waiting():
    lines = OrderLine.objects.order_by("order__placed_at", "order_id", "position")
    return [(line.allocated, line.backordered) for line in lines]


def placed_on(day):
    return {"placed_at": f"2026-11-{day:02}T12:00:00+00:00"}


def test_the_oldest_order_is_served_first_and_in_part(world):
    world.stock("tea", rotterdam=0)
    world.place(tea=3, fields=placed_on(3))
    world.place(tea=4, fields=placed_on(1))
    assert waiting() == [(0, 4), (0, 3)]

    world.stock("tea", rotterdam=5)

    assert waiting() == [(4, 0), (1, 2)]
    assert world.available("tea") == {"rotterdam": 0}


def test_units_left_over_are_free_for_the_next(world):
    world.stock("tea", rotterdam=0)
    world.place(tea=3)

    world.stock("tea", rotterdam=5)

    assert waiting() == [(3, 0)]
    assert world.available("tea") == {"rotterdam": 2}


def test_an_order_whose_hold_stops_allocating_is_passed_over_until_released(world):
    world.stock("tea", rotterdam=0)
    first = world.place(tea=3, fields=placed_on(1))
    world.place(tea=3, fields=placed_on(2))
    services.hold_order(number=first.number, kind="fraud", reason="", by=SYSTEM)

    world.stock("tea", rotterdam=3)

    assert waiting() == [(0, 3), (3, 0)]


def test_the_new_work_has_a_number_of_its_own(world):
    world.stock("tea", rotterdam=1)
    order = world.place(tea=3)

    world.stock("tea", rotterdam=2)

    numbers = [f"FO-{order.number[3:]}-{nth}" for nth in (1, 2)]
    found = world.works(order)
    assert [work.number for work in found] == numbers
    assert [work.units for work in found] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_units_that_a_cancelled_order_leaves_go_to_the_one_that_waits(world):
    world.stock("tea", rotterdam=3)
    first = world.place(tea=3, fields=placed_on(1))
    world.place(tea=2, fields=placed_on(2))
    assert waiting() == [(3, 0), (0, 2)]

    services.cancel_order(number=first.number, reason="changed", by=SYSTEM)
    assert drain("backorders") == 1

    assert waiting() == [(0, 0), (2, 0)]
    assert world.available("tea") == {"rotterdam": 1}


def test_a_cancellation_that_helps_nobody_asks_for_no_work(world):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3)

    services.cancel_order(number=order.number, reason="changed", by=SYSTEM)

    assert not Job.objects.filter(kind="backorders").exists()


def said(rule, sku=""):
    set_queue_policy(rule=rule, sku=sku, by=SYSTEM, at=timezone.now())


def test_the_more_urgent_order_is_served_first_where_priority_counts(world):
    world.stock("tea", rotterdam=0)
    world.place(tea=3, fields=placed_on(1))
    urgent = world.place(tea=3, fields=placed_on(2))
    services.set_priority(
        number=urgent.number, priority=5, reason="Wedding", by=SYSTEM, at=timezone.now()
    )
    said(QueueRule.PRIORITY, "tea")

    world.stock("tea", rotterdam=4)

    assert waiting() == [(1, 2), (3, 0)]


def test_priority_says_nothing_where_the_first_in_is_first(world):
    world.stock("tea", rotterdam=0)
    world.place(tea=3, fields=placed_on(1))
    urgent = world.place(tea=3, fields=placed_on(2))
    services.set_priority(
        number=urgent.number, priority=5, reason="Wedding", by=SYSTEM, at=timezone.now()
    )

    world.stock("tea", rotterdam=4)

    assert waiting() == [(3, 0), (1, 2)]


def test_an_order_that_is_served_whole_leaves_its_units_to_the_next(world):
    said(QueueRule.SHIP_COMPLETE)
    world.stock("tea", rotterdam=0)
    world.stock("cup", rotterdam=0)
    whole = world.place(tea=3, cup=2, fields=placed_on(1))
    world.place(tea=2, fields=placed_on(2))

    world.stock("tea", rotterdam=6)
    assert waiting() == [(0, 3), (0, 2), (2, 0)]

    world.stock("cup", rotterdam=2)
    assert waiting() == [(3, 0), (2, 0), (2, 0)]
    assert world.available("tea") == {"rotterdam": 1}
    assert [work.units for work in world.works(whole)] == [5]


def test_channels_share_what_comes_in_proportion(world):
    world.stock("tea", rotterdam=0)
    said(QueueRule.FAIR_SHARE, "tea")
    world.place(tea=6, fields=placed_on(1))
    world.place(channel="market", tea=3, fields=placed_on(2))

    world.stock("tea", rotterdam=6)

    assert waiting() == [(4, 2), (2, 1)]


def test_units_wait_for_where_a_service_goes_from_that_their_channel_allows(world):
    service("parcel")
    rate("parcel", "5.00", origin_country="NL")
    service("ground", "UPS")
    rate("ground", "9.00", origin_country="US", country="US")
    world.stock("tea", rotterdam=0, newark=0)
    world.channel("shop")
    Channel.objects.update(allowed_services=["parcel"])
    forget_agreed()
    address = {"name": "Kim", "line1": "1 Main St", "city": "Boston", "country": "US"}
    world.place(tea=2, fields={**placed_on(1), "shipping_address": address})

    world.stock("tea", newark=4)
    assert waiting() == [(0, 2)]
    world.stock("tea", rotterdam=4)

    assert waiting() == [(2, 0)]
    assert world.available("tea") == {"newark": 4, "rotterdam": 2}


def test_units_wait_for_those_they_can_be_carried_to(world, django_assert_max_num_queries):
    service("parcel")
    rate("parcel", "5.00", origin_country="NL")
    service("ground", "UPS")
    rate("ground", "9.00", origin_country="US", country="US")
    world.stock("tea", rotterdam=0, newark=0)
    world.place(tea=2, fields=placed_on(1))
    address = {"name": "Kim", "line1": "1 Main St", "city": "Boston", "country": "US"}
    world.place(tea=2, fields={**placed_on(2), "shipping_address": address})

    world.stock("tea", newark=4)
    assert waiting() == [(0, 2), (2, 0)]
    assert world.available("tea") == {"newark": 2, "rotterdam": 0}

    with django_assert_max_num_queries(15):
        late = world.place(tea=1, fields=placed_on(3))
    assert waiting()[-1] == (0, 1)
    [outcome] = [
        each["outcome"]
        for each in SourcingDecision.objects.get(order=late).candidates
        if each["location"] == "newark"
    ]
    assert outcome == "No service takes it from there"

    world.stock("tea", rotterdam=3)
    assert waiting() == [(2, 0), (2, 0), (1, 0)]


def served():
    """Do what was asked for when units became free."""
    asked = Job.objects.get(kind="backorders")
    serve_waiting(by=SYSTEM, at=timezone.now(), **asked.payload)


def test_one_that_was_passed_over_is_served_when_its_hold_goes(world):
    world.stock("tea", rotterdam=0)
    order = world.place(tea=3)
    services.hold_order(number=order.number, kind="fraud", reason="", by=SYSTEM)
    world.stock("tea", rotterdam=3)
    assert waiting() == [(0, 3)]

    services.release_hold(number=order.number, kind="fraud", by=SYSTEM)
    served()

    assert waiting() == [(3, 0)]


def test_another_policy_gives_what_lies_idle_to_those_it_names(world):
    said(QueueRule.SHIP_COMPLETE)
    world.stock("tea", rotterdam=0)
    world.stock("cup", rotterdam=0)
    world.place(tea=3, cup=2)
    world.stock("tea", rotterdam=3)
    assert waiting() == [(0, 3), (0, 2)]

    said(QueueRule.FIRST_IN)
    served()

    assert waiting() == [(3, 0), (0, 2)]


def test_a_policy_of_its_own_is_taken_away_again(world):
    world.sku("tea")
    said(QueueRule.PRIORITY, "tea")
    said(QueueRule.FAIR_SHARE, "tea")
    assert list(QueuePolicy.objects.values_list("sku__code", "rule")) == [("tea", "fair_share")]

    said(None, "tea")

    assert not QueuePolicy.objects.exists()
    with pytest.raises(UnknownSku):
        said(QueueRule.PRIORITY, "cake")


def test_a_priority_is_told_in_the_story_and_the_same_again_is_not(world):
    order = world.place(tea=1)
    for _ in range(2):
        services.set_priority(
            number=order.number, priority=12, reason="Wedding", by=SYSTEM, at=timezone.now()
        )

    order.refresh_from_db()
    assert (order.priority, order.version) == (9, 2)
    [told] = EventRecord.objects.filter(thread=order.number, name="order.prioritized")
    assert told.payload == {"priority": 9, "before": 0, "reason": "Wedding"}


def test_units_that_are_not_promised_as_they_come_would_go_to_who_asks_next(world, monkeypatch):
    """The control of the races: what the receiving transaction is for."""
    world.stock("tea", rotterdam=0)
    world.place(tea=2, fields=placed_on(1))
    with monkeypatch.context() as without:
        without.setattr("fulfillment.services.fill_backorders", lambda **_: [])
        world.stock("tea", rotterdam=2)
        world.place(tea=2, fields=placed_on(20))

    assert waiting() == [(0, 2), (2, 0)]
