"""What returns do when something happens: they write to people, and close when paid."""

from django.urls import reverse
from django.utils import timezone

from oms.core.events import Event
from oms.messaging import services as messaging
from orders.events import OrderReturnsElsewhere, RefundSucceeded
from returns import services
from returns.events import ReturnApproved, ReturnDeclined, ReturnRequested, ReturnSettled


def expect_what_comes_back(event: OrderReturnsElsewhere) -> None:
    """Units that the channel gave money back for are expected, as a return."""
    number = services.expect_return(
        order=event.order,
        units=event.units,
        note=event.reason,
        told_before=event.told_before,
        by=event.by,
        at=event.at,
    )
    event.returns.append(number)


def tell_team_of_request(event: ReturnRequested) -> None:
    """Ask those who may approve to decide, and confirm to the customer that we know."""
    if event.is_followed:
        return
    _post("return_to_decide", event)
    _post("return_requested", event)
    messaging.notify(
        key=f"return_to_decide:{event.subject}",
        subject=f"Return {event.subject} of {event.thread} waits for a decision",
        permission="returns.approve_returnauthorization",
        url=reverse("returns:detail", args=[event.subject]),
        thread=event.thread,
        level="attention",
        by=event.by,
    )


def tell_customer_of_approval(event: ReturnApproved) -> None:
    """Tell where to send the units, and what happens then."""
    if not event.is_followed:
        _post("return_approved", event)


def tell_customer_of_refusal(event: ReturnDeclined) -> None:
    """Tell that the units cannot come back, and why."""
    _post("return_declined", event)


def tell_customer_of_settlement(event: ReturnSettled) -> None:
    """Tell what came, and what goes back for it."""
    if not event.is_followed:
        _post("return_settled", event)


def close_when_refunded(event: RefundSucceeded) -> None:
    """Close the return that this refund was granted for, once all its money has moved."""
    if event.reference != event.thread:
        services.close_return(number=event.reference, at=timezone.now())


def _post(letter: str, event: Event) -> None:
    messaging.post(
        letter=f"returns.letters.{letter}",
        key=f"{letter}:{event.subject}",
        arguments={"number": event.subject},
    )
