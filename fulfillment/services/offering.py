"""Units that become free again are offered to those who wait."""

from collections.abc import Sequence
from datetime import datetime

from oms.core.jobs import enqueue
from oms.core.services import service
from orders.models import OrderLine


@service
def offer_freed_units(*, sku_ids: Sequence[int], reference: str, at: datetime) -> None:
    """Ask for waiting orders to be served with units that are just becoming free, if any wait.

    Later, as a job: other orders cannot be locked by whoever holds this one.

    Locks: nothing.
    """
    if not sku_ids:
        return
    if OrderLine.objects.filter(sku__in=sku_ids, backordered__gt=0).exists():
        key = f"{reference}:{at:%Y%m%d%H%M%S.%f}"
        enqueue("backorders", key=key, payload={"sku_ids": sorted(set(sku_ids))})
