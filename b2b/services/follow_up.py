"""Work of ours that follows from a fact, done soon after by a job."""

from datetime import datetime

from oms.core.jobs import ask_for

FOLLOW = "company_order"
ROOM = "credit_room"


def follow_soon(*, order: str, at: datetime) -> None:
    """Have invoices, credit and purchase order brought in line with an order, by a job."""
    ask_for(FOLLOW, due={order: at})


def look_for_room(*, company: str, at: datetime) -> None:
    """Have a job look at the company's held orders: credit has become free."""
    ask_for(ROOM, due={company: at})
