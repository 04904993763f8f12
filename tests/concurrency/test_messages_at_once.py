"""One message many times at once, and archives that are processed again while others come."""

import time
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone

from oms.channels.models import InboundMessage
from oms.channels.services import reprocess_quarantined
from oms.core.actors import SYSTEM
from oms.core.models import Job
from tests.concurrency.racing import race
from tests.orders.inbound import give_secret, post, traffic, work

pytestmark = pytest.mark.django_db(transaction=True)


def _post(bodies):
    """Post each of them; return the answers."""
    answers = [post(body, message_id=name) for name, body in bodies]
    return [(answer.status_code, answer.json()["number"]) for answer in answers]


def _again(seconds):
    end = time.monotonic() + seconds
    done = 0
    while time.monotonic() < end:
        reprocess_quarantined(channel="shop", by=SYSTEM, at=timezone.now())
        done += work()
    return done


def test_the_same_messages_from_four_sides_are_kept_once_each(world):
    world.channel("shop")
    give_secret("shop")
    bodies = [(f"m{n}", world.order_body(f"10{n}", tea=1)) for n in range(6)]
    assert post({}, channel="nobody").status_code == 404  # the racers begin warm
    connections.close_all()

    answers = race([partial(_post, bodies), partial(_post, bodies[::-1])] * 2)

    numbers = set(InboundMessage.objects.values_list("number", flat=True))
    assert len(numbers) == 6
    assert [status for each in answers for status, _ in each] == [200] * 24
    assert {number for each in answers for _, number in each} == numbers
    assert traffic() == {"accepted": 6, "duplicate": 18}
    assert Job.objects.filter(kind="inbound").count() == 6


@pytest.mark.full
def test_processing_again_without_end_loses_nothing_that_comes_meanwhile(world):
    world.channel("shop")
    give_secret("shop")
    good = [(f"m{n}", world.order_body(f"10{n}", tea=1)) for n in range(12)]
    bad = [(f"x{n}", [n]) for n in range(12)]
    _post(bad)
    connections.close_all()

    race([partial(_again, 2), partial(_again, 2), partial(_post, good)])
    work()

    by_state = dict.fromkeys(["applied", "quarantined"], 0)
    for state in InboundMessage.objects.values_list("state", flat=True):
        by_state[state] += 1
    assert by_state == {"applied": 12, "quarantined": 12}
    assert not Job.objects.filter(kind="inbound").exists()
