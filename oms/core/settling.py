"""What a person may do with a job that is stuck."""

from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now

from oms.core.actors import Actor
from oms.core.errors import Missing
from oms.core.events import Event, publish
from oms.core.jobs import AT_ONCE
from oms.core.models import Job
from oms.core.services import service
from oms.core.states import Lifecycle, TransitionNotAllowed

JOB = Lifecycle(
    "job",
    {
        "retry": ([Job.State.DEAD, Job.State.SKIPPED], Job.State.WAITING),
        "skip": ([Job.State.DEAD, Job.State.WAITING], Job.State.SKIPPED),
    },
)
"""The moves a person can make; a job that is done has no row and no state."""


@dataclass(eq=False)
class JobNotFound(Missing):
    """There is no such job, or it is done."""

    message = "This job is done, or never was."


@dataclass(frozen=True, kw_only=True)
class JobRetried(Event):
    """A person wants the job to be tried again, from its first attempt."""

    name = "job.retried"


@dataclass(frozen=True, kw_only=True)
class JobSkipped(Event):
    """A person has decided that the job is not to be done."""

    name = "job.skipped"


@service
def retry(job_id: int, by: Actor) -> None:
    """Make a dead or skipped job due at once, with all its attempts before it.

    Raises: JobNotFound, TransitionNotAllowed.
    Locks: nothing.
    Publishes: JobRetried.
    """
    job = _moved(job_id, "retry", attempts=0, due_at=AT_ONCE)
    publish(JobRetried(thread=job.key[:64], subject=str(job)[:64], by=by))


@service
def skip(job_id: int, by: Actor) -> None:
    """Decide that a job is not to be done. One that a worker has in hand cannot be skipped.

    Raises: JobNotFound, TransitionNotAllowed.
    Locks: nothing.
    Publishes: JobSkipped.
    """
    job = _moved(job_id, "skip")
    publish(JobSkipped(thread=job.key[:64], subject=str(job)[:64], by=by))


def _moved(job_id: int, verb: str, **changes: object) -> Job:
    """Make the move unless a worker, or a colleague, was faster."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise JobNotFound
    state = JOB.after(verb, job.state)
    idle = Q(lease_until=None) | Q(lease_until__lte=Now())
    same = Job.objects.filter(idle, pk=job_id, state=job.state)
    if not same.update(state=state, lease_token=None, lease_until=None, **changes):
        raise TransitionNotAllowed(subject="job", verb=verb, state="in hand")
    return job
