"""What an endpoint's answer means, when it is asked again, and when it is left in peace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

PATIENCE = timedelta(hours=72)
"""How long a delivery is tried before it is given up."""

SOONEST, LATEST = timedelta(seconds=5), timedelta(hours=6)
LONGEST_REQUESTED = timedelta(hours=6)

FAILURES_TO_PAUSE = 5
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)


class Verdict(Enum):
    """What became of one attempt."""

    DELIVERED = "delivered"
    FAILED = "failed"
    BUSY = "busy"
    GONE = "gone"


@dataclass(frozen=True)
class Judgement:
    """A verdict, and how long the other side wants to be left alone."""

    verdict: Verdict
    error: str = ""
    wait: timedelta = timedelta(0)


def judge(status: int, headers: Mapping[str, str], *, at: datetime) -> Judgement:
    """Return what an answer means: 2xx arrived, 410 never again, all else again later."""
    if 200 <= status < 300:
        return Judgement(Verdict.DELIVERED)
    if status == 410:
        return Judgement(Verdict.GONE, "It answered 410: it wants no more.")
    if 300 <= status < 400:
        return Judgement(Verdict.FAILED, f"It answered {status}: redirects are not followed.")
    wait = requested_wait(headers, at=at) if status in (429, 503) else None
    if wait:
        return Judgement(Verdict.BUSY, f"It answered {status} and asks for patience.", wait)
    return Judgement(Verdict.FAILED, f"It answered {status}.")


def requested_wait(headers: Mapping[str, str], *, at: datetime) -> timedelta | None:
    """Return what `Retry-After` asks for, seconds or a date, up to six hours."""
    said = {key.lower(): value for key, value in headers.items()}.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:9])), LONGEST_REQUESTED)
    try:
        until = parsedate_to_datetime(said)
    except (TypeError, ValueError, IndexError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(0), min(until - at, LONGEST_REQUESTED)) or None


def next_try(*, asked_at: datetime, at: datetime, spread: float = 1.0) -> datetime | None:
    """Return when a delivery that failed is tried again; None when it is given up.

    The wait is as long as it has been tried so far: it doubles, up to six hours. The last try is
    made when the patience ends.
    """
    end = asked_at + PATIENCE
    if at >= end:
        return None
    wait = max(SOONEST, min(at - asked_at, LATEST)) * spread
    return min(at + wait, end)


def is_paused_after(failures: int) -> bool:
    """Whether so many failures in a row mean that the endpoint is down."""
    return failures >= FAILURES_TO_PAUSE


def pause(failures: int) -> timedelta:
    """Return how long an endpoint is left in peace before one delivery tries it again."""
    doubled = SHORTEST_PAUSE * (1 << min(max(failures - FAILURES_TO_PAUSE, 0), 10))
    return min(doubled, LONGEST_PAUSE)
