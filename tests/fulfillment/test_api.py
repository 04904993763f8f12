import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.models import FulfillmentOrder, PackingSlip, Shipment
from oms.channels.selectors import allowed_services
from tests.fulfillment.steps import (
    only_work_of,
    released,
    shipped,
    status_of,
    units_of,
)

WORK = "/api/v1/fulfillment-orders/"
SHIPMENTS = "/api/v1/shipments/"
CONTROL = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


@pytest.fixture
def partner(world):
    """A partner warehouse: a key of a person who works in Rotterdam."""
    return world.api(user=world.user("kim", role="warehouse", at=["rotterdam"]))


@pytest.fixture
def work(world):
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    return only_work_of(world.place(tea=2, cup=1))


def post(client, work, verb, body=None):
    return client.post(f"{WORK}{work.number}/{verb}/", body or {}, format="json")


def queries(call):
    """The statements of a request, the key's own look-up and transaction control left out."""
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code in (200, 201), answer.content
    said = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in said if not sql.startswith(CONTROL) and "channels_apikey" not in sql]


def test_work_goes_from_release_to_the_door_by_commands(work, partner):
    assert post(partner, work, "release").json()["status"] == "released"
    lines = [{"sku": "tea", "quantity": 2, "lot": "L1"}, {"sku": "cup", "quantity": 1}]
    assert post(partner, work, "pick", {"lines": lines}).json()["status"] == "picked"
    packages = [{"box": "M", "weight_g": 900, "lines": [{"sku": "tea", "quantity": 2}]}, {}]
    body = post(partner, work, "pack", {"packages": packages}).json()
    assert body["status"] == "packed"
    assert body["packages"] == [
        {
            "package": 1,
            "box": "M",
            "weight_g": 900,
            "expected_g": 200,
            "weight_reason": "",
            "is_closed": True,
            "lines": [{"sku": "tea", "quantity": 2, "lots": []}],
        },
        {
            "package": 2,
            "box": "",
            "weight_g": None,
            "expected_g": None,
            "weight_reason": "",
            "is_closed": True,
            "lines": [{"sku": "cup", "quantity": 1, "lots": []}],
        },
    ]
    named = {"carrier": "dhl", "service": "parcel", "tracking_number": "JD1"}
    body = post(partner, work, "ship", named).json()
    assert body["status"] == "shipped"
    [parcel] = body["shipments"]
    assert parcel["tracking_number"] == "JD1"
    event = {"status": "delivered", "occurred_at": "2026-11-21T09:00:00+01:00"}
    answer = partner.post(f"{SHIPMENTS}{parcel['number']}/events/", event, format="json")
    assert answer.status_code == 201
    assert answer.json()["status"] == "delivered"
    assert answer.json()["events"][0]["status"] == "delivered"
    assert status_of(work) == "delivered"


def test_commands_without_words_take_the_plain_way(work, partner):
    assert post(partner, work, "pick").json()["status"] == "picked"
    assert post(partner, work, "pack").json()["status"] == "packed"
    assert post(partner, work, "ship").json()["shipments"][0]["service"] == "standard"


def test_a_short_pick_needs_a_reason(work, partner):
    lines = {"lines": [{"sku": "tea", "quantity": 0}, {"sku": "cup", "quantity": 1}]}

    answer = post(partner, work, "pick", lines)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/reason_needed"
    assert answer.json()["missing"] == {"tea": 2}
    assert status_of(work) == "open"
    body = post(partner, work, "pick", {**lines, "reason": "missing"}).json()
    assert body["lines"] == [
        {
            "sku": "cup",
            "name": "Cup",
            "bin": "",
            "quantity": 1,
            "picked": 1,
            "packed": 0,
            "shipped": 0,
        }
    ]


def test_the_second_to_ship_learns_of_the_first(work, partner):
    shipment = shipped(work)

    answer = post(partner, work, "ship")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/already_shipped"
    assert answer.json()["shipment"] == shipment.number


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("pick", {"lines": [{"sku": "tea", "quantity": -1}]}),
        ("pick", {"lines": [{"sku": "tea", "quantity": True}]}),
        ("pick", {"units": 3}),
        ("pack", {"packages": [{"weight_g": "heavy"}]}),
        ("ship", {"carrier": 7}),
        ("hold", {}),
        ("move", {}),
        ("split", {"lines": []}),
        ("release", {"now": True}),
    ],
)
def test_nonsense_is_refused_and_nothing_moves(work, partner, verb, body):
    answer = post(partner, work, verb, body)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert status_of(work) == "open"
    assert units_of(work) == {"tea": (2, 0, 0, 0), "cup": (1, 0, 0, 0)}


def test_work_of_other_locations_does_not_exist_for_a_partner(world, work):
    stranger = world.api(user=world.user("lee", role="warehouse", at=["leipzig"]))

    for verb in ("release", "pick", "pack", "ship", "reject", "unhold"):
        assert post(stranger, work, verb).status_code == 404
    assert stranger.get(WORK).json()["results"] == []
    assert stranger.get(f"{WORK}{work.number}/").status_code == 404
    assert stranger.get(f"{WORK}{work.number}/packing-slip.pdf").status_code == 404
    assert status_of(work) == "open"
    assert not PackingSlip.objects.exists()


def test_a_channel_sees_the_work_for_its_own_orders_only(world, work):
    ours, theirs = world.api("shop"), world.api("other")

    assert [row["number"] for row in ours.get(WORK).json()["results"]] == [work.number]
    assert theirs.get(WORK).json()["results"] == []
    assert theirs.get(f"{WORK}{work.number}/").status_code == 404


def test_a_key_without_the_scope_is_refused(world, work):
    client = world.api("shop", scopes=["orders"])

    assert client.get(WORK).status_code == 403
    assert post(client, work, "pick").status_code == 403
    assert status_of(work) == "open"


def test_lists_are_filtered_by_place_and_status(world, work, partner):
    world.stock("pot", leipzig=1)
    other = only_work_of(world.place(pot=1))
    everyone = world.api("shop")
    released(work)

    def numbers(query):
        return [row["number"] for row in everyone.get(f"{WORK}?{query}").json()["results"]]

    assert numbers("") == [other.number, work.number]
    assert numbers("location=leipzig") == [other.number]
    assert numbers("status=released") == [work.number]
    assert numbers(f"order={other.order.number}") == [other.number]
    assert everyone.get(f"{WORK}?status=lost").status_code == 400


def test_held_moved_and_split_work(world, work, partner):
    world.stock("tea", leipzig=9)
    world.stock("cup", leipzig=9)
    assert post(partner, work, "hold", {"reason": "Forklift"}).json()["hold"] == "Forklift"
    answer = post(partner, work, "pick")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/on_hold")
    assert post(partner, work, "unhold").json()["hold"] is None
    new = post(partner, work, "split", {"lines": [{"sku": "tea", "quantity": 1}]}).json()
    assert new["lines"][0]["quantity"] == 1
    assert post(partner, work, "move", {"location": "leipzig"}).json()["location"] == "leipzig"
    assert post(partner, work, "move", {"location": "rotterdam"}).status_code == 404


def test_the_reason_of_a_rejection_is_kept(work, partner):
    assert post(partner, work, "reject", {"reason": "closed"}).json()["status"] == "rejected"


def test_why_a_location_serves_an_order_can_be_read(world, work):
    answer = world.api("shop").get(f"/api/v1/orders/{work.order.number}/sourcing/")

    [decision] = answer.json()["decisions"]
    assert decision["reason"].startswith("Rotterdam is the closest location")
    assert decision["candidates"][0]["location"] == "rotterdam"
    assert decision["candidates"][0]["chosen"] is True
    assert decision["decided_by"] == {
        "version": 0,
        "routing": "Everything",
        "step": "Closest that has everything",
        "found": "single",
        "is_proven": True,
    }
    other = world.api("other").get(f"/api/v1/orders/{work.order.number}/sourcing/")
    assert other.status_code == 404


def test_an_unknown_shipment_is_a_404(partner):
    assert partner.get(f"{SHIPMENTS}SH-1-1/").status_code == 404
    answer = partner.post(f"{SHIPMENTS}SH-1-1/events/", {"status": "delivered"}, format="json")
    assert answer.status_code == 404


def counted(client, work, verb):
    """How many statements a command takes, all of them but the frames of the transaction."""
    with CaptureQueriesContext(connection) as captured:
        answer = post(client, work, verb)
    assert answer.status_code == 200, answer.content
    said = [query["sql"] for query in captured.captured_queries]
    return len([sql for sql in said if not sql.startswith(CONTROL)])


@pytest.mark.parametrize("lines", [1, 3])
def test_picking_packing_and_shipping_take_few_queries(world, lines):
    units = dict.fromkeys(("tea", "cup", "jar")[:lines], 2)
    for sku in units:
        world.stock(sku, rotterdam=9)
    work = only_work_of(world.place(**units))
    client = world.api("shop")
    allowed_services(work.order.channel_id)  # kept in the process

    assert [counted(client, work, verb) for verb in ("pick", "pack", "ship")] == [12, 9, 12]


def test_a_list_of_work_costs_the_same_for_one_and_for_three(world):
    world.stock("tea", rotterdam=9)
    client = world.api("shop")

    for count in (1, 3):
        while FulfillmentOrder.objects.count() < count:
            shipped(only_work_of(world.place(tea=1)))
        assert len(queries(lambda: client.get(WORK))) == 2
        assert len(queries(lambda: client.get(SHIPMENTS))) == 2
        assert Shipment.objects.count() == count
