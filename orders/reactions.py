"""What this app does when something happens: it writes to people.

Each letter is one job, written when it is sent. An order without an e-mail address and a
telephone number gets none.
"""

from decimal import Decimal

from django.urls import reverse

from oms.catalog.events import KitChanged
from oms.core.actors import SYSTEM
from oms.core.events import Event
from oms.messaging import services as messaging
from orders import selectors, services
from orders.errors import AskedForByOrders
from orders.events import (
    OrderCancelled,
    OrderChanged,
    OrderPlaced,
    OrderReleased,
    PaymentCaptured,
    RefundFailed,
    RefundSucceeded,
)
from orders.models import Order
from orders.states import PICKUP


def hold_as_asked(event: OrderPlaced) -> None:
    """An order that is not ready to go comes with its holds. On the path of every order."""
    for kind, reason in event.asked_holds:
        services.hold_new_order(placed=event, kind=kind, reason=reason, by=event.by)


def confirm_to_customer(event: OrderPlaced) -> None:
    """Confirm the order. On the path of every order: one row, nothing read.

    Deliveries of a subscription, and orders placed silently, have letters of their own.
    """
    reachable = event.order.email or event.order.phone
    if reachable and not event.silent and event.by != services.SUBSCRIPTIONS:
        messaging.post(
            letter="orders.letters.order_placed",
            key=f"order_placed:{event.thread}",
            arguments={"order": event.thread},
        )


def hold_as_agreed(event: OrderPlaced) -> None:
    """Hold an order that somebody has to confirm, or that waits for its payment. On the path of
    every order: nothing read, and nothing written for most."""
    agreed = event.agreed
    if agreed is None:
        return
    order = event.order
    held = {hold.kind for hold in event.holds}
    if not agreed.auto_confirm and "review" not in held:
        services.hold_new_order(
            placed=event,
            kind="review",
            reason="Somebody confirms the orders of this channel",
            by=SYSTEM,
        )
    is_due = order.captured_amount < order.due_amount
    if agreed.hold_until_paid and is_due and "payment" not in held:
        services.hold_new_order(
            placed=event, kind="payment", reason="Orders of this channel are paid first", by=SYSTEM
        )


def tell_customer_of_cancellation(event: OrderCancelled) -> None:
    """Tell what is called off, and what money goes back."""
    if event.by == services.SUBSCRIPTIONS or event.is_followed:
        return
    _tell(
        event,
        "order_cancelled",
        units=event.units,
        whole=event.whole,
        amount=event.amount,
    )


def tell_customer_of_change(event: OrderChanged) -> None:
    """Tell what is different now, and what that means for the money."""
    if event.is_followed:
        return
    _tell(
        event,
        "order_changed",
        difference=event.difference,
        redirected=any(each["type"] == "set_address" for each in event.actions),
    )


def refund_what_is_not_due(event: OrderChanged) -> None:
    """What was captured beyond what is due after the change goes back."""
    if Decimal(event.difference) < 0 and not event.is_followed:
        services.refund_overpayment(
            order=event.order,
            by=event.by,
            at=event.at,
            reason=event.reason or f"Changed with {event.change}",
        )


def release_when_paid(event: PaymentCaptured) -> None:
    """An order that waited for its payment goes on. On the path of every order: nothing read."""
    if event.order is not None:
        services.release_when_paid(order=event.order, by=SYSTEM)


def release_completed_address(event: OrderChanged) -> None:
    """An order that had no complete address goes on once it has one."""
    if event.is_redirected:
        services.release_completed_address(order=event.order, by=SYSTEM)


def finish_what_is_not_sent(event: PaymentCaptured | OrderReleased) -> None:
    """An order of which nothing is sent is complete once it is paid. On the path of every order:
    nothing read."""
    if event.order is not None:
        services.finish_unsent(order=event.order, by=SYSTEM, at=event.at)


def tell_customer_of_shipment(event: Event) -> None:
    """Tell what left, unless they just collected it, or their channel told them. The fact is
    fulfillment's: read by name."""
    facts = event.facts
    if facts.get("service") == PICKUP or getattr(event, "is_followed", False):
        return
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
    if event.is_followed:
        return
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
    messaging.notify(
        key=_key("refund_failed", event),
        subject=f"Refund {event.subject} for {event.thread} failed",
        text=event.reason,
        permission="orders.refund_order",
        url=reverse("orders:detail", args=[event.thread]),
        thread=event.thread,
        level="urgent",
        by=event.by,
    )


def _tell(event: Event, letter: str, **arguments: object) -> None:
    """Write to the customer, if we can; a fact with the order at hand saves the look-up."""
    order: Order | None = getattr(event, "order", None)
    if order.email or order.phone if order else selectors.is_reachable(event.thread):
        messaging.post(
            letter=f"orders.letters.{letter}",
            key=_key(letter, event),
            arguments={"order": event.thread, **arguments},
        )


def _key(letter: str, event: Event) -> str:
    """One letter for one fact, however often it is delivered."""
    return f"{letter}:{event.subject}:{event.at:%Y%m%d%H%M%S%f}"


def refuse_kit_of_open_orders(event: KitChanged) -> None:
    """What a SKU is stays as it is while open orders ask for it.

    Raises: AskedForByOrders.
    """
    if not event.becomes_kit and not event.becomes_plain:
        return
    standing = selectors.open_orders_for(event.sku_id, as_kit=event.becomes_plain)
    if standing:
        raise AskedForByOrders(sku=event.subject, orders=standing)
