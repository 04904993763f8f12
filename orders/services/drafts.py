"""An order with a change worked in, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from oms.core.money import ZERO
from oms.customers.addresses import Address
from orders.models import Order, OrderKit, OrderLine
from orders.rules.changes import Action, LineMoney


@dataclass
class LineDraft:
    """A line and what it would be; a new one has no row yet."""

    row: OrderLine
    money: LineMoney
    ship_to: Address | None

    @property
    def is_new(self) -> bool:
        return self.row._state.adding

    @property
    def asked(self) -> int:
        return self.money.quantity - self.row.cancelled

    @property
    def more(self) -> int:
        """Units asked for beyond those before; less than 0 when fewer are."""
        return self.money.quantity - (0 if self.is_new else self.row.quantity)

    @property
    def waiting_off(self) -> int:
        """Units taken off that stock was never promised to: those go first."""
        return min(max(0, -self.more), self.row.backordered)

    @property
    def unrouted_off(self) -> int:
        return min(max(0, -self.more) - self.waiting_off, max(0, self.row.unrouted))

    @property
    def promised_off(self) -> int:
        """Units taken off that lie ready somewhere."""
        return max(0, -self.more) - self.waiting_off - self.unrouted_off

    @property
    def left_behind(self) -> bool:
        """Whether units of it are still to be sent."""
        return self.row.shipped < self.asked


@dataclass
class KitDraft:
    """Kits of an order and what they would be; their lines are drafted with them."""

    row: OrderKit
    money: LineMoney
    lines: list[LineDraft]

    @property
    def is_new(self) -> bool:
        return self.row._state.adding


@dataclass(frozen=True)
class Charges:
    """What an order costs beside its lines."""

    shipping: Decimal
    shipping_tax: Decimal
    discount: Decimal


@dataclass
class Draft:
    """An order with a change worked in; `order` and its rows are as they were."""

    order: Order
    lines: list[LineDraft]
    kits: list[KitDraft]
    ship_to: Address
    service: str
    is_redirected: bool = False
    charges: Charges | None = None
    is_followed: bool = False
    said: list[Action] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        shipping = self.order.shipping_amount + self.order.shipping_tax_amount
        if self.charges:
            shipping = self.charges.shipping + self.charges.shipping_tax
        goods = sum((line.money.total for line in self.lines), ZERO)
        return goods + shipping - self.discount

    @property
    def discount(self) -> Decimal:
        """The order's discount: lines that shrink give their part of it back."""
        if self.charges:
            return self.charges.discount
        now = sum((line.money.share for line in self.lines), ZERO)
        return self.order.discount_amount - self._shares_before() + now

    @property
    def cancelled_more(self) -> Decimal:
        """How much more (or less) the cancelled units of the lines are worth than before."""
        after = sum((each.money.cancelled_worth(each.row.cancelled) for each in self.lines), ZERO)
        before = sum(
            (
                money_of_line(each.row, self.order.currency).cancelled_worth(each.row.cancelled)
                for each in self.lines
                if not each.is_new
            ),
            ZERO,
        )
        return after - before

    def _shares_before(self) -> Decimal:
        return sum(
            (
                each.row.total_amount - each.row.paid_amount
                for each in self.lines
                if not each.is_new
            ),
            ZERO,
        )


def money_of_line(row: OrderLine, currency: str) -> LineMoney:
    """Return the line's money as it stands."""
    return LineMoney(
        quantity=row.quantity,
        unit_price=row.unit_price,
        discount=row.discount_amount,
        tax=row.tax_amount,
        share=row.total_amount - row.paid_amount,
        currency=currency,
    )


def money_of_kit(row: OrderKit, lines: Sequence[OrderLine], currency: str) -> LineMoney:
    """Return what kits cost as it stands."""
    return LineMoney(
        quantity=row.quantity,
        unit_price=row.unit_price,
        discount=row.discount_amount,
        tax=row.tax_amount,
        share=sum((line.total_amount - line.paid_amount for line in lines), ZERO),
        currency=currency,
    )


def draft_of(order: Order, rows: Sequence[OrderLine], kits: Sequence[OrderKit]) -> Draft:
    """Return the order as it stands, to work changes in."""
    lines = [LineDraft(row, money_of_line(row, order.currency), row.ship_to) for row in rows]
    drafts = []
    for kit in kits:
        of_kit = [line for line in lines if line.row.kit_id == kit.pk]
        money = money_of_kit(kit, [line.row for line in of_kit], order.currency)
        drafts.append(KitDraft(kit, money, of_kit))
    return Draft(order, lines, drafts, order.ship_to, order.service)
