"""The counter: it finds what is collected, and gives it once to whom it belongs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment.errors import AlreadyShipped, ProofNeeded, WrongPickupCode
from fulfillment.models import Pickup, Shipment
from oms.core.jobs import drain
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders.models import Order
from tests.fulfillment.collecting import AT_GHENT, code_of, collected, hand_over
from tests.fulfillment.steps import (
    counters,
    only_work_of,
    status_of,
    units_of,
)


def refused(work, error, **said):
    with pytest.raises(error):
        hand_over(work, **said)
    assert status_of(work) == "packed"
    assert not Shipment.objects.exists()
    assert Pickup.objects.get().handed_over_at is None


def test_with_the_code_it_is_handed_over_delivered_and_off_the_shelf(world):
    work = collected(world)
    drain("mail")
    letters = len(mail.outbox)

    shipment = hand_over(work, code=code_of(work).lower())

    assert status_of(work) == "delivered"
    assert (shipment.status, shipment.service, shipment.freight_amount) == (
        "delivered",
        "pickup",
        None,
    )
    assert units_of(work) == {"tea": (2, 2, 2, 2)}
    order = Order.objects.get(pk=work.order_id)
    assert counters(order)["tea"]["delivered"] == 2
    assert (order.status, order.fulfillment_status) == ("completed", "fulfilled")
    assert world.on_hand("tea") == {"ghent": 7, "rotterdam": 9}
    pickup = Pickup.objects.get()
    assert (pickup.proof, pickup.handed_over_by) == ("code", "user:kim")
    names = EventRecord.objects.filter(subject=shipment.number).order_by("pk")
    assert list(names.values_list("name", flat=True)) == ["shipment.shipped", "shipment.delivered"]
    drain("mail")
    assert len(mail.outbox) == letters


def test_a_wrong_code_and_no_code_at_all_are_refused(world):
    work = collected(world)

    refused(work, WrongPickupCode, code="AAAAAA")
    refused(work, ProofNeeded)
    refused(work, ProofNeeded, proof="  ")
    assert world.on_hand("tea")["ghent"] == 9


def test_without_the_letter_somebody_says_how_they_knew_them(world):
    work = collected(world)

    hand_over(work, proof="Passport")

    assert Pickup.objects.get().proof == "Passport"
    assert status_of(work) == "delivered"


def test_it_is_handed_over_once(world):
    work = collected(world)
    first = hand_over(work, code=code_of(work))

    with pytest.raises(AlreadyShipped) as refusal:
        hand_over(work, code=code_of(work))

    assert refusal.value.shipment == first.number
    assert world.on_hand("tea")["ghent"] == 7


@pytest.mark.django_db(transaction=True)
def test_two_at_the_counter_at_once_and_it_is_given_once(world):
    work = collected(world)
    start = Barrier(4)

    def give(_person):
        start.wait()
        try:
            return hand_over(work, proof="Passport").number
        except AlreadyShipped as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(give, range(4)))

    [number] = [each for each in answers if isinstance(each, str)]
    assert [each.shipment for each in answers if not isinstance(each, str)] == [number] * 3
    assert world.on_hand("tea") == {"ghent": 7, "rotterdam": 9}


def test_before_it_is_packed_there_is_nothing_to_hand_over(world):
    world.stock("tea", ghent=1)
    work = only_work_of(world.place(tea=1, fields=AT_GHENT))

    with pytest.raises(TransitionNotAllowed):
        hand_over(work, proof="Passport")
    assert not Pickup.objects.exists()


@pytest.fixture
def counter(world):
    return world.browser(world.user("gil", role="warehouse", at=["ghent"]))


def page_text(answer):
    return " ".join(answer.content.decode().split())


def test_the_counter_finds_by_code_order_and_name(world, counter):
    work = collected(world)
    external = Order.objects.get(pk=work.order_id).external_id

    for said in (code_of(work), external, "vale", work.number, ""):
        assert work.number in page_text(counter.get("/fulfillment/pickups/", {"search": said}))
    assert work.number not in page_text(counter.get("/fulfillment/pickups/", {"search": "nobody"}))


def test_the_counter_of_another_location_sees_and_hands_over_nothing(world):
    work = collected(world)
    other = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))

    assert work.number not in page_text(other.get("/fulfillment/pickups/"))
    page = f"/fulfillment/{work.number}/hand-over/"
    assert other.get(page).status_code == 404
    assert other.post(page, {"code": code_of(work)}).status_code == 404
    sales = world.browser(world.user("sue", role="sales"))
    assert sales.post(page, {"code": code_of(work)}).status_code == 403
    assert status_of(work) == "packed"


def test_the_counter_hands_over_with_the_code_and_says_no_without(world, counter):
    work = collected(world)
    page = f"/fulfillment/{work.number}/hand-over/"

    assert counter.get(f"/fulfillment/{work.number}/ship/").headers["location"] == page
    assert "Give it to Robin Vale?" in page_text(counter.get(page))
    wrong = counter.post(page, {"code": "AAAAAA"})
    assert (wrong.status_code, "not the code" in page_text(wrong)) == (409, True)
    done = counter.post(page, {"code": code_of(work)}, follow=True)
    assert f"{work.number} is handed over." in page_text(done)
    assert status_of(work) == "delivered"
    assert counter.get(page).status_code == 302


def test_what_nobody_collected_for_a_week_is_listed_apart(world, counter):
    old, new = collected(world), collected(world)
    Pickup.objects.filter(fulfillment_order=old).update(ready_at=timezone.now() - timedelta(days=8))

    late = page_text(counter.get("/fulfillment/pickups/", {"view": "late"}))

    assert old.number in late
    assert new.number not in late


def test_the_list_costs_the_same_for_one_and_for_three(world, counter):
    def queries():
        with CaptureQueriesContext(connection) as found:
            counter.get("/fulfillment/pickups/")
        return [each["sql"] for each in found]

    collected(world, units=1)
    counter.get("/fulfillment/pickups/")
    one = queries()
    collected(world, units=1)
    collected(world, units=1)
    three = queries()

    assert len(one) == len(three)
    assert sum("fulfillment_pickup" in each for each in three) == 1


def test_a_partner_hands_over_through_the_api(world):
    work = collected(world)
    client = world.api("shop")
    address = f"/api/v1/fulfillment-orders/{work.number}"

    assert client.post(f"{address}/ship/", {}, format="json").json()["type"] == (
        "/problems/collected_here"
    )
    assert client.post(f"{address}/hand-over/", {"code": "A"}, format="json").status_code == 409
    answer = client.post(f"{address}/hand-over/", {"code": code_of(work)}, format="json")

    assert answer.json()["status"] == "delivered"
