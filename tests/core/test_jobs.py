"""Work outside the database is done outside transactions, in order, and recorded once."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from oms.core import jobs, stopping
from oms.core.jobs import enqueue
from oms.core.models import Job
from tests.core.letters_sent import REAL_COMMITS, outside, the_job
from tests.core.letters_sent import fresh_world as fresh_world

pytestmark = pytest.mark.django_db


def test_a_job_is_done_recorded_and_gone():
    enqueue("letter", key="SO-1", payload={"to": "eve"})

    assert jobs.drain("letter") == 1

    assert (outside.sent, outside.recorded) == (["SO-1"], ["SO-1"])
    assert not Job.objects.exists()


def test_the_worker_sees_the_payload_and_which_attempt_it_is():
    seen = []
    outside.behave = lambda job: seen.append((job.kind, job.key, job.payload, job.attempt))
    enqueue("letter", key="SO-1", payload={"lines": [1, {"sku": "tea"}]})

    jobs.drain("letter")

    assert seen == [("letter", "SO-1", {"lines": [1, {"sku": "tea"}]}, 1)]


@REAL_COMMITS
def test_the_attempt_is_committed_before_the_effect():
    seen = []

    def look_from_another_session(job):
        with ThreadPoolExecutor(1) as pool:
            seen.append(pool.submit(as_seen).result())

    def as_seen():
        try:
            job = the_job()
            return job.attempts, job.lease_token is not None
        finally:
            connections.close_all()

    outside.behave = look_from_another_session
    enqueue("letter", key="SO-1", payload={})

    jobs.drain("letter")

    assert seen == [(1, True)]


@REAL_COMMITS
def test_the_effect_happens_outside_every_transaction_and_is_recorded_in_one():
    inside = []
    outside.behave = lambda job: inside.append(connection.in_atomic_block)
    outside.record = lambda job: inside.append(connection.in_atomic_block)
    enqueue("letter", key="SO-1", payload={})

    jobs.drain("letter")

    assert inside == [False, True]


@REAL_COMMITS
def test_jobs_are_not_run_inside_somebody_elses_transaction():
    enqueue("letter", key="SO-1", payload={})

    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.drain("letter")

    assert outside.sent == []


def test_what_is_due_later_waits():
    enqueue("letter", key="SO-1", payload={}, due_at=timezone.now() + timedelta(minutes=5))

    assert jobs.due_kinds() == []
    assert jobs.drain("letter") == 0
    assert the_job().attempts == 0


def test_jobs_are_done_in_the_order_they_became_due():
    now = timezone.now()
    enqueue("letter", key="third", payload={}, due_at=now - timedelta(seconds=1))
    enqueue("letter", key="second", payload={}, due_at=now - timedelta(seconds=9))
    enqueue("letter", key="first", payload={})

    jobs.drain("letter")

    assert outside.sent == ["first", "second", "third"]


def test_a_drain_ends_at_its_limit():
    for number in range(5):
        enqueue("letter", key=f"SO-{number}", payload={})

    assert jobs.drain("letter", limit=2) == 2
    assert Job.objects.count() == 3


def test_a_drain_that_is_asked_to_stop_begins_nothing_new():
    for number in range(3):
        enqueue("letter", key=f"SO-{number}", payload={})
    with stopping.heeding_signals():
        outside.behave = lambda job: os.kill(os.getpid(), signal.SIGTERM)

        assert jobs.drain("letter") == 1

    assert outside.recorded == ["SO-0"]
    assert list(Job.objects.values_list("attempts", flat=True)) == [0, 0]


def test_enqueuing_is_undone_with_the_transaction():
    with transaction.atomic():
        enqueue("letter", key="SO-1", payload={})
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_run_jobs_once_does_all_that_is_due_and_says_how_much(capsys):
    for number in range(130):
        enqueue("letter", key=f"SO-{number}", payload={})
    enqueue("letter", key="later", payload={}, due_at=timezone.now() + timedelta(hours=1))
    enqueue("telegram", key="SO-1", payload={})

    call_command("run_jobs", once=True)

    assert capsys.readouterr().out == "letter: 130\ntelegram: 1\n"
    assert len(outside.recorded) == 130
    assert list(Job.objects.filter(state="waiting").values_list("key", flat=True)) == ["later"]


def test_run_jobs_once_with_nothing_due_says_nothing(capsys):
    call_command("run_jobs", once=True)

    assert capsys.readouterr().out == ""
