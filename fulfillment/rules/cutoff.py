"""When work should leave: with the first pick-up after it was given."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def leave_by(given_at: datetime, cutoff: time | None, time_zone: str) -> datetime | None:
    """Return the first cut-off (local time of `time_zone`) after `given_at`; None without one."""
    if cutoff is None:
        return None
    there = given_at.astimezone(ZoneInfo(time_zone))
    today = there.replace(
        hour=cutoff.hour, minute=cutoff.minute, second=cutoff.second, microsecond=0
    )
    return today if there < today else today + timedelta(days=1)
