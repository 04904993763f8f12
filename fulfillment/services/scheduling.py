"""Work that must not begin before a day: what it holds is not out yet."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from fulfillment.events import FulfillmentOrderOpened
from fulfillment.selectors import due_work, orders_not_out
from fulfillment.services.working import lock_work, move
from fulfillment.states import FULFILLMENT_ORDER, FulfillmentOrderStatus
from inventory.selectors import release_dates, serving_locations
from oms.catalog.models import Sku
from oms.catalog.selectors import skus_by_code
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.jobs import enqueue
from oms.core.services import batch_service, service
from oms.messaging import services as messaging


def not_before(sku_id: int, location_id: int, at: datetime) -> date | None:
    """Return the day on which units of a SKU may be picked at a location, if it is still to come
    there."""
    day = release_dates().get(sku_id)
    if day is None:
        return None
    zones = {place.pk: place.time_zone for place in serving_locations()}
    here = timezone.localdate(at, ZoneInfo(zones.get(location_id, "UTC")))
    return day if day > here else None


@service
def open_work(*, number: str, by: Actor, at: datetime) -> bool:
    """Let work begin that waited for its day; return whether it did.

    The day is that of the SKUs at this moment: whoever moves it moves the work. Work that is not
    due, or was opened or called off meanwhile, stays as it is.

    Raises: FulfillmentOrderNotFound.
    Locks: Order, FulfillmentOrder.
    Publishes: FulfillmentOrderOpened.
    """
    work = lock_work(number=number)
    is_scheduled = work.fulfillment_order.status == FulfillmentOrderStatus.SCHEDULED
    if not is_scheduled or not due_work(at=at, most=1, number=number):
        return False
    status = FULFILLMENT_ORDER.after("open", work.fulfillment_order.status)
    move(work, [], status=status, by=by, at=at)
    publish(
        FulfillmentOrderOpened(
            thread=work.order.number, subject=number, by=by, at=at, location=work.location
        )
    )
    return True


@service
def announce_release(*, sku: str, day: str, at: datetime) -> None:
    """Ask for a letter to each customer who waits for a SKU to come out: its day has moved.

    Later, as a job: there may be many.

    Locks: nothing.
    """
    moved = at.isoformat()
    enqueue("release_letters", key=f"{sku}:{moved}", payload={"sku": sku, "day": day, "at": moved})


@batch_service
def write_of_release(*, sku: str, day: str, moved: str) -> None:
    """Have the letters written, one for each order; none when the day, as ISO
    8601, has moved on meanwhile: that move has letters of its own.

    Raises: UnknownSku, Busy.
    Locks: nothing.
    """
    [ref] = skus_by_code([sku]).values()
    now = Sku.objects.get(pk=ref.pk).release_on
    if (now.isoformat() if now else "") != day:
        return
    for number in orders_not_out(ref.pk):
        messaging.post(
            letter="fulfillment.letters.release_moved",
            key=f"release_moved:{number}:{sku}:{moved}",
            arguments={"number": number, "sku": sku},
        )
