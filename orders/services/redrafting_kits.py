"""What an order change makes of kits: their lines follow, and bear what the kits cost."""

from dataclasses import replace
from decimal import Decimal

from oms.core.money import ZERO, split
from orders.errors import (
    AmountDoesNotFit,
    KitNotWhole,
    LineHasLeft,
    LineHasReturns,
    TooLateToReduce,
    WhichLine,
)
from orders.models import OrderLine
from orders.rules.changes import Action, LineMoney
from orders.rules.kits import shared_out, touched_kits
from orders.services.drafts import Draft, KitDraft, LineDraft
from orders.services.unpacking import AskedKit, kit_lines, kit_row, name_in_kit


def kit_meant(draft: Draft, action: Action) -> KitDraft | None:
    """Return the kits an action names by their SKU, and by their position where one is given.

    Raises: WhichLine.
    """
    found = [
        kit
        for kit in draft.kits
        if kit.money.quantity
        and action.sku == kit.row.sku_code
        and action.line in (None, kit.row.position)
    ]
    if len(found) > 1:
        raise WhichLine(
            number=draft.order.number,
            sku=action.sku,
            lines=[kit.row.position for kit in found],
        )
    return found[0] if found else None


def resize_kit(draft: Draft, kit: KitDraft, action: Action, asked: int) -> None:
    """Ask for another number of kits: every component follows.

    Raises: KitNotWhole, LineHasReturns, TooLateToReduce, AmountDoesNotFit.
    """
    quantity = asked + _cancelled(draft, kit)
    if quantity == kit.money.quantity and action.tax is None and action.discount is None:
        return
    number = draft.order.number
    for line in kit.lines:
        if line.row.returned or line.row.return_requested:
            raise LineHasReturns(number=number, sku=line.row.sku_code)
    least = touched_kits([(line.row.packed, line.row.per_kit) for line in kit.lines])
    if asked < least:
        raise TooLateToReduce(number=number, sku=kit.row.sku_code, requested=asked, least=least)
    if kit.is_new and quantity == 0:
        draft.lines = [line for line in draft.lines if line not in kit.lines]
        draft.kits.remove(kit)
        return
    if quantity == 0:
        money = replace(kit.money, quantity=0, discount=ZERO, tax=ZERO, share=ZERO)
    else:
        money = kit.money.resized(quantity, tax=action.tax, discount=action.discount)
    _bear(kit, money)


def _cancelled(draft: Draft, kit: KitDraft) -> int:
    """How many of the kits were cancelled, each with all that is in it."""
    parts = {divmod(line.row.cancelled, line.row.per_kit) for line in kit.lines}
    if len(parts) != 1 or any(rest for _, rest in parts):
        raise KitNotWhole(number=draft.order.number, kit=kit.row.sku_code)
    [(whole, _)] = parts
    return whole


def reprice_kit(draft: Draft, kit: KitDraft, action: Action) -> None:
    """Sell kits at another price, before anything of them has left.

    Raises: LineHasLeft, AmountDoesNotFit.
    """
    left = touched_kits([(line.row.shipped, line.row.per_kit) for line in kit.lines])
    if left and not draft.is_followed:
        raise LineHasLeft(number=draft.order.number, sku=kit.row.sku_code, shipped=left)
    price = kit.money.unit_price if action.unit_price is None else action.unit_price
    _bear(kit, kit.money.repriced(price, tax=action.tax, discount=action.discount))


def add_kit(draft: Draft, asked: AskedKit) -> None:
    """Ask for kits besides."""
    currency, line = draft.order.currency, asked.line
    row = kit_row(asked, draft.order)
    money = LineMoney(line.quantity, line.unit_price, line.discount, line.tax, ZERO, currency)
    _refuse_below_nothing(money)
    kit = KitDraft(row, money, [])
    for nth, (each, part) in enumerate(
        zip(kit_lines(asked, currency), asked.parts, strict=True), start=asked.position
    ):
        component = each.line
        kit.lines.append(
            LineDraft(
                OrderLine(
                    order=draft.order,
                    position=nth,
                    sku_id=part.sku.pk,
                    sku_code=part.sku.code,
                    name=name_in_kit(part, asked),
                    quantity=component.quantity,
                    unit_price=component.unit_price,
                    ship_to=component.ship_to,
                    kit=row,
                    per_kit=part.quantity,
                ),
                LineMoney(
                    component.quantity,
                    component.unit_price,
                    component.discount,
                    component.tax,
                    ZERO,
                    currency,
                ),
                component.ship_to,
            )
        )
    draft.lines += kit.lines
    draft.kits.append(kit)


def _bear(kit: KitDraft, money: LineMoney) -> None:
    """Let the lines bear what the kits cost now, in proportion to what they bore."""
    _refuse_below_nothing(money)
    bore: list[Decimal] = [line.money.quantity * line.money.unit_price for line in kit.lines]
    per_kit = [line.row.per_kit for line in kit.lines]
    shares = shared_out(
        total=money.total,
        discount=money.discount,
        tax=money.tax,
        units=[money.quantity * units or 1 for units in per_kit],
        weights=bore if any(bore) else [Decimal(units) for units in per_kit],
        currency=money.currency,
    )
    off = split(money.share, [each.total for each in shares], money.currency)
    for line, units, each, less in zip(kit.lines, per_kit, shares, off, strict=True):
        count = money.quantity * units
        if line.is_new:
            line.row.quantity = count
        line.money = LineMoney(
            count, each.unit_price, each.discount, each.tax, less, money.currency
        )
    kit.money = money


def _refuse_below_nothing(money: LineMoney) -> None:
    if money.net < 0 or money.total < 0:
        raise AmountDoesNotFit(
            pointer="/actions",
            amount=str(money.net),
            currency=money.currency,
            reason="is less than nothing",
        )
