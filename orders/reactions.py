"""What this app does when something happens: it writes to people.

Each letter is one job, written when it is sent. An order without an e-mail address gets none.
"""

from oms.core.events import Event
from oms.messaging import services as messaging
from orders import selectors
from orders.events import OrderCancelled, OrderPlaced, RefundFailed, RefundSucceeded
from orders.models import Order


def confirm_to_customer(event: OrderPlaced) -> None:
    """Confirm the order. On the path of every order: one row, nothing read."""
    if event.order.email:
        messaging.post(
            letter="orders.letters.order_placed",
            key=f"order_placed:{event.thread}",
            arguments={"order": event.thread},
        )


def tell_customer_of_cancellation(event: OrderCancelled) -> None:
    """Tell what is called off, and what money goes back."""
    _tell(
        event,
        "order_cancelled",
        units=event.units,
        whole=event.whole,
        amount=event.amount,
    )


def tell_customer_of_shipment(event: Event) -> None:
    """Tell what left; the fact is fulfillment's, so it is read by name."""
    facts = event.facts
    _tell(
        event,
        "order_shipped",
        units=facts["units"],
        carrier=facts.get("carrier", ""),
        tracking_number=facts.get("tracking_number", ""),
        tracking_url=facts.get("tracking_url", ""),
    )


def tell_customer_of_refund(event: RefundSucceeded) -> None:
    """Tell that money went back, and how much."""
    _tell(
        event,
        "refund_succeeded",
        refund=event.subject,
        amount=event.amount,
        currency=event.currency,
        method=event.method,
    )


def tell_team_of_failed_refund(event: RefundFailed) -> None:
    """Tell those who may refund: a person has to find another way to pay the money back."""
    messaging.post(
        letter="orders.letters.refund_failed",
        key=_key("refund_failed", event),
        arguments={
            "order": event.thread,
            "refund": event.subject,
            "amount": event.amount,
            "currency": event.currency,
            "reason": event.reason,
        },
    )


def _tell(event: Event, letter: str, **arguments: object) -> None:
    """Write to the customer, if we can; a fact with the order at hand saves the look-up."""
    order: Order | None = getattr(event, "order", None)
    if order.email if order else selectors.has_email(event.thread):
        messaging.post(
            letter=f"orders.letters.{letter}",
            key=_key(letter, event),
            arguments={"order": event.thread, **arguments},
        )


def _key(letter: str, event: Event) -> str:
    """One letter for one fact, however often it is delivered."""
    return f"{letter}:{event.subject}:{event.at:%Y%m%d%H%M%S%f}"
