"""What a failed job comes to: tried again, given up, and settled by somebody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oms.core import jobs, settling
from oms.core.actors import SYSTEM, Actor
from oms.core.errors import Missing
from oms.core.jobs import GiveUp, TryLater, enqueue
from oms.core.models import EventRecord, Job
from oms.core.states import TransitionNotAllowed
from tests.core.letters_sent import LETTER, outside, the_job
from tests.core.letters_sent import fresh_world as fresh_world

pytestmark = pytest.mark.django_db
EVE = Actor("user", "eve")


def make_due():
    Job.objects.update(due_at=jobs.AT_ONCE)


def failing(problem):
    def behave(job):
        raise problem

    return behave


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
