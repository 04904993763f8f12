"""What an item of Amazon comes to, in whichever version of the interface it was told."""

from dataclasses import dataclass, field
from decimal import Decimal

from oms.core.money import ZERO, rounded
from orders.adapters.amazon.marketplaces import TAX_ON_TOP
from orders.adapters.amounts import per_unit
from orders.adapters.parts import Item, Items, Tax


@dataclass(frozen=True)
class Charge:
    """What one thing costs for all units, as stated: `tax` is on `price`, `off_tax` on `off`."""

    price: Decimal = ZERO
    tax: Decimal = ZERO
    off: Decimal = ZERO
    off_tax: Decimal = ZERO

    def apart(self, tax_on_top: bool) -> tuple[Decimal, Decimal, Decimal]:
        """Return price and discount without tax, and the tax on what is left."""
        price = self.price if tax_on_top else self.price - self.tax
        off = self.off if tax_on_top else self.off - self.off_tax
        tax = self.tax - self.off_tax
        if tax < 0:
            off, tax = off - tax, ZERO
        return price, off, tax


@dataclass(frozen=True)
class Bought:
    """One item and what was charged with it."""

    key: str
    quantity: int
    currency: str
    goods: Charge
    shipping: Charge = Charge()
    gift_wrap: Charge = Charge()
    cash_fee: Charge = Charge()
    other: Charge = Charge()
    sku: str = ""
    asin: str = ""
    name: str = ""
    said: dict[str, str] = field(default_factory=dict)
    is_collected: bool = False
    tax_on_top: bool | None = None

    @property
    def adds_tax(self) -> bool:
        return self.currency in TAX_ON_TOP if self.tax_on_top is None else self.tax_on_top


FEES = {
    "gift_wrap": "Gift wrapping",
    "cash_fee": "Fee for cash on delivery",
    "other": "Other charges",
}


def as_items(bought: list[Bought]) -> Items:
    """Return the items, their fees as items that never ship, and what is charged for shipping.

    An item of which nothing is wanted any more is no item.
    """
    found: list[Item] = []
    shipping = shipping_tax = ZERO
    for each in bought:
        if not each.quantity:
            continue
        found.append(_item(each, each.goods, key=each.key))
        for name, title in FEES.items():
            charge: Charge = getattr(each, name)
            if charge.price:
                found.append(fee(each, charge, kind=name, title=title))
        price, off, tax = each.shipping.apart(each.adds_tax)
        shipping += rounded(price - off, each.currency)
        shipping_tax += rounded(tax, each.currency)
    return Items(tuple(found), shipping_amount=shipping, shipping_tax=shipping_tax)


def fee(bought: Bought, charge: Charge, *, kind: str, title: str) -> Item:
    price, off, tax = charge.apart(bought.adds_tax)
    return Item(
        key=f"{bought.key}:{kind}",
        quantity=1,
        unit_price=price,
        name=title,
        discount=off,
        tax=tax,
        ships=False,
    )


def _item(bought: Bought, charge: Charge, *, key: str) -> Item:
    price, off, tax = charge.apart(bought.adds_tax)
    unit_price, besides = per_unit(price, bought.quantity, bought.currency)
    collected = "Tax, collected by Amazon" if bought.is_collected else "Tax"
    return Item(
        key=key,
        quantity=bought.quantity,
        unit_price=unit_price,
        sku=bought.sku,
        listing=bought.asin,
        name=bought.name,
        discount=rounded(off, bought.currency) + besides,
        tax=rounded(tax, bought.currency),
        taxes=(Tax(collected, rounded(tax, bought.currency)),) if tax else (),
        said=bought.said,
    )
