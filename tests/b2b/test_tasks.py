"""What the queue does for companies: invoices drawn and sent, orders followed, credit freed."""

from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from b2b import services
from b2b.letters.paper import INVOICE_STYLESHEETS, invoice_page
from b2b.models import Invoice
from b2b.tasks import EXPIRE_QUOTES
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from oms.core import pdf
from oms.core.jobs import drain
from oms.core.models import Job
from tests.b2b.conftest import REP
from tests.papers import looks_the_same


@pytest.fixture
def drawn(monkeypatch):
    """Documents are drawn elsewhere; here they are the HTML itself."""
    made = []

    def render(html, *, stylesheets=()):
        made.append(html)
        return f"%PDF {len(made)}".encode()

    monkeypatch.setattr(pdf, "render", render)
    return made


def send_all(order):
    for work in FulfillmentOrder.objects.filter(order=order):
        fulfillment.dispatch(
            number=work.number, carrier="post", tracking_number="T-1", by=REP, at=timezone.now()
        )


@pytest.mark.django_db(transaction=True)
def test_a_shipment_becomes_an_invoice_that_is_mailed_with_its_pdf(office, world, drawn):
    office.stock("tea", rotterdam=9)
    document = office.buy(tea=5)
    send_all(document.order)

    assert drain("company_order") == 1
    assert drain("invoice") == 1
    drain("mail")

    invoice = Invoice.objects.get()
    assert office.fresh(document).status == "invoiced"
    [sent] = [each for each in mail.outbox if each.subject.startswith("Invoice")]
    assert sent.subject == f"Invoice {invoice.number} for your purchase order {document.number}"
    assert sent.to == ["vermeer@cafe.example"]
    assert sent.attachments == [(f"{invoice.number}.pdf", b"%PDF 1", "application/pdf")]
    answer = world.api("erp").get(f"/api/v1/b2b/invoices/{invoice.number}/invoice.pdf")
    assert b"".join(answer.streaming_content) == b"%PDF 1"


@pytest.mark.django_db(transaction=True)
def test_an_invoice_that_was_drawn_is_not_drawn_or_sent_again(office, drawn):
    office.stock("tea", rotterdam=9)
    office.ship(office.buy(tea=5).order)
    drain("invoice")
    Job.objects.create(
        kind="invoice", key="INV-1001", due_at=timezone.now(), created_at=timezone.now()
    )

    drain("invoice")

    assert len(drawn) == 1
    assert Job.objects.filter(payload__letter="b2b.letters.invoice").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_payment_lets_held_orders_go_by_a_job(office):
    office.stock("tea", rotterdam=99)
    office.limit("100")
    [invoice] = office.invoices(office.ship(office.buy(tea=9).order))
    held = office.buy(tea=8)
    office.pay(invoice)

    drain("credit_room")

    assert office.holds(held.order) == []
    assert office.balances() == (Decimal("80"), 0)


def test_quotes_expire_by_themselves(office, monkeypatch):
    quote = office.quote(tea=1)
    type(quote).objects.update(valid_until="2020-01-01")

    assert EXPIRE_QUOTES.run() is False

    quote.refresh_from_db()
    assert quote.status == "expired"


def test_the_work_of_a_warehouse_moves_the_purchase_order(office):
    office.stock("tea", rotterdam=9)
    document = office.buy(tea=5)
    work = FulfillmentOrder.objects.get()

    fulfillment.release_work(number=work.number, by=REP, at=timezone.now())
    assert Job.objects.get(kind="company_order").key == document.order.number
    office.follow(document.order)

    assert office.fresh(document).status == "in_fulfillment"


def test_an_invoice_says_what_why_and_until_when(office):
    office.stock("tea", rotterdam=9)
    document = office.submit(office.draft(fields={"po_number": "4500"}, tea=5))
    office.ship(document.order)

    page = invoice_page(
        Invoice.objects.select_related("company", "purchase_order", "order", "shipment").get()
    )

    for said in ("INV-1001", "4500", "Café Vermeer BV", "€10.00", "€50.00", "SH-", "Oude Delft 12"):
        assert said in page
    assert "None" not in page


def test_an_invoice_is_a_real_document(office):
    office.stock("tea", rotterdam=9)
    office.ship(office.buy(tea=5).order)
    invoice = Invoice.objects.select_related("company", "purchase_order", "order", "shipment").get()

    page = invoice_page(invoice)

    assert pdf.render(page, stylesheets=INVOICE_STYLESHEETS).startswith(b"%PDF-")
    assert looks_the_same(page, INVOICE_STYLESHEETS)


def test_following_an_order_of_no_company_does_nothing(world, office):
    order = world.place("web-1", tea=1)
    assert services.follow_order(order=order.number, by=REP, at=timezone.now()) is None
