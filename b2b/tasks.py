"""What the queue may run: following orders, looking for credit, drawing invoices."""

from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from b2b import services
from b2b.letters.paper import INVOICE_STYLESHEETS, invoice_page
from b2b.models import Invoice
from oms.core import pdf
from oms.core.actors import SYSTEM
from oms.core.jobs import ClaimedJob, JobKind, Record, exponential
from oms.core.routines import Routine
from oms.messaging import services as messaging

EXPIRED_AT_ONCE = 100


def follow(job: ClaimedJob) -> Record | None:
    """Bring a company's order in line with its facts; nothing happens outside."""
    services.follow_order(order=job.key, by=SYSTEM, at=timezone.now())
    services.hold_until_complete(order=job.key, by=SYSTEM)
    return None


def release_what_fits(job: ClaimedJob) -> Record | None:
    """Let held orders go on that fit under the credit limit by now."""
    services.release_what_fits(company=job.key)
    return None


def draw_invoice(job: ClaimedJob) -> Record | None:
    """Draw an invoice as PDF, keep it, and send it; one that is drawn already stays."""
    invoice = Invoice.objects.select_related("company", "purchase_order", "order", "shipment").get(
        number=job.key
    )
    if invoice.file:
        return None
    drawn = pdf.render(invoice_page(invoice), stylesheets=INVOICE_STYLESHEETS)
    name = f"invoices/{invoice.issued_on:%Y/%m}/{invoice.number}.pdf"
    return partial(_keep, invoice.number, default_storage.save(name, ContentFile(drawn)))


def _keep(number: str, file: str) -> None:
    void = services.keep_document(number=number, file=file)
    if void:
        transaction.on_commit(partial(default_storage.delete, void))
        return
    messaging.post(
        letter="b2b.letters.invoice", key=f"b2b_invoice:{number}", arguments={"number": number}
    )


def expire_quotes() -> bool:
    """Take offers off the table whose last day has passed, so many at a time."""
    expired = services.expire_quotes(by=SYSTEM, at=timezone.now(), limit=EXPIRED_AT_ONCE)
    return expired == EXPIRED_AT_ONCE


def release_complete() -> bool:
    """Let orders go that had to be complete, and are."""
    return services.release_complete() == services.SLICE


COMPANY_ORDER = JobKind("company_order", run=follow, max_attempts=12)
CREDIT_ROOM = JobKind("credit_room", run=release_what_fits, max_attempts=12)
INVOICE = JobKind(
    "invoice",
    run=draw_invoice,
    max_attempts=12,
    lease=timedelta(seconds=90),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(minutes=30)),
)
EXPIRE_QUOTES = Routine(run=expire_quotes, every=timedelta(minutes=15))
SHIP_COMPLETE = Routine(run=release_complete, every=timedelta(minutes=1))
