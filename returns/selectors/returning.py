"""What of an order can come back, where to, and what it is worth then."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum

from fulfillment.models import FulfillmentOrderLine
from inventory.models import Location
from inventory.states import LocationKind
from oms.core.money import ZERO
from orders.models import Order, OrderLine, Payment
from orders.states import PaymentStatus
from returns.models import ReturnAuthorization, ReturnLine
from returns.rules.worth import worth


@dataclass(frozen=True)
class Returnable:
    """A line of an order, and how many of its units may be asked back now."""

    line: OrderLine
    units: int


def returnable_lines(order: Order) -> list[Returnable]:
    """Return the lines of which units have left that no open return speaks of. One query."""
    lines = OrderLine.objects.filter(order=order, shipped__gt=0).order_by("position")
    return [Returnable(line, line.returnable) for line in lines if line.returnable > 0]


def count_of(order: Order) -> int:
    return ReturnAuthorization.objects.filter(order=order).count()


def location_for(order: Order) -> Location:
    """Return where units of an order come back to: the place that shipped most of them."""
    served = (
        FulfillmentOrderLine.objects.filter(fulfillment_order__order=order, shipped__gt=0)
        .values(place=F("fulfillment_order__location"))
        .annotate(units=Sum("shipped"))
        .order_by("-units", "place")
        .values_list("place", flat=True)
        .first()
    )
    if served:
        return Location.objects.get(pk=served)
    places = Location.objects.filter(is_active=True).exclude(kind=LocationKind.SUPPLIER)
    return places.order_by("code")[:1].get()


@dataclass(frozen=True)
class SettlementLine:
    """What would go back for one line: `worth` was paid for its units, `amount` is left of it."""

    line: ReturnLine
    sku: str
    name: str
    units: int
    worth: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Settlement:
    """What would go back for the units that came; `refundable` is all that still can."""

    lines: list[SettlementLine]
    refundable: Decimal
    currency: str
    is_followed: bool = False

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def is_short(self) -> bool:
        """Whether the units are worth more than can still be refunded."""
        return not self.is_followed and any(line.amount < line.worth for line in self.lines)


def settlement(
    document: ReturnAuthorization, *, order: Order, lines: Sequence[ReturnLine]
) -> Settlement:
    """Return what would go back if the return were settled now. Two queries.

    A unit is worth its share of what was paid for its line; together never more than what is
    left of the captured payments. What the channel gave back is not given back again.
    """
    before: dict[int, int] = dict(
        ReturnLine.objects.filter(order_line__in=[line.order_line_id for line in lines])
        .exclude(authorization=document)
        .values("order_line")
        .annotate(units=Sum("settled"))
        .values_list("order_line", "units")
    )
    captured = Payment.objects.filter(order=order, status=PaymentStatus.CAPTURED)
    left: Decimal = (
        captured.aggregate(left=Sum(F("captured_amount") - F("refund_committed_amount")))["left"]
        or ZERO
    )
    refundable, found = left, []
    for line in lines:
        placed = line.order_line
        value = worth(
            paid=placed.paid_amount,
            units=line.received,
            of=placed.quantity,
            settled_before=before.get(placed.pk, 0),
            currency=order.currency,
        )
        before[placed.pk] = before.get(placed.pk, 0) + line.received
        amount = ZERO if document.is_followed else min(value, left)
        left -= amount
        found.append(
            SettlementLine(line, placed.sku_code, placed.name, line.received, value, amount)
        )
    return Settlement(found, refundable, order.currency, document.is_followed)
