"""What channels send, and what others send in their name (E1 to E9)."""

import base64
import json
import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from oms.channels import states
from oms.channels.models import InboundMessage
from oms.channels.services import reprocess_message, reprocess_quarantined
from oms.core.actors import SYSTEM
from oms.core.models import Job
from oms.messaging.models import Notice
from orders.adapters.parts import Reading
from orders.services import following
from tests.orders.inbound import give_secret, post, send, signed, traffic, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(world):
    channel = world.channel("shop")
    give_secret("shop")
    return channel


@pytest.fixture
def taken(monkeypatch):
    """What was handed over to be followed, in its order."""
    found = []

    def take_in(*, channel, reports, message):
        found.append((channel.slug, [report.order for report in reports], message.number))

    monkeypatch.setattr(following, "take_in", take_in)
    return found


def problem_of(response):
    assert response["Content-Type"] == "application/problem+json"
    return response.json()["type"].removeprefix("/problems/")


# E1


def spoilt(world):
    body = json.dumps(world.order_body("1001", tea=1)).encode()
    other = body.replace(b"1001", b"1002")
    return {
        "no signature": (body, {}),
        "a bad one": (body, {**signed(body), "webhook-signature": "v1,bm90IGl0"}),
        "nonsense": (body, {**signed(body), "webhook-signature": "\xff v1, v2,x ,"}),
        "another version": (
            body,
            {**signed(body), "webhook-signature": signed(body)["webhook-signature"][1:]},
        ),
        "another secret": (body, signed(body, secrets=["guessed"])),
        "another body": (other, signed(body)),
        "another id": (body, {**signed(body), "webhook-id": "msg_2"}),
        "another time": (body, {**signed(body), "webhook-timestamp": "1764000000"}),
        "no time": (body, {**signed(body), "webhook-timestamp": "now"}),
    }


def test_what_is_not_proven_is_refused_and_only_counted(world, shop):
    cases = spoilt(world)
    for name, (body, headers) in cases.items():
        response = send(body, headers)
        assert response.status_code == 401, name
        assert problem_of(response) == "signature_invalid", name
        assert response["WWW-Authenticate"] == "Bearer"

    assert not InboundMessage.objects.exists()
    assert not Job.objects.filter(kind="inbound").exists()
    assert traffic() == {"refused": len(cases)}


def test_a_channel_without_a_secret_believes_no_signature_at_all(world):
    world.channel("shop")
    body = b"{}"
    assert send(body, signed(body, secrets=[""])).status_code == 401
    assert send(body, {}).status_code == 401
    assert not InboundMessage.objects.exists()


def test_a_key_of_the_channel_is_proof_where_nothing_is_signed(world, shop, taken):
    body = json.dumps(world.order_body("1001", tea=1)).encode()
    key = world.api("shop", scopes=["orders"])._credentials["HTTP_AUTHORIZATION"]

    assert send(body, {"authorization": key}).status_code == 200
    kept = InboundMessage.objects.get()
    assert "authorization" not in kept.headers
    assert key.split()[1] not in json.dumps(kept.headers)


def test_a_key_of_another_channel_or_for_other_things_proves_nothing(world, shop):
    stranger = world.user("sam", role="administrator")
    keys = {
        "another channel": world.api("market", scopes=["orders"]),
        "another scope": world.api("shop", scopes=["stock"]),
        "a person": world.api(scopes=["orders"], user=stranger),
    }
    for name, client in keys.items():
        key = client._credentials["HTTP_AUTHORIZATION"]
        assert send(b"{}", {"authorization": key}).status_code == 401, name
    assert not InboundMessage.objects.exists()


def test_a_key_is_proof_too_for_a_channel_that_signs_in_with_a_password(world, shop, taken):
    channel = world.channel("pull")
    channel.adapter = "shipstation"
    channel.save()
    give_secret("pull", "a password of theirs")
    key = world.api("pull", scopes=["orders"])._credentials["HTTP_AUTHORIZATION"]
    basic = base64.b64encode(b"anyone:a password of theirs").decode()
    guessed = base64.b64encode(b"anyone:guessed").decode()

    def status(proof):
        return send(b"<Orders/>", {"authorization": proof}, "pull", "application/xml").status_code

    assert [status(key), status(f"Basic {basic}")] == [200, 200]
    assert [status(f"Basic {guessed}"), status(f"Bearer {'x' * 43}")] == [401, 401]


def test_a_key_does_not_save_a_signature_that_is_wrong(world, shop):
    key = world.api("shop", scopes=["orders"])._credentials["HTTP_AUTHORIZATION"]
    headers = {**signed(b"{}", secrets=["guessed"]), "authorization": key}
    assert send(b"{}", headers).status_code == 401
    assert not InboundMessage.objects.exists()


def test_there_is_no_door_for_channels_that_are_unknown_or_off(world, shop):
    assert problem_of(post({}, channel="nobody")) == "channel_not_found"
    shop.is_active = False
    shop.save()
    assert post({}).status_code == 404
    assert not InboundMessage.objects.exists()


def test_a_body_that_is_too_large_is_refused(shop, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = post(b"x" * 1001)
    assert (response.status_code, problem_of(response)) == (413, "too_large")
    assert not InboundMessage.objects.exists()


# E2


def test_the_same_message_again_is_answered_alike_and_has_no_effect(world, shop, taken):
    body = world.order_body("1001", tea=1)
    first = post(body)
    work()
    again = post(body)
    work()

    number = InboundMessage.objects.get().number
    assert (first.status_code, first.json()) == (200, {"number": number, "state": "stored"})
    assert (again.status_code, again.json()) == (200, {"number": number, "state": "applied"})
    assert taken == [("shop", ["1001"], number)]
    assert traffic() == {"accepted": 1, "duplicate": 1}


def test_a_message_without_an_id_is_known_by_what_it_says(world, shop, taken):
    key = {"authorization": world.api("shop")._credentials["HTTP_AUTHORIZATION"]}
    body = world.order_body("1001", tea=1)
    numbers = [send(body, key).json()["number"] for _ in range(2)]
    other = send(world.order_body("1002", tea=1), key).json()["number"]
    assert numbers[0] == numbers[1] != other
    assert InboundMessage.objects.count() == 2


def test_one_id_in_two_channels_is_two_messages(world, shop, taken):
    world.channel("market")
    give_secret("market")
    body = world.order_body("1001", tea=1)
    assert post(body).json()["number"] != post(body, channel="market").json()["number"]


# E3


@pytest.mark.parametrize("ago", [360, -360])
def test_what_was_signed_too_long_ago_or_in_the_future_is_stale(world, shop, ago):
    response = post(world.order_body("1001", tea=1), ago=ago)
    assert (response.status_code, problem_of(response)) == (401, "stale")
    assert not InboundMessage.objects.exists()
    assert traffic() == {"stale": 1}


def test_four_minutes_are_near_enough(world, shop):
    assert post(world.order_body("1001", tea=1), ago=240).status_code == 200


# E5


def test_one_id_for_two_bodies_is_a_conflict_and_is_logged(world, shop, taken, caplog):
    post(world.order_body("1001", tea=1))
    with caplog.at_level(logging.WARNING, logger="oms.security"):
        response = post(world.order_body("1001", tea=2))

    kept = InboundMessage.objects.get()
    assert (response.status_code, problem_of(response)) == (409, "message_differs")
    assert response.json()["number"] == kept.number
    assert bytes(kept.body) == json.dumps(world.order_body("1001", tea=1)).encode()
    [line] = [record.getMessage() for record in caplog.records if record.name == "oms.security"]
    assert kept.number in line
    assert "msg_1" in line
    assert traffic() == {"accepted": 1, "conflict": 1}


# E6


def test_a_type_that_is_not_known_is_kept_and_ignored(shop, taken):
    event = {"type": "cart.filled", "timestamp": "2026-11-20T12:00:00Z", "data": {"units": 3}}
    response = post(event)
    work()

    kept = InboundMessage.objects.get()
    assert (response.status_code, response.json()["state"]) == (200, "ignored")
    assert (kept.state, kept.topic) == ("ignored", "cart.filled")
    assert kept.problem == "Nothing is done about messages of the type cart.filled."
    assert taken == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "The body is not JSON"),
        (b"\xff\xfe", "The body is not UTF-8."),
        (b'{"external_id": "1", "external_id": "2"}', "stands twice"),
        (b"[" * 100, "deeper than 32"),
        (b'"\\u0000"', "NUL"),
        (b"[]", "The body is not a JSON object."),
        (b"{}", "/external_id: "),
        (b'{"type": "order.placed", "data": {}}', "/timestamp: "),
        (b'{"type": "order.placed\\u0001", "timestamp": 1, "data": {"a": 1}}', "/type: "),
    ],
)
def test_what_cannot_be_read_is_kept_in_quarantine_with_the_reason(shop, taken, body, words):
    response = post(body)
    work()

    kept = InboundMessage.objects.get()
    assert (response.status_code, response.json()["state"]) == (200, "quarantined")
    assert (kept.state, bytes(kept.body)) == ("quarantined", body)
    assert words in kept.problem
    assert taken == []
    assert traffic() == {"accepted": 1, "quarantined": 1}


# E7


def fail_always(*, channel, reports, message):
    raise RuntimeError("The books are closed.")


def drain_until_dead():
    while Job.objects.filter(kind="inbound", state="waiting").update(due_at="2000-01-01T00:00Z"):
        work()


def test_a_handler_that_fails_is_tried_again_then_laid_aside_and_told(world, shop, monkeypatch):
    clerk = world.user("olga", role="operations")
    monkeypatch.setattr(following, "take_in", fail_always)
    response = post(world.order_body("1001", tea=1))
    work()
    message = InboundMessage.objects.get()
    assert (response.status_code, response.json()["state"], message.state) == (
        200,
        "stored",
        "stored",
    )
    assert Job.objects.get(kind="inbound").attempts == 1

    drain_until_dead()

    message.refresh_from_db()
    assert Job.objects.get(kind="inbound").state == "dead"
    assert (message.state, message.attempts) == ("quarantined", 8)
    assert message.problem == "RuntimeError: The books are closed."
    assert message.orders == ["1001"]
    notice = Notice.objects.get()
    assert notice.subject == f"Shop: {message.number} could not be carried out"
    assert list(notice.copies.values_list("user", flat=True)) == [clerk.pk]


def test_after_a_fix_a_dead_message_is_processed_again_from_its_bytes(world, shop, monkeypatch):
    monkeypatch.setattr(following, "take_in", fail_always)
    post(world.order_body("1001", tea=1))
    drain_until_dead()
    taken = []
    monkeypatch.setattr(following, "take_in", lambda **said: taken.append(said["message"].number))
    [message] = InboundMessage.objects.all()

    for _ in range(3):
        reprocess_message(number=message.number, by=SYSTEM, at=timezone.now())
    work()

    message.refresh_from_db()
    assert (message.state, message.problem, message.asked) == ("applied", "", 4)
    assert taken == [message.number]
    assert not Job.objects.filter(kind="inbound").exists()


def test_all_that_is_quarantined_of_a_channel_is_processed_again_at_once(world, shop, monkeypatch):
    broken = {"type": "order.placed", "timestamp": "2026-11-20T12:00:00Z", "data": {"a": 1}}
    for number in range(3):
        post(broken, message_id=f"msg_{number}")
    post(b"[]", message_id="other")
    monkeypatch.setattr("orders.adapters.native.Native.read", lambda *_: Reading(ignored="Old."))

    assert (
        reprocess_quarantined(channel="shop", topic="order.placed", by=SYSTEM, at=timezone.now())
        == 3
    )
    assert reprocess_quarantined(channel="market", by=SYSTEM, at=timezone.now()) == 0
    work()

    states = InboundMessage.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["ignored", "ignored", "ignored", "quarantined"]


def test_asked_for_again_while_it_is_being_processed_it_is_processed_again(
    world, shop, monkeypatch
):
    seen = []

    def take_in(*, channel, reports, message):
        seen.append(message.number)
        if len(seen) == 1:
            reprocess_message(number=message.number, by=SYSTEM, at=timezone.now())

    monkeypatch.setattr(following, "take_in", take_in)
    post(world.order_body("1001", tea=1))
    work()

    assert len(seen) == 2
    assert InboundMessage.objects.get().state == "applied"
    assert not Job.objects.filter(kind="inbound").exists()


# E8


def test_a_signature_is_over_the_bytes_not_over_what_they_mean(world, shop):
    told = world.order_body("1001", tea=1)
    sent = json.dumps(told, indent=2).encode()
    again = json.dumps(json.loads(sent)).encode()
    assert again != sent
    assert send(sent, signed(again)).status_code == 401
    assert send(sent, signed(sent)).status_code == 200


# E9


def test_while_a_secret_is_replaced_both_count_and_then_only_the_new_one(world, shop):
    def status(number, *secrets):
        body = world.order_body(f"10{number}", tea=1)
        return post(body, secrets=secrets, message_id=f"msg_{number}").status_code

    old, new = "whsec-of-the-shop", "whsec-of-next-year"
    give_secret("shop", new, overlap=timedelta(hours=1))
    assert [status(1, old), status(2, new), status(3, "guessed", new)] == [200, 200, 200]

    shop.secrets.filter(ends_at__isnull=False).update(ends_at=timezone.now())
    assert [status(4, old), status(5, new), status(6, old, new)] == [401, 200, 200]


# Whatever comes, in whatever language


SPOILT = [
    b"",
    b"\0",
    b"null",
    b'"text"',
    b"[[[[{}]]]]",
    b'{"id": 1e400, "order": {"id": null}, "orders": [7], "data": [], "type": {}}',
    b'{"id": "\\ud800", "topic": "\\u0000", "order": {"line_items": {"a": [1]}}}',
    b'{"AmazonOrderId": ["x"], "payload": {"Orders": 3}, "resource": {"type": 1}}',
    b"<Orders><Order><OrderID/></Order>",
    b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><Orders>&c;</Orders>',
    b"\xfe\xff\x00<\x00a",
    b"{" * 5000,
]
STRANGE = {
    "x-shopify-topic": "orders/create\xff",
    "x-shopify-webhook-id": "w" * 5000,
    "x-wc-webhook-topic": "order.updated",
    "x-wc-webhook-delivery-id": "\xe9\xff",
    "webhook-id": "m" * 3000,
}


EVERY = [
    each if each == "shopify" else pytest.param(each, marks=pytest.mark.full)
    for each in states.Adapter.values
]


@pytest.mark.parametrize("adapter", EVERY)
def test_no_body_and_no_header_brings_a_door_down(world, adapter):
    channel = world.channel("shop", adapter=adapter)
    key = world.api("shop", scopes=["orders"])._credentials["HTTP_AUTHORIZATION"]
    for number, body in enumerate(SPOILT):
        strange = {**STRANGE, "webhook-id": f"m{number}", "x-shopify-webhook-id": f"w{number}"}
        for headers in ({}, strange if number % 2 else STRANGE):
            response = send(body, {**headers, "authorization": key})
            assert response.status_code in {200, 409}, (adapter, body, response.content)
    drain_until_dead()

    kept = InboundMessage.objects.filter(channel=channel)
    assert kept.count() >= len(SPOILT)
    assert not kept.filter(state="stored").exists()
