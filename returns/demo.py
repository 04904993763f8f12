"""What came back to the tea house."""

from datetime import timedelta

from oms.core.demo import BY, Demo
from orders.demo import Story, stories
from returns import services
from returns.states import Condition, Disposition, Reason

WHY = {
    "refunded": Reason.DAMAGED,
    "part_refunded": Reason.UNWANTED,
    "return_received": Reason.NOT_AS_DESCRIBED,
    "return_approved": Reason.DEFECTIVE,
    "return_requested": Reason.DOES_NOT_FIT,
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
        by=BY,
        at=asked,
    )
    if story.fate == "return_requested":
        return
    name = document.number
    services.approve_return(number=name, by=BY, at=asked + timedelta(hours=4))
    if story.fate == "return_approved":
        return
    services.receive_return(number=name, units=units, by=BY, at=asked + timedelta(days=3))
    if story.fate == "return_received":
        return
    damaged = WHY[story.fate] == Reason.DAMAGED
    condition = Condition.DAMAGED if damaged else Condition.NEW
    disposition = Disposition.SCRAP if damaged else Disposition.RESTOCK
    services.inspect_return(
        number=name,
        grades=[services.Grade(sku, count, condition, disposition) for sku, count in units.items()],
        by=BY,
        at=asked + timedelta(days=3, hours=2),
    )
    services.settle_return(number=name, by=BY, at=asked + timedelta(days=3, hours=5))
