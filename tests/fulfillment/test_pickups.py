"""Collecting at a location: served there alone, told with a code, handed over once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment import services
from fulfillment.errors import (
    AlreadyShipped,
    CollectedHere,
    NotCollected,
    ProofNeeded,
    UnknownPickupLocation,
    WrongPickupCode,
)
from fulfillment.models import Pickup, Shipment, SourcingDecision
from fulfillment.rules.pickups import new_code, same_code
from inventory import services as inventory
from oms.core.actors import SYSTEM
from oms.core.jobs import drain
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders.models import Order
from orders.selectors import status_url
from tests.fulfillment.steps import (
    KIM,
    counters,
    only_work_of,
    packed,
    status_of,
    units_of,
    work_of,
)

AT_GHENT = {"shipping": {"method": "pickup", "pickup_location": "ghent"}}


def collected(world, units=2, **fields):
    """Work that the customer collects at Ghent, packed."""
    world.stock("tea", rotterdam=9, ghent=9)
    work = only_work_of(world.place(tea=units, fields={**AT_GHENT, **fields}))
    packed(work)
    return work


def hand_over(work, **said):
    return services.hand_over(number=work.number, by=KIM, at=timezone.now(), **said)


def code_of(work):
    return Pickup.objects.get(fulfillment_order=work).code


def refused(work, error, **said):
    with pytest.raises(error):
        hand_over(work, **said)
    assert status_of(work) == "packed"
    assert not Shipment.objects.exists()
    assert Pickup.objects.get().handed_over_at is None


def arrives(world, **units):
    [(place, count)] = units.items()
    inventory.receive(
        arrivals=[inventory.Arrival(world.sku("tea"), world.location(place), count)],
        reference="delivery",
        by=SYSTEM,
        at=timezone.now(),
    )


def test_it_is_served_where_it_is_collected_however_near_others_are(world):
    world.stock("tea", rotterdam=9, leipzig=2)

    order = world.place(
        tea=2, fields={"shipping": {"method": "pickup", "pickup_location": "leipzig"}}
    )

    work = only_work_of(order)
    assert (work.location.code, work.service) == ("leipzig", "pickup")
    assert work.ship_to.lines == ["Robin Vale", "Leipzig", "04109 Leipzig"]
    assert SourcingDecision.objects.get().reason.startswith("Collected at Leipzig. ")
    answer = world.api("shop").get(f"/api/v1/orders/{order.number}/").json()
    assert answer["shipping"]["pickup_location"] == "leipzig"


def test_the_location_can_be_named_in_the_metadata_too(world):
    world.stock("tea", rotterdam=9, ghent=2)
    named = {"shipping": {"method": "pickup"}, "metadata": {"pickup_location": "ghent"}}

    assert only_work_of(world.place(tea=2, fields=named)).location.code == "ghent"


@pytest.mark.parametrize("named", [{}, {"pickup_location": "mars"}])
def test_a_location_that_nobody_knows_is_refused_and_nothing_is_placed(world, named):
    world.stock("tea", rotterdam=9)
    body = world.order_body("W-1", tea=1, fields={"shipping": {"method": "pickup", **named}})

    answer = world.api("shop").post(
        "/api/v1/orders/", body, format="json", headers={"Idempotency-Key": "w-1"}
    )

    assert (answer.status_code, answer.json()["type"]) == (
        400,
        "/problems/unknown_pickup_location",
    )
    assert not Order.objects.exists()
    assert world.available("tea") == {"rotterdam": 9}
    with pytest.raises(UnknownPickupLocation):
        world.place(tea=1, fields={"shipping": {"method": "pickup", **named}})


def test_what_lacks_waits_there_and_other_places_do_not_serve_it(world):
    world.stock("tea", rotterdam=9, ghent=1)
    order = world.place(tea=3, fields=AT_GHENT)
    assert counters(order) == {"tea": {"allocated": 1, "backordered": 2}}

    arrives(world, rotterdam=5)
    assert counters(order) == {"tea": {"allocated": 1, "backordered": 2}}
    arrives(world, ghent=5)

    assert counters(order) == {"tea": {"allocated": 3}}
    assert [work.location.code for work in work_of(order)] == ["ghent", "ghent"]


def test_who_waits_to_collect_keeps_nobody_behind_them_waiting(world):
    world.stock("tea", rotterdam=0, ghent=0)
    first = world.place(tea=5, fields=AT_GHENT)
    second = world.place(tea=5)

    arrives(world, rotterdam=5)

    assert counters(first) == {"tea": {"backordered": 5}}
    assert counters(second) == {"tea": {"allocated": 5}}


def test_packed_it_is_ready_and_the_customer_gets_the_code(world):
    work = collected(world)
    drain("mail")

    letter = mail.outbox[-1]
    assert letter.to == ["robin@example.com"]
    assert "is ready for you at Ghent" in letter.subject
    assert code_of(work) in letter.body
    assert EventRecord.objects.filter(name="fulfillment_order.ready_for_pickup").count() == 1
    assert code_of(work) not in str(list(EventRecord.objects.values_list("payload", flat=True)))


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


def test_it_leaves_with_no_carrier_and_moves_nowhere(world):
    work = collected(world)

    with pytest.raises(CollectedHere):
        services.ship(number=work.number, by=KIM, at=timezone.now())
    other = only_work_of(world.place(tea=1, fields=AT_GHENT))
    with pytest.raises(CollectedHere):
        services.move_work(number=other.number, location="rotterdam", by=KIM, at=timezone.now())
    assert not Shipment.objects.exists()


def test_what_goes_with_a_carrier_is_not_handed_over(world):
    world.stock("tea", rotterdam=1)
    work = only_work_of(world.place(tea=1))
    packed(work)

    with pytest.raises(NotCollected):
        hand_over(work, proof="Passport")
    assert status_of(work) == "packed"


def test_before_it_is_packed_there_is_nothing_to_hand_over(world):
    world.stock("tea", ghent=1)
    work = only_work_of(world.place(tea=1, fields=AT_GHENT))

    with pytest.raises(TransitionNotAllowed):
        hand_over(work, proof="Passport")
    assert not Pickup.objects.exists()


def test_unpacked_it_waits_no_more_and_packed_anew_it_has_another_code(world):
    work = collected(world)
    before = code_of(work)
    services.unpack(number=work.number, by=KIM, at=timezone.now())
    assert not Pickup.objects.exists()

    services.pack(number=work.number, by=KIM, at=timezone.now())

    assert code_of(work) != before
    with pytest.raises(WrongPickupCode):
        hand_over(work, code=before)


def test_codes_are_easy_to_read_out_and_compared_as_people_type_them():
    assert len({new_code() for _ in range(200)}) == 200
    assert same_code(" k4t-m9x", "K4TM9X")
    assert not same_code("", "K4TM9X")


def test_the_customers_page_says_where_and_when_to_collect(world, client):
    world.stock("tea", ghent=9)
    work = only_work_of(world.place(tea=2, fields=AT_GHENT))
    address = "/s/" + status_url(work.order).split("/s/", 1)[1]

    def text():
        return " ".join(client.get(address, follow=True).content.decode().split())

    assert "You collect it at Ghent." in text()
    assert "We write to you when it is ready" in text()
    packed(work)
    ready = text()
    assert "It is ready for you" in ready
    assert "Ready for you at Ghent" in ready
    assert code_of(work) not in ready
    hand_over(work, code=code_of(work))
    assert "You collected it on" in text()


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


def test_an_own_address_of_an_order_that_is_collected_gets_a_parcel(world):
    world.stock("tea", rotterdam=9, ghent=9)
    own = {**world.order_body("x", tea=1)["shipping_address"], "city": "Bruges"}
    lines = [
        {"sku": "tea", "quantity": 1, "unit_price": "1.00"},
        {"sku": "tea", "quantity": 2, "unit_price": "1.00", "ship_to": own},
    ]

    order = world.place(tea=1, fields={**AT_GHENT, "lines": lines})

    works = {work.is_pickup: work for work in work_of(order)}
    assert works[True].location.code == "ghent"
    assert works[False].ship_to.city == "Bruges"
    packed(works[False])
    assert status_of(works[False]) == "packed"


@pytest.mark.parametrize(
    ("placed", "action"),
    [
        (AT_GHENT, {"type": "set_service", "service": "standard"}),
        ({}, {"type": "set_service", "service": "pickup"}),
        (AT_GHENT, {"type": "set_address"}),
    ],
)
def test_an_order_is_not_changed_into_a_pickup_nor_out_of_one(world, placed, action):
    world.stock("tea", rotterdam=9, ghent=9)
    order = world.place(tea=1, fields=placed)
    if action["type"] == "set_address":
        action = {**action, "address": world.order_body("x", tea=1)["shipping_address"]}

    answer = world.api("shop").post(
        f"/api/v1/orders/{order.number}/changes/",
        {"actions": [action]},
        format="json",
        headers={"Idempotency-Key": "change-1"},
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/pickup_stays")
    assert only_work_of(order).service == ((placed and "pickup") or "")
