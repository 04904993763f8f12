"""Endpoints by API: a channel's own, their secrets, and what is refused."""

import pytest

from oms.channels.models import IdempotencyRecord
from oms.core.models import EventRecord
from oms.messaging.models import WebhookDelivery, WebhookEndpoint
from oms.messaging.services.relaying import relay
from tests.messaging.receiving import tell

pytestmark = pytest.mark.django_db
ENDPOINTS = "/api/v1/webhook-endpoints/"
URL = "https://hooks.example.com/oms"


def post(client, path, body, key="k-1"):
    return client.post(path, body, format="json", headers={"Idempotency-Key": key})


def add(client, key="k-1", **body):
    answer = post(client, ENDPOINTS, {"url": URL, **body}, key)
    assert answer.status_code == 201, answer.content
    return answer.json()


def problem(answer):
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_an_endpoint_is_added_and_its_secret_shown_in_that_answer_alone(world):
    client = world.api("shop")

    made = add(client, events=["order.placed", "shipment.shipped"], description="Accounting")

    assert made["id"].startswith("we_")
    assert made["secret"].startswith("whsec_")
    assert made["events"] == ["order.placed", "shipment.shipped"]
    assert (made["channel"], made["status"]) == ("shop", "enabled")
    shown = client.get(f"{ENDPOINTS}{made['id']}/").json()
    assert shown == {key: value for key, value in made.items() if key != "secret"}
    [kept] = IdempotencyRecord.objects.all()
    assert "whsec_" not in kept.body
    fact = EventRecord.objects.get(name="webhook_endpoint.added")
    assert (fact.thread, fact.actor) == (made["id"], "channel:shop")
    assert "whsec_" not in str(fact.payload)


def test_the_same_request_twice_adds_one_endpoint_and_answers_with_its_secret_twice(world):
    client = world.api("shop")
    first = add(client)

    again = post(client, ENDPOINTS, {"url": URL})

    assert again.status_code == 200
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first
    assert WebhookEndpoint.objects.count() == 1


def test_adding_needs_a_key_for_repeats(world):
    answer = world.api("shop").post(ENDPOINTS, {"url": URL}, format="json")

    assert problem(answer) == (400, "key_missing")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/oms",
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://0/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://user@hooks.example.com/",
        "https://hooks.example.com:22/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "https://localhost./",
        "https://db.internal/",
        "hooks.example.com",
    ],
)
def test_an_address_that_could_lead_inside_is_refused(world, url):
    answer = post(world.api("shop"), ENDPOINTS, {"url": url})

    assert problem(answer) == (400, "address_not_allowed")
    assert not WebhookEndpoint.objects.exists()


def test_a_host_that_is_excepted_may_be_called_without_encryption(world, settings):
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1:9100"]

    assert add(world.api("shop"), url="http://127.0.0.1:9100/hooks")["status"] == "enabled"


@pytest.mark.parametrize(
    ("body", "type_of_problem"),
    [
        ({"events": ["order.exploded"]}, "unknown_event_type"),
        ({"secret": "whsec_mine"}, "unknown_field"),
        ({"channel": "other"}, "unknown_field"),
        ({"events": "order.placed"}, "invalid"),
    ],
)
def test_what_is_not_in_order_is_refused(world, body, type_of_problem):
    answer = post(world.api("shop"), ENDPOINTS, {"url": URL, **body})

    assert problem(answer) == (400, type_of_problem)
    assert not WebhookEndpoint.objects.exists()


def test_there_is_an_end_to_endpoints(world, monkeypatch):
    monkeypatch.setattr("oms.messaging.services.endpoints.MOST", 2)
    client = world.api("shop")
    add(client, key="k-1")
    add(client, key="k-2")

    assert problem(post(client, ENDPOINTS, {"url": URL}, "k-3")) == (409, "too_many_endpoints")
    assert WebhookEndpoint.objects.count() == 2


def test_another_channels_endpoint_is_not_there(world):
    made = add(world.api("shop"))
    other = world.api("other")
    path = f"{ENDPOINTS}{made['id']}/"

    answers = [
        other.get(path),
        other.patch(path, {"description": "mine"}, format="json"),
        other.delete(path),
        other.post(f"{path}rotate-secret/"),
        other.post(f"{path}ping/"),
        other.post(f"{path}replay/", {"since": 1}, format="json"),
    ]

    assert {problem(each) for each in answers} == {(404, "endpoint_not_found")}
    assert other.get(ENDPOINTS).json()["results"] == []
    assert WebhookEndpoint.objects.get().state == "enabled"


def test_a_persons_key_manages_those_of_the_house_if_the_person_may(world):
    ada, oli = world.user("ada", role="administrator"), world.user("oli", role="operations")
    add(world.api("shop"))

    made = add(world.api(user=ada))
    listed = world.api(user=oli).get(ENDPOINTS).json()["results"]
    refused = world.api(user=oli).delete(f"{ENDPOINTS}{made['id']}/")

    assert made["channel"] is None
    assert [each["channel"] for each in listed] == [None, "shop"]
    assert problem(refused) == (403, "permission_missing")
    kim = world.api(user=world.user("kim", role="warehouse"))
    assert problem(kim.get(ENDPOINTS)) == (403, "permission_missing")


def test_an_endpoint_is_changed_switched_and_removed(world):
    client = world.api("shop")
    path = f"{ENDPOINTS}{add(client)['id']}/"

    changed = client.patch(
        path, {"events": ["order.held"], "status": "disabled"}, format="json"
    ).json()
    assert (changed["events"], changed["status"]) == (["order.held"], "disabled")
    assert problem(client.post(f"{path}ping/")) == (409, "endpoint_is_off")
    again = client.patch(path, {"status": "disabled"}, format="json")
    assert again.status_code == 200
    inside = client.patch(path, {"url": "https://10.0.0.1/"}, format="json")
    assert problem(inside) == (400, "address_not_allowed")

    assert client.patch(path, {"status": "enabled"}, format="json").json()["status"] == "enabled"
    assert client.delete(path).status_code == 204
    assert problem(client.get(path)) == (404, "endpoint_not_found")
    assert client.get(ENDPOINTS).json()["results"] == []
    told = EventRecord.objects.filter(name__startswith="webhook_endpoint.").order_by("id")
    names = told.values_list("name", flat=True)
    assert [each.removeprefix("webhook_endpoint.") for each in names] == [
        "added",
        "changed",
        "disabled",
        "enabled",
        "removed",
    ]


def test_a_secret_is_rotated_and_the_first_answer_tells_the_old_one_no_more(world):
    client = world.api("shop")
    first = add(client)

    rotated = client.post(f"{ENDPOINTS}{first['id']}/rotate-secret/").json()

    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != first["secret"]
    assert rotated["previous_valid_until"]
    assert "secret" not in post(client, ENDPOINTS, {"url": URL}).json()


def test_one_event_is_replayed_to_the_channels_own_endpoints(world):
    world.stock("tea", rotterdam=9)
    client = world.api("shop")
    wanting = add(client, key="k-1", events=["order.placed"])
    add(client, key="k-2", events=["order.held"])
    add(world.api("other"), key="k-3")
    world.place("W-1", tea=1)
    relay()
    WebhookDelivery.objects.update(state="delivered")
    [placed] = client.get("/api/v1/events/", {"type": "order.placed"}).json()["results"]

    answer = client.post(f"/api/v1/events/{placed['id']}/replay/")

    assert answer.status_code == 202
    assert answer.json() == {"id": placed["id"], "endpoints": [wanting["id"]]}
    [waiting] = WebhookDelivery.objects.filter(state="waiting")
    assert waiting.event_id == placed["sequence"]
    foreign = world.api("other").post(f"/api/v1/events/{placed['id']}/replay/")
    assert problem(foreign) == (404, "event_not_found")
    elsewhere = client.post(
        f"/api/v1/events/{placed['id']}/replay/", {"endpoint": "we_00"}, format="json"
    )
    assert problem(elsewhere) == (404, "endpoint_not_found")


def test_a_range_is_replayed_to_one_endpoint_up_to_a_limit(world, monkeypatch):
    monkeypatch.setattr("oms.messaging.services.replaying.MOST", 2)
    client = world.api(user=world.user("ada", role="administrator"))
    tell("SO-1", "SO-2", "SO-3", "SO-4")
    relay()
    path = f"{ENDPOINTS}{add(client)['id']}/replay/"

    first = client.post(path, {"since": 2}, format="json").json()
    second = client.post(path, {"since": first["next"]}, format="json").json()

    assert first == {"replayed": 2, "next": 4}
    assert second["replayed"] == 1
    assert list(WebhookDelivery.objects.order_by("event").values_list("event", flat=True)) == [
        2,
        3,
        4,
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_one_as_for_three(
    world, django_assert_num_queries, count
):
    client = world.api("shop")
    for number in range(count):
        add(client, key=f"k-{number}")
    tell(*["SO-1"] * count)
    relay()

    with django_assert_num_queries(3):
        assert len(client.get(ENDPOINTS).json()["results"]) == count


def test_a_key_without_the_scope_is_refused(world):
    assert problem(world.api("shop", scopes=["orders"]).get(ENDPOINTS)) == (403, "scope_missing")
