"""Doing what the invoices say, through the services that everyone else uses."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.db.models import F

import fulfillment.services as fulfillment
import inventory.services as inventory
from fulfillment.models import FulfillmentOrder
from fulfillment.states import FulfillmentOrderStatus
from inventory.models import Location, StockLevel
from inventory.selectors import forget_serving_locations
from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.channels.principals import ChannelPrincipal
from oms.core.actors import Actor
from oms.core.events import Event, publish
from oms.core.models import EventRecord
from oms.core.money import ZERO, rounded, text
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import services as orders
from orders.models import Order, OrderLine
from orders.rules.wanted import NewLine, NewOrder, NewPayment
from returns import services as returns
from returns.models import ReturnLine
from returns.replay.countries import code_of
from returns.replay.invoices import CURRENCY, Invoice, InvoiceLine
from returns.states import Condition, Disposition

CHANNEL = "online-retail"
LOCATION = "UK-GIFTS"
BY = Actor("user", "replay")
CHUNK = 100


@dataclass(frozen=True, kw_only=True)
class ReplayListed(Event):
    """A line that is no sale, return or write-off, and is kept with its amount: `orphan` and
    `excess` credits, `charge`, `bad_debt`, `write_off`, `unpriced`, `other`."""

    name = "replay.listed"
    kind: str
    sku: str
    units: int
    amount: str


@dataclass(frozen=True, kw_only=True)
class ReplayDone(Event):
    """Everything an invoice says that is not an order was done."""

    name = "replay.done"


class Placing(Protocol):
    """How a sale becomes an order: through the service, or over the API."""

    def __call__(self, wanted: NewOrder) -> None: ...


@dataclass
class Shop:
    """Where the invoices were written: its channel and its one warehouse."""

    channel: ChannelPrincipal
    location: Location
    skus: dict[str, Sku] = field(default_factory=dict)


def open_shop(invoices: Sequence[Invoice]) -> Shop:
    """Return the shop, made on first use, with every SKU of the invoices in the catalog."""
    channel, _ = Channel.objects.get_or_create(slug=CHANNEL, defaults={"name": "Online Retail"})
    location, _ = Location.objects.get_or_create(
        code=LOCATION,
        defaults={"name": "Gift warehouse", "country": "GB", "time_zone": "Europe/London"},
    )
    forget_serving_locations()
    names: dict[str, str] = {}
    for invoice in invoices:
        for line in (*invoice.sold, *invoice.written_off, *invoice.credited):
            names[line.code] = names.get(line.code) or line.description
    Sku.objects.bulk_create(
        [Sku(code=code, name=(name or code)[:200]) for code, name in sorted(names.items())],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    principal = ChannelPrincipal(
        channel.pk, channel.slug, channel.stock_policy, channel.payment_gateway
    )
    return Shop(principal, location, Sku.objects.in_bulk(list(names), field_name="code"))


def place_by_service(shop: Shop) -> Placing:
    def place(wanted: NewOrder) -> None:
        orders.place_order(wanted=wanted, channel=shop.channel, by=BY, at=wanted.placed_at)

    return place


def trade(shop: Shop, invoices: Sequence[Invoice], place: Placing, *, apart: bool = False) -> int:
    """Do what these invoices say, in their order; what was done before is left alone.

    Returns how many orders were placed.

    In one transaction, so that a run that was cut short goes on where it stood; `apart` where
    orders are placed over the API, in transactions of their own.
    """
    sales = [invoice for invoice in invoices if invoice.sold]
    new = len(sales) - len(_placed(shop, sales))
    if apart:
        _stock_up(shop, invoices)
        known = _placed(shop, sales)
        for invoice in sales:
            if invoice.number not in known:
                place(order_of(invoice))
    with transaction.atomic():
        if not apart:
            _stock_up(shop, invoices)
        known = _placed(shop, sales)
        done = _done(invoices)
        for invoice in invoices:
            if invoice.sold:
                if invoice.number not in known:
                    place(order_of(invoice))
                if not known.get(invoice.number):
                    _ship(shop, invoice)
            if invoice.number not in done and len(invoice.lines) > len(invoice.sold):
                _settle(shop, invoice)
    return new


def _placed(shop: Shop, sales: Sequence[Invoice]) -> dict[str, bool]:
    """Return which sales are orders already, and whether they have left."""
    found = Order.objects.filter(
        channel_id=shop.channel.pk, external_id__in=[invoice.number for invoice in sales]
    )
    rows = found.values_list("external_id", "fulfillment_status")
    return {external_id: status == "fulfilled" for external_id, status in rows}


def _done(invoices: Sequence[Invoice]) -> set[str]:
    facts = EventRecord.objects.filter(
        thread__in=[invoice.number for invoice in invoices], name=ReplayDone.name
    )
    return set(facts.values_list("thread", flat=True))


def _stock_up(shop: Shop, invoices: Sequence[Invoice]) -> None:
    """Receive what the shelf lacks for the sales and write-offs among these invoices."""
    known = _placed(shop, [invoice for invoice in invoices if invoice.sold])
    done = _done(invoices)
    wanted: Counter[str] = Counter()
    for invoice in invoices:
        if invoice.number not in known:
            wanted.update(_units(invoice.sold))
        if invoice.number not in done:
            wanted.update(_units(invoice.written_off))
    levels = StockLevel.objects.filter(location=shop.location, sku__code__in=wanted)
    free = dict(levels.values_list("sku__code", F("on_hand") - F("reserved") - F("held")))
    missing = {sku: units - free.get(sku, 0) for sku, units in wanted.items()}
    inventory.receive(
        arrivals=[
            inventory.Arrival(shop.skus[sku], shop.location, units)
            for sku, units in sorted(missing.items())
            if units > 0
        ],
        reference=f"replay:{invoices[0].number}",
        reason="Opening stock",
        by=BY,
        at=invoices[0].at,
    )


def _units(lines: Sequence[InvoiceLine]) -> Counter[str]:
    units: Counter[str] = Counter()
    for line in lines:
        units[line.code] += line.units
    return units


def order_of(invoice: Invoice) -> NewOrder:
    """Return the order that a sale invoice stands for, paid when it was written."""
    name = f"Customer {invoice.customer}" if invoice.customer else "Guest"
    total = sum((line.amount for line in invoice.sold), ZERO)
    paid = NewPayment("invoice", "captured", total, reference=invoice.number)
    return NewOrder(
        external_id=invoice.number,
        placed_at=invoice.at,
        currency=CURRENCY,
        customer=CustomerDetails(name=name, external_id=invoice.customer),
        ship_to=Address(
            name=name,
            line1="Not stated",
            city="Not stated",
            country=code_of(invoice.country),
        ),
        lines=tuple(NewLine(line.code, line.units, line.price) for line in invoice.sold),
        payments=(paid,) if total else (),
        metadata={"country": invoice.country},
    )


def _ship(shop: Shop, invoice: Invoice) -> None:
    work = FulfillmentOrder.objects.filter(
        order__channel_id=shop.channel.pk, order__external_id=invoice.number
    )
    for number, status in work.order_by("id").values_list("number", "status"):
        if status != FulfillmentOrderStatus.OPEN:
            continue
        fulfillment.dispatch(number=number, carrier="Own van", by=BY, at=invoice.at)


def _settle(shop: Shop, invoice: Invoice) -> None:
    """Do the lines of an invoice that are no sale, and note that they were done."""
    for line in invoice.written_off:
        inventory.adjust(
            location=shop.location.code,
            sku=line.code,
            quantity_delta=line.quantity,
            reason=line.description or "Written off",
            by=BY,
            at=invoice.at,
        )
        _list(invoice, line, "write_off", ZERO, line.units)
    for line in invoice.others:
        kind = "bad_debt" if invoice.is_adjustment else "other" if line.price else "unpriced"
        _list(invoice, line, kind, line.amount, line.units)
    _take_back(shop, invoice)
    publish(ReplayDone(thread=invoice.number, subject=invoice.number, by=BY, at=invoice.at))


def _list(invoice: Invoice, line: InvoiceLine, kind: str, amount: Decimal, units: int) -> None:
    publish(
        ReplayListed(
            thread=invoice.number,
            subject=invoice.number,
            by=BY,
            at=invoice.at,
            kind=kind,
            sku=line.code,
            units=units,
            amount=text(amount, CURRENCY),
        )
    )


@dataclass
class _Back:
    """What comes back on one order: units and money by order line."""

    number: str
    money_left: Decimal
    units: Counter[int] = field(default_factory=Counter)
    amounts: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    skus: dict[int, str] = field(default_factory=dict)


def _take_back(shop: Shop, invoice: Invoice) -> None:
    """Return and refund the credited lines for which there are units; list the rest."""
    backs: dict[int, _Back] = {}
    for line in invoice.credited:
        if not line.is_goods:
            _list(invoice, line, "charge", line.amount, line.units)
            continue
        found, matched, priced = 0, ZERO, ZERO
        for sale in _sales_of(shop, invoice, line.code):
            back = backs.setdefault(sale.order_id, _Back(sale.order.number, sale.order.kept_amount))
            units = min(line.units - found, sale.returnable - back.units[sale.pk])
            if units <= 0:
                continue
            found += units
            upto = rounded(found * line.price, CURRENCY)
            part = min(upto - priced, back.money_left)
            priced = upto
            matched += part
            back.money_left -= part
            back.units[sale.pk] += units
            back.amounts[sale.pk] += part
            back.skus[sale.pk] = line.code
            if found == line.units:
                break
        if matched < line.amount or found < line.units:
            kind = "excess" if found else "orphan"
            _list(invoice, line, kind, line.amount - matched, line.units - found)
    for back in backs.values():
        if +back.units:
            _return(back, invoice)


def _sales_of(shop: Shop, invoice: Invoice, code: str) -> list[OrderLine]:
    """Return the earlier lines of this customer and SKU, the newest first."""
    if not invoice.customer:
        return []
    lines = OrderLine.objects.filter(
        order__customer__origin=shop.channel.slug,
        order__customer__external_id=invoice.customer,
        order__placed_at__lte=invoice.at,
        sku_id=shop.skus[code].pk,
    ).select_related("order")
    earlier = [
        line
        for line in lines
        if (line.order.placed_at, line.order.external_id) < invoice.moment and line.returnable
    ]
    return sorted(earlier, key=_age, reverse=True)


def _age(line: OrderLine) -> tuple[datetime, str, int]:
    return line.order.placed_at, line.order.external_id, line.position


def _return(back: _Back, invoice: Invoice) -> None:
    """Take units of one order back, all the way to the money."""
    at = invoice.at
    lines = +back.units
    units: Counter[str] = Counter()
    for pk, count in lines.items():
        units[back.skus[pk]] += count
    document = returns.request_return(
        order=back.number,
        wishes=[returns.Wish(back.skus[pk], count, line_id=pk) for pk, count in lines.items()],
        note=invoice.number,
        by=BY,
        at=at,
    )
    number = document.number
    returns.approve_return(number=number, by=BY, at=at)
    returns.receive_return(number=number, units=units, by=BY, at=at)
    returns.inspect_return(
        number=number,
        grades=[
            returns.Grade(sku, count, Condition.NEW, Disposition.RESTOCK)
            for sku, count in sorted(units.items())
        ],
        by=BY,
        at=at,
    )
    amounts = {
        line.pk: back.amounts[line.order_line_id]
        for line in ReturnLine.objects.filter(authorization=document)
    }
    returns.settle_return(number=number, amounts=amounts, by=BY, at=at)
