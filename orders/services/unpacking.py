"""An order with kits, told as what they are made of: that is what is routed, shipped, returned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from oms.catalog.selectors import KitPart, SkuRef, parts_of_kits
from orders.errors import TooManyLines
from orders.models import Order, OrderKit, OrderLine
from orders.rules.kits import shared_out, weights
from orders.rules.pricing import Price, less_discount
from orders.rules.wanted import NewLine, NewOrder

MOST_LINES = 10_000
LONGEST_NAME = 200


@dataclass(frozen=True)
class AskedKit:
    """Kits as asked for, what they cost, and the lines they become, from `position` on."""

    sku: SkuRef
    line: NewLine
    total: Decimal
    position: int
    parts: Sequence[KitPart]


@dataclass(frozen=True)
class Unpacked:
    """An order as it is carried out: components in place of kits. Without kits, as asked for."""

    wanted: NewOrder
    cost: Price
    skus: dict[str, SkuRef]
    kits: Sequence[AskedKit] = ()


def unpack(wanted: NewOrder, cost: Price, skus: dict[str, SkuRef]) -> Unpacked:
    """Put components in place of the kits of an order. One query, and none without kits.

    Raises: TooManyLines.
    """
    parts = parts_of_kits(skus.values())
    if not parts:
        return Unpacked(wanted, cost, skus)
    lines: list[NewLine] = []
    totals: list[Decimal] = []
    kits: list[AskedKit] = []
    for line, total in zip(wanted.lines, cost.lines, strict=True):
        ref = skus.get(line.sku) if line.is_known and line.ships else None
        if ref is None or not parts.get(ref.pk):
            lines.append(line)
            totals.append(total)
            continue
        kit = AskedKit(ref, line, total, len(lines) + 1, parts[ref.pk])
        kits.append(kit)
        for part in kit_lines(kit, wanted.currency):
            lines.append(part.line)
            totals.append(part.total)
    if len(lines) > MOST_LINES:
        raise TooManyLines(lines=len(lines), most=MOST_LINES)
    known = {part.sku.code: part.sku for each in parts.values() for part in each}
    return Unpacked(
        replace(wanted, lines=tuple(lines)),
        Price(totals, less_discount(totals, wanted.discount, wanted.currency), cost.total),
        {**known, **skus},
        kits,
    )


@dataclass(frozen=True)
class KitLine:
    line: NewLine
    total: Decimal


def kit_lines(kit: AskedKit, currency: str) -> list[KitLine]:
    """Return the lines that kits become, with their shares of what the kits cost."""
    asked = kit.line
    units = [asked.quantity * part.quantity for part in kit.parts]
    shares = shared_out(
        total=kit.total,
        discount=asked.discount,
        tax=asked.tax,
        units=units,
        weights=weights([(part.quantity, part.price, part.currency) for part in kit.parts]),
        currency=currency,
    )
    return [
        KitLine(
            replace(
                asked,
                sku=part.sku.code,
                quantity=count,
                unit_price=share.unit_price,
                discount=share.discount,
                tax=share.tax,
            ),
            share.total,
        )
        for part, count, share in zip(kit.parts, units, shares, strict=True)
    ]


def name_in_kit(part: KitPart, kit: AskedKit) -> str:
    """Return how a component is called wherever its line is shown: with the kit it is part of."""
    return f"{part.sku.name} ({kit.sku.name})"[:LONGEST_NAME]


def kit_rows(unpacked: Unpacked, order: Order) -> list[OrderKit]:
    """Return the kits of an order as they are kept beside their lines."""
    return [kit_row(kit, order) for kit in unpacked.kits]


def kit_row(kit: AskedKit, order: Order) -> OrderKit:
    """Return kits of an order as they are kept beside their lines."""
    return OrderKit(
        order_id=order.pk,
        position=kit.position,
        external_id=kit.line.external_id,
        sku_id=kit.sku.pk,
        sku_code=kit.sku.code,
        name=kit.sku.name,
        quantity=kit.line.quantity,
        unit_price=kit.line.unit_price,
        discount_amount=kit.line.discount,
        tax_amount=kit.line.tax,
        total_amount=kit.total,
    )


def assign(rows: Sequence[OrderKit], unpacked: Unpacked, lines: Sequence[OrderLine]) -> None:
    """Tell the lines of kits which they belong to. The rows have their keys."""
    for row, kit in zip(rows, unpacked.kits, strict=True):
        first = kit.position - 1
        of_kit = lines[first : first + len(kit.parts)]
        for line, part in zip(of_kit, kit.parts, strict=True):
            line.kit_id, line.per_kit = row.pk, part.quantity
            line.name = name_in_kit(part, kit)
