"""What came back to the tea house."""

from datetime import datetime, timedelta

from oms.core.actors import SYSTEM
from oms.core.demo import DESK, Demo, hand_at
from orders import services as orders
from orders.demo import Story, stories
from orders.models import Refund
from returns import services
from returns.states import Condition, Disposition, Reason

WHY = {
    "refunded": Reason.DAMAGED,
    "part_refunded": Reason.UNWANTED,
    "return_received": Reason.NOT_AS_DESCRIBED,
    "return_approved": Reason.DEFECTIVE,
    "return_requested": Reason.DOES_NOT_FIT,
    "return_inspected": Reason.UNWANTED,
    "return_part": Reason.DAMAGED,
    "return_declined": Reason.OTHER,
    "return_cancelled": Reason.UNWANTED,
    "return_closed": Reason.WRONG_ITEM,
    "refund_failed": Reason.DAMAGED,
}


def returns(demo: Demo) -> None:
    """Take back what the stories say comes back, as far as they say."""
    for number, story in stories(demo):
        if story.fate in WHY:
            _take_back(number, story, demo)


def _take_back(number: str, story: Story, demo: Demo) -> None:
    asked = demo.now - story.at + timedelta(days=4)
    units = dict(story.basket)
    if story.fate == "part_refunded":
        units = dict.fromkeys(list(units)[:1], 1)
    document = services.request_return(
        order=number,
        wishes=[services.Wish(sku, count, WHY[story.fate]) for sku, count in units.items()],
        by=DESK,
        at=asked,
    )
    if story.fate == "return_requested":
        return
    name = document.number
    if story.fate == "return_declined":
        reason = "Opened tea cannot come back"
        services.decline_return(number=name, reason=reason, by=DESK, at=asked + timedelta(hours=3))
        return
    services.approve_return(number=name, by=DESK, at=asked + timedelta(hours=4))
    if story.fate == "return_approved":
        return
    if story.fate == "return_cancelled":
        reason = "They keep it after all"
        services.cancel_return(number=name, reason=reason, by=DESK, at=asked + timedelta(days=1))
        return
    if story.fate == "return_part":
        units = {code: count - 1 for code, count in units.items()}
    by = hand_at(document.location.code)
    services.receive_return(number=name, units=units, by=by, at=asked + timedelta(days=3))
    if story.fate in {"return_received", "return_part"}:
        return
    damaged = WHY[story.fate] == Reason.DAMAGED
    condition = Condition.DAMAGED if damaged else Condition.NEW
    disposition = Disposition.SCRAP if damaged else Disposition.RESTOCK
    services.inspect_return(
        number=name,
        grades=[services.Grade(sku, count, condition, disposition) for sku, count in units.items()],
        by=by,
        at=asked + timedelta(days=3, hours=2),
    )
    if story.fate == "return_inspected":
        return
    services.settle_return(number=name, by=DESK, at=asked + timedelta(days=3, hours=5))
    _move_money(name, story, asked + timedelta(days=3, hours=6))


def _move_money(number: str, story: Story, at: datetime) -> None:
    """Answer as the payment gateway would have."""
    for refund in Refund.objects.filter(reference=number, payment__gateway="stripe"):
        orders.start_sending(number=refund.number)
        if story.fate == "refund_failed":
            reason = "The card was closed"
            orders.reject_refund(number=refund.number, reason=reason, by=SYSTEM, at=at)
        else:
            orders.complete_refund(
                number=refund.number, gateway_reference=f"re_{refund.number}", by=SYSTEM, at=at
            )
