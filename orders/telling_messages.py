"""What was read from a message of a channel, in words for staff."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.core.display import money_text
from orders.adapters.parts import (
    Buyer,
    Cancellation,
    Fulfillment,
    Head,
    Item,
    Items,
    Part,
    Payment,
    Place,
    Reading,
    Refund,
    Said,
    Units,
)

MOST_ITEMS = 50
TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Told:
    """One part of a report: what it is, and what it says, a line each."""

    title: str
    lines: list[str]


@dataclass(frozen=True)
class ToldReport:
    """What a message says about one order, by the channel's id of it."""

    order: str
    as_of: Any
    parts: list[Told]


def told(reading: Reading) -> list[ToldReport]:
    """Return a reading in words, a report for each order it spoke of."""
    return [
        ToldReport(report.order, report.as_of, list(_parts(report.parts)))
        for report in reading.reports
    ]


def _parts(parts: Mapping[str, Part]) -> Iterator[Told]:
    currency = next((part.currency for part in parts.values() if isinstance(part, Head)), "")
    for key, part in parts.items():
        title, tell = WORDS[type(part)]
        lines = [line for line in tell(part, currency) if line]
        name = key.partition(":")[2]
        yield Told(f"{title()} {name}" if name else _title(key, title()), lines)


def _title(key: str, title: str) -> str:
    return _("Who pays") if key == "billing" else title


def _head(head: Head, currency: str) -> Iterator[str]:
    placed = date_format(localtime(head.placed_at), "j M Y H:i")
    said = _("{name}, placed {at}") if head.name else _("Placed {at}")
    yield said.format(name=head.name, at=placed)
    yield ", ".join(each for each in (head.customer.name, head.customer.email) if each)
    if head.total is not None:
        yield _("Total {amount}").format(amount=money_text(head.total, currency))
    if head.shipping_amount or head.service:
        shipping = money_text(head.shipping_amount + head.shipping_tax, currency)
        yield _("Shipping {amount} {service}").format(amount=shipping, service=head.service)
    if head.discount:
        yield _("Less {amount}").format(amount=money_text(head.discount, currency))
    if head.captured is not None:
        yield _("Paid {amount}").format(amount=money_text(head.captured, currency))
    if head.state:
        yield _("The channel says: {state}").format(state=head.state)
    if head.fulfilled_elsewhere:
        yield _("The channel sends it from its own stock.")
    if not head.is_ready:
        yield _("The channel itself still waits.")
    if head.notes:
        yield head.notes


def _items(items: Items, currency: str) -> Iterator[str]:
    for item in items.items[:MOST_ITEMS]:
        yield _item(item, currency)
    more = len(items.items) - MOST_ITEMS
    if more > 0:
        yield ngettext("And {n} more.", "And {n} more.", more).format(n=more)


def _item(item: Item, currency: str) -> str:
    what = item.sku or item.listing or _("without a SKU")
    name = f" ({item.name})" if item.name and item.name != what else ""
    price = money_text(item.unit_price, currency)
    ships = "" if item.ships else f", {_('never ships')}"
    return f"{item.quantity} {TIMES} {what}{name}, {price}{ships}"


def _said(said: Said, currency: str) -> Iterator[str]:
    for name, words in said.words.items():
        yield f"{name}: {words}"
    if said.waits:
        yield _("The channel itself still waits.")


def _place(place: Place, currency: str) -> Iterator[str]:
    if place.address is None:
        yield _("The channel has none.")
    else:
        yield ", ".join(_apart(line) for line in (*place.address.lines, place.address.country))


def _apart(words: str) -> str:
    """Words whose direction leaves that of their neighbours alone."""
    return f"\N{FIRST STRONG ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"


def _buyer(buyer: Buyer, currency: str) -> Iterator[str]:
    yield ", ".join(each for each in (buyer.customer.name, buyer.customer.email) if each)


def _payment(payment: Payment, currency: str) -> Iterator[str]:
    yield f"{money_text(payment.amount, payment.currency)} {payment.state} {payment.method}".strip()


def _refund(refund: Refund, currency: str) -> Iterator[str]:
    yield money_text(refund.amount, refund.currency)
    yield refund.reason
    if refund.cancelled:
        yield _("Not sent any more: {units}").format(units=_units(refund.cancelled))
    if refund.returned:
        yield _("Comes back: {units}").format(units=_units(refund.returned))


def _fulfillment(sent: Fulfillment, currency: str) -> Iterator[str]:
    yield _("All that was left") if sent.units is None else _units(sent.units)
    yield " ".join(each for each in (sent.carrier, sent.service) if each)
    yield ", ".join(sent.tracking_numbers)
    if sent.is_delivered:
        yield _("Delivered")
    if sent.is_cancelled:
        yield _("Taken back")


def _cancellation(cancelled: Cancellation, currency: str) -> Iterator[str]:
    yield _("The whole order") if cancelled.units is None else _units(cancelled.units)
    yield cancelled.reason
    if cancelled.is_asked:
        yield _("The buyer asks for it.")


def _units(units: tuple[Units, ...]) -> str:
    return ", ".join(f"{each.quantity} {TIMES} {each.key}" for each in units)


WORDS: Mapping[type[Part], tuple[Callable[[], str], Callable[[Any, str], Iterator[str]]]] = {
    Head: (lambda: _("The order"), _head),
    Items: (lambda: _("What was ordered"), _items),
    Said: (lambda: _("What was said"), _said),
    Place: (lambda: _("Where it goes"), _place),
    Buyer: (lambda: _("Who ordered"), _buyer),
    Payment: (lambda: _("Payment"), _payment),
    Refund: (lambda: _("Money given back"), _refund),
    Fulfillment: (lambda: _("Sent"), _fulfillment),
    Cancellation: (lambda: _("Cancelled"), _cancellation),
}
