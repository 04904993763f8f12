"""What comes round by itself: each is one job that asks for its own next turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from oms.core.jobs import AT_ONCE, ClaimedJob, GiveUp, JobKind, Record, enqueue, exponential
from oms.core.models import Job

KIND = "routine"


@dataclass(frozen=True)
class Routine:
    """Work that is due again `every` so often after it was done.

    `run` does a slice of it, in well under 20 seconds and with commits of its own, and returns
    whether more is left to be done at once. It may be run twice, so it decides by what the
    database says is due, never by when it was called.
    """

    run: Callable[[], bool | None]
    every: timedelta


def ensure() -> None:
    """Have a job for every routine of `ROUTINES`; one that is there keeps its time."""
    known = set(Job.objects.filter(kind=KIND).values_list("key", flat=True))
    now = timezone.now()
    missing = [
        Job(kind=KIND, key=name, payload={}, due_at=AT_ONCE, created_at=now)
        for name in settings.ROUTINES
        if name not in known
    ]
    if missing:
        Job.objects.bulk_create(missing, ignore_conflicts=True)


def perform(job: ClaimedJob) -> Record | None:
    """Do one turn, and ask for the next with the record of this one.

    What belongs to a part that is left out ends here, and begins anew when the part is back.
    """
    path = settings.ROUTINES.get(job.key)
    if path is None and job.key in settings.ROUTINES_LEFT_OUT:
        return None
    if path is None:
        raise GiveUp(f"No routine is called {job.key}.")
    routine: Routine = import_string(path)
    more = routine.run()
    due_at = AT_ONCE if more else timezone.now() + routine.every
    return partial(enqueue, KIND, key=job.key, payload={}, due_at=due_at)


ROUTINE = JobKind(
    KIND,
    run=perform,
    max_attempts=50,
    lease=timedelta(seconds=90),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(minutes=15)),
)
