"""Webhooks over a real socket: who hears what, in which order, and again on request."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from oms.core import outbound
from oms.messaging import services
from oms.messaging.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from oms.messaging.services.relaying import relay
from tests.messaging.delivering import KIM, add, states, work
from tests.messaging.delivering import receiver as receiver
from tests.messaging.receiving import tell

pytestmark = pytest.mark.django_db


def test_an_order_that_is_placed_reaches_the_endpoint_signed(world, receiver):
    endpoint, secret = add(receiver)
    world.stock("tea", rotterdam=5)
    order = world.place("W-1", tea=2, paid=True)

    work()

    placed = next(each for each in receiver.got if each.message["type"] == "order.placed")
    assert placed.is_signed_by(secret)
    assert placed.headers["content-type"] == "application/json"
    message = placed.message
    assert placed.id == message["id"] == f"evt_{message['sequence']}"
    assert message["thread_sequence"] == 1
    assert message["data"]["order"] == message["data"]["subject"] == order.number
    assert message["data"]["external_id"] == "W-1"
    assert message["data"]["total"] == "20.00"
    assert b"Robin" not in placed.body
    assert set(states()) == {"delivered"}
    row = WebhookEndpoint.objects.get(public_id=endpoint)
    assert row.failures == 0
    assert row.last_success_at


def test_an_endpoint_hears_what_it_asked_for(receiver):
    add(receiver, types=["order.cancelled"])
    tell("SO-1", name="order.held")
    tell("SO-1", name="order.cancelled")

    work()

    assert [each.message["type"] for each in receiver.got] == ["order.cancelled"]


def test_a_channel_hears_of_its_own_orders_only(world, receiver):
    world.stock("tea", rotterdam=5)
    world.channel("other")
    add(receiver, channel="other")
    world.place("W-1", channel="shop", tea=1)
    theirs = world.place("W-2", channel="other", tea=1)

    work()

    assert {each.message["data"]["order"] for each in receiver.got} == {theirs.number}


def test_a_channel_that_is_switched_off_hears_nothing(world, receiver):
    world.stock("tea", rotterdam=5)
    shop = world.channel("shop")
    add(receiver, channel="shop")
    shop.is_active = False
    shop.save()
    world.place("W-1", tea=1)

    work()

    assert receiver.got == []


def test_different_orders_go_side_by_side(receiver):
    add(receiver)
    together = threading.Barrier(4, timeout=5)

    def wait_for_each_other(message):
        together.wait()
        return 200

    receiver.behave = wait_for_each_other
    tell("SO-1", "SO-2", "SO-3", "SO-4")

    work()

    assert states() == ["delivered"] * 4


def test_an_address_of_our_own_network_is_refused_when_a_name_moves_there(receiver, monkeypatch):
    monkeypatch.setattr(outbound, "resolve", lambda host, port: ["10.0.0.8"])
    add(receiver, url="https://hooks.example.com/oms")
    tell("SO-1")

    work()

    assert WebhookDelivery.objects.get().last_error == (
        "https://hooks.example.com/oms cannot be called: its address belongs to a private network."
    )
    assert receiver.got == []


def test_an_endpoint_that_is_switched_off_gets_nothing_and_on_again_only_what_is_new(receiver):
    endpoint, _ = add(receiver)
    tell("SO-1")
    relay()
    services.disable_endpoint(endpoint=endpoint, reason="moving house", by=KIM, at=timezone.now())
    tell("SO-2")
    work()
    assert receiver.got == []
    assert states() == ["failed"]
    services.enable_endpoint(endpoint=endpoint, by=KIM, at=timezone.now())
    tell("SO-3")

    work()

    assert [each.message["data"]["order"] for each in receiver.got] == ["SO-3"]


def test_a_replay_sends_what_was_missed_and_what_was_delivered_under_the_same_names(receiver):
    endpoint, _ = add(receiver)
    tell("SO-1")
    work()
    services.disable_endpoint(endpoint=endpoint, by=KIM, at=timezone.now())
    tell("SO-2")
    work()
    services.enable_endpoint(endpoint=endpoint, by=KIM, at=timezone.now())

    replayed = services.replay_since(endpoint=endpoint, since=1, by=KIM, at=timezone.now())
    work()

    assert (replayed.count, replayed.next) == (2, None)
    assert sorted(each.id for each in receiver.got) == ["evt_1", "evt_1", "evt_2"]
    assert states() == ["delivered", "delivered"]


def test_all_that_was_given_up_is_replayed(receiver):
    endpoint, _ = add(receiver)
    receiver.status = 410
    tell("SO-1", "SO-2")
    work()
    receiver.status = 200
    services.enable_endpoint(endpoint=endpoint, by=KIM, at=timezone.now())

    count = services.replay_failed(endpoint=endpoint, by=KIM, at=timezone.now())
    work()

    assert count == 2
    assert states() == ["delivered", "delivered"]


def test_what_is_a_month_old_goes_and_what_waits_stays(receiver):
    add(receiver)
    tell("SO-1", "SO-2")
    work()
    month = timezone.now() - timedelta(days=31)
    WebhookDelivery.objects.filter(event=1).update(settled_at=month)

    services.clear_webhooks(at=timezone.now())

    assert list(WebhookDelivery.objects.values_list("event", flat=True)) == [2]
    assert WebhookAttempt.objects.count() == 1


def test_what_the_other_side_says_is_kept_nowhere(receiver):
    """An address inside could be asked through us, and its answer read from our pages."""
    add(receiver)
    receiver.status, receiver.text = 400, "the root password is swordfish"
    tell("SO-1")

    work()

    tried = WebhookAttempt.objects.values().get()
    delivery = WebhookDelivery.objects.values().get()
    assert (tried["status"], tried["error"]) == (400, "It answered 400.")
    assert "swordfish" not in f"{tried} {delivery} {WebhookEndpoint.objects.values().get()}"
