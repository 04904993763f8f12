"""Collecting at a location: served there alone, and told with a code."""

import pytest
from django.core import mail
from django.utils import timezone

from fulfillment import services
from fulfillment.errors import CollectedHere, NotCollected, UnknownPickupLocation, WrongPickupCode
from fulfillment.models import Pickup, Shipment, SourcingDecision
from fulfillment.rules.pickups import new_code, same_code
from inventory import services as inventory
from oms.core.actors import SYSTEM
from oms.core.jobs import drain
from oms.core.models import EventRecord
from orders.models import Order
from orders.selectors import status_url
from tests.fulfillment.collecting import AT_GHENT, code_of, collected, hand_over
from tests.fulfillment.steps import (
    KIM,
    counters,
    only_work_of,
    packed,
    status_of,
    work_of,
)


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
