from datetime import datetime
from decimal import Decimal

from b2b.errors import AmountNotFitting, InvoiceNotFound, PaymentTooLarge
from b2b.events import CreditNoteIssued
from b2b.models import CreditNote, Invoice
from b2b.rules.progress import invoice_progress
from b2b.services.exposure import enter
from b2b.services.follow_up import look_for_room
from b2b.services.locked import Story, lock_story
from b2b.states import CreditKind
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.money import rounded, text
from oms.core.numbers import gapless_number
from oms.core.services import service
from orders.models import Refund
from orders.states import RefundStatus


@service
def credit_invoice(
    *, invoice: str, amount: Decimal, reason: str, by: Actor, at: datetime
) -> CreditNote:
    """Charge part of an invoice no longer: at most what is open of it.

    What was paid goes back by a refund of the order, and gets its credit note by itself.

    Raises: InvoiceNotFound, AmountNotFitting, PaymentTooLarge.
    Locks: Order, PurchaseOrder, CreditAccount, NumberSeries.
    Publishes: CreditNoteIssued.
    """
    document, story = locked_invoice(invoice)
    if amount <= 0 or rounded(amount, document.currency) != amount:
        raise AmountNotFitting(pointer="/amount", reason="name an amount of this currency")
    if amount > document.open_amount:
        raise PaymentTooLarge(
            number=invoice,
            amount=text(amount, document.currency),
            open=text(document.open_amount, document.currency),
            currency=document.currency,
        )
    note = _issue(document, story, amount, reason, None, by, at)
    enter(
        story.account,
        story.order,
        CreditKind.CREDIT_NOTE,
        invoiced=-amount,
        reference=note.number,
        by=by,
        at=at,
        invoice=document,
    )
    look_for_room(company=document.company.code, at=at)
    return note


def locked_invoice(number: str) -> tuple[Invoice, Story]:
    """Lock what belongs to an invoice and return it fresh.

    Raises: InvoiceNotFound.
    Locks: Order, PurchaseOrder, CreditAccount.
    """
    found = Invoice.objects.filter(number=number)
    order_number = found.values_list("order__number", flat=True).first()
    story = lock_story(order_number) if order_number else None
    if story is None:
        raise InvoiceNotFound(number=number)
    return found.select_related("company").get(), story


def credit_refunds(story: Story, by: Actor, at: datetime) -> None:
    """Write a credit note for every refund of the order that has none, newest invoice first.

    A refund gives back what was paid: the invoice is paid less and credited more, and as much as
    before is open of it.
    """
    documented = CreditNote.objects.filter(refund__order=story.order).values("refund")
    given_back = Refund.objects.filter(order=story.order, status=RefundStatus.SUCCEEDED)
    for refund in given_back.exclude(pk__in=documented).order_by("id"):
        left = refund.amount
        for invoice in Invoice.objects.filter(order=story.order).order_by("-id"):
            share = min(left, invoice.paid_amount)
            if share <= 0:
                continue
            invoice.paid_amount -= share
            _issue(invoice, story, share, refund.reason or refund.reference, refund, by, at)
            left -= share


def _issue(
    invoice: Invoice,
    story: Story,
    amount: Decimal,
    reason: str,
    refund: Refund | None,
    by: Actor,
    at: datetime,
) -> CreditNote:
    invoice.credited_amount += amount
    invoice.status = invoice_progress(
        amount=invoice.amount, paid=invoice.paid_amount, credited=invoice.credited_amount
    )
    invoice.save(update_fields=["credited_amount", "paid_amount", "status"])
    note = CreditNote.objects.create(
        number=gapless_number("CN"),
        invoice=invoice,
        refund=refund,
        amount=amount,
        reason=reason[:200],
        issued_by=str(by),
        issued_at=at,
    )
    publish(
        CreditNoteIssued(
            thread=story.order.number,
            subject=note.number,
            by=by,
            at=at,
            company=story.document.company.code,
            invoice=invoice.number,
            amount=text(amount, invoice.currency),
            currency=invoice.currency,
            reason=reason,
        )
    )
    return note
