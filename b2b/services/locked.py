"""An order, its purchase order and its company's account, locked in the one order."""

from dataclasses import dataclass

from b2b.models import CreditAccount, PurchaseOrder
from oms.core.locking import lock
from orders.models import Order
from orders.services import lock_order


@dataclass(frozen=True)
class Story:
    """What moves together when an order of a company does."""

    order: Order
    document: PurchaseOrder
    account: CreditAccount


def lock_story(order_number: str) -> Story | None:
    """Lock a company's order with its purchase order and account; None for any other order.

    Raises: OrderNotFound.
    Locks: Order, PurchaseOrder, CreditAccount.
    """
    order = lock_order(number=order_number)
    documents = lock(PurchaseOrder.objects.select_related("company").filter(order=order))
    if not documents:
        return None
    document = documents[0]
    document.order = order
    [account] = lock(
        CreditAccount.objects.select_related("company").filter(company=document.company_id)
    )
    return Story(order, document, account)
