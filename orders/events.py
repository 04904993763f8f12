"""The facts this app makes known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oms.core.events import Event, passing

if TYPE_CHECKING:
    from orders.models import Order, OrderLine


@dataclass(frozen=True, kw_only=True)
class OrderEvent(Event):
    """Something that happened to one order."""


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(OrderEvent):
    """An order was accepted. The rows at hand may not be written yet."""

    name = "order.placed"
    channel: str
    external_id: str
    total: str
    currency: str
    units: int
    order: Order = passing()
    lines: Sequence[OrderLine] = passing()
    refuse_shortage: bool = passing(default=False)


@dataclass(frozen=True, kw_only=True)
class OrderBackordered(OrderEvent):
    """No location can serve these units now, by SKU."""

    name = "order.backordered"
    units: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class OrderHeld(OrderEvent):
    name = "order.held"
    kind: str
    reason: str
    stops: list[str]
    order: Order = passing()


@dataclass(frozen=True, kw_only=True)
class OrderReleased(OrderEvent):
    name = "order.released"
    kind: str
    reason: str
    order: Order = passing()


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OrderEvent):
    """Units are no longer asked for; what had shipped stays shipped.

    `allocated_lines` are those of them that stock was promised to, by line id.
    """

    name = "order.cancelled"
    reason: str
    units: dict[str, int]
    whole: bool
    amount: str
    order: Order = passing()
    allocated_lines: dict[int, int] = passing()


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(OrderEvent):
    """Every unit that is still asked for has left."""

    name = "order.completed"


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(OrderEvent):
    name = "payment.captured"
    amount: str
    currency: str
    method: str


@dataclass(frozen=True, kw_only=True)
class RefundSucceeded(OrderEvent):
    """Money went back. `reference` is the return or order it was granted for."""

    name = "refund.succeeded"
    amount: str
    currency: str
    reference: str
    method: str


@dataclass(frozen=True, kw_only=True)
class RefundFailed(OrderEvent):
    name = "refund.failed"
    amount: str
    currency: str
    reference: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderNoted(OrderEvent):
    """A colleague put down something others should know."""

    name = "order.noted"
    text: str


@dataclass(frozen=True, kw_only=True)
class OrderLinkRevoked(OrderEvent):
    """The links to the customer's page that were given out no longer open it."""

    name = "order.link_revoked"
