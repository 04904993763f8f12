"""Some of what was delivered comes back, and is looked at."""

from oms.core.actors import Actor
from oms.core.demo import hand_at
from oms.core.demo_life import PREFIX, Life
from orders.models import OrderLine
from orders.states import ReturnProgress
from returns import services
from returns.models import ReturnAuthorization
from returns.services import Grade, Wish
from returns.states import Condition, Disposition, Reason, ReturnStatus

SHARE = 0.06
STEPS = 4
DESK = Actor("user", "sam")
REASONS = (Reason.UNWANTED, Reason.DAMAGED, Reason.DOES_NOT_FIT, Reason.WRONG_ITEM)


def send_back(life: Life) -> None:
    """Have a customer ask to send something back. Money goes back by hand in these shops."""
    if not life.times(SHARE):
        return
    came = OrderLine.objects.filter(
        order__external_id__startswith=PREFIX,
        order__return_status=ReturnProgress.NONE,
        order__channel__payment_gateway="manual",
        delivered__gt=0,
    )
    if line := came.select_related("order").order_by("?").first():
        services.request_return(
            order=line.order.number,
            wishes=[Wish(line.sku_code, 1, life.dice.choice(REASONS))],
            by=Actor.customer(line.order.number),
            at=life.now,
        )


def look_at(life: Life) -> None:
    """Take a return a step further."""
    if not life.times(SHARE * STEPS):
        return
    mine = ReturnAuthorization.objects.filter(
        order__external_id__startswith=PREFIX,
        status__in=[
            ReturnStatus.REQUESTED,
            ReturnStatus.APPROVED,
            ReturnStatus.RECEIVED,
            ReturnStatus.INSPECTED,
        ],
    ).select_related("location")
    found = mine.order_by("?").first()
    if found is None:
        return
    number, by, at = found.number, hand_at(found.location.code), life.now
    units = {
        line.order_line.sku_code: line.quantity for line in found.lines.select_related("order_line")
    }
    if found.status == ReturnStatus.REQUESTED:
        services.approve_return(number=number, by=DESK, at=at)
    elif found.status == ReturnStatus.APPROVED:
        services.receive_return(number=number, units=units, by=by, at=at)
    elif found.status == ReturnStatus.RECEIVED:
        is_new = life.dice.random() < 0.6
        condition = Condition.NEW if is_new else Condition.DAMAGED
        disposition = Disposition.RESTOCK if is_new else Disposition.SCRAP
        grades = [Grade(sku, count, condition, disposition) for sku, count in units.items()]
        services.inspect_return(number=number, grades=grades, by=by, at=at)
    else:
        services.settle_return(number=number, by=DESK, at=at)
