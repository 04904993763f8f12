"""Until when work has to leave for a promise to be kept."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fulfillment.rules.rates import Origin, Service, arrival
from inventory.rules.calendar import EVERY_DAY

LONGEST_WAY = 60
END_OF_DAY = time(23, 59)


def last_pickup(due_on: date, service: Service, origin: Origin, days: int) -> datetime | None:
    """Return the last pick-up with which a parcel is there on `due_on`; None when it would be more
    than two months before."""
    zone = ZoneInfo(origin.time_zone)
    cutoff = service.cutoff or origin.cutoff or END_OF_DAY
    carried = service.weekdays or EVERY_DAY
    for back in range(LONGEST_WAY):
        day = due_on - timedelta(days=back)
        at = datetime.combine(day, cutoff, zone)
        if (
            day.weekday() in carried
            and origin.calendar.is_open(day)
            and arrival(service, origin, at, days) <= due_on
        ):
            return at
    return None
