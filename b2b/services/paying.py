from datetime import date, datetime
from decimal import Decimal

from b2b.errors import AmountNotFitting, PaymentDiffers, PaymentTooLarge
from b2b.events import InvoicePaid
from b2b.models import InvoicePayment
from b2b.rules.progress import invoice_progress
from b2b.services.crediting import locked_invoice
from b2b.services.exposure import enter
from b2b.services.follow_up import look_for_room
from b2b.services.following import state_progress
from b2b.states import CreditKind
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.money import rounded, text
from oms.core.services import service
from orders import services as orders

TRANSFER = "bank_transfer"


@service
def record_payment(
    *,
    invoice: str,
    amount: Decimal,
    reference: str,
    by: Actor,
    at: datetime,
    method: str = TRANSFER,
    received_on: date | None = None,
) -> InvoicePayment:
    """Book money that came in for an invoice: the company owes less, its order is paid more.

    The same reference for the same invoice is the same payment, and is booked once. Orders held
    for credit go on when they fit now.

    Raises: InvoiceNotFound, AmountNotFitting, PaymentDiffers, PaymentTooLarge.
    Locks: Order, PurchaseOrder, CreditAccount.
    Publishes: InvoicePaid, PaymentCaptured.
    """
    document, story = locked_invoice(invoice)
    known = InvoicePayment.objects.filter(invoice=document, reference=reference).first()
    if known is not None:
        if known.amount != amount:
            raise PaymentDiffers(
                reference=reference,
                invoice=invoice,
                amount=text(known.amount, document.currency),
            )
        return known
    if not reference:
        raise AmountNotFitting(pointer="/reference", reason="name what tells payments apart")
    if amount <= 0 or rounded(amount, document.currency) != amount:
        raise AmountNotFitting(pointer="/amount", reason="name an amount of this currency")
    if amount > document.open_amount:
        raise PaymentTooLarge(
            number=invoice,
            amount=text(amount, document.currency),
            open=text(document.open_amount, document.currency),
            currency=document.currency,
        )

    payment = InvoicePayment.objects.create(
        invoice=document,
        company=document.company,
        amount=amount,
        method=method,
        reference=reference,
        received_on=received_on or at.date(),
        recorded_by=str(by),
        recorded_at=at,
    )
    document.paid_amount += amount
    document.status = invoice_progress(
        amount=document.amount, paid=document.paid_amount, credited=document.credited_amount
    )
    document.save(update_fields=["paid_amount", "status"])
    enter(
        story.account,
        story.order,
        CreditKind.PAYMENT,
        invoiced=-amount,
        reference=reference,
        by=by,
        at=at,
        invoice=document,
    )
    orders.record_payment(
        order=story.order, method=method, reference=reference, amount=amount, by=by, at=at
    )
    state_progress(story, by, at)
    publish(
        InvoicePaid(
            thread=story.order.number,
            subject=invoice,
            by=by,
            at=at,
            company=document.company.code,
            amount=text(amount, document.currency),
            open=text(document.open_amount, document.currency),
            currency=document.currency,
            reference=reference,
        )
    )
    look_for_room(company=document.company.code, at=at)
    return payment
