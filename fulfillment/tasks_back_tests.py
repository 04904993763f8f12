"""What the queue may run: back-tests of routing rules."""

from datetime import timedelta
from functools import partial
from time import monotonic

from django.utils import timezone

from fulfillment import services
from fulfillment.models import BackTest
from fulfillment.states import BackTestStatus
from oms.core import stopping
from oms.core.jobs import ClaimedJob, JobKind, Record, exponential

SLICE = 15
"""Seconds after which a back-test lets others have their turn."""


def lead_on(job: ClaimedJob) -> Record | None:
    """Decide orders for a while, from where the back-test stands, and keep what was found."""
    end = monotonic() + SLICE
    test = BackTest.objects.select_related("version").filter(number=job.key).first()
    if test is None or test.status != BackTestStatus.RUNNING:
        return None
    simulation, stood_at = services.simulation_of(test=test), test.position
    is_left = True
    while is_left:
        before = simulation.figures["orders"]
        otherwise = simulation.go_on()
        is_left = services.keep_back_test(
            number=job.key,
            stood_at=stood_at,
            simulation=simulation,
            otherwise=otherwise,
            done=simulation.figures["orders"] - before,
            at=timezone.now(),
        )
        if monotonic() > end or stopping.asked() or simulation.position is None:
            break
        placed_at, pk = simulation.position
        stood_at = [placed_at.isoformat(), pk]
    return partial(services.lead_back_test_on, number=job.key)


def lay_down(job: ClaimedJob, reason: str) -> None:
    services.fail_back_test(number=job.key, reason=reason, at=timezone.now())


BACK_TEST = JobKind(
    "back_test",
    run=lead_on,
    max_attempts=5,
    lease=timedelta(minutes=2),
    backoff=exponential(first=timedelta(seconds=2), longest=timedelta(minutes=2)),
    on_dead=lay_down,
)
