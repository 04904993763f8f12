"""What came back of the tea house's past orders: some of everything, and many broken glasses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import models

from fulfillment.models import FulfillmentOrder
from oms.channels.models import Channel
from oms.core.batch import in_one_go, record
from oms.core.demo import DESK, SLUG, Demo
from oms.core.models import EventRecord
from oms.core.money import rounded, text
from oms.core.numbers import gapless_number, part_number
from orders.demo_history import PREFIX
from orders.models import MoneyEntry, Order, OrderLine, Payment, Refund, RefundLine
from orders.services.progressing import derive
from orders.states import MoneyKind, RefundStatus
from returns import services
from returns.models import Inspection, ReturnAuthorization, ReturnLine
from returns.states import Condition, Disposition, Reason

BROKEN = {"H-201": 28, "H-202": 31, "H-203": 14}
SKU = "CUP-GLASS-2"
SHARE = 0.06
WHY = (
    # reason, share, condition it came back in, what became of it
    (Reason.UNWANTED, 30, Condition.OPENED, Disposition.QUARANTINE),
    (Reason.DAMAGED, 26, Condition.DAMAGED, Disposition.SCRAP),
    (Reason.NOT_AS_DESCRIBED, 14, Condition.OPENED, Disposition.QUARANTINE),
    (Reason.DEFECTIVE, 12, Condition.DEFECTIVE, Disposition.SCRAP),
    (Reason.WRONG_ITEM, 9, Condition.OPENED, Disposition.QUARANTINE),
    (Reason.LATE, 9, Condition.OPENED, Disposition.QUARANTINE),
)


@dataclass(frozen=True)
class Back:
    """Units of one past order that came back, all settled."""

    order: Order
    lines: list[OrderLine]
    payment: Payment
    place: tuple[int, str]
    """Id and code of the location it came back to."""
    line: OrderLine
    units: int
    why: tuple[Reason, int, Condition, Disposition]
    asked_at: datetime

    @property
    def amount(self) -> Decimal:
        return rounded(self.line.paid_amount * self.units / self.line.quantity, self.order.currency)


def broken_glasses(demo: Demo) -> None:
    """Take back what arrived broken of the orders of old; only once."""
    channel = Channel.objects.get(slug=SLUG)
    for order in Order.objects.filter(channel=channel, external_id__in=BROKEN).order_by("id"):
        if ReturnAuthorization.objects.filter(order=order).exists():
            continue
        _take_back(order, BROKEN[order.external_id])


def _take_back(order: Order, units: int) -> None:
    at = order.placed_at + timedelta(days=9)
    number = services.request_return(
        order=order.number,
        wishes=[services.Wish(SKU, units, Reason.DAMAGED)],
        note="Chipped at the rim",
        by=DESK,
        at=at,
    ).number
    services.approve_return(number=number, by=DESK, at=at)
    services.receive_return(number=number, units={SKU: units}, by=DESK, at=at + timedelta(days=6))
    services.inspect_return(
        number=number,
        grades=[services.Grade(SKU, units, Condition.DAMAGED, Disposition.SCRAP)],
        by=DESK,
        at=at + timedelta(days=6),
    )
    services.settle_return(number=number, by=DESK, at=at + timedelta(days=7))


def returned(demo: Demo) -> None:
    """Take back some of what the shops sold, written in a set as the services would; only once."""
    past = Order.objects.filter(external_id__startswith=PREFIX, status="completed")
    if ReturnAuthorization.objects.filter(order__in=past).exists():
        return
    backs = list(_drawn(list(past.order_by("placed_at", "id")), demo.now))
    in_one_go(lambda: record(*(row for back in backs for row in _rows(back))))
    refunds = {each.order_id: each.pk for each in Refund.objects.filter(order__in=past)}
    RefundLine.objects.bulk_create(
        RefundLine(
            refund_id=refunds[back.order.pk],
            order_line_id=back.line.pk,
            quantity=back.units,
            amount=back.amount,
        )
        for back in backs
    )
    moved = ["refunded_amount", "payment_status", "return_status", "version"]
    Order.objects.bulk_update([back.order for back in backs], moved)
    OrderLine.objects.bulk_update([back.line for back in backs], ["returned", "refunded_amount"])
    Payment.objects.bulk_update([back.payment for back in backs], ["refund_committed_amount"])


def _drawn(orders: list[Order], now: datetime) -> Iterator[Back]:
    dice = Random("returns")  # noqa: S311 (drawn again alike, not kept secret)
    picked = [each for each in orders if dice.random() < SHARE]
    picked = [each for each in picked if now - each.placed_at > timedelta(days=24)]
    lines: dict[int, list[OrderLine]] = {}
    for line in OrderLine.objects.filter(order__in=picked).order_by("id"):
        lines.setdefault(line.order_id, []).append(line)
    payments = {each.order_id: each for each in Payment.objects.filter(order__in=picked)}
    works = FulfillmentOrder.objects.filter(order__in=picked).order_by("-id")
    places = {
        order: (pk, code)
        for order, pk, code in works.values_list("order_id", "location_id", "location__code")
    }
    for order in picked:
        line = dice.choice(lines[order.pk])
        [why] = dice.choices(WHY, [share for _, share, *_ in WHY])
        yield Back(
            order,
            lines[order.pk],
            payments[order.pk],
            places[order.pk],
            line,
            dice.randint(1, line.quantity),
            why,
            order.placed_at + timedelta(days=dice.uniform(7, 12)),
        )


def _rows(back: Back) -> Iterable[models.Model]:
    """Return everything that tells of one return, and move the counters of its order."""
    order, line, units, amount = back.order, back.line, back.units, back.amount
    reason, _, condition, disposition = back.why
    here_at = back.asked_at + timedelta(days=5)
    settled_at = here_at + timedelta(hours=26)
    document = ReturnAuthorization(
        number=part_number("RMA", order.number, 1),
        order_id=order.pk,
        location_id=back.place[0],
        status="settled",
        requested_by="customer",
        language=order.language,
        decided_by=str(DESK),
        refund_amount=amount,
        requested_at=back.asked_at,
        decided_at=back.asked_at + timedelta(hours=3),
        received_at=here_at,
        inspected_at=here_at + timedelta(hours=4),
        settled_at=settled_at,
    )
    record(document)
    of_return = ReturnLine(
        authorization_id=document.pk,
        order_line_id=line.pk,
        quantity=units,
        received=units,
        inspected=units,
        settled=units,
        refund_amount=amount,
        reason=reason,
    )
    record(of_return)
    yield Inspection(
        line_id=of_return.pk,
        quantity=units,
        condition=condition,
        disposition=disposition,
        inspected_by=str(DESK),
        inspected_at=here_at + timedelta(hours=4),
    )
    refund = Refund(
        number=gapless_number("RF"),
        order_id=order.pk,
        payment_id=back.payment.pk,
        reference=document.number,
        reason=f"Returned with {document.number}",
        status=RefundStatus.SUCCEEDED,
        amount=amount,
        currency=order.currency,
        granted_by=str(DESK),
        granted_at=settled_at,
        settled_at=settled_at,
    )
    record(refund)
    yield MoneyEntry(
        order_id=order.pk,
        payment_id=back.payment.pk,
        refund_id=refund.pk,
        kind=MoneyKind.REFUND,
        amount=-amount,
        currency=order.currency,
        reference=refund.number,
        happened_at=settled_at,
    )
    yield from _facts(back, document, refund)
    line.returned = units
    line.refunded_amount = amount
    back.payment.refund_committed_amount = amount
    order.refunded_amount = amount
    order.version += 1
    derive(order, back.lines)


def _facts(back: Back, document: ReturnAuthorization, refund: Refund) -> Iterable[EventRecord]:
    order, of_sku = back.order, {back.line.sku_code: back.units}
    reason, _, condition, disposition = back.why
    money = {"amount": text(back.amount, order.currency), "currency": order.currency}
    grade = {
        "sku": back.line.sku_code,
        "quantity": back.units,
        "condition": condition,
        "disposition": disposition,
    }
    where = {"location": back.place[1]}
    told: tuple[tuple[str, ReturnAuthorization | Refund, datetime | None, dict[str, Any]], ...] = (
        ("return.requested", document, document.requested_at,
         {"units": of_sku, "resolution": "refund", "reasons": [reason]}),
        ("return.approved", document, document.decided_at, where),
        ("return.received", document, document.received_at,
         {**where, "units": of_sku, "complete": True}),
        ("return.inspected", document, document.inspected_at,
         {"grades": [grade], "complete": True}),
        ("return.settled", document, document.settled_at, {**money, "units": of_sku}),
        ("refund.succeeded", refund, document.settled_at,
         {**money, "reference": document.number, "method": "manual"}),
    )  # fmt: skip
    for name, subject, at, payload in told:
        yield EventRecord(
            name=name,
            thread=order.number,
            subject=subject.number,
            actor=str(DESK),
            payload={**payload, "past": True},
            happened_at=at or back.asked_at,
        )
