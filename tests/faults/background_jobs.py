"""Jobs whose effects can be counted, and one that takes its worker along."""

import os
import time
from datetime import timedelta
from pathlib import Path

from oms.core.jobs import ClaimedJob, JobKind


def send(job: ClaimedJob) -> None:
    """Write down that it was done, where the world outside would see it."""
    with Path(os.environ["OMS_HOME"], "sent").open("a") as sent:
        sent.write(f"{job.key}\n")
    time.sleep(job.payload.get("seconds", 0))


def explode(job: ClaimedJob) -> None:
    os.kill(os.getpid(), 9)


LETTER = JobKind("letter", send)
BOMB = JobKind("bomb", explode, max_attempts=2, lease=timedelta(seconds=2))
