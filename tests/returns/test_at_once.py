"""Several people at one return at the same moment: each effect happens once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from oms.core.errors import Refusal
from orders.models import Refund
from tests.fakes.gateway import gateway as gateway
from tests.returns.keeping_books import counters


def race(*acts):
    """Do these at once; return what each came to, in order of name."""

    def attempt(act):
        try:
            act()
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(attempt, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_at_once_one_refunds(desk, shipped):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)
    desk.inspect(number, tea=2)

    said = race(lambda: desk.settle(number), lambda: desk.settle(number))

    assert said == ["done", "transition_not_allowed"]
    assert Refund.objects.get().amount == 20


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_for_the_last_unit_one_may_send_it(desk, shipped):
    order = shipped(tea=1)

    said = race(*[lambda: desk.request(order, tea=1)] * 4)

    assert said == ["done", "not_returnable", "not_returnable", "not_returnable"]
    assert counters(order) == [(1, 0)]


@pytest.mark.django_db(transaction=True)
def test_one_parcel_received_twice_at_once_counts_once(desk, shipped):
    order = shipped(tea=1)
    number = desk.request(order, tea=1).number
    desk.approve(number)

    said = race(lambda: desk.receive(number, tea=1), lambda: desk.receive(number, tea=1))

    assert said == ["done", "too_many_returned"]
    assert counters(order) == [(0, 1)]
