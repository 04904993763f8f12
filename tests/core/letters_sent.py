"""A kind of job whose outside world is watched, and told how to behave."""

import threading
from datetime import timedelta

import pytest

from oms.core.jobs import ClaimedJob, JobKind
from oms.core.models import Job

REAL_COMMITS = pytest.mark.django_db(transaction=True)


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
