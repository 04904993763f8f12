"""Work outside the database is done, recorded once, and given up in the open."""

import dataclasses
import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from oms.core import jobs, settling, stopping
from oms.core.actors import SYSTEM, Actor
from oms.core.errors import Missing
from oms.core.jobs import AT_ONCE, ClaimedJob, GiveUp, JobKind, TryLater, ask_for, enqueue
from oms.core.models import EventRecord, Job
from oms.core.states import TransitionNotAllowed

pytestmark = pytest.mark.django_db
REAL_COMMITS = pytest.mark.django_db(transaction=True)

EVE = Actor("user", "eve")


class Outside:
    """The world outside the database: what was sent there, and how it is to behave."""

    def __init__(self):
        self.sent = []
        self.recorded = []
        self.deaths = []
        self.behave = lambda job: None
        self.lock = threading.Lock()

    def run(self, job: ClaimedJob):
        self.behave(job)
        with self.lock:
            self.sent.append(job.key)
        return lambda: self.record(job)

    def record(self, job: ClaimedJob):
        with self.lock:
            self.recorded.append(job.key)

    def on_dead(self, job: ClaimedJob, reason: str):
        self.deaths.append((job.key, reason))


outside = Outside()
LETTER = JobKind(
    "letter",
    lambda job: outside.run(job),
    max_attempts=3,
    lease=timedelta(seconds=60),
    on_dead=lambda job, reason: outside.on_dead(job, reason),
)


@pytest.fixture(autouse=True)
def fresh_world(settings):
    settings.JOBS = {"letter": f"{__name__}.LETTER"}
    settings.ROUTINES, settings.EVERY_TICK = {}, ()
    vars(outside).clear()
    outside.__init__()


def the_job() -> Job:
    return Job.objects.get()


def make_due():
    Job.objects.update(due_at=jobs.AT_ONCE)


def let_leases_run_out():
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def failing(problem):
    def behave(job):
        raise problem

    return behave


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


def test_what_fails_is_tried_again_ever_later():
    outside.behave = failing(ConnectionError("refused"))
    enqueue("letter", key="SO-1", payload={})

    jobs.drain("letter")
    first = the_job()
    make_due()
    jobs.drain("letter")
    second = the_job()

    assert (first.attempts, second.attempts) == (1, 2)
    assert first.last_error == "ConnectionError: refused"
    assert (first.lease_token, first.lease_until) == (None, None)
    assert timedelta(seconds=3) < first.due_at - timezone.now() < timedelta(seconds=6)
    assert timedelta(seconds=7) < second.due_at - timezone.now() < timedelta(seconds=12)


def test_the_pauses_double_up_to_an_hour():
    backoff = jobs.exponential(first=timedelta(seconds=10))

    for attempt, seconds in [(1, 10), (2, 20), (5, 160), (9, 2560), (10, 3600), (1000, 3600)]:
        pauses = {backoff(attempt).total_seconds() for _ in range(50)}
        assert 0.8 * seconds <= min(pauses) < max(pauses) <= 1.2 * seconds


def test_after_its_last_attempt_a_job_is_dead_and_its_owner_knows():
    outside.behave = failing(ConnectionError("refused"))
    enqueue("letter", key="SO-1", payload={})

    for _ in range(4):
        make_due()
        jobs.drain("letter")

    assert (the_job().state, the_job().attempts) == ("dead", 3)
    assert outside.deaths == [("SO-1", "ConnectionError: refused")]
    assert jobs.due_kinds() == []


def test_giving_up_is_death_at_once():
    outside.behave = failing(GiveUp("the mailbox does not exist"))
    enqueue("letter", key="SO-1", payload={})

    jobs.drain("letter")

    job = the_job()
    assert (job.state, job.attempts, job.last_error) == ("dead", 1, "the mailbox does not exist")
    assert outside.deaths == [("SO-1", "the mailbox does not exist")]


def test_an_owner_that_cannot_be_told_does_not_keep_the_job_alive():
    outside.behave = failing(GiveUp("no such mailbox"))
    outside.on_dead = lambda job, reason: 1 / 0
    enqueue("letter", key="SO-1", payload={})

    jobs.drain("letter")

    assert the_job().state == "dead"


def test_patience_is_not_counted_as_an_attempt():
    outside.behave = failing(TryLater(90, "they ask for 90 seconds"))
    enqueue("letter", key="SO-1", payload={})

    for _ in range(9):
        make_due()
        jobs.drain("letter")

    job = the_job()
    assert (job.state, job.attempts, job.last_error) == ("waiting", 0, "they ask for 90 seconds")
    assert timedelta(seconds=85) < job.due_at - timezone.now() <= timedelta(seconds=90)


def test_an_effect_that_cannot_be_recorded_is_tried_again():
    def cannot(job):
        Job.objects.create(kind="x", key="x", due_at=timezone.now(), created_at=timezone.now())
        raise ValueError("no such order")

    outside.record = cannot
    enqueue("letter", key="SO-1", payload={})

    jobs.drain("letter")

    job = the_job()
    assert (job.kind, job.attempts, job.last_error) == ("letter", 1, "ValueError: no such order")


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


def test_a_kind_nobody_knows_is_dead_with_the_reason():
    enqueue("telegram", key="SO-1", payload={})

    assert jobs.due_kinds() == ["telegram"]
    assert jobs.drain("telegram") == 1

    job = the_job()
    assert (job.state, job.last_error) == ("dead", "No kind of job is called telegram.")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("401 for Bearer abc.def-ghi", "401 for Bearer ***"),
        ("smtp://eve:hunter2@mail/ is away", "smtp://***@mail/ is away"),
        ("GET https://x.example/a?sig=s3cret failed", "GET https://x.example/a?*** failed"),
        ("{'api_key': 'abc', 'sku': 'tea'}", "{'api_key': *** 'sku': 'tea'}"),
        ("no such key: sk_live_123", "no such key: ***"),
        ("first line\nsecond: line", "first line"),
        ("nul \x00 byte", "nul   byte"),
        ("x" * 900, "x" * 488),
    ],
)
def test_errors_are_kept_without_secrets(said, kept):
    assert jobs.describe(ValueError(said)) == f"ValueError: {kept}"


def test_enqueuing_is_undone_with_the_transaction():
    with transaction.atomic():
        enqueue("letter", key="SO-1", payload={})
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_a_dead_job_that_is_retried_has_all_its_attempts_again():
    outside.behave = failing(GiveUp("no such mailbox"))
    enqueue("letter", key="SO-1", payload={})
    jobs.drain("letter")
    outside.behave = lambda job: None

    settling.retry(the_job().pk, EVE)
    jobs.drain("letter")

    assert outside.recorded == ["SO-1"]
    [fact] = EventRecord.objects.all()
    assert (fact.name, fact.subject, fact.actor) == ("job.retried", "letter SO-1", "user:eve")


def test_a_skipped_job_is_not_done_until_retried():
    enqueue("letter", key="SO-1", payload={})

    settling.skip(the_job().pk, EVE)

    assert jobs.drain("letter") == 0
    assert the_job().state == "skipped"
    settling.retry(the_job().pk, EVE)
    assert jobs.drain("letter") == 1
    names = EventRecord.objects.order_by("id").values_list("name", flat=True)
    assert list(names) == ["job.skipped", "job.retried"]


def test_a_job_in_hand_cannot_be_skipped():
    enqueue("letter", key="SO-1", payload={})
    jobs._claim(LETTER)

    with pytest.raises(TransitionNotAllowed, match="in hand"):
        settling.skip(the_job().pk, SYSTEM)

    assert the_job().state == "waiting"
    assert not EventRecord.objects.exists()


def test_a_waiting_job_needs_no_retry():
    enqueue("letter", key="SO-1", payload={})

    with pytest.raises(TransitionNotAllowed, match="the job is waiting"):
        settling.retry(the_job().pk, SYSTEM)


def test_a_job_that_is_done_cannot_be_settled():
    with pytest.raises(Missing):
        settling.retry(4711, SYSTEM)


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


# ── Asked for in sets, done side by side ────────────────────────────────────────────────────


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
