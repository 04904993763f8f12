"""Where the guided tour finds supply to show: each function gives a page, or nothing."""

from inventory.models import ReplenishmentOrder, Supplier
from inventory.selectors import replenishment_orders, visible_location_ids
from inventory.states import ReplenishmentStatus
from oms.core.models import User
from oms.core.tours import page_of_first

S = ReplenishmentStatus


def proposal(user: User) -> str:
    return _order("inventory:replenishment", user, S.PROPOSED)


def answered(user: User) -> str:
    return _order("inventory:replenishment", user, S.ACKNOWLEDGED)


def delivery(user: User) -> str:
    return _order("inventory:replenishment-receive", user, S.ACKNOWLEDGED, S.SENT)


def supplier(user: User) -> str:
    """The supplier we have ordered most lines of lately."""
    asked = ReplenishmentOrder.objects.filter(status__in=[S.CLOSED, S.RECEIVED])
    known = Supplier.objects.filter(pk__in=asked.values("supplier_id"))
    return page_of_first("inventory:supplier", known, "code")


def _order(page: str, user: User, *statuses: str) -> str:
    orders = replenishment_orders(visible_location_ids(user))
    return page_of_first(page, orders.filter(status__in=statuses))
