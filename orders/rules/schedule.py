"""When deliveries of a subscription fall due: dates of a rhythm, and the terms around each."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orders.states import RhythmUnit


@dataclass(frozen=True)
class Terms:
    """What holds for every subscription. `place_at` is a local time of the contract's zone.

    `retry_after` are the days after a payment first failed on which it is tried again; when the
    last of them fails, the subscription is suspended.
    """

    place_at: time = time(6)
    notice: timedelta = timedelta(days=3)
    shortest_with_notice: timedelta = timedelta(days=7)
    lock: timedelta = timedelta(days=1)
    retry_after: tuple[timedelta, ...] = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
    try_placing_again: timedelta = timedelta(hours=1)


TERMS = Terms()
MOST_EVERY = {RhythmUnit.DAY: 365, RhythmUnit.WEEK: 104, RhythmUnit.MONTH: 24}
DAYS = {RhythmUnit.DAY: 1, RhythmUnit.WEEK: 7}


@dataclass(frozen=True)
class Rhythm:
    """Every so many days, weeks or months from `anchor_on`.

    Months keep the anchor's day and fall on the last of a shorter month: 31 Jan, 28 Feb, 31 Mar.
    `anchor_day` is that day where `anchor_on` itself lies in a shorter month.
    """

    every: int
    unit: str
    anchor_on: date
    anchor_day: int

    def turn(self, count: int) -> date:
        """Return the date `count` turns after the anchor."""
        if self.unit != RhythmUnit.MONTH:
            return self.anchor_on + timedelta(days=count * self.every * DAYS[RhythmUnit(self.unit)])
        months = self.anchor_on.year * 12 + self.anchor_on.month - 1 + count * self.every
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(self.anchor_day, last))

    def after(self, day: date) -> date:
        """Return the first date of the rhythm after `day`."""
        count = max(0, self._turns(day))
        while self.turn(count) <= day:
            count += 1
        return self.turn(count)

    def latest(self, first: date, until: date) -> date:
        """Return the last date from `first`, itself one, that is not after `until`."""
        found = first
        while (later := self.after(found)) <= until:
            found = later
        return found

    @property
    def length(self) -> timedelta:
        """How long a turn is, at least."""
        return timedelta(days=self.every * (28 if self.unit == RhythmUnit.MONTH else self._days))

    @property
    def _days(self) -> int:
        return DAYS[RhythmUnit(self.unit)]

    def _turns(self, day: date) -> int:
        """A count of turns that is not beyond `day`."""
        if self.unit != RhythmUnit.MONTH:
            return (day - self.anchor_on).days // (self.every * self._days)
        months = (day.year - self.anchor_on.year) * 12 + day.month - self.anchor_on.month
        return months // self.every


def due_moment(day: date, zone: str) -> datetime:
    """Return when a delivery of `day` is placed, in UTC."""
    return datetime.combine(day, TERMS.place_at, ZoneInfo(zone)).astimezone(UTC)


def local_date(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
