"""The demo shop: believable, whole, and only once."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from fulfillment.models import FulfillmentOrder
from inventory.models import Location, Movement, ReplenishmentOrder
from oms.catalog.models import Sku
from oms.core import books
from oms.core.models import EventRecord, User
from orders.models import Hold, Order, Refund
from returns.models import ReturnAuthorization


def prepare():
    out = StringIO()
    call_command("demo", "--no-serve", stdout=out)
    return out.getvalue()


@pytest.fixture
def said(db):
    return prepare()


def statuses(model, field="status"):
    return set(model.objects.values_list(field, flat=True))


def test_orders_are_in_every_state_there_is(said):
    assert Order.objects.count() >= 53
    assert statuses(Order) == {"open", "completed", "cancelled"}
    assert statuses(Order, "payment_status") == {
        "unpaid",
        "paid",
        "partly_refunded",
        "refunded",
    }
    assert statuses(Order, "fulfillment_status") == {
        "unfulfilled",
        "partly_fulfilled",
        "fulfilled",
    }
    assert statuses(Order, "return_status") == {
        "none",
        "requested",
        "partly_returned",
        "returned",
    }
    assert statuses(ReplenishmentOrder) >= {
        "proposed",
        "approved",
        "sent",
        "acknowledged",
        "part_received",
    }
    assert statuses(FulfillmentOrder) >= {
        "open",
        "released",
        "picking",
        "picked",
        "packed",
        "shipped",
        "delivered",
    }
    assert statuses(ReturnAuthorization) == {"requested", "approved", "received", "settled"}
    standing = Hold.objects.filter(released_at=None)
    assert set(standing.values_list("kind", flat=True)) == {
        "fraud",
        "address",
        "payment",
        "credit",
    }
    assert Order.objects.filter(lines__backordered__gt=0).exists()


def test_goods_lie_on_two_continents(said):
    assert Sku.objects.count() == 60
    assert Sku.objects.filter(barcode="").count() == 0
    assert set(Location.objects.values_list("country", flat=True)) == {"NL", "DE", "US"}


def test_the_books_of_the_demo_hold(said):
    assert books.verify() == []


def test_a_second_time_adds_nothing(said):
    counted = (Order, Refund, Movement, EventRecord, User, Sku)
    before = [model.objects.count() for model in counted]

    assert prepare() == said

    assert [model.objects.count() for model in counted] == before


def test_everyone_can_sign_in_with_what_is_printed(said):
    signs = re.findall(r"^  (\w+) +(\w+) +(\w+-\w+-\w+-\d+)$", said, re.MULTILINE)

    assert [role for role, _, _ in signs] == [
        "administrator",
        "operations",
        "sales",
        "support",
        "finance",
        "purchasing",
        "warehouse",
        "warehouse",
    ]
    for role, name, word in signs:
        assert Client().login(username=name, password=word), name
        assert User.objects.get(username=name).groups.get().name == role


def test_the_key_that_is_printed_opens_the_api(said):
    [key] = re.findall(r"oms_\S{43}", said)

    answer = Client().get("/api/v1/orders/", HTTP_AUTHORIZATION=f"Bearer {key}")

    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 50


def test_accounts_that_are_not_the_demos_are_left_alone(db):
    User.objects.create_user("wim", email="wim@elsewhere.example", password="correct horse")

    said = prepare()

    assert "  wim " not in said
    assert Client().login(username="wim", password="correct horse")
    assert User.objects.get(username="wim").groups.count() == 0
