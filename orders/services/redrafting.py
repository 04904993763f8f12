"""An order as it would be with a change: lines and amounts worked out, nothing written."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from oms.catalog.models import Sku
from oms.catalog.selectors import parts_of_kits, skus_by_code
from oms.core.money import ZERO, exponent
from orders.errors import (
    AmountDoesNotFit,
    LineHasLeft,
    LineHasReturns,
    LineNotFound,
    NothingChanges,
    NothingLeftToSend,
    NothingWouldBeLeft,
    PartOfKit,
    PickupStays,
    PriceNeeded,
    TooLateToRedirect,
    TooLateToReduce,
    WhichLine,
)
from orders.models import Order, OrderKit, OrderLine
from orders.rules.changes import Action, LineMoney, tax_at
from orders.rules.pricing import LARGEST, less_discount
from orders.rules.wanted import NewLine
from orders.services.drafts import Charges, Draft, LineDraft, draft_of, money_of_line
from orders.services.redrafting_kits import add_kit, kit_meant, reprice_kit, resize_kit
from orders.services.unpacking import AskedKit
from orders.states import PICKUP, ChangeType


def redraft(
    order: Order,
    rows: Sequence[OrderLine],
    kits: Sequence[OrderKit],
    actions: Sequence[Action],
    *,
    is_followed: bool = False,
) -> Draft:
    """Return the order as it would be after `actions`, in their order. `is_followed`: its channel
    says so, which may name another price for what has left: it sees to the money.

    Raises: LineNotFound, WhichLine, TooLateToReduce, TooLateToRedirect, NothingLeftToSend,
        LineHasLeft, LineHasReturns, PriceNeeded, UnknownSku, AmountDoesNotFit, NothingChanges,
        NothingWouldBeLeft, PartOfKit, KitNotWhole.
    """
    draft = draft_of(order, rows, kits)
    draft.is_followed = is_followed
    for number, action in enumerate(actions):
        _refuse_decimals(action, number, order.currency)
        DOING[action.type](draft, action)
        draft.said.append(action)
    if draft.charges:
        _share_discount(draft)
    for number, line in enumerate(draft.lines):
        _refuse_below_nothing(line, number, order.currency)
    if draft.total < 0 or draft.total > LARGEST:
        reason = "is less than nothing" if draft.total < 0 else "is too large"
        raise AmountDoesNotFit(
            pointer="/actions", amount=str(draft.total), currency=order.currency, reason=reason
        )
    _refuse_nothing(draft)
    return draft


def _set_quantity(draft: Draft, action: Action) -> None:
    if kit := kit_meant(draft, action):
        resize_kit(draft, kit, action, action.quantity or 0)
    else:
        _resize(draft, _line(draft, action), action, action.quantity or 0)


def _remove_line(draft: Draft, action: Action) -> None:
    if kit := kit_meant(draft, action):
        resize_kit(draft, kit, action, 0)
    else:
        _resize(draft, _line(draft, action), action, 0)


def _resize(draft: Draft, line: LineDraft, action: Action, asked: int) -> None:
    row, quantity = line.row, asked + line.row.cancelled
    same = quantity == line.money.quantity
    if same and action.tax is None and action.discount is None:
        return
    if row.returned or row.return_requested:
        raise LineHasReturns(number=draft.order.number, sku=row.sku_code)
    if asked < row.packed:
        raise TooLateToReduce(
            number=draft.order.number, sku=row.sku_code, requested=asked, least=row.packed
        )
    if line.is_new:
        if quantity == 0:
            draft.lines.remove(line)
            return
        row.quantity = quantity
    if quantity == 0:
        line.money = replace(line.money, quantity=0, discount=ZERO, tax=ZERO, share=ZERO)
        return
    line.money = line.money.resized(quantity, tax=action.tax, discount=action.discount)


def _set_price(draft: Draft, action: Action) -> None:
    if kit := kit_meant(draft, action):
        reprice_kit(draft, kit, action)
        return
    line = _line(draft, action)
    row = line.row
    if row.shipped and not draft.is_followed:
        raise LineHasLeft(number=draft.order.number, sku=row.sku_code, shipped=row.shipped)
    price = line.money.unit_price if action.unit_price is None else action.unit_price
    line.money = line.money.repriced(price, tax=action.tax, discount=action.discount)


def _add_line(draft: Draft, action: Action) -> None:
    currency = draft.order.currency
    if action.is_known is False or action.ships is False:
        _add_unstocked(draft, action)
        return
    ref = skus_by_code([action.sku])[action.sku]
    price = action.unit_price if action.unit_price is not None else _catalog_price(ref.pk, draft)
    quantity, discount = action.quantity or 1, action.discount or ZERO
    money = LineMoney(quantity, price, discount, ZERO, ZERO, currency)
    tax = action.tax if action.tax is not None else _usual_tax(draft, action.sku, money.net)
    position = max((each.row.position for each in draft.lines), default=0) + 1
    if parts := parts_of_kits([ref]).get(ref.pk):
        asked = NewLine(
            ref.code, quantity, price, discount, tax, action.external_id, ship_to=action.address
        )
        add_kit(draft, AskedKit(ref, asked, replace(money, tax=tax).total, position, parts))
        return
    row = OrderLine(
        order=draft.order,
        position=position,
        external_id=action.external_id,
        said=dict(action.said or {}),
        sku_id=ref.pk,
        sku_code=action.sku,
        name=ref.name,
        quantity=quantity,
        unit_price=price,
        ship_to=action.address,
    )
    draft.lines.append(LineDraft(row, replace(money, tax=tax), action.address))


def _add_unstocked(draft: Draft, action: Action) -> None:
    """Something that no stock is promised for: it never ships, or nobody knows yet what it is."""
    ref = None
    if action.is_known is not False and action.sku:
        ref = skus_by_code([action.sku])[action.sku]
    row = OrderLine(
        order=draft.order,
        position=max((each.row.position for each in draft.lines), default=0) + 1,
        external_id=action.external_id,
        sku_id=ref.pk if ref else None,
        sku_code=action.sku,
        name=ref.name if ref else action.name,
        ships=action.ships is not False,
        said=dict(action.said or {}),
        quantity=action.quantity or 1,
        unit_price=action.unit_price or ZERO,
        ship_to=action.address,
    )
    money = LineMoney(
        row.quantity,
        row.unit_price,
        action.discount or ZERO,
        action.tax or ZERO,
        ZERO,
        draft.order.currency,
    )
    draft.lines.append(LineDraft(row, money, action.address))


def _set_charges(draft: Draft, action: Action) -> None:
    draft.charges = Charges(action.unit_price or ZERO, action.tax or ZERO, action.discount or ZERO)


def _share_discount(draft: Draft) -> None:
    """Share the order's discount among its lines anew, as when it was placed."""
    totals = [line.money.total for line in draft.lines]
    paid = less_discount(totals, draft.discount, draft.order.currency)
    for line, total, rest in zip(draft.lines, totals, paid, strict=True):
        line.money = replace(line.money, share=total - rest)


def _catalog_price(pk: int, draft: Draft) -> Decimal:
    sku = Sku.objects.get(pk=pk)
    if sku.price is None or sku.currency != draft.order.currency:
        raise PriceNeeded(sku=sku.code, currency=draft.order.currency)
    return sku.price


def _usual_tax(draft: Draft, sku: str, net: Decimal) -> Decimal:
    """Tax as lines of the same SKU bear it, else as all lines together do."""
    like = [each.money for each in draft.lines if each.row.sku_code == sku and each.money.net > 0]
    like = like or [each.money for each in draft.lines]
    return tax_at(
        net,
        like_tax=sum((each.tax for each in like), ZERO),
        like_net=sum((each.net for each in like), ZERO),
        currency=draft.order.currency,
    )


def _set_address(draft: Draft, action: Action) -> None:
    assert action.address is not None  # noqa: S101 (the shape was checked at the door)
    if draft.service == PICKUP:
        raise PickupStays(number=draft.order.number)
    if kit := kit_meant(draft, action):
        chosen = kit.lines
    elif action.sku or action.line:
        chosen = [_line(draft, action)]
    else:
        chosen = [each for each in draft.lines if each.ship_to is None]
    to_send = [each for each in chosen if each.left_behind]
    if not to_send:
        raise NothingLeftToSend(number=draft.order.number)
    boxed = [each for each in chosen if each.row.packed > each.row.shipped]
    if boxed:
        raise TooLateToRedirect(
            number=draft.order.number,
            packed=[
                f"{each.row.packed - each.row.shipped} of {each.row.sku_code}" for each in boxed
            ],
        )
    if action.sku or action.line:
        draft.is_redirected |= (chosen[0].ship_to or draft.ship_to) != action.address
        for each in chosen:
            each.ship_to = action.address
    else:
        draft.is_redirected |= draft.ship_to != action.address
        draft.ship_to = action.address


def _set_service(draft: Draft, action: Action) -> None:
    if not any(each.left_behind for each in draft.lines):
        raise NothingLeftToSend(number=draft.order.number)
    if PICKUP in (draft.service, action.service) and draft.service != action.service:
        raise PickupStays(number=draft.order.number)
    draft.service = action.service


DOING: dict[str, Callable[[Draft, Action], None]] = {
    ChangeType.SET_QUANTITY: _set_quantity,
    ChangeType.ADD_LINE: _add_line,
    ChangeType.REMOVE_LINE: _remove_line,
    ChangeType.SET_PRICE: _set_price,
    ChangeType.SET_ADDRESS: _set_address,
    ChangeType.SET_SERVICE: _set_service,
    ChangeType.SET_CHARGES: _set_charges,
}


def _line(draft: Draft, action: Action) -> LineDraft:
    """The line that is meant; removed ones are no longer there."""
    there = [each for each in draft.lines if each.money.quantity]
    found = [each for each in there if not action.sku or each.row.sku_code == action.sku]
    if action.line:
        found = [each for each in found if each.row.position == action.line]
    else:
        found = [each for each in found if not each.row.kit] or found
    if not found:
        raise LineNotFound(number=draft.order.number, sku=action.sku or str(action.line))
    if len(found) > 1:
        raise WhichLine(
            number=draft.order.number,
            sku=action.sku,
            lines=[each.row.position for each in found],
        )
    row = found[0].row
    if row.kit:
        raise PartOfKit(number=draft.order.number, sku=row.sku_code, kit=row.kit.sku_code)
    return found[0]


def _refuse_decimals(action: Action, number: int, currency: str) -> None:
    places = exponent(currency)
    for name in ("tax", "discount"):
        amount: Decimal | None = getattr(action, name)
        if amount is not None and -int(amount.normalize().as_tuple().exponent) > places:
            raise AmountDoesNotFit(
                pointer=f"/actions/{number}/{name}",
                amount=str(amount),
                currency=currency,
                reason=f"has more than {places} decimals",
            )


def _refuse_below_nothing(line: LineDraft, number: int, currency: str) -> None:
    if line.money.net < 0 or line.money.total < 0:
        raise AmountDoesNotFit(
            pointer=f"/lines/{number}",
            amount=str(line.money.net),
            currency=currency,
            reason="is less than nothing",
        )


def _refuse_nothing(draft: Draft) -> None:
    order = draft.order
    if not any(each.asked for each in draft.lines):
        raise NothingWouldBeLeft(number=order.number)
    touched = (draft.ship_to, draft.service) != (order.ship_to, order.service)
    before = Charges(order.shipping_amount, order.shipping_tax_amount, order.discount_amount)
    touched = touched or (draft.charges or before) != before
    touched = touched or any(
        each.is_new
        or each.money != money_of_line(each.row, order.currency)
        or each.ship_to != each.row.ship_to
        for each in draft.lines
    )
    if not touched:
        raise NothingChanges(number=order.number)
