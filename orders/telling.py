"""An order in plain words, for the customer: no SKU, no fulfillment order, no hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from inventory.selectors import release_dates
from oms.core.display import day_text
from oms.core.errors import Refusal
from orders.errors import ChangeStopped, NothingChanges, NothingLeftToSend, TooLateToRedirect
from orders.models import Hold, OrderKit, OrderLine

STEPS = ("Ordered", "Packing", "On the way", "Delivered")
NEEDED = {
    "payment": (
        "We are waiting for your payment",
        "As soon as it arrives, your order goes on by itself.",
    ),
    "address": (
        "We need to check your address",
        "Give us the full address, house number included, and your order goes on.",
    ),
}
CHECKED = (
    "We are checking your order",
    "A person is looking at it. There is nothing you need to do.",
)


@dataclass(frozen=True)
class Goods:
    """Units of one thing, by the name the customer knows."""

    units: int
    name: str


@dataclass(frozen=True)
class Need:
    """What keeps the order from moving, and what the customer can do."""

    title: str
    text: str
    asks: bool
    kind: str = ""


@dataclass(frozen=True)
class Step:
    word: str
    state: str


def headline(lines: Sequence[OrderLine], needs: Sequence[Need], *, collected: bool = False) -> str:
    """Tell the whole order in one sentence; `collected` when the customer comes for it."""
    wanted = sum(line.quantity - line.cancelled for line in lines)
    if not wanted:
        return _("Your order is cancelled")
    delivered = sum(line.delivered for line in lines)
    moving = sum(line.shipped for line in lines) - delivered
    days = not_out(lines)
    later = sum(each.units for _day, them in days for each in them)
    waiting = sum(line.backordered for line in lines if _comes_out_on(line) is None)
    preparing = wanted - delivered - moving - waiting - later
    packed = sum(line.packed - line.shipped for line in lines)
    ready = collected and packed == preparing
    groups = [
        (delivered, _("everything has arrived"), _arrived(delivered)),
        (moving, _("everything is on its way"), _moving(moving)),
        (
            preparing,
            _held(needs) or (_("it is ready for you") if ready else _("we are packing it")),
            _held(needs) or _packing(preparing),
        ),
        (waiting, _("everything is waiting for stock"), _waiting(waiting)),
        (later, *_later(days, later)),
    ]
    present = [(units, alone, among) for units, alone, among in groups if units]
    whole = len(present) == 1
    told = [alone if whole else among for _units, alone, among in present]
    sentence = _joined(told)
    return sentence[0].upper() + sentence[1:]


def _held(needs: Sequence[Need]) -> str:
    return needs[0].title[0].lower() + needs[0].title[1:] if needs else ""


def _arrived(units: int) -> str:
    return ngettext("{n} thing is here", "{n} things are here", units).format(n=units)


def _moving(units: int) -> str:
    return ngettext("{n} is on its way", "{n} are on their way", units).format(n=units)


def _packing(units: int) -> str:
    return ngettext("{n} is being packed", "{n} are being packed", units).format(n=units)


def _waiting(units: int) -> str:
    return ngettext("{n} waits for stock", "{n} wait for stock", units).format(n=units)


def _later(days: Sequence[tuple[date, list[Goods]]], units: int) -> tuple[str, str]:
    if not days:
        return "", ""
    day = day_text(days[0][0])
    if len(days) > 1:
        more = ngettext("{n} comes out later", "{n} come out later", units).format(n=units)
        return _("the first of it comes out on {day}").format(day=day), more
    some = ngettext("{n} comes out on {day}", "{n} come out on {day}", units)
    return _("it comes out on {day}").format(day=day), some.format(n=units, day=day)


def _joined(parts: Sequence[str]) -> str:
    if len(parts) < 3:
        return _(" and ").join(parts)
    return _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


WHY_NOT = {
    TooLateToRedirect: _lazy("It is packed for the old address by now, so it goes there."),
    NothingLeftToSend: _lazy("Everything has left already, so it goes to the old address."),
    NothingChanges: _lazy("That is the address it goes to already."),
    ChangeStopped: _lazy("A person is looking at your order. Write to us, and we change it."),
}


def why_not(refusal: Refusal) -> str:
    """Tell why an address is not changed any more."""
    known = WHY_NOT.get(type(refusal))
    return str(known or _("It cannot be changed any more. Write to us, and we see what we can do."))


def needs(holds: Sequence[Hold]) -> list[Need]:
    """Tell what stops the order, what the customer can do first."""
    found = {
        Need(*NEEDED[hold.kind], asks=True, kind=hold.kind)
        if hold.kind in NEEDED
        else Need(*CHECKED, asks=False)
        for hold in holds
    }
    return sorted(found, key=lambda need: not need.asks)


def steps(now: int) -> list[Step]:
    """Return the way of a parcel; `now` is the index of the step it is at."""
    return [
        Step(word, "is-past" if index < now else "is-now" if index == now else "")
        for index, word in enumerate(STEPS)
    ]


@dataclass(frozen=True)
class Priced:
    """Units of one thing and their price together; what kits hold has none of its own."""

    quantity: int
    name: str
    total: Decimal | None


def priced(lines: Sequence[OrderLine], kits: Sequence[OrderKit]) -> list[Priced]:
    """Return what was ordered as it was asked for: kits with their price, then what is in them."""
    by_pk = {kit.pk: kit for kit in kits}
    told: set[int] = set()
    found = []
    for line in lines:
        if line.kit_id is None:
            found.append(Priced(line.quantity, line.name, line.total_amount))
            continue
        kit = by_pk[line.kit_id]
        if kit.pk not in told:
            told.add(kit.pk)
            found.append(Priced(kit.quantity, kit.name, kit.total_amount))
        found.append(Priced(line.quantity, line.name, None))
    return found


def goods(lines: Sequence[OrderLine], units: Mapping[str, int]) -> list[Goods]:
    """Name units given by SKU as the customer knows them; lines of one SKU are told once."""
    in_kits_first = sorted(lines, key=lambda line: line.kit_id is None)
    names = {line.sku_code: line.name for line in in_kits_first}
    return [Goods(count, names.get(code, code)) for code, count in units.items() if count]


def still_to_come(lines: Sequence[OrderLine]) -> tuple[list[Goods], list[Goods]]:
    """Return what is being packed, and what waits for stock; what is not out yet is neither."""
    out = [line for line in lines if _comes_out_on(line) is None]
    packing = [
        Goods(units, line.name)
        for line in out
        if (units := line.quantity - line.cancelled - line.backordered - line.shipped)
    ]
    waiting = [Goods(line.backordered, line.name) for line in out if line.backordered]
    return packing, waiting


def not_out(lines: Sequence[OrderLine]) -> list[tuple[date, list[Goods]]]:
    """Return what is sent once it is out, by the day, the first day first."""
    days: dict[date, list[Goods]] = {}
    for line in lines:
        units = line.quantity - line.cancelled - line.shipped
        if units and (day := _comes_out_on(line)):
            days.setdefault(day, []).append(Goods(units, line.name))
    return sorted(days.items(), key=lambda each: each[0])


def is_not_out(line: OrderLine) -> bool:
    """Whether a line is sent on a later day because it is not out before."""
    return _comes_out_on(line) is not None


def _comes_out_on(line: OrderLine) -> date | None:
    """The day on which a line may go out, if it is still to come and nobody has begun with it."""
    day = release_dates().get(line.sku_id or 0)
    return day if day and day > localdate() and line.picked == line.shipped else None
