"""Reads: what waits to be collected."""

from datetime import datetime

from django.db.models import Q, QuerySet

from fulfillment.models import Pickup
from fulfillment.rules.pickups import UNCOLLECTED_AFTER
from fulfillment.selectors.work import work_of_user
from fulfillment.states import FulfillmentOrderStatus
from oms.core.models import User


def pickup_waiting(number: str) -> Pickup | None:
    """Return the pickup of a fulfillment order while the customer has not come."""
    found = _waiting().select_related("fulfillment_order__order__channel")
    return found.filter(fulfillment_order__number=number).first()


def pickups_of_user(
    user: User, *, location_ids: list[int], before: datetime | None = None
) -> QuerySet[Pickup]:
    """Return what waits to be collected at these locations, since `before` or longer."""
    works = work_of_user(user).filter(location__in=location_ids)
    found = _waiting().filter(fulfillment_order__in=works.order_by().values("pk"))
    if before is not None:
        found = found.filter(ready_at__lt=before)
    return found.select_related("fulfillment_order__order", "fulfillment_order__location")


def pickups_matching(pickups: QuerySet[Pickup], said: str) -> QuerySet[Pickup]:
    """Narrow pickups to those a person at the counter may mean: a number, a name, a code."""
    order = "fulfillment_order__order__"
    return pickups.filter(
        Q(code__iexact=said)
        | Q(**{f"{order}number__iexact": said})
        | Q(**{f"{order}external_id__iexact": said})
        | Q(fulfillment_order__number__iexact=said)
        | Q(**{f"{order}customer_name__icontains": said})
    )


def uncollected_before(now: datetime) -> datetime:
    """Return since when something has to wait to count as not collected."""
    return now - UNCOLLECTED_AFTER


def _waiting() -> QuerySet[Pickup]:
    return Pickup.objects.filter(
        handed_over_at__isnull=True, fulfillment_order__status=FulfillmentOrderStatus.PACKED
    ).select_related("fulfillment_order__location")
