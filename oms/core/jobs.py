"""Work outside the database: mail, refunds, documents. A row says it, a worker does it.

An effect outside happens at least once and is *recorded* exactly once. A worker claims a row by
committing an attempt and a lease before it begins, acts with no transaction open, and finishes
in one transaction that holds only while the lease is still its own: one that comes late changes
nothing. What fails is tried again ever later, then lies dead until a person retries or skips it.

All times are the database's: the clocks of the workers do not matter.
"""

import json
import logging
import random
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string

from oms.core import sql, stopping
from oms.core.batch import record
from oms.core.models import Job
from oms.core.rows import new

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_ERROR = 500
LOOK_AGAIN = 0.3

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClaimedJob:
    """A job in the hands of one worker; `attempt` counts from one."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any]
    attempt: int
    lease_token: uuid.UUID


Record = Callable[[], None]
Run = Callable[[ClaimedJob], Record | None]


def exponential(
    first: timedelta = timedelta(seconds=5), longest: timedelta = timedelta(hours=1)
) -> Callable[[int], timedelta]:
    """Return a back-off that doubles with each attempt, up to a fifth more or less at random."""

    def after(attempt: int) -> timedelta:
        spread = random.uniform(0.8, 1.2)  # noqa: S311 (nobody gains by guessing it)
        return min(first * (1 << min(attempt - 1, 20)), longest) * spread

    return after


@dataclass(frozen=True)
class JobKind:
    """How one kind of job is done.

    `run` has the effect outside, for less than `lease`, and returns what is to be recorded of
    it; it must look its effect up by the job's key first, since it may have happened before.
    `on_dead` is told, with the reason, in the transaction that gives the job up. `hands` is how
    many of them one worker does at once: above one, for jobs that mostly wait for others.
    """

    name: str
    run: Run
    max_attempts: int = 8
    lease: timedelta = timedelta(seconds=60)
    backoff: Callable[[int], timedelta] = field(default_factory=exponential)
    on_dead: Callable[[ClaimedJob, str], None] | None = None
    hands: int = 1


class GiveUp(Exception):
    """Raised by `run`: trying again cannot help."""


class TryLater(Exception):
    """Raised by `run`: the other side asks for patience. Not counted as an attempt."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class LeaseLost(Exception):
    """The lease ran out and the job is no longer this worker's: nothing is recorded."""


def enqueue(
    kind: str, *, key: str, payload: dict[str, Any], due_at: datetime | None = None
) -> None:
    """Record that `kind` is to be done for `key`: now, or from `due_at` on.

    Part of the caller's transaction: undone, the work was never asked for. A kind has one job
    per key; asking twice while the first is not done is an `IntegrityError`.
    """
    record(
        new(
            Job,
            kind=kind,
            key=key,
            payload=payload,
            due_at=due_at or AT_ONCE,
            created_at=timezone.now(),
        )
    )


ASK = """
    INSERT INTO core_job (kind, key, payload, state, attempts, due_at, last_error, created_at)
    SELECT %s, key, '{}', 'waiting', 0, due_at, '', now()
      FROM unnest(%s::text[], %s::timestamptz[]) AS asked (key, due_at)
     ORDER BY key
        ON CONFLICT (kind, key) DO UPDATE
       SET due_at = least(core_job.due_at, excluded.due_at),
           state = 'waiting',
           attempts = CASE core_job.state WHEN 'skipped' THEN 0 ELSE core_job.attempts END
     WHERE core_job.state <> 'dead'
"""


def ask_for(kind: str, *, due: Mapping[str, datetime]) -> None:
    """Have a job for every key, due no later than said. One that waits is brought forward, one
    that was skipped is asked for anew, a dead one stays for a person to decide.

    A job that ends at this moment is waited for, so that it has either seen what the caller
    wrote or is asked for again: make it the last statement of the transaction.
    """
    if due:
        sql.run(ASK, [kind, list(due), list(due.values())])


ASK_ANEW = """
    INSERT INTO core_job (kind, key, payload, state, attempts, due_at, last_error, created_at)
    SELECT %s, key, '{}', 'waiting', 0, %s, '', now() FROM unnest(%s::text[]) AS asked (key)
     ORDER BY key
        ON CONFLICT (kind, key) DO UPDATE
       SET due_at = excluded.due_at,
           state = 'waiting',
           attempts = CASE WHEN core_job.lease_until > now() THEN core_job.attempts ELSE 0 END
"""


def ask_anew(kind: str, *, keys: Sequence[str]) -> None:
    """Have a job for every key, due at once, with all its attempts before it. One that is dead
    or skipped begins again too: a person wants it."""
    if keys:
        sql.run(ASK_ANEW, [kind, AT_ONCE, list(keys)])


def due_kinds() -> list[str]:
    """Return the kinds that have work to be done now, known or not."""
    due = Job.objects.filter(state=Job.State.WAITING, due_at__lte=Now())
    free = due.filter(Q(lease_until=None) | Q(lease_until__lte=Now()))
    return list(free.order_by("kind").values_list("kind", flat=True).distinct())


def drain(kind: str, *, limit: int = 100, seconds: float = 25) -> int:
    """Do what is due of `kind`, one job after another; return how many were taken in hand.

    Ends when nothing is due, after `limit` jobs or `seconds`, or when asked to stop. Any number
    of workers may drain a kind at once.
    """
    path = settings.JOBS.get(kind)
    handler: JobKind = import_string(path) if path else JobKind(kind, _unknown)
    end = monotonic() + seconds
    if handler.hands > 1:
        return _drain_with_many_hands(handler, limit, end)
    taken = 0
    while taken < limit and monotonic() < end and not stopping.asked():
        job = _claim(handler)
        if job is None:
            break
        _work(handler, job)
        taken += 1
    return taken


def _drain_with_many_hands(handler: JobKind, limit: int, end: float) -> int:
    """Do jobs side by side, each in a thread with a connection of its own.

    While some are at work it looks for others, so that a slow one holds up nobody.
    """
    busy: set[Future[None]] = set()
    taken = 0
    with ThreadPoolExecutor(handler.hands, thread_name_prefix=handler.name) as pool:
        while taken < limit and monotonic() < end and not stopping.asked():
            job = _claim(handler) if len(busy) < handler.hands else None
            if job is not None:
                busy.add(pool.submit(_work_apart, handler, job))
                taken += 1
            elif busy:
                done, busy = wait(busy, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
                for each in done:
                    each.result()
            else:
                break
    return taken


def _work_apart(handler: JobKind, job: ClaimedJob) -> None:
    try:
        _work(handler, job)
    finally:
        connections.close_all()


def _unknown(job: ClaimedJob) -> Record | None:
    raise GiveUp(f"No kind of job is called {job.kind}.")


CLAIM = """
    UPDATE core_job
       SET attempts = attempts + 1,
           lease_token = %s,
           lease_until = statement_timestamp() + %s
     WHERE id = (
        SELECT id
          FROM core_job
         WHERE kind = %s AND state = 'waiting' AND due_at <= statement_timestamp()
           AND (lease_until IS NULL OR lease_until <= statement_timestamp())
         ORDER BY due_at, id
         LIMIT 1
           FOR UPDATE SKIP LOCKED)
 RETURNING id, key, payload::text, attempts
"""


def _claim(handler: JobKind) -> ClaimedJob | None:
    """Commit an attempt and a lease on the job that is due longest, if there is one."""
    token = uuid.uuid4()
    with transaction.atomic(durable=True):
        rows = sql.run(CLAIM, [token, handler.lease, handler.name])
    if not rows:
        return None
    [(pk, key, payload, attempt)] = rows
    return ClaimedJob(pk, handler.name, key, json.loads(payload), attempt, token)


def _work(handler: JobKind, job: ClaimedJob) -> None:
    """Run one claimed job and put down how it went."""
    try:
        if job.attempt > handler.max_attempts:
            raise GiveUp(f"Its worker died or hung in each of {handler.max_attempts} attempts.")
        _finish(job, handler.run(job))
    except LeaseLost:
        log.warning("%s %s: finished after its lease, nothing recorded", job.kind, job.key)
    except TryLater as later:
        _put_back(job, timedelta(seconds=later.seconds), str(later), attempt=job.attempt - 1)
    except GiveUp as reason:
        _bury(handler, job, str(reason))
    except Exception as problem:
        described = describe(problem)
        log.warning("%s %s: attempt %d: %s", job.kind, job.key, job.attempt, described)
        if job.attempt >= handler.max_attempts:
            _bury(handler, job, described)
        else:
            _put_back(job, handler.backoff(job.attempt), described, attempt=job.attempt)


def _finish(job: ClaimedJob, to_record: Record | None) -> None:
    """Record the effect and remove the job, together, while the lease is still ours."""
    with transaction.atomic(durable=True):
        removed, _ = Job.objects.filter(pk=job.id, lease_token=job.lease_token).delete()
        if not removed:
            raise LeaseLost
        if to_record:
            to_record()


def _put_back(job: ClaimedJob, wait: timedelta, reason: str, *, attempt: int) -> None:
    Job.objects.filter(pk=job.id, lease_token=job.lease_token).update(
        attempts=attempt,
        due_at=Now() + wait,
        lease_token=None,
        lease_until=None,
        last_error=reason[:LONGEST_ERROR],
    )


def _bury(handler: JobKind, job: ClaimedJob, reason: str) -> None:
    with transaction.atomic(durable=True):
        buried = Job.objects.filter(pk=job.id, lease_token=job.lease_token).update(
            state=Job.State.DEAD,
            attempts=min(job.attempt, handler.max_attempts),
            lease_token=None,
            lease_until=None,
            last_error=reason[:LONGEST_ERROR],
        )
        if buried and handler.on_dead:
            _tell(handler.on_dead, job, reason)
    if buried:
        log.error("%s %s is dead: %s", job.kind, job.key, reason)


def _tell(on_dead: Callable[[ClaimedJob, str], None], job: ClaimedJob, reason: str) -> None:
    """Tell whoever asked for the job; their failure must not keep it alive."""
    try:
        with transaction.atomic():
            on_dead(job, reason)
    except Exception as problem:
        log.error("%s %s: telling of its death failed: %s", job.kind, job.key, describe(problem))


SECRETS = (
    (re.compile(r"://[^/\s@]+@"), "://***@"),
    (re.compile(r"(https?://[^\s?#]+)[?#][^\s'\"]*"), r"\1?***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 ***"),
    (
        re.compile(
            r"(?i)\b([\w-]*(?:key|token|secret|password|authorization))(['\"]?\s*[=:]\s*)\S+"
        ),
        r"\1\2***",
    ),
    (re.compile(r"\b(?:sk|rk|whsec|pk)_\w+"), "***"),
)


def describe(problem: Exception) -> str:
    """Return what went wrong in one line that may be shown: no secrets, no control characters."""
    first_line = str(problem).partition("\n")[0]
    text = f"{type(problem).__name__}: {first_line}"
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return "".join(c if c.isprintable() else " " for c in text)[:LONGEST_ERROR].rstrip(": ")
