"""Waves over the API, for a warehouse that walks with programs of its own."""

import uuid

import pytest

from fulfillment.models import FulfillmentOrder, Wave
from fulfillment.states import WaveRule
from tests.fulfillment.waving import number_of, placed, warehouse, wave

URL = "/api/v1/waves/"


@pytest.fixture
def floor(world):
    warehouse(world)
    return world


@pytest.fixture
def partner(floor):
    user = floor.user("depot", role="warehouse", at=["rotterdam"])
    return floor.api(user=user, scopes=["fulfillment"])


def send(client, verb, number="WV-1001", key="", **body):
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return client.post(f"{URL}{number}/{verb}/", body, format="json", headers=headers)


def test_a_partner_reads_the_walk_and_picks_it(floor, partner):
    floor.stock("cup", leipzig=3)
    order = floor.place(tea=2, cup=1)
    number = number_of(floor, order)
    wave(number, rule=WaveRule.CART)

    [listed] = partner.get(f"{URL}?status=open&location=rotterdam").json()["results"]
    assert (listed["number"], listed["orders"], listed["left"]) == ("WV-1001", 1, 3)
    walk = partner.get(f"{URL}WV-1001/").json()
    assert walk["stops"][0] == {
        "bin": "A-2",
        "zone": "A",
        "sku": "tea",
        "lot": "",
        "quantity": 2,
        "puts": [{"fulfillment_order": number, "tote": "", "quantity": 2}],
    }
    assert send(partner, "tote", fulfillment_order=number, tote="T-1").status_code == 200
    wrong = send(partner, "pick", fulfillment_order=number, sku="tea", quantity=1, tote="T-2")
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/wrong_tote")
    said = {"fulfillment_order": number, "sku": "tea", "quantity": 2, "tote": "T-1", "bin": "A-2"}
    first, again = (send(partner, "pick", key="k-1", **said).json() for _ in range(2))
    assert first == again
    assert (first["status"], first["picked"], first["left"]) == ("picking", 2, 1)
    assert [stop["sku"] for stop in partner.get(f"{URL}WV-1001/").json()["stops"]] == ["cup"]
    done = send(
        partner, "pick", fulfillment_order=number, sku="cup", quantity=1, reason="missing"
    ).json()

    assert (done["status"], done["picked"], done["short"]) == ("done", 2, 1)
    assert partner.get(f"{URL}WV-1001/").json()["fulfillment_orders"] == [
        {"fulfillment_order": number, "tote": "T-1", "quantity": 2, "picked": 2}
    ]
    assert [work.location.code for work in floor.works(order)] == ["rotterdam", "leipzig"]
    assert partner.get(f"{URL}?status=open").json()["results"] == []


def test_a_partner_makes_a_wave_of_what_waits_once(floor, partner):
    numbers = [placed(floor, tea=1), placed(floor, tea=1), placed(floor, tea=3)]

    def make(key, **said):
        body = {"location": "rotterdam", "rule": "cart", **said}
        return partner.post(URL, body, format="json", headers={"Idempotency-Key": key})

    first, again = make("k-1", orders=2, units=2), make("k-1", orders=2, units=2)
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["waves"] == [{"number": "WV-1001", "zone": "", "has_totes": True}]
    made = partner.get(f"{URL}WV-1001/").json()
    assert (made["orders"], made["left"], made["rule"]) == (2, 2, "cart")
    taken = make("k-2", rule="chosen", fulfillment_orders=[numbers[0]])
    assert (taken.status_code, taken.json()["type"]) == (400, "/problems/nothing_to_pick")
    make("k-3", rule="chosen", fulfillment_orders=[numbers[2]])
    assert partner.get(f"{URL}WV-1002/").json()["left"] == 3
    assert make("k-4", location="leipzig").status_code == 404
    assert make("k-5", rule="mood").status_code == 400
    seller = floor.api("shop").post(
        URL,
        {"location": "rotterdam", "rule": "cart"},
        format="json",
        headers={"Idempotency-Key": "k"},
    )
    assert seller.status_code == 404
    assert Wave.objects.count() == 2


def test_who_works_elsewhere_or_sells_sees_no_wave(floor):
    number = placed(floor, tea=1)
    wave(number)
    user = floor.user("lea", role="warehouse", at=["leipzig"])
    said = {"fulfillment_order": number, "sku": "tea", "quantity": 1}

    for client in (floor.api(user=user, scopes=["fulfillment"]), floor.api("shop")):
        assert client.get(URL).json()["results"] == []
        assert client.get(f"{URL}WV-1001/").status_code == 404
        assert send(client, "pick", **said).status_code == 404
        assert send(client, "tote", fulfillment_order=number, tote="T-1").status_code == 404
    narrow = floor.api(user=user, scopes=["orders"])
    assert narrow.get(URL).status_code == 403

    assert (Wave.objects.get().status, FulfillmentOrder.objects.get().status) == ("open", "open")


def test_nonsense_is_refused_and_nothing_moves(floor, partner):
    number = placed(floor, tea=1)
    wave(number)
    said = {"fulfillment_order": number, "sku": "tea", "quantity": 1}

    assert send(partner, "pick", **{**said, "quantity": 0}).status_code == 400
    assert send(partner, "pick", **said, color="red").status_code == 400
    assert send(partner, "pick", **{**said, "quantity": 2}).status_code == 409
    assert send(partner, "pick", **{**said, "sku": "cup"}).status_code in (400, 409)
    assert send(partner, "pick", number="WV-9", **said).status_code == 404
    assert partner.get(f"{URL}?status=nonsense").status_code == 400

    assert (Wave.objects.get().picked, FulfillmentOrder.objects.get().status) == (0, "open")


def test_lists_take_the_same_queries_for_one_wave_and_for_three(
    floor, partner, django_assert_num_queries
):
    partner.get(URL)
    wave(placed(floor, tea=1))
    with django_assert_num_queries(6):
        partner.get(URL)
    wave(placed(floor, tea=1))
    wave(placed(floor, tea=1), placed(floor, cup=1))
    with django_assert_num_queries(6):
        partner.get(URL)
