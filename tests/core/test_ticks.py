"""Wake-ups: everything that is due is picked up, whatever became of who had it in hand."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ

from oms.core import jobs, ticks
from oms.core.ticks import DRAIN, SHORT, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(settings, monkeypatch):
    """Two letters are due; nothing else is on anybody's mind."""
    settings.EVERY_TICK = ()
    settings.ROUTINES = {}
    monkeypatch.setattr(ticks.heartbeat, "beat", lambda: None)
    jobs.enqueue("mail", key="one", payload={})
    jobs.enqueue("mail", key="two", payload={})


def calls():
    return sorted(ticks._call(row) for row in OrmQ.objects.all())


def picked_up(seconds):
    """Have a worker hold every wake-up for so long."""
    lock = timezone.now() + timedelta(seconds=Conf.RETRY - seconds)
    OrmQ.objects.update(lock=lock)


def test_a_kind_that_is_due_is_woken_for_once(letters):
    tick()
    tick()

    assert calls() == [(DRAIN, "mail")]


def test_while_a_worker_is_at_it_nobody_else_is_woken(letters):
    tick()
    picked_up(seconds=3)
    tick()

    assert calls() == [(DRAIN, "mail")]


def test_what_a_worker_holds_for_long_is_looked_at_by_another_too(letters):
    tick()
    picked_up(seconds=7)
    tick()
    tick()

    assert calls() == [(DRAIN, "mail"), (DRAIN, "mail", SHORT)]
