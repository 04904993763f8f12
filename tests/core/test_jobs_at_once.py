"""Several workers, hands and askers at once: each job is done once, under its lease."""

import dataclasses
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from oms.core import jobs
from oms.core.jobs import AT_ONCE, ask_for, enqueue
from oms.core.models import Job
from tests.core.letters_sent import LETTER, REAL_COMMITS, outside, the_job
from tests.core.letters_sent import fresh_world as fresh_world

pytestmark = pytest.mark.django_db


def let_leases_run_out():
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


@REAL_COMMITS
def test_two_drains_never_do_the_same_job():
    for number in range(40):
        enqueue("letter", key=f"SO-{number}", payload={})

    def drain(_):
        try:
            return jobs.drain("letter")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(drain, range(4)))

    assert sum(counts) == 40
    assert Counter(outside.sent) == {f"SO-{number}": 1 for number in range(40)}


def test_a_worker_that_finishes_after_its_lease_changes_nothing():
    def be_overtaken(job):
        outside.behave = lambda job: None
        let_leases_run_out()
        assert jobs.drain("letter") == 1

    outside.behave = be_overtaken
    enqueue("letter", key="SO-1", payload={})

    jobs.drain("letter")

    assert outside.sent == ["SO-1", "SO-1"]
    assert outside.recorded == ["SO-1"]
    assert not Job.objects.exists()


def test_a_worker_that_fails_after_its_lease_leaves_the_job_to_the_other():
    def be_overtaken_and_fail(job):
        let_leases_run_out()
        outside.others = jobs._claim(LETTER)
        raise ConnectionError("too late")

    outside.behave = be_overtaken_and_fail
    enqueue("letter", key="SO-1", payload={})

    jobs.drain("letter", limit=1)

    job = the_job()
    assert (job.attempts, job.last_error) == (2, "")
    assert job.lease_token == outside.others.lease_token


def test_a_job_that_kills_its_workers_ends_dead():
    enqueue("letter", key="SO-1", payload={})
    for _ in range(3):
        assert jobs._claim(LETTER)  # and the worker dies
        let_leases_run_out()

    jobs.drain("letter")

    assert outside.sent == []
    job = the_job()
    assert (job.state, job.attempts) == ("dead", 3)
    assert job.last_error == "Its worker died or hung in each of 3 attempts."
    assert outside.deaths == [("SO-1", job.last_error)]


def test_a_job_in_hand_is_left_alone_until_its_lease_runs_out():
    enqueue("letter", key="SO-1", payload={})
    assert jobs._claim(LETTER)

    assert jobs.due_kinds() == []
    assert jobs.drain("letter") == 0
    let_leases_run_out()
    assert jobs.due_kinds() == ["letter"]
    assert jobs.drain("letter") == 1


def test_the_lease_is_on_the_databases_clock(time_machine):
    enqueue("letter", key="SO-1", payload={})
    time_machine.move_to("2042-01-01")

    claimed = jobs._claim(LETTER)

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [now] = cursor.fetchone()
    assert claimed
    assert timedelta(seconds=50) < the_job().lease_until - now <= timedelta(seconds=60)


def test_asking_brings_a_job_forward_and_never_puts_it_off():
    soon, later = (timezone.now() + timedelta(hours=hours) for hours in (1, 2))
    enqueue("letter", key="late", payload={}, due_at=later)
    enqueue("letter", key="soon", payload={}, due_at=soon)

    ask_for("letter", due={"late": soon, "soon": later, "new": AT_ONCE})

    assert dict(Job.objects.values_list("key", "due_at")) == {
        "late": soon,
        "soon": soon,
        "new": AT_ONCE,
    }


def test_asking_for_nothing_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        ask_for("letter", due={})


def test_a_job_that_was_skipped_is_asked_for_anew_and_a_dead_one_stays_dead():
    for key, state in (("skipped", "skipped"), ("dead", "dead")):
        enqueue("letter", key=key, payload={})
        Job.objects.filter(key=key).update(state=state, attempts=3)

    ask_for("letter", due={"skipped": AT_ONCE, "dead": AT_ONCE})

    assert dict(Job.objects.values_list("key", "state")) == {"skipped": "waiting", "dead": "dead"}
    assert Job.objects.get(key="skipped").attempts == 0


@REAL_COMMITS
def test_asking_while_a_job_ends_is_heard_by_it_or_asks_anew():
    """The one who asks has written something; the job that ends has not seen it."""
    enqueue("letter", key="SO-1", payload={})
    ending, go_on = threading.Event(), threading.Event()

    def end_slowly(job):
        ending.set()
        assert go_on.wait(10)

    outside.record = end_slowly
    worker = threading.Thread(target=_drain_apart)
    worker.start()
    assert ending.wait(10)
    asking = threading.Thread(target=_ask_apart)
    asking.start()
    asking.join(0.3)
    assert asking.is_alive()  # it waits for the end
    go_on.set()
    worker.join()
    asking.join()

    assert [job.key for job in Job.objects.all()] == ["SO-1"]


def _drain_apart():
    try:
        jobs.drain("letter", limit=1)
    finally:
        connections.close_all()


def _ask_apart():
    try:
        ask_for("letter", due={"SO-1": AT_ONCE})
    finally:
        connections.close_all()


MANY = dataclasses.replace(LETTER, hands=3)


@REAL_COMMITS
def test_a_worker_with_several_hands_does_as_many_jobs_side_by_side(settings):
    settings.JOBS = {"letter": f"{__name__}.MANY"}
    together = threading.Barrier(3, timeout=10)
    outside.behave = lambda job: together.wait()
    for number in range(6):
        enqueue("letter", key=f"SO-{number}", payload={})

    assert jobs.drain("letter") == 6

    assert sorted(outside.recorded) == [f"SO-{number}" for number in range(6)]
    assert not Job.objects.exists()


@REAL_COMMITS
def test_a_slow_job_does_not_keep_the_other_hands_from_what_comes_meanwhile(settings):
    settings.JOBS = {"letter": f"{__name__}.MANY"}
    enqueue("letter", key="slow", payload={})

    def behave(job):
        if job.key == "slow":
            enqueue("letter", key="quick", payload={})
            end = timezone.now() + timedelta(seconds=10)
            while "quick" not in outside.sent and timezone.now() < end:
                time.sleep(0.02)

    outside.behave = behave

    jobs.drain("letter")

    assert outside.sent == ["quick", "slow"]
