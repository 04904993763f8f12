"""Webhooks over a real socket: signed, in order, again and again, and never for ever."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from oms.core import jobs, outbound
from oms.core.actors import Actor
from oms.core.models import Job
from oms.messaging import services
from oms.messaging.models import Notice, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from oms.messaging.services.relaying import relay
from oms.messaging.tasks import webhooks
from tests.messaging.receiving import Receiver, tell

pytestmark = pytest.mark.django_db
KIM = Actor("user", "kim")


@pytest.fixture
def receiver(settings):
    made = Receiver()
    made.start()
    settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{made.port}"]
    settings.JOBS = {"webhook": "tests.messaging.receiving.ONE_HAND"}
    yield made
    made.stop()


def add(receiver, types=(), channel="", url=""):
    made = services.add_endpoint(
        url=url or receiver.url, types=types, channel=channel, by=KIM, at=timezone.now()
    )
    return made.endpoint.public_id, made.secret


def work():
    """What tick and workers would do now."""
    relay()
    return jobs.drain("webhook")


def let_time_pass():
    """All that waits is due, and no pause stands."""
    WebhookDelivery.objects.filter(state="waiting").update(due_at="2000-01-01T00:00:00Z")
    WebhookEndpoint.objects.update(paused_until=None)
    Job.objects.filter(kind="webhook").update(due_at="2000-01-01T00:00:00Z")


def states():
    return list(WebhookDelivery.objects.order_by("id").values_list("state", flat=True))


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


def test_a_changed_id_time_or_body_is_not_signed(receiver):
    _, secret = add(receiver)
    tell("SO-1")
    work()
    [got] = receiver.got

    assert got.is_signed_by(secret)
    for header in ("webhook-id", "webhook-timestamp"):
        changed = {**got.headers, header: got.headers[header] + "0"}
        assert not type(got)(changed, got.body, 200).is_signed_by(secret)
    assert not type(got)(got.headers, got.body + b" ", 200).is_signed_by(secret)


def test_a_secret_that_was_replaced_signs_beside_the_new_one_for_a_day(receiver):
    endpoint, old = add(receiver)
    new = services.rotate_secret(endpoint=endpoint, by=KIM, at=timezone.now()).secret
    tell("SO-1")
    work()
    [got] = receiver.got
    assert got.is_signed_by(old)
    assert got.is_signed_by(new)

    WebhookEndpoint.objects.get().secrets.filter(expires_at__isnull=False).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    tell("SO-1")
    work()

    assert not receiver.got[1].is_signed_by(old)
    assert receiver.got[1].is_signed_by(new)


def test_rotating_twice_does_not_cut_off_who_missed_the_first_answer(receiver):
    endpoint, first = add(receiver)
    services.rotate_secret(endpoint=endpoint, by=KIM, at=timezone.now())
    services.rotate_secret(endpoint=endpoint, by=KIM, at=timezone.now())
    tell("SO-1")
    work()

    assert receiver.got[0].is_signed_by(first)


def test_a_secret_lies_sealed_in_the_database(receiver):
    _, secret = add(receiver)

    sealed = WebhookEndpoint.objects.get().secrets.get().sealed

    assert secret.removeprefix("whsec_").rstrip("=") not in sealed


def test_the_key_in_force_may_be_changed_while_the_old_one_is_known(receiver, settings):
    _, secret = add(receiver)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [settings.SECRET_KEY]
    services.clear_webhooks(at=timezone.now())
    settings.SECRET_KEY_FALLBACKS = []
    tell("SO-1")

    work()

    assert receiver.got[0].is_signed_by(secret)


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


def test_an_address_of_our_own_network_is_refused_when_a_name_moves_there(receiver, monkeypatch):
    monkeypatch.setattr(outbound, "resolve", lambda host, port: ["10.0.0.8"])
    add(receiver, url="https://hooks.example.com/oms")
    tell("SO-1")

    work()

    assert WebhookDelivery.objects.get().last_error == (
        "https://hooks.example.com/oms cannot be called: its address belongs to a private network."
    )
    assert receiver.got == []


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


def test_a_ping_is_signed_and_says_so(receiver):
    endpoint, secret = add(receiver)
    services.ping(endpoint=endpoint, by=KIM, at=timezone.now())

    work()

    [got] = receiver.got
    assert got.is_signed_by(secret)
    assert got.message == {"type": "webhook.ping", "data": {"endpoint": endpoint}}
    assert got.id.startswith("ping_")


def test_what_is_a_month_old_goes_and_what_waits_stays(receiver):
    add(receiver)
    tell("SO-1", "SO-2")
    work()
    month = timezone.now() - timedelta(days=31)
    WebhookDelivery.objects.filter(event=1).update(settled_at=month)

    services.clear_webhooks(at=timezone.now())

    assert list(WebhookDelivery.objects.values_list("event", flat=True)) == [2]
    assert WebhookAttempt.objects.count() == 1


def test_what_an_endpoint_that_is_down_keeps_waiting_is_given_up_in_the_end(receiver):
    add(receiver)
    tell("SO-1")
    relay()
    WebhookDelivery.objects.update(asked_at=timezone.now() - timedelta(hours=74))

    services.clear_webhooks(at=timezone.now())

    assert states() == ["failed"]


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
