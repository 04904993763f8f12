"""Corrections worth more than one person may decide."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from inventory import services
from inventory.errors import (
    AdjustmentRequestNotFound,
    NeedsSecondPerson,
    NotYourOwn,
    StockIsSpokenFor,
    WaitsForSecondPerson,
)
from inventory.models import AdjustmentLimit, AdjustmentRequest, Movement, StockCount
from oms.core.books import verify
from oms.core.states import TransitionNotAllowed
from tests.inventory.counting import KIM, LEE, OTTO, count, finish, put, request

LIST_QUERIES = 17


@pytest.fixture
def shop(world):
    """Tea costs 4.00 at its supplier, cups are sold for 9.00; more than 20.00 needs two."""
    put(world, "tea", 20, "A-1")
    world.sku("cup", price=Decimal("9.00"), currency="EUR")
    put(world, "cup", 5, "A-1")
    world.supplier("leaf", tea={"cost": Decimal("4.00"), "currency": "EUR"})
    AdjustmentLimit.objects.create(currency="EUR", amount=20)
    return world


def correct(sku, delta, by=KIM, **named):
    return services.correct_stock(
        location="rotterdam",
        sku=sku,
        quantity_delta=delta,
        reason="Damp",
        by=by,
        at=timezone.now(),
        **named,
    )


def approve(number, by=OTTO):
    return services.approve_adjustment(number=number, by=by, at=timezone.now())


@pytest.mark.parametrize(("sku", "delta"), [("tea", -5), ("tea", 5), ("cup", 2), ("cup", -2)])
def test_up_to_the_limit_one_person_is_enough(shop, sku, delta):
    before = shop.on_hand(sku)["rotterdam"]

    assert correct(sku, delta) is None

    assert shop.on_hand(sku) == {"rotterdam": before + delta}
    assert not AdjustmentRequest.objects.exists()


@pytest.mark.parametrize(
    ("sku", "delta", "value"), [("tea", -6, 24), ("tea", 6, 24), ("cup", 3, 27)]
)
def test_above_it_another_is_asked_and_nothing_is_corrected_yet(shop, sku, delta, value):
    before = shop.on_hand(sku)

    asked = correct(sku, delta, bin="A-1")

    assert (asked.number, asked.status, asked.value, asked.currency) == (
        "AR-1001",
        "waiting",
        value,
        "EUR",
    )
    assert shop.on_hand(sku) == before


def test_without_a_limit_nobody_is_asked(shop):
    AdjustmentLimit.objects.all().delete()

    assert correct("tea", -20) is None


def test_a_limit_in_another_currency_is_none_for_this_one(shop):
    AdjustmentLimit.objects.update(currency="USD")

    assert correct("tea", -20) is None


def test_a_second_person_lets_it_happen(shop):
    asked = correct("tea", -6, bin="A-1")

    done = approve(asked.number)

    assert (done.status, done.decided_by) == ("approved", "user:otto")
    assert shop.on_hand("tea") == {"rotterdam": 14}
    entry = Movement.objects.get(kind="adjust")
    assert (entry.on_hand_delta, entry.bin, entry.reason) == (-6, "A-1", "AR-1001: Damp")
    assert verify() == []


def test_who_asked_neither_approves_nor_declines(shop):
    asked = correct("tea", -6)

    with pytest.raises(NotYourOwn):
        approve(asked.number, by=KIM)
    with pytest.raises(NotYourOwn):
        services.decline_adjustment(number=asked.number, by=KIM, at=timezone.now())

    asked.refresh_from_db()
    assert asked.status == "waiting"
    assert shop.on_hand("tea") == {"rotterdam": 20}


def test_it_is_decided_once(shop):
    asked = correct("tea", -6)
    approve(asked.number)

    with pytest.raises(TransitionNotAllowed):
        approve(asked.number, by=LEE)
    with pytest.raises(TransitionNotAllowed):
        services.decline_adjustment(number=asked.number, by=LEE, at=timezone.now())

    assert shop.on_hand("tea") == {"rotterdam": 14}


def test_a_declined_one_leaves_the_books(shop):
    asked = correct("tea", -6)
    services.decline_adjustment(number=asked.number, note="Look again", by=OTTO, at=timezone.now())

    with pytest.raises(TransitionNotAllowed):
        approve(asked.number)
    assert shop.on_hand("tea") == {"rotterdam": 20}


def test_what_was_promised_meanwhile_stays_promised(shop):
    asked = correct("tea", -6)
    shop.place(tea=18)

    with pytest.raises(StockIsSpokenFor):
        approve(asked.number)

    asked.refresh_from_db()
    assert asked.status == "waiting"
    assert shop.on_hand("tea") == {"rotterdam": 20}


def test_one_that_does_not_exist_is_missing(shop):
    with pytest.raises(AdjustmentRequestNotFound):
        approve("AR-9")


def test_a_count_above_the_limit_is_approved_by_two(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=12, cup=5)
    finish(number)

    outcome = services.approve_count(number=number, by=OTTO, at=timezone.now())

    assert outcome.request.value == 32
    assert StockCount.objects.get().status == "investigating"
    assert shop.on_hand("tea") == {"rotterdam": 20}
    with pytest.raises(WaitsForSecondPerson, match="SC-1001 waits for a second person: AR-1001"):
        services.approve_count(number=number, by=LEE, at=timezone.now())
    with pytest.raises(NotYourOwn):
        approve("AR-1001", by=OTTO)

    approve("AR-1001", by=LEE)

    assert StockCount.objects.get().status == "approved"
    assert shop.on_hand("tea") == {"rotterdam": 12}
    assert verify() == []


def test_a_count_that_was_declined_can_be_counted_again(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=12, cup=5)
    finish(number)
    services.approve_count(number=number, by=OTTO, at=timezone.now())
    with pytest.raises(WaitsForSecondPerson):
        services.ask_recount(number=number, by=OTTO, at=timezone.now())

    services.decline_adjustment(number="AR-1001", by=LEE, at=timezone.now())
    services.ask_recount(number=number, by=OTTO, at=timezone.now())

    assert StockCount.objects.get().status == "counting"


def test_a_cancelled_count_takes_its_request_along(shop):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=12, cup=5)
    finish(number)
    services.approve_count(number=number, by=OTTO, at=timezone.now())
    services.cancel_count(number=number, reason="Wrong day", by=OTTO, at=timezone.now())

    assert AdjustmentRequest.objects.get().status == "declined"
    with pytest.raises(TransitionNotAllowed):
        approve("AR-1001", by=LEE)
    assert shop.on_hand("tea") == {"rotterdam": 20}


def test_who_is_no_person_is_refused(shop):
    with pytest.raises(NeedsSecondPerson, match=r"worth 24\.00 EUR; above 20\.00 EUR"):
        correct("tea", -6, may_ask=False)

    assert not AdjustmentRequest.objects.exists()


def test_the_api_answers_a_conflict_above_the_limit_and_corrects_below(shop):
    api = shop.api(scopes=["stock"])
    body = {"location": "rotterdam", "sku": "tea", "reason": "Damp", "quantity_delta": -6}

    answer = api.post("/api/v1/stock/adjust/", body, format="json", HTTP_IDEMPOTENCY_KEY="1")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("needs_second_person")
    assert answer.json()["value"] == "24.00"
    assert shop.on_hand("tea") == {"rotterdam": 20}

    body["quantity_delta"] = -5
    answer = api.post("/api/v1/stock/adjust/", body, format="json", HTTP_IDEMPOTENCY_KEY="2")
    assert answer.status_code == 201
    assert shop.on_hand("tea") == {"rotterdam": 15}


def test_the_pages_ask_and_decide(shop):
    kim = shop.browser(shop.user("kim", role="warehouse", at=["rotterdam"]))
    otto = shop.browser(shop.user("otto", role="operations"))
    form = {"location": "rotterdam", "quantity_delta": -6, "reason": "Damp"}

    answer = kim.post("/inventory/tea/adjust/", form, follow=True)
    assert "AR-1001: a second person decides" in answer.content.decode()
    assert kim.get("/counts/requests/").status_code == 200
    decide = "/counts/requests/AR-1001/"
    assert kim.post(decide, {"verb": "approve"}).status_code == 403
    assert "Approve AR-1001" in otto.get("/counts/requests/").content.decode()
    assert otto.post(decide, {"verb": "approve"}).status_code == 302

    assert shop.on_hand("tea") == {"rotterdam": 14}


def test_requests_of_other_locations_do_not_exist(shop):
    correct("tea", -6)
    lee = shop.user("lee", role="warehouse", at=["leipzig"])
    lee.user_permissions.add(*Permission.objects.filter(codename="decide_adjustmentrequest"))
    page = shop.browser(lee)

    assert "AR-1001" not in page.get("/counts/requests/").content.decode()
    assert page.post("/counts/requests/AR-1001/", {"verb": "approve"}).status_code == 404
    assert shop.on_hand("tea") == {"rotterdam": 20}


def test_the_work_list_costs_the_same_for_one_and_three(shop, django_assert_num_queries):
    otto = shop.browser(shop.user("otto", role="operations"))
    correct("tea", -6)
    otto.get("/counts/requests/")
    with django_assert_num_queries(LIST_QUERIES):
        otto.get("/counts/requests/")
    correct("tea", -7)
    correct("cup", 3)
    with django_assert_num_queries(LIST_QUERIES):
        otto.get("/counts/requests/")
