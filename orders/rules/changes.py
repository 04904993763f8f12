"""What an order change says, and what it makes of a line's money. Plain values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any

from oms.core.money import ZERO, rounded
from oms.customers.addresses import Address


@dataclass(frozen=True)
class Action:
    """One thing to do to an order. `line` is a position, where the SKU alone would not tell.

    `quantity` is how many units shall still be asked for, cancelled ones left out. Without `tax`
    and `discount` those of the line follow its quantity and price. What is added by a channel has
    an `external_id`, may be something that no SKU is known of (`is_known` is False), or that never
    `ships`. For `set_charges`, price and tax are those of shipping, the discount the order's.
    """

    type: str
    sku: str = ""
    line: int | None = None
    quantity: int | None = None
    unit_price: Decimal | None = None
    tax: Decimal | None = None
    discount: Decimal | None = None
    address: Address | None = None
    service: str = ""
    external_id: str = ""
    name: str = ""
    ships: bool | None = None
    is_known: bool | None = None
    said: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what was said, nothing else."""
        said: dict[str, Any] = {"type": self.type}
        for name in NAMES:
            value = getattr(self, name)
            if value is None or (value == "" and name != "service"):
                continue
            if isinstance(value, Decimal):
                value = str(value)
            elif isinstance(value, Address):
                value = {key: each for key, each in asdict(value).items() if each}
            said[name] = value
        if self.type != "set_service":
            said.pop("service", None)
        return said

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Action:
        values = dict(said)
        for name in AMOUNTS:
            if values.get(name) is not None:
                values[name] = Decimal(values[name])
        if values.get("address"):
            values["address"] = Address(**values["address"])
        return cls(**values)


NAMES = [field.name for field in fields(Action) if field.name != "type"]
AMOUNTS = ("unit_price", "tax", "discount")


@dataclass(frozen=True)
class LineMoney:
    """A line's part of the price; `share` is its part of the order's discount."""

    quantity: int
    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    share: Decimal
    currency: str

    @property
    def net(self) -> Decimal:
        return self.quantity * self.unit_price - self.discount

    @property
    def total(self) -> Decimal:
        return rounded(self.net + self.tax, self.currency)

    @property
    def paid(self) -> Decimal:
        return self.total - self.share

    def cancelled_worth(self, cancelled: int) -> Decimal:
        """What was taken off for the units of this line that were cancelled."""
        if not cancelled:
            return ZERO
        return rounded(self.paid * cancelled / self.quantity, self.currency)

    def resized(
        self, quantity: int, *, tax: Decimal | None = None, discount: Decimal | None = None
    ) -> LineMoney:
        """The same line with another quantity: discount and tax in proportion.

        Fewer units give back their part of the order's discount, as cancelled ones do; more units
        add nothing to it.
        """
        part = Decimal(quantity) / self.quantity
        sized = replace(
            self,
            quantity=quantity,
            discount=self._in_part(self.discount, part) if discount is None else discount,
            tax=self._in_part(self.tax, part) if tax is None else tax,
        )
        share = self._in_part(self.share, part) if part < 1 else self.share
        return sized._with_share(share)

    def repriced(
        self, unit_price: Decimal, *, tax: Decimal | None = None, discount: Decimal | None = None
    ) -> LineMoney:
        """The same line at another price: its discount stays, its tax keeps its rate."""
        goods = self.quantity * unit_price
        kept = min(self.discount, goods) if discount is None else discount
        priced = replace(self, unit_price=unit_price, discount=kept)
        part = priced.net / self.net if self.net else ZERO
        taxed = replace(priced, tax=self._in_part(self.tax, part) if tax is None else tax)
        return taxed._with_share(self.share)

    def _with_share(self, share: Decimal) -> LineMoney:
        return replace(self, share=min(share, max(ZERO, self.total)))

    def _in_part(self, amount: Decimal, part: Decimal) -> Decimal:
        return rounded(amount * part, self.currency)


def tax_at(net: Decimal, *, like_tax: Decimal, like_net: Decimal, currency: str) -> Decimal:
    """Return the tax on `net` at the rate at which `like_net` bears `like_tax`."""
    return rounded(net * like_tax / like_net, currency) if like_net > 0 else ZERO
