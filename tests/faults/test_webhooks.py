"""Webhooks when workers die or race: nothing is lost, and repeats are known by their name."""

import multiprocessing
import os
import signal
import time
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.core.models import Job
from oms.messaging import services
from oms.messaging.models import WebhookDelivery
from oms.messaging.services.relaying import relay
from tests.concurrency.racing import race
from tests.messaging.receiving import Receiver, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver(settings):
    made = Receiver()
    made.start()
    settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{made.port}"]
    services.add_endpoint(url=made.url, by=SYSTEM, at=timezone.now())
    yield made
    made.stop()


def test_a_worker_that_is_killed_while_it_sends_leaves_the_delivery_to_the_next(receiver):
    receiver.hang = 5
    tell("SO-1")
    relay()
    connections.close_all()
    worker = multiprocessing.get_context("fork").Process(target=jobs.drain, args=("webhook",))
    worker.start()
    end = time.monotonic() + 20
    while not receiver.got and time.monotonic() < end:
        time.sleep(0.02)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    receiver.hang = 0
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert jobs.drain("webhook") == 0  # its lease holds

    Job.objects.update(lease_until="2000-01-01T00:00:00Z")
    WebhookDelivery.objects.update(due_at="2000-01-01T00:00:00Z")
    jobs.drain("webhook")

    assert [each.id for each in receiver.got] == ["evt_1", "evt_1"]
    assert WebhookDelivery.objects.get().state == "delivered"
    assert not Job.objects.filter(kind="webhook").exists()


def _work(seconds: float) -> int:
    """What ticks and workers do, again and again."""
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        relay()
        done += jobs.drain("webhook")
    return done


def _tell(count: int) -> int:
    for number in range(count):
        tell(f"SO-{number % 5}", part=number)
    return count


def test_workers_that_race_deliver_every_fact_once_and_every_story_in_order(receiver):
    *_, told = race([partial(_work, 3), partial(_work, 3), partial(_tell, 60)])
    assert told == 60
    relay()
    jobs.drain("webhook")

    assert sorted(each.message["sequence"] for each in receiver.got) == list(range(1, 61))
    for story in range(5):
        ours = [each for each in receiver.got if each.message["data"]["order"] == f"SO-{story}"]
        parts = [each.message["data"]["part"] for each in ours]
        assert parts == sorted(parts)
        assert [each.message["thread_sequence"] for each in ours] == list(range(1, 13))
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert not Job.objects.filter(kind="webhook").exists()
