"""Where the guided tour finds orders to show: each function gives a page, or nothing."""

from django.db.models import QuerySet

from oms.core.models import User
from oms.core.tours import page_of_first
from orders.models import Order, OrderLine
from orders.selectors import holds_of, orders_of, subscription_list
from orders.states import FulfillmentProgress, OrderStatus, PaymentProgress, SubscriptionStatus


def doubtful_address(user: User) -> str:
    return _held("address", user)


def suspected_fraud(user: User) -> str:
    return _held("fraud", user)


def unpaid(user: User) -> str:
    return _held("payment", user)


def waiting_for_stock(user: User) -> str:
    waiting = OrderLine.objects.filter(backordered__gt=0)
    return page_of_first("orders:detail", _open(user).filter(pk__in=waiting.values("order_id")))


def to_change(user: User) -> str:
    """An order that is paid, lies ready, and of which nothing has left."""
    untouched = _open(user).filter(
        payment_status=PaymentProgress.PAID, fulfillment_status=FulfillmentProgress.UNFULFILLED
    )
    held = holds_of(user).values("order_id")
    ready = untouched.exclude(pk__in=held).exclude(lines__backordered__gt=0)
    return page_of_first("orders:change", ready)


def partly_sent(user: User) -> str:
    """An order that two locations serve, as far as it has left."""
    return page_of_first(
        "orders:detail",
        _open(user).filter(fulfillment_status=FulfillmentProgress.PARTLY_FULFILLED),
    )


def payment_failed(user: User) -> str:
    late = subscription_list().filter(status=SubscriptionStatus.PAST_DUE)
    return page_of_first("orders:subscription", late)


def _held(kind: str, user: User) -> str:
    return page_of_first("orders:detail", holds_of(user, kind), "order__number")


def _open(user: User) -> QuerySet[Order]:
    return orders_of(user).filter(status=OrderStatus.OPEN)
