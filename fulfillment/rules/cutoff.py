"""When work should leave: with the first pick-up after it was given."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from inventory.rules.calendar import ALWAYS_OPEN, Calendar


def leave_by(
    given_at: datetime, cutoff: time | None, time_zone: str, calendar: Calendar = ALWAYS_OPEN
) -> datetime | None:
    """Return the first cut-off (local time of `time_zone`) after `given_at`, on a day on which the
    location works; None without one."""
    if cutoff is None:
        return None
    there = given_at.astimezone(ZoneInfo(time_zone))
    today = datetime.combine(there.date(), cutoff, there.tzinfo)
    first = there.date() if there < today else there.date() + timedelta(days=1)
    return datetime.combine(calendar.open_from(first), cutoff, there.tzinfo)
