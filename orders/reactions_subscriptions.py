"""What subscriptions do when something happens: letters to whom they are for, and their orders."""

from decimal import Decimal

from oms.core.events import Event
from oms.messaging import services as messaging
from orders import selectors, services
from orders.events import (
    OrderCancelled,
    OrderPlaced,
    PaymentCaptured,
    SubscriptionCancelled,
    SubscriptionCreated,
    SubscriptionNoticed,
    SubscriptionPaid,
    SubscriptionPastDue,
    SubscriptionRenewed,
    SubscriptionSuspended,
)


def hold_delivery_until_paid(event: OrderPlaced) -> None:
    """The order of a delivery waits for its payment. On the path of every order: nothing read."""
    if event.by == services.SUBSCRIPTIONS and Decimal(event.total) > 0:
        services.hold_new_order(
            placed=event, kind="payment", reason="Waits for its payment", by=event.by
        )


def settle_delivery(event: PaymentCaptured) -> None:
    """The delivery that was paid for is settled. Nothing is read for an order just placed."""
    if event.order is not None and not event.order._state.adding:
        services.settle_delivery(order=event.order, by=event.by, at=event.at)


def drop_delivery(event: OrderCancelled) -> None:
    """Nothing is owed any more for a delivery whose order is cancelled."""
    if event.whole:
        services.drop_delivery(number=event.thread, by=event.by, at=event.at)


def welcome_subscriber(event: SubscriptionCreated) -> None:
    """Say what was agreed, and where it can be changed."""
    _tell(event, "welcome")


def announce_delivery(event: SubscriptionNoticed) -> None:
    """Say what comes next, and until when it can be changed."""
    _tell(event, "upcoming", index=event.index)


def confirm_delivery(event: SubscriptionRenewed) -> None:
    """Say that a delivery is ordered; where we charge for it, the receipt says so."""
    if not event.charged:
        _tell(event, "renewed", index=event.index)


def confirm_charge(event: SubscriptionPaid) -> None:
    """Say that a delivery is paid and gets under way."""
    _tell(event, "charged", index=event.index)


def tell_customer_of_failed_payment(event: SubscriptionPastDue) -> None:
    """Say that a payment failed, and when it is tried again."""
    _tell(event, "payment_failed", index=event.index, retry_at=event.retry_at)


def tell_customer_of_suspension(event: SubscriptionSuspended) -> None:
    """Say that nothing more comes until the payment is put right."""
    _tell(event, "suspended", index=event.index)


def tell_customer_of_end(event: SubscriptionCancelled) -> None:
    """Say that the subscription is cancelled."""
    _tell(event, "cancelled")


def _tell(event: Event, letter: str, **arguments: object) -> None:
    if selectors.subscriber_has_email(event.thread):
        messaging.post(
            letter=f"orders.letters_subscriptions.{letter}",
            key=f"subscription_{letter}:{event.subject}:{event.at:%Y%m%d%H%M%S%f}",
            arguments={"subscription": event.thread, **arguments},
        )
