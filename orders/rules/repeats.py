"""What an order that came again with other content would change of ours. Plain values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from orders.rules.changes import Action
from orders.rules.wanted import NewLine, NewOrder
from orders.states import ChangeType


@dataclass(frozen=True)
class Here:
    """A line of ours, or kits, as it stands."""

    position: int
    sku: str
    cancelled: int


def as_edit(asked: NewOrder, sent: NewOrder, here: Sequence[Here]) -> list[Action]:
    """Return the change of our order that makes it what was sent, compared with what was asked.

    `here` are our lines as they stand, in the order in which they were asked for. Who ordered,
    what they wrote and what they paid is no change of an order.
    """
    found: list[Action] = []
    gone: list[Action] = []
    for ours, theirs, line in _pairs(asked.lines, sent.lines, here):
        if ours is None and theirs is not None:
            found.append(_added(theirs))
        elif theirs is None and line is not None:
            gone.append(Action(ChangeType.REMOVE_LINE, sku=line.sku, line=line.position))
        elif ours is not None and theirs is not None and line is not None:
            found += _edited(ours, theirs, line)
    found += gone  # never empty in between
    if asked.ship_to != sent.ship_to:
        found.append(Action(ChangeType.SET_ADDRESS, address=sent.ship_to))
    if asked.service != sent.service:
        found.append(Action(ChangeType.SET_SERVICE, service=sent.service))
    if _charges(asked) != _charges(sent):
        amount, tax, discount = _charges(sent)
        found.append(Action(ChangeType.SET_CHARGES, unit_price=amount, tax=tax, discount=discount))
    return found


def left_of(differences: Sequence[Mapping[str, str | None]]) -> list[str]:
    """Return the fields that no change of an order takes over."""
    taken = ("lines[", "shipping_address.", "shipping.", "discount")
    return [str(each["field"]) for each in differences if not str(each["field"]).startswith(taken)]


Pair = tuple[NewLine | None, NewLine | None, Here | None]


def _pairs(asked: Sequence[NewLine], sent: Sequence[NewLine], here: Sequence[Here]) -> list[Pair]:
    """Lines that are the same one, by their own ids where both have them, else by their place."""
    ids = [each.external_id for each in sent]
    named = all(ids) and len(set(ids)) == len(ids) and all(each.external_id for each in asked)

    def key_of(place: int, line: NewLine) -> str | int:
        return line.external_id if named else place

    theirs = {key_of(n, each): each for n, each in enumerate(sent)}
    known = enumerate(zip(asked, here, strict=False))
    ours = {key_of(n, each): (each, line) for n, (each, line) in known}
    found: list[Pair] = [(each, theirs.get(key), line) for key, (each, line) in ours.items()]
    return found + [(None, each, None) for key, each in theirs.items() if key not in ours]


def _added(line: NewLine) -> Action:
    return Action(
        ChangeType.ADD_LINE,
        sku=line.sku,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax=line.tax,
        discount=line.discount,
        external_id=line.external_id,
    )


def _edited(ours: NewLine, theirs: NewLine, line: Here) -> list[Action]:
    at = Action("", line.sku, line.position, tax=theirs.tax, discount=theirs.discount)
    gone = Action(ChangeType.REMOVE_LINE, line.sku, line.position)
    if ours.sku != theirs.sku:
        return [_added(theirs), gone]
    found = []
    if ours.quantity != theirs.quantity:
        asked = theirs.quantity - line.cancelled
        if asked <= 0:
            return [gone]
        found.append(replace(at, type=ChangeType.SET_QUANTITY, quantity=asked))
    same = (ours.tax, ours.discount) == (theirs.tax, theirs.discount)
    if ours.unit_price != theirs.unit_price or not (found or same):
        found.append(replace(at, type=ChangeType.SET_PRICE, unit_price=theirs.unit_price))
    return found


def _charges(wanted: NewOrder) -> tuple[Decimal, Decimal, Decimal]:
    return wanted.shipping_amount, wanted.shipping_tax, wanted.discount
