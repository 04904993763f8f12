"""Endpoints that fail, wait, are down or go: nothing is lost, doubled or overtaken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oms.core.models import Job
from oms.messaging import services
from oms.messaging.models import Notice, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from oms.messaging.services.relaying import relay
from oms.messaging.tasks import webhooks
from tests.messaging.delivering import add, states, work
from tests.messaging.delivering import receiver as receiver
from tests.messaging.receiving import Receiver, tell

pytestmark = pytest.mark.django_db


def let_time_pass():
    """All that waits is due, and no pause stands."""
    WebhookDelivery.objects.filter(state="waiting").update(due_at="2000-01-01T00:00:00Z")
    WebhookEndpoint.objects.update(paused_until=None)
    Job.objects.filter(kind="webhook").update(due_at="2000-01-01T00:00:00Z")


def test_a_failure_is_tried_again_under_the_same_name(receiver):
    add(receiver)
    receiver.status = 500
    tell("SO-1")
    work()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("waiting", 1, 500)
    assert delivery.last_error == "It answered 500."
    assert timedelta(0) < delivery.due_at - timezone.now() < timedelta(seconds=10)
    assert Job.objects.get(kind="webhook").due_at == delivery.due_at

    receiver.status = 204
    let_time_pass()
    work()

    assert [each.id for each in receiver.got] == [receiver.got[0].id] * 2
    assert states() == ["delivered"]
    tries = WebhookAttempt.objects.order_by("number").values_list("number", "status")
    assert list(tries) == [(1, 500), (2, 204)]
    assert not Job.objects.filter(kind="webhook").exists()


def test_a_lost_reply_sends_the_message_twice_under_one_name(receiver):
    add(receiver)
    receiver.drop_reply = True
    tell("SO-1")
    work()
    receiver.drop_reply = False
    let_time_pass()

    work()

    assert len(receiver.got) == 2
    assert len({each.id for each in receiver.got}) == 1
    assert receiver.got[0].body == receiver.got[1].body
    assert states() == ["delivered"]


def test_a_later_fact_of_an_order_waits_for_the_earlier_and_other_orders_do_not(receiver):
    add(receiver)
    receiver.behave = lambda message: 500 if message["data"]["order"] == "SO-1" else 200
    tell("SO-1", "SO-1", "SO-2", "SO-1", "SO-2")

    work()

    assert [each.message["sequence"] for each in receiver.accepted] == [3, 5]
    assert [each.message["sequence"] for each in receiver.got if each.status == 500] == [1]

    receiver.behave = None
    let_time_pass()
    work()

    ours = [each for each in receiver.accepted if each.message["data"]["order"] == "SO-1"]
    assert [each.message["sequence"] for each in ours] == [1, 2, 4]
    assert [each.message["thread_sequence"] for each in ours] == [1, 2, 3]


def test_a_fact_that_is_given_up_lets_the_next_one_of_its_order_go(receiver):
    add(receiver)
    receiver.behave = lambda message: 500 if message["sequence"] == 1 else 200
    tell("SO-1", "SO-1")
    work()
    long_ago = timezone.now() - timedelta(hours=72, minutes=1)
    WebhookDelivery.objects.filter(attempts=1).update(asked_at=long_ago)
    let_time_pass()

    work()

    assert states() == ["failed", "delivered"]


def test_a_redirect_is_not_followed(receiver):
    add(receiver)
    receiver.status, receiver.headers = 302, {"Location": f"{receiver.url}/elsewhere"}
    tell("SO-1")

    work()

    assert len(receiver.got) == 1
    assert WebhookDelivery.objects.get().last_error == (
        "It answered 302: redirects are not followed."
    )


def test_410_switches_the_endpoint_off_and_tells_the_administrators(world, receiver):
    world.user("ada", role="administrator")
    endpoint, _ = add(receiver)
    receiver.status = 410
    tell("SO-1", "SO-1")

    work()

    row = WebhookEndpoint.objects.get()
    assert (row.state, row.state_reason) == ("disabled", "It answered 410: it wants no more.")
    assert states() == ["failed", "failed"]
    assert len(receiver.got) == 1
    assert Notice.objects.get().subject == f"Webhook endpoint {endpoint} wants no more"
    tell("SO-1")
    work()
    assert len(receiver.got) == 1


def test_an_endpoint_that_asks_for_patience_is_left_alone_that_long(receiver):
    add(receiver)
    receiver.status, receiver.headers = 429, {"Retry-After": "600"}
    tell("SO-1")
    work()
    tell("SO-2")

    work()

    assert len(receiver.got) == 1
    row = WebhookEndpoint.objects.get()
    assert row.failures == 0
    assert timedelta(minutes=9) < row.paused_until - timezone.now() <= timedelta(minutes=10)
    assert Job.objects.get(kind="webhook").due_at == row.paused_until


def test_an_endpoint_that_is_down_is_tried_by_one_delivery_at_a_time(receiver):
    add(receiver)
    receiver.status = 503
    tell(*[f"SO-{number}" for number in range(8)])
    work()
    row = WebhookEndpoint.objects.get()
    assert row.failures >= 5
    assert row.paused_until > timezone.now()
    tried = len(receiver.got)
    assert tried <= 8

    let_time_pass()
    work()
    assert len(receiver.got) == tried + 1

    receiver.status = 200
    let_time_pass()
    work()

    assert states() == ["delivered"] * 8
    assert WebhookEndpoint.objects.get().failures == 0


def test_what_failed_while_the_endpoint_was_down_goes_at_once_when_it_is_back(receiver):
    add(receiver)
    receiver.status = 500
    tell(*[f"SO-{number}" for number in range(6)])
    work()
    ahead = timezone.now() + timedelta(hours=5)
    WebhookDelivery.objects.update(due_at=ahead)
    [first] = WebhookDelivery.objects.order_by("id")[:1]
    WebhookDelivery.objects.filter(pk=first.pk).update(due_at="2000-01-01T00:00:00Z")
    WebhookEndpoint.objects.update(paused_until=None)
    Job.objects.filter(kind="webhook").update(due_at="2000-01-01T00:00:00Z")
    receiver.status = 200

    work()

    assert states() == ["delivered"] * 6


@pytest.mark.django_db(transaction=True)
def test_a_slow_endpoint_holds_up_no_other(receiver, settings, monkeypatch):
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 1.5)
    settings.JOBS = {"webhook": "oms.messaging.tasks.WEBHOOK"}
    slow = Receiver(hang=3)
    slow.start()
    settings.OUTBOUND_ALLOWED_HOSTS.append(f"127.0.0.1:{slow.port}")
    add(receiver, url=slow.url)
    add(receiver)
    tell("SO-1")
    began = timezone.now()

    try:
        work()
    finally:
        slow.stop()

    there, here = WebhookDelivery.objects.order_by("id")
    assert here.state == "delivered"
    assert here.settled_at - began < timedelta(seconds=1)
    assert there.state == "waiting"
    assert there.last_error == "There was no answer: it took longer than 1.5 s."


def test_a_worker_that_lost_its_delivery_changes_nothing(receiver):
    endpoint, _ = add(receiver)
    tell("SO-1")
    relay()
    at = timezone.now()
    [parcel] = services.take_due(endpoint=endpoint, limit=4, at=at)
    assert services.take_due(endpoint=endpoint, limit=4, at=at) == []
    let_time_pass()
    [again] = services.take_due(endpoint=endpoint, limit=4, at=at)
    assert again.number == 2
    arrived = webhooks.Tried(again.delivery_id, 2, webhooks.send(again))
    services.record_attempts(endpoint=endpoint, tried=[arrived], at=at)

    failed = webhooks.Answer(webhooks.Judgement(webhooks.Verdict.FAILED, "late"))
    late = webhooks.Tried(parcel.delivery_id, 1, failed)
    services.record_attempts(endpoint=endpoint, tried=[late], at=at)

    row = WebhookDelivery.objects.get()
    assert (row.state, row.last_error) == ("delivered", "")


def test_what_an_endpoint_that_is_down_keeps_waiting_is_given_up_in_the_end(receiver):
    add(receiver)
    tell("SO-1")
    relay()
    WebhookDelivery.objects.update(asked_at=timezone.now() - timedelta(hours=74))

    services.clear_webhooks(at=timezone.now())

    assert states() == ["failed"]
