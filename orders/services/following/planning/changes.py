"""What was ordered, changed as the channel changed it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from oms.customers.addresses import Address
from orders.adapters.merging import Told
from orders.adapters.parts import Item
from orders.rules.changes import Action
from orders.services.following.acts import Act, Book, Change, LineNow, OrderNow, Restate, Trouble
from orders.services.following.wanting import (
    Wanted,
    address_of,
    customer_of,
    is_complete,
    said_of,
    wanted_of,
    words,
    words_of,
)
from orders.states import PICKUP, ChangeType, OrderStatus


def changes(told: Told, now: OrderNow, book: Book, known_skus: Mapping[str, str]) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    wanted, said = wanted_of(told), words_of(told)
    lines = {line.item: line for line in now.lines if line.quantity}
    before: Mapping[str, str] = book.followed.get("items", {})
    actions: list[Action] = []
    for item in wanted.items:
        if before.get(item.key) != said["items"][item.key]:
            actions += _item_actions(told, item, lines.get(item.key), known_skus.get(item.key))
    for key in before:
        if key not in said["items"] and key in lines:
            gone = lines[key]
            actions.append(Action(ChangeType.REMOVE_LINE, sku=gone.sku, line=gone.position))
    adding = [each for each in actions if each.type == ChangeType.ADD_LINE]
    actions = adding + [each for each in actions if each.type != ChangeType.ADD_LINE]
    charges = (wanted.shipping_amount, wanted.shipping_tax, wanted.discount)
    ours = (now.shipping_amount, now.shipping_tax, now.discount)
    if (book.followed.get("charges") != said["charges"] and charges != ours) or (
        actions and (wanted.discount or now.discount)
    ):
        actions.append(
            Action(
                ChangeType.SET_CHARGES,
                unit_price=wanted.shipping_amount,
                tax=wanted.shipping_tax,
                discount=wanted.discount,
            )
        )
    followed: dict[str, Any] = {"items": said["items"], "charges": said["charges"]}
    if followed != {key: book.followed.get(key) for key in followed}:
        yield Change("items", words(followed), tuple(actions), followed)
    for key, place in told.places.items():
        if book.followed.get(key) != said[key]:
            yield Change(
                key, said[key], _address_actions(key, place.address, now, wanted), {key: said[key]}
            )
    if book.followed.get("service") != said["service"]:
        service = told.head.service
        moved = service and service != now.service
        found = (Action(ChangeType.SET_SERVICE, service=service),) if moved else ()
        yield Change("service", words(service), found, {"service": service})


def _item_actions(
    told: Told, item: Item, line: LineNow | None, sku: str | None
) -> Iterable[Action]:
    add = Action(
        ChangeType.ADD_LINE,
        sku=sku or item.sku[:64],
        quantity=item.quantity,
        unit_price=item.unit_price,
        tax=item.tax,
        discount=item.discount,
        address=address_of(told, item.ship_to) if item.ship_to else None,
        external_id=item.key,
        name=item.name[:200],
        ships=item.ships,
        is_known=sku is not None,
        said=said_of(item) or None,
    )
    if line is None:
        return [add]
    if sku is not None and not line.is_unknown and sku != line.sku:
        return [Action(ChangeType.REMOVE_LINE, sku=line.sku, line=line.position), add]
    at = Action("", sku=line.sku, line=line.position, tax=item.tax, discount=item.discount)
    asked = max(0, item.quantity - line.cancelled)
    if asked == 0:
        gone = Action(ChangeType.REMOVE_LINE, sku=line.sku, line=line.position)
        return [gone] if line.quantity > line.cancelled else []
    found = []
    if item.quantity != line.quantity:
        found.append(replace(at, type=ChangeType.SET_QUANTITY, quantity=asked))
    if item.unit_price != line.unit_price or (
        not found and (item.discount, item.tax) != (line.discount, line.tax)
    ):
        found.append(replace(at, type=ChangeType.SET_PRICE, unit_price=item.unit_price))
    return found


def _address_actions(
    key: str, address: Address | None, now: OrderNow, wanted: Wanted
) -> tuple[Action, ...]:
    """An incomplete address does not take the place of one we have."""
    if address is None or not is_complete(address) or now.service == PICKUP:
        return ()
    if key == "address":
        if address == now.ship_to:
            return ()
        return (Action(ChangeType.SET_ADDRESS, address=address),)
    theirs = {item.key for item in wanted.items if item.ship_to == key}
    return tuple(
        Action(ChangeType.SET_ADDRESS, sku=line.sku, line=line.position, address=address)
        for line in now.lines
        if line.item in theirs and line.quantity > line.cancelled
    )


def late_changes(
    told: Told, now: OrderNow, book: Book, known_skus: Mapping[str, str]
) -> Iterable[Act]:
    """What would have been changed, had the order not ended."""
    if now.status == OrderStatus.CANCELLED:
        return
    for act in changes(told, now, book, known_skus):
        if isinstance(act, Change) and act.actions:
            yield Trouble(act.key, act.words, "too_late", "The order is completed.")


def restated(told: Told, now: OrderNow, book: Book) -> Iterable[Act]:
    assert told.head is not None  # noqa: S101 (nothing is lacking)
    said = words([customer_of(told), told.head.notes])
    if book.followed.get("customer") != said:
        yield Restate("customer", said, customer_of(told), told.head.notes)
