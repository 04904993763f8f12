"""What is on hold, kind by kind."""

from django.db.models import Count, Min, QuerySet

from inventory.selectors import visible_location_ids
from oms.core.models import User
from orders.models import Hold
from orders.selectors.listing import orders_of


def holds_of(user: User, kind: str = "") -> QuerySet[Hold]:
    """Return the standing holds on orders that `user` sees (of one kind), with their orders."""
    holds = Hold.objects.filter(released_at__isnull=True).select_related("order__channel")
    if visible_location_ids(user) is not None:
        holds = holds.filter(order__in=orders_of(user))
    return holds.filter(kind=kind) if kind else holds


def held_kinds(user: User) -> dict[str, int]:
    """Return how many holds of each kind stand, that of the oldest hold first. One query."""
    rows = holds_of(user).order_by().values_list("kind").annotate(Count("pk"), Min("set_at"))
    return {kind: count for kind, count, _oldest in sorted(rows, key=lambda row: row[2])}
