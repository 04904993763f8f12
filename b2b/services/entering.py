from collections.abc import Sequence
from datetime import date, datetime

from b2b.models import PurchaseOrder
from b2b.services.purchasing import save_purchase_order, submit_purchase_order
from b2b.services.wishes import LineWish
from oms.core.actors import Actor
from oms.core.services import service
from oms.customers.addresses import Address


@service
def enter_purchase_order(
    *,
    company: str,
    lines: Sequence[LineWish],
    source: str,
    by: Actor,
    at: datetime,
    number: str | None = None,
    po_number: str = "",
    ship_to: Address | None = None,
    requested_on: date | None = None,
    note: str = "",
    sales_rep: str | None = None,
    expected_version: int | None = None,
) -> PurchaseOrder:
    """Write a purchase order down and submit it, both or neither.

    Raises: what `save_purchase_order` and `submit_purchase_order` raise.
    Locks: PurchaseOrder, CreditAccount, StockLevel.
    Publishes: PurchaseOrderSubmitted, PurchaseOrderApprovalNeeded, PurchaseOrderAccepted.
    """
    saved = save_purchase_order(
        company=company,
        lines=lines,
        source=source,
        by=by,
        at=at,
        number=number,
        po_number=po_number,
        ship_to=ship_to,
        requested_on=requested_on,
        note=note,
        sales_rep=sales_rep,
        expected_version=expected_version,
    )
    return submit_purchase_order(number=saved.number, by=by, at=at)
