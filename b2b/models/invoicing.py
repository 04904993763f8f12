from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from b2b.models.companies import Company
from b2b.models.purchasing import PurchaseOrder
from b2b.states import InvoiceStatus
from fulfillment.models import Shipment
from oms.core.ids import BlockIdField
from oms.core.money import ZERO
from oms.customers.addresses import AddressField
from orders.models import Order, OrderLine, Refund


class Invoice(models.Model):
    """What left with one shipment, charged to the company. Numbered without gaps.

    `amount` = `paid_amount` + `credited_amount` + what is open. `other_amount` is what belongs to
    no line: shipping, on the order's first invoice, and the last cent on its last. `file` is empty
    until its PDF is made.
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="invoices", db_index=False
    )
    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, related_name="invoices"
    )
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    shipment = models.OneToOneField(Shipment, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=16, choices=InvoiceStatus, default=InvoiceStatus.ISSUED)
    currency = models.CharField(max_length=3)
    bill_to = AddressField()
    amount = models.DecimalField(max_digits=18, decimal_places=3)
    other_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    tax_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    paid_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    credited_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    issued_on = models.DateField()
    due_on = models.DateField()
    issued_at = models.DateTimeField()
    file = models.FileField(upload_to="invoices/%Y/%m/", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_amount__gte=0)
                & Q(credited_amount__gte=0)
                & Q(amount__gte=F("paid_amount") + F("credited_amount")),
                name="no_more_settled_than_invoiced",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "id"], name="invoice_company"),
            models.Index(fields=["status", "id"], name="invoice_status"),
            models.Index(
                fields=["due_on", "id"],
                name="invoice_open",
                condition=Q(status__in=["issued", "part_paid"]),
            ),
        ]
        default_permissions = ("view",)
        permissions = [
            ("pay_invoice", "Can record payments of invoices"),
            ("credit_invoice", "Can credit invoices"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def open_amount(self) -> Decimal:
        return self.amount - self.paid_amount - self.credited_amount

    def is_overdue(self, today: date) -> bool:
        return self.open_amount > 0 and self.due_on < today

    def standing(self, today: date) -> str:
        """The status to show: an open invoice past its day is overdue."""
        return InvoiceStatus.OVERDUE if self.is_overdue(today) else self.status


class InvoiceLine(models.Model):
    """Units of one order line that left with the shipment. `amount` is with discount and tax."""

    id = BlockIdField()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    sku_code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    amount = models.DecimalField(max_digits=18, decimal_places=3)
    tax_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_code}"


class InvoicePayment(models.Model):
    """Money that came in for an invoice. A company's `reference` counts once."""

    id = BlockIdField()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.DecimalField(max_digits=18, decimal_places=3)
    method = models.CharField(max_length=32)
    reference = models.CharField(max_length=100)
    received_on = models.DateField()
    recorded_by = models.CharField(max_length=160)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "reference", "invoice"], name="a_payment_counts_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.amount} for {self.invoice}"


class CreditNote(models.Model):
    """Part of an invoice that is no longer owed, or was given back by `refund`."""

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    amount = models.DecimalField(max_digits=18, decimal_places=3)
    reason = models.CharField(max_length=200, blank=True, default="")
    issued_by = models.CharField(max_length=160)
    issued_at = models.DateTimeField()
    file = models.FileField(upload_to="credit-notes/%Y/%m/", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["refund", "invoice"],
                name="one_credit_note_per_refund_and_invoice",
                condition=Q(refund__isnull=False),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="credit_note_of_something"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.number
