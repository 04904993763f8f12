"""What the queue may run for messages of channels."""

from collections.abc import Callable
from datetime import timedelta

from oms.channels.services.archiving import JOB
from oms.core.jobs import ClaimedJob, JobKind, exponential
from orders.services.processing import process_message, quarantine_message


def process(job: ClaimedJob) -> Callable[[], None] | None:
    """Carry out one message of the archive."""
    return process_message(number=job.key, attempt=job.attempt)


def _lay_aside(job: ClaimedJob, reason: str) -> None:
    quarantine_message(number=job.key, attempt=job.attempt, problem=reason)


INBOUND = JobKind(
    JOB,
    run=process,
    max_attempts=8,
    lease=timedelta(seconds=120),
    backoff=exponential(first=timedelta(seconds=2), longest=timedelta(minutes=10)),
    on_dead=_lay_aside,
)
