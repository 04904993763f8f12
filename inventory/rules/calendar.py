"""On which days a location works."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
LONGEST_CLOSED = 366


@dataclass(frozen=True)
class Calendar:
    """Days of the week (Monday is 0) on which work is done, but for days that are `closed`."""

    weekdays: tuple[int, ...] = EVERY_DAY
    closed: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.closed

    def open_from(self, day: date, carried: Collection[int] = EVERY_DAY) -> date:
        """Return the first working day from `day` on that is one of `carried` as well; the day
        itself where there is none within a year."""
        days = (day + timedelta(days=nth) for nth in range(LONGEST_CLOSED))
        return next(
            (each for each in days if self.is_open(each) and each.weekday() in carried), day
        )


ALWAYS_OPEN = Calendar()
