from collections.abc import Collection
from datetime import date, datetime, time

from inventory.errors import LocationNotFound, NeverOpen
from inventory.events import LocationCalendarSet
from inventory.models import Location
from inventory.selectors import forget_serving_locations
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service


@service
def set_calendar(
    *,
    location: str,
    weekdays: Collection[int],
    closed_on: Collection[date],
    cutoff_time: time | None,
    daily_capacity: int | None,
    by: Actor,
    at: datetime,
) -> None:
    """Say when a location works, and how much.

    That is on which days of the week (Monday is 0) and on which days not, until when work leaves
    on the same day, and how many pieces of work it takes on one; None is no cut-off, and as many
    as come. When work leaves and when parcels arrive follows at once; other processes know of it
    within five seconds.

    Raises: LocationNotFound, NeverOpen.
    Locks: nothing.
    Publishes: LocationCalendarSet.
    """
    found = Location.objects.filter(code=location).first()
    if found is None:
        raise LocationNotFound(location=location)
    if not weekdays:
        raise NeverOpen(location=location)
    found.weekdays = sorted(set(weekdays))
    found.closed_on = sorted(set(closed_on))
    found.cutoff_time = cutoff_time
    found.daily_capacity = daily_capacity
    found.save(update_fields=["weekdays", "closed_on", "cutoff_time", "daily_capacity"])
    forget_serving_locations()
    publish(
        LocationCalendarSet(
            thread=location,
            subject=location,
            by=by,
            at=at,
            weekdays=found.weekdays,
            closed_on=[day.isoformat() for day in found.closed_on],
            cutoff_time=f"{cutoff_time:%H:%M}" if cutoff_time else None,
            daily_capacity=daily_capacity,
        )
    )
