"""Locks are taken in one order, and taking them in another is an error in tests."""

import pytest

from inventory.models import StockLevel
from oms.core.locking import LockedOutOfOrder, lock, lock_one
from oms.core.services import service
from orders.errors import OrderNotFound
from orders.models import Order, Payment

pytestmark = pytest.mark.django_db


def test_locking_upwards_is_fine():
    @service
    def tidy():
        lock(Order.objects.all())
        lock(Payment.objects.all())
        lock(StockLevel.objects.all())

    tidy()


def test_a_lower_rank_after_a_higher_one_is_an_error():
    @service
    def untidy():
        lock(StockLevel.objects.all())
        lock(Order.objects.all())

    with pytest.raises(LockedOutOfOrder, match="Order locked after StockLevel"):
        untidy()


def test_a_service_inside_a_service_is_watched_with_it():
    @service
    def inner():
        lock(Order.objects.all())

    @service
    def outer():
        lock(StockLevel.objects.all())
        inner()

    with pytest.raises(LockedOutOfOrder):
        outer()


def test_two_services_after_one_another_are_two_transactions():
    @service
    def stock():
        lock(StockLevel.objects.all())

    @service
    def order():
        lock(Order.objects.all())

    stock()
    order()


def test_what_is_not_there_is_said_to_be_missing():
    with pytest.raises(OrderNotFound):
        lock_one(Order.objects.filter(number="SO-0"), missing=OrderNotFound(number="SO-0"))
