"""One order with everything that is ours to tell of it."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from oms.core.models import EventRecord, User
from oms.core.money import ZERO
from oms.messaging.models import Message
from oms.messaging.selectors import letters_of
from orders.models import Hold, Order, OrderKit, OrderLine, Payment, Refund
from orders.selectors.kits import kits_of
from orders.selectors.listing import COUNTERS, orders_of

LONGEST_STORY = 200


@dataclass(frozen=True)
class Money:
    """What an order costs, part by part, in its currency."""

    goods: Decimal
    discount: Decimal
    shipping: Decimal
    tax: Decimal


@dataclass(frozen=True)
class OrderPage:
    """An order, its rows, and its story."""

    order: Order
    lines: list[OrderLine]
    holds: list[Hold]
    payments: list[Payment]
    refunds: list[Refund]
    story: list[EventRecord]
    letters: list[Message]
    kits: list[OrderKit] = field(default_factory=list)

    @property
    def units(self) -> dict[str, int]:
        """The counters of all lines together."""
        return {name: sum(getattr(line, name) for line in self.lines) for name in COUNTERS}

    @property
    def cancellable(self) -> int:
        return sum(line.cancellable for line in self.lines)

    @property
    def money(self) -> Money:
        return money_of(self.order, self.lines)


def money_of(order: Order, lines: list[OrderLine]) -> Money:
    """Take an order's total apart; the parts add up to it."""
    discount = sum((line.discount_amount for line in lines), ZERO)
    tax = sum((line.tax_amount for line in lines), ZERO)
    totals = sum((line.total_amount for line in lines), ZERO)
    return Money(
        goods=totals - tax + discount,
        discount=discount + order.discount_amount,
        shipping=order.shipping_amount,
        tax=tax + order.shipping_tax_amount,
    )


def order_page(number: str, user: User) -> OrderPage | None:
    """Return one order with its rows; None when `user` sees no such. Seven queries,
    eight with kits."""
    found = orders_of(user).filter(number=number)
    order = found.select_related("channel_order__channel", "channel").first()
    if order is None:
        return None
    story = EventRecord.objects.filter(thread=number).order_by("-id")[:LONGEST_STORY]
    lines = list(standing_lines(order).select_related("sku"))
    return OrderPage(
        order=order,
        lines=lines,
        kits=kits_of(order, lines),
        holds=standing_holds(order),
        payments=list(Payment.objects.filter(order=order).order_by("id")),
        refunds=list(Refund.objects.filter(order=order).order_by("id")),
        story=list(story),
        letters=letters_of(number),
    )


def standing_lines(order: Order) -> QuerySet[OrderLine]:
    """Return its lines by position, without those that an order change removed."""
    return OrderLine.objects.filter(order=order, quantity__gt=0).order_by("position")


def standing_holds(order: Order) -> list[Hold]:
    """Return the holds that stand, oldest first. One query."""
    return list(Hold.objects.filter(order=order, released_at__isnull=True).order_by("set_at", "id"))


def is_held(order: Order, kind: str) -> bool:
    """Return whether a hold of this kind stands. One query."""
    return Hold.objects.filter(order=order, kind=kind, released_at__isnull=True).exists()


def is_reachable(number: str) -> bool:
    """Return whether the customer can be told something, by mail or telephone. One query."""
    return Order.objects.filter(number=number).exclude(email="", phone="").exists()
