"""The demo shop: believable, whole, and only once."""

import re
from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q, QuerySet
from django.test import Client, override_settings
from django.utils import timezone

from b2b.models import Company, Invoice, PurchaseOrder, Quote, QuoteRequest
from b2b.states import InvoiceStatus, PurchaseStatus, QuoteStatus
from fulfillment.models import (
    BackTest,
    FulfillmentOrder,
    QueuePolicy,
    Reallocation,
    RoutingVersion,
)
from fulfillment.states import FulfillmentOrderStatus
from inventory.demo import staff
from inventory.models import Location, Movement, ReplenishmentOrder
from inventory.states import ReplenishmentStatus
from oms.alerts.models import Alert
from oms.catalog.models import Sku
from oms.catalog.pictures import NO_PICTURE, drawing
from oms.channels.models import ApiKey, ChannelSecret, InboundMessage
from oms.core import books
from oms.core.demo import Demo
from oms.core.demo_life import PREFIX, Life, turn
from oms.core.models import EventRecord, User
from oms.core.reports import Asked
from oms.core.tours import page_named, steps_of
from oms.customers.models import CustomerMatch, CustomerMerge
from orders import figures
from orders.models import ChannelOrder, Hold, Order, OrderLine, Refund
from orders.selectors.following import unknown_skus
from orders.states import HOLDS, FulfillmentProgress, PaymentProgress, ReturnProgress
from returns.models import ReturnAuthorization
from returns.states import ReturnStatus


def prepare():
    out = StringIO()
    call_command("demo", "--no-serve", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def prepared(django_db_setup, django_db_blocker):
    """What is said; the shop is prepared once for all tests here, which leave it as it is."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with quick, django_db_blocker.unblock(), transaction.atomic():
        yield prepare()
        transaction.set_rollback(True)


@pytest.fixture
def said(prepared, db):
    return prepared


def statuses(rows, field="status"):
    rows = rows if isinstance(rows, QuerySet) else rows.objects.all()
    return set(rows.values_list(field, flat=True))


def is_ean13(code):
    weighted = sum(int(digit) * (3 if nth % 2 else 1) for nth, digit in enumerate(code))
    return len(code) == 13 and weighted % 10 == 0


def test_orders_are_in_every_state_there_is(said):
    assert Order.objects.count() >= 500
    assert statuses(Order) == {"open", "completed", "cancelled"}
    assert statuses(Order, "payment_status") == set(PaymentProgress.values)
    assert statuses(Order, "fulfillment_status") == set(FulfillmentProgress.values)
    assert statuses(Order, "return_status") == set(ReturnProgress.values)
    assert statuses(ReplenishmentOrder) == set(ReplenishmentStatus.values)
    assert statuses(FulfillmentOrder) == set(FulfillmentOrderStatus.values)
    assert statuses(ReturnAuthorization) == set(ReturnStatus.values) - {"in_transit"}
    standing = Hold.objects.filter(released_at=None)
    assert set(standing.values_list("kind", flat=True)) == set(HOLDS)
    assert Order.objects.filter(lines__backordered__gt=0).exists()


def test_business_customers_are_at_every_step(said):
    assert Company.objects.count() == 4
    assert statuses(Quote) == set(QuoteStatus.values)
    assert Quote.objects.filter(version=3, status="presented").exists()
    assert "submitted" in statuses(QuoteRequest)
    assert statuses(PurchaseOrder) == set(PurchaseStatus.values) - {"delivered"}
    assert statuses(Invoice) == set(InvoiceStatus.values) - {"overdue"}
    assert Invoice.objects.filter(status="issued", due_on__lt=timezone.now().date()).exists()


def test_every_kind_of_alert_has_something_to_say(said):
    assert statuses(Alert.objects.filter(ended_at=None), "kind") == set(settings.ALERTS)


def test_goods_lie_on_two_continents(said):
    assert set(Location.objects.values_list("country", flat=True)) == {"NL", "DE", "US"}
    assert Location.objects.count() == 5


def test_kits_are_sold_sent_waited_for_and_sent_back_in_part(said):
    assert Sku.objects.filter(is_kit=True).count() == 3
    first, second, third = Order.objects.filter(external_id__startswith="K-").order_by("id")

    assert (first.fulfillment_status, first.return_status) == ("fulfilled", "requested")
    assert not second.lines.filter(backordered__gt=0).exists()
    assert third.lines.filter(backordered__gt=0).exists()
    assert {order.kits.count() for order in (first, second, third)} == {1}


def test_the_range_is_complete_and_drawn(said):
    skus = Sku.objects.filter(is_kit=False)

    assert skus.count() == 330
    assert all(drawing(sku.picture) != NO_PICTURE for sku in skus)
    assert all(sku.barcode.startswith("2") and is_ean13(sku.barcode) for sku in skus)
    assert not skus.filter(
        Q(price=None)
        | Q(weight_g=None)
        | Q(length_mm=None)
        | Q(country_of_origin="")
        | Q(hs_code="")
    ).exists()


def test_half_a_year_of_sales_has_a_shape(said):
    rows = figures.SALES.figures(Asked(figures.MONTH))

    months = {row["key"] for row in rows if row["currency"] == "EUR"}
    assert len(months) >= 7
    assert {row["currency"] for row in rows} == {"EUR", "USD", "KWD"}


def test_orders_wait_for_stock_and_one_was_given_units_of_another(said):
    assert OrderLine.objects.filter(backordered__gt=0).count() >= 3
    assert QueuePolicy.objects.get().rule == "priority"
    assert Reallocation.objects.get().units == 1


def test_routing_rules_count_and_a_draft_was_tried(said):
    versions = RoutingVersion.objects.order_by("number")
    assert [(each.number, each.status) for each in versions] == [(1, "live"), (2, "draft")]
    tried = BackTest.objects.get(version__number=2)
    assert (tried.status, tried.revision) == ("done", 1)
    assert 0 < tried.figures["orders"] <= tried.orders


def test_channels_leave_work_of_every_kind(said):
    assert statuses(InboundMessage, "state") == {"applied", "ignored", "quarantined"}
    assert statuses(ChannelOrder, "state") == {"in_step", "behind", "waiting"}
    assert len({row.channel for row in unknown_skus()}) == 5
    assert ApiKey.objects.filter(ends_at__gt=timezone.now()).count() == 1
    assert ChannelSecret.objects.filter(ends_at__gt=timezone.now()).count() == 1
    assert CustomerMerge.objects.get().kept.email == "marta.nowak@example.com"
    proposed = CustomerMatch.objects.filter(state="open")
    assert {each for row in proposed for each in row.evidence} == {"email", "phone", "place"}


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


def test_accounts_that_are_not_the_demos_are_left_alone(said):
    wim = User.objects.get(username="wim")
    wim.email = "wim@elsewhere.example"
    wim.set_password("correct horse")
    wim.save()
    demo = Demo()

    staff(demo)

    assert "wim" not in {name for _, name, _ in demo.sign_ins}
    assert Client().login(username="wim", password="correct horse")


def test_what_is_printed_may_be_opened_without_signing_in(said):
    paths = re.findall(r"^    http://[^/]+(/\S+)$", said, re.MULTILINE)

    assert len(paths) == 3
    for path in paths:
        assert Client().get(path, follow=True).status_code == 200, path


def test_every_step_of_every_tour_opens_for_whom_it_is_told(said):
    told, found = set(), set()
    for user in User.objects.exclude(tour={}):
        browser = Client()
        browser.force_login(user)
        for step in steps_of(user.tour["role"]):
            page = step.page_for(user)
            answer = browser.get(page, follow=True)
            assert answer.status_code == 200, (user.username, step.title, page)
            told.add((user.tour["role"], step.title))
            if not step.otherwise or page != page_named(step.otherwise):
                found.add((user.tour["role"], step.title))

    assert {role for role, _ in told} == set(settings.TOURS)
    assert told - found == set()


def test_a_shop_that_lives_places_every_order_once_and_keeps_its_books(said, monkeypatch):
    def post(url, path, key, idempotency_key, body):
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": idempotency_key}
        sent = Client().post(path, body, content_type="application/json", headers=headers)
        return sent.status_code

    monkeypatch.setattr("orders.demo_life._post", post)
    begun = timezone.now()
    life = Life(pace=60, url="", dice=Random(7), now=begun)

    for second in range(1, 31):
        turn(life, begun + timedelta(seconds=second))

    born = Order.objects.filter(external_id__startswith=PREFIX)
    names = {f"{PREFIX}{nth}" for nth in range(1, 31)}
    assert set(born.values_list("external_id", flat=True)) == names
    assert born.values("channel").distinct().count() >= 3
    assert born.filter(fulfillment_status="fulfilled").exists()
    assert books.verify() == []
