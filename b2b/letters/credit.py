from b2b.letters import kinds
from b2b.letters.addressing import holders, looks_after, to_people
from b2b.models import PurchaseOrder
from oms.core.display import money_text
from oms.messaging.letters import Letter
from orders.models import Hold


def credit_hold(*, order: str, reason: str) -> Letter | None:
    """Tell the sales rep, and those who may release it, unless it was released meanwhile."""
    found = PurchaseOrder.objects.select_related("company__sales_rep", "order")
    document = found.filter(order__number=order).first()
    if document is None or document.order is None:
        return None
    if not Hold.objects.filter(
        order=document.order, kind="credit", released_at__isnull=True
    ).exists():
        return None
    rep = looks_after(document.company, "b2b.release_credithold")
    return to_people(
        kinds.CREDIT_HOLD,
        [*rep, *holders("b2b.release_credithold")],
        document.company,
        {
            "number": document.number,
            "order": order,
            "total": money_text(document.order.total_amount, document.currency),
            "reason": reason,
        },
        thread=order,
    )
