"""What the queue may run to ask channels for orders."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from oms.core.jobs import ClaimedJob, GiveUp, JobKind, TryLater, exponential
from oms.core.outbound import AddressNotAllowed
from oms.core.routines import Routine
from orders.adapters.asking import Busy, Refused
from orders.services import fetching

Asked = Callable[[], None] | None


def _asked(ask: Callable[[], Asked]) -> Asked:
    try:
        return ask()
    except Busy as busy:
        raise TryLater(busy.seconds, str(busy)) from busy
    except (Refused, AddressNotAllowed) as refusal:
        raise GiveUp(str(refusal)) from refusal


def fetch(job: ClaimedJob) -> Asked:
    """Fetch one thing that a channel only pointed at."""
    return _asked(lambda: fetching.fetch(key=job.key))


def look(job: ClaimedJob) -> Asked:
    """Ask one channel for a page of what changed there."""
    return _asked(lambda: fetching.look(channel=job.key, at=timezone.now()))


FETCH = JobKind(
    fetching.FETCH,
    fetch,
    max_attempts=12,
    lease=timedelta(seconds=300),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(minutes=30)),
    hands=4,
)
LOOK = JobKind(
    fetching.LOOK,
    look,
    max_attempts=12,
    lease=timedelta(seconds=120),
    backoff=exponential(first=timedelta(seconds=30), longest=timedelta(minutes=30)),
    hands=4,
)

LOOKS = Routine(fetching.ask_for_looks, every=timedelta(minutes=5))
