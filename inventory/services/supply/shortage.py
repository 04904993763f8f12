"""Telling the house, and who listens outside, that something is short."""

from datetime import datetime

from inventory.events import StockLow, StockOut
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service


@service
def report_low_stock(
    *,
    sku: str,
    location: str,
    available: int,
    coming: int,
    reorder_point: int,
    cover_days: str,
    by: Actor,
    at: datetime,
) -> None:
    """Make it known that a SKU runs low at a location.

    Raises: nothing.
    Locks: nothing.
    Publishes: StockLow.
    """
    publish(
        StockLow(
            thread=sku,
            subject=sku,
            by=by,
            at=at,
            sku=sku,
            location=location,
            available=available,
            coming=coming,
            reorder_point=reorder_point,
            cover_days=cover_days,
        )
    )


@service
def report_stock_out(
    *, sku: str, units: int, orders: int, since: str, by: Actor, at: datetime
) -> None:
    """Make it known that orders wait for a SKU of which nothing is left.

    Raises: nothing.
    Locks: nothing.
    Publishes: StockOut.
    """
    publish(
        StockOut(
            thread=sku,
            subject=sku,
            by=by,
            at=at,
            sku=sku,
            units=units,
            orders=orders,
            since=since,
        )
    )
