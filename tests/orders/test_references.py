"""References that the database takes on trust, for speed: the books look for what they point at."""

import pytest
from django.db import connection

from oms.core.books import verify

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("claims_are_on_something", "UPDATE inventory_reservation SET level_id = 1"),
        ("money_is_of_something", "UPDATE orders_moneyentry SET payment_id = 1"),
        ("money_is_of_something", "UPDATE orders_moneyentry SET order_id = 1"),
    ],
)
def test_a_reference_to_what_is_gone_is_found(world, name, loss):
    world.stock("tea", rotterdam=9)
    world.place(tea=2)
    assert verify([name]) == []

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(loss)

    assert verify([name]) != []
