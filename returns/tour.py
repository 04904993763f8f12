"""Where the guided tour finds returns to show: each function gives a page, or nothing."""

from oms.core.models import User
from oms.core.tours import page_of_first
from returns.selectors import visible_returns
from returns.states import ReturnStatus

S = ReturnStatus


def to_decide(user: User) -> str:
    return page_of_first("returns:detail", visible_returns(user).filter(status=S.REQUESTED))


def to_receive(user: User) -> str:
    return page_of_first("returns:receive", visible_returns(user).filter(status=S.APPROVED))


def to_settle(user: User) -> str:
    return page_of_first("returns:settle", visible_returns(user).filter(status=S.INSPECTED))
