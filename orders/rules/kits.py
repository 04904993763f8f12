"""What a kit's price makes of its components, and what their progress makes of the kit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Protocol, TypeVar

from oms.core.money import ZERO, rounded, split

MICRO = Decimal("0.000001")


@dataclass(frozen=True)
class Share:
    """A component line's part of what its kits cost."""

    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


def weights(parts: Sequence[tuple[int, Decimal | None, str]]) -> list[Decimal]:
    """Return how much of a kit's price each part bears: units, base price, its currency.

    By base prices when all have one, in one currency; else by units.
    """
    prices = [price for _, price, _ in parts if price is not None]
    if len(prices) == len(parts) and len({currency for *_, currency in parts}) == 1 and any(prices):
        return [units * price for (units, *_), price in zip(parts, prices, strict=True)]
    return [Decimal(units) for units, *_ in parts]


def shared_out(
    *,
    total: Decimal,
    discount: Decimal,
    tax: Decimal,
    units: Sequence[int],
    weights: Sequence[Decimal],
    currency: str,
) -> list[Share]:
    """Share what kits cost among lines of so many units, to the smallest unit of the currency.

    Totals, and what is left of discounts and taxes, add up to the kits' own; a share is always its
    units times its price, less its discount, with its tax, rounded half up.
    """
    goods = split(total - tax + discount, weights, currency)
    discounts = split(discount, goods, currency)
    nets = [each - less for each, less in zip(goods, discounts, strict=True)]
    taxes = split(tax, nets, currency)
    return [
        _share(each, less, more, count, currency)
        for each, less, more, count in zip(goods, discounts, taxes, units, strict=True)
    ]


def _share(goods: Decimal, discount: Decimal, tax: Decimal, units: int, currency: str) -> Share:
    """A price has six decimals: over very many units the rest is taken off as discount."""
    total = goods - discount + tax
    price = (goods / units).quantize(MICRO, ROUND_HALF_UP)
    if rounded(price * units, currency) == goods:
        return Share(price, discount, tax, total)
    if goods == discount:
        return Share(ZERO, ZERO, tax, total)
    price = (goods / units).quantize(MICRO, ROUND_UP)
    return Share(price, discount + rounded(price * units - goods, currency), tax, total)


Line = TypeVar("Line", bound="Named")


class Named(Protocol):
    sku_code: str
    kit_id: int | None


def lines_named(lines: Sequence[Line], sku: str) -> list[Line]:
    """Return the lines of a SKU, those that are part of no kit first."""
    found = [line for line in lines if line.sku_code == sku]
    return sorted(found, key=lambda line: line.kit_id is not None)


class OfKit(Named, Protocol):
    per_kit: int

    @property
    def cancellable(self) -> int: ...


Component = TypeVar("Component", bound=OfKit)


def units_of_kits(lines: Sequence[Component], kits: int) -> list[tuple[Component, int]]:
    """Return the units that so many kits of one SKU hold, line by line.

    Where the SKU was ordered more than once, kits are taken from the first that has some.
    """
    by_kit: dict[int | None, list[Component]] = {}
    for line in lines:
        by_kit.setdefault(line.kit_id, []).append(line)
    found: list[tuple[Component, int]] = []
    groups = list(by_kit.values())
    for group in groups:
        there = whole_kits([(line.cancellable, line.per_kit) for line in group])
        taken = kits if group is groups[-1] else min(kits, there)
        found += [(line, taken * line.per_kit) for line in group if taken]
        kits -= taken
    return found


class Moving(OfKit, Protocol):
    quantity: int
    cancelled: int
    backordered: int
    shipped: int
    delivered: int


@dataclass(frozen=True)
class KitUnits:
    """How far kits are, counted in kits: whole ones, and of those that wait any that lack
    something."""

    asked: int
    backordered: int
    shipped: int
    delivered: int
    cancelled: int


def kits_in(lines: Sequence[Moving]) -> KitUnits:
    """Return how far the kits are whose components these lines are."""

    def whole(name: str) -> int:
        return whole_kits([(getattr(line, name), line.per_kit) for line in lines])

    shipped, cancelled = whole("shipped"), whole("cancelled")
    asked = whole("quantity") - cancelled
    lacking = touched_kits([(line.backordered, line.per_kit) for line in lines])
    return KitUnits(
        asked=asked,
        backordered=min(lacking, asked - shipped),
        shipped=shipped,
        delivered=whole("delivered"),
        cancelled=cancelled,
    )


def whole_kits(units: Sequence[tuple[int, int]]) -> int:
    """Return how many kits are whole, by the units of each component and those in one kit."""
    return min((reached // per_kit for reached, per_kit in units), default=0)


def touched_kits(units: Sequence[tuple[int, int]]) -> int:
    """Return how many kits lack something, by the units that lack and those in one kit."""
    return max((-(-lacking // per_kit) for lacking, per_kit in units), default=0)
