"""Where the guided tour finds work to show: each function gives a page, or nothing."""

from fulfillment.selectors import STEPS, work_of_user
from oms.core.models import User
from oms.core.tours import page_of_first
from orders.states import PICKUP

STANDING = {step.key: step.standing for step in STEPS}


def to_release(user: User) -> str:
    return _work("fulfillment:detail", "release", user)


def to_pick(user: User) -> str:
    return _work("fulfillment:pick", "pick", user)


def to_pack(user: User) -> str:
    return _work("fulfillment:pack", "pack", user)


def to_ship(user: User) -> str:
    return _work("fulfillment:ship", "ship", user)


def _work(page: str, step: str, user: User) -> str:
    """The oldest work at a step that is sent, not collected."""
    standing = work_of_user(user).filter(STANDING[step]).exclude(order__service=PICKUP)
    return page_of_first(page, standing)
