"""When units that are not there can be expected."""

from collections.abc import Iterable
from datetime import date


def expected_on(
    arrivals: Iterable[tuple[int, date | None]], *, after: int, units: int
) -> date | None:
    """Return the day by which `units` have come beyond the `after` that others wait for.

    None when not enough is coming, or nobody knows the day.
    """
    left = after + units
    for count, day in arrivals:
        if day is None:
            return None
        left -= count
        if left <= 0:
            return day
    return None
