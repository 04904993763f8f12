from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from b2b.errors import ShipmentNotInvoiced
from b2b.events import InvoiceIssued
from b2b.models import CreditAccount, Invoice, InvoiceLine, PurchaseOrder
from b2b.rules.invoicing import Charge, ShippedLine, charge
from b2b.rules.progress import invoice_progress
from b2b.selectors import default_address
from b2b.services.exposure import enter, reserved_for
from b2b.services.locked import lock_story
from b2b.states import AddressKind, CreditKind
from fulfillment.models import PackageLine, Shipment
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.jobs import enqueue
from oms.core.money import ZERO, text
from oms.core.numbers import gapless_number
from oms.core.services import service
from orders.models import Order, OrderLine

INVOICE_DOCUMENT = "invoice"


@service
def issue_invoice(*, shipment: str, by: Actor, at: datetime) -> Invoice:
    """Charge the company what left with a shipment, once; its PDF and letter follow.

    Raises: ShipmentNotInvoiced, for one that is of no purchase order.
    Locks: Order, PurchaseOrder, CreditAccount, NumberSeries.
    Publishes: InvoiceIssued.
    """
    left = (
        Shipment.objects.select_related("fulfillment_order__order").filter(number=shipment).first()
    )
    story = lock_story(left.fulfillment_order.order.number) if left else None
    if left is None or story is None:
        raise ShipmentNotInvoiced(shipment=shipment)
    known = Invoice.objects.filter(shipment=left).first()
    return known or invoice_of(left, story.order, story.document, story.account, by, at)


def invoice_of(
    shipment: Shipment,
    order: Order,
    document: PurchaseOrder,
    account: CreditAccount,
    by: Actor,
    at: datetime,
) -> Invoice:
    """Issue the invoice of a shipment whose order, purchase order and account are locked."""
    lines = {line.pk: line for line in OrderLine.objects.filter(order=order).order_by("position")}
    left = _units_of(shipment)
    before = _invoiced(order)
    charged = _charge(order, lines, left, before)
    company = document.company
    issued_on = at.date()
    invoice = Invoice.objects.create(
        number=gapless_number("INV"),
        company=company,
        purchase_order=document,
        order=order,
        shipment=shipment,
        currency=order.currency,
        status=invoice_progress(amount=charged.amount, paid=ZERO, credited=ZERO),
        bill_to=default_address(company, AddressKind.BILL) or order.ship_to,
        amount=charged.amount,
        other_amount=charged.other,
        tax_amount=sum((line.tax for line in charged.lines), ZERO),
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=company.terms_days),
        issued_at=at,
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            order_line_id=each.line_id,
            sku_code=lines[each.line_id].sku_code,
            name=lines[each.line_id].name,
            quantity=each.quantity,
            unit_price=lines[each.line_id].unit_price,
            amount=each.amount,
            tax_amount=each.tax,
        )
        for each in charged.lines
    )
    reserved = reserved_for(account, order)
    enter(
        account,
        order,
        CreditKind.INVOICE,
        reserved=-min(reserved, invoice.amount),
        invoiced=invoice.amount,
        reference=invoice.number,
        by=by,
        at=at,
        invoice=invoice,
    )
    publish(
        InvoiceIssued(
            thread=order.number,
            subject=invoice.number,
            by=by,
            at=at,
            company=company.code,
            shipment=shipment.number,
            amount=text(invoice.amount, invoice.currency),
            currency=invoice.currency,
            due_on=str(invoice.due_on),
        )
    )
    enqueue(INVOICE_DOCUMENT, key=invoice.number, payload={})
    return invoice


def _units_of(shipment: Shipment) -> dict[int, int]:
    """Units in the boxes of a shipment, by order line."""
    packed = PackageLine.objects.filter(package__shipment=shipment)
    rows = packed.values_list("line__order_line").annotate(units=Sum("quantity"))
    return {line_id: units for line_id, units in rows if units}


def _invoiced(order: Order) -> dict[int, int]:
    """Units that were invoiced before, by order line."""
    rows = InvoiceLine.objects.filter(invoice__order=order).values_list("order_line")
    return dict(rows.annotate(units=Sum("quantity")))


def _charge(
    order: Order, lines: Mapping[int, OrderLine], left: Mapping[int, int], before: Mapping[int, int]
) -> Charge:
    invoices = Invoice.objects.filter(order=order)
    invoiced_before: Decimal = invoices.aggregate(total=Sum("amount"))["total"] or ZERO
    after = {pk: before.get(pk, 0) + left.get(pk, 0) for pk in lines}
    is_last = all(after[pk] >= line.quantity - line.cancelled for pk, line in lines.items())
    goods = sum((line.paid_amount for line in lines.values()), ZERO)
    shipped: Sequence[ShippedLine] = [
        ShippedLine(
            line_id=pk,
            quantity=left[pk],
            ordered=line.quantity,
            cancelled=line.cancelled,
            invoiced=before.get(pk, 0),
            paid_amount=line.paid_amount,
            tax_amount=line.tax_amount,
        )
        for pk, line in lines.items()
        if left.get(pk)
    ]
    return charge(
        shipped,
        order_level=order.total_amount - goods,
        due=order.due_amount,
        invoiced_before=invoiced_before,
        is_first=not invoices.exists(),
        is_last=is_last,
        currency=order.currency,
    )


@service
def keep_document(*, number: str, file: str) -> str:
    """Keep the PDF that was made of an invoice; return the name of one that is void, or "".

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    invoice = Invoice.objects.get(number=number)
    if invoice.file:
        return file
    invoice.file.name = file
    invoice.save(update_fields=["file"])
    return ""
