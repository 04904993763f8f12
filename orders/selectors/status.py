"""The customer's own page: who may open it, and what it tells."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from oms.core import signed_links
from oms.core.models import EventRecord
from orders.models import Hold, Order, OrderLine, Refund
from orders.selectors.one import Money, money_of, standing_holds, standing_lines
from orders.states import PICKUP, OrderStatus, RefundStatus, Stop

PURPOSE = "order status"
OPEN_AFTER_THE_END = timedelta(days=90)


def status_url(order: Order) -> str:
    """Return the address of the customer's page: the same one until the link is revoked."""
    token = signed_links.token(PURPOSE, pk=order.pk, revision=order.link_revision)
    return f"{settings.OMS_BASE_URL}/s/{token}"


def order_by_token(token: str) -> Order | None:
    """Return the order that a link opens now; None for one that is forged, revoked or too old."""
    named = signed_links.read(PURPOSE, token)
    if named is None:
        return None
    pk, revision = named
    order = Order.objects.filter(pk=pk, link_revision=revision).first()
    return order if order and not _is_over(order) else None


def _is_over(order: Order) -> bool:
    """Whether the order ended so long ago that its page is closed."""
    if order.status not in (OrderStatus.COMPLETED, OrderStatus.CANCELLED):
        return False
    ends = EventRecord.objects.filter(
        thread=order.number, name__in=["order.completed", "order.cancelled"]
    )
    ended = ends.aggregate(at=Max("happened_at"))["at"] or order.placed_at
    return bool(ended + OPEN_AFTER_THE_END < timezone.now())


@dataclass(frozen=True)
class StatusPage:
    """What the customer may know of an order; nothing of who they are."""

    order: Order
    lines: list[OrderLine]
    holds: list[Hold]
    refunds: list[Refund]

    @property
    def first_name(self) -> str:
        return (self.order.customer_name.split() or [""])[0]

    @property
    def money(self) -> Money:
        return money_of(self.order, self.lines)

    @property
    def waiting(self) -> list[OrderLine]:
        return [line for line in self.lines if line.backordered]

    @property
    def preparing(self) -> list[tuple[OrderLine, int]]:
        """Units that are neither gone, called off nor waiting for stock, by line."""
        found = (
            (line, line.quantity - line.cancelled - line.backordered - line.shipped)
            for line in self.lines
        )
        return [(line, units) for line, units in found if units]

    @property
    def cancellable(self) -> int:
        return sum(line.cancellable for line in self.lines)

    @property
    def redirectable(self) -> bool:
        """Whether something is still to be sent, and nothing is packed for its address."""
        to_send = any(line.shipped < line.asked for line in self.lines)
        packed = any(line.packed > line.shipped for line in self.lines)
        if self.order.service == PICKUP or packed or not to_send:
            return False
        return not any(Stop.EDIT in hold.stops for hold in self.holds)

    @property
    def returnable(self) -> int:
        return sum(line.returnable for line in self.lines)


def status_page(number: str, revision: int) -> StatusPage | None:
    """Return what a customer sees who was let in with this revision of the link. Five queries."""
    orders = Order.objects.select_related("channel")
    order = orders.filter(number=number, link_revision=revision).first()
    if order is None or _is_over(order):
        return None
    shown = [RefundStatus.GRANTED, RefundStatus.SENDING, RefundStatus.IN_DOUBT]
    refunds = Refund.objects.filter(order=order, status__in=[*shown, RefundStatus.SUCCEEDED])
    return StatusPage(
        order=order,
        lines=list(standing_lines(order)),
        holds=standing_holds(order),
        refunds=list(refunds.order_by("id")),
    )
