import uuid

from django.db import models
from django.db.models import F, Q

from oms.core.ids import BlockIdField
from orders.models.orders import Order, OrderLine, amount_field
from orders.states import MoneyKind, PaymentStatus, RefundStatus


class Payment(models.Model):
    """Money a customer gave, as a channel reported it or a gateway took it.

    `refund_committed_amount` is spoken for by refunds that were not rejected, those in doubt
    included: the database refuses to give back more than was captured.
    """

    id = BlockIdField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=100, blank=True, default="")
    method = models.CharField(max_length=32)
    gateway = models.CharField(max_length=32, default="manual")
    status = models.CharField(max_length=16, choices=PaymentStatus)
    currency = models.CharField(max_length=3)
    amount = amount_field()
    captured_amount = amount_field()
    refund_committed_amount = amount_field()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refund_committed_amount__gte=0)
                & Q(refund_committed_amount__lte=F("captured_amount")),
                name="payment_refunds_within_captured",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.amount} {self.currency}"


class Refund(models.Model):
    """Money going back: granted by us, then moved by a gateway, once.

    `key` goes with every request to the gateway, and is looked up there before any repeat.
    `reference` is the document it was granted for (a return, or the order it was cancelled from).
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=16, choices=RefundStatus, default=RefundStatus.GRANTED)
    amount = amount_field()
    currency = models.CharField(max_length=3)
    gateway_reference = models.CharField(max_length=100, blank=True, default="")
    last_error = models.TextField(blank=True, default="")
    granted_by = models.CharField(max_length=160)
    granted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_of_something"),
            models.UniqueConstraint(
                fields=["payment", "gateway_reference"],
                name="one_refund_per_gateway_reference",
                condition=~Q(gateway_reference=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "granted_at"],
                name="refund_moving",
                condition=Q(status__in=["granted", "sending", "in_doubt"]),
            ),
            models.Index(fields=["reference"], name="refund_reference"),
        ]

    def __str__(self) -> str:
        return self.number


class RefundLine(models.Model):
    """What part of a refund is for which line; the rest is shipping or goodwill."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="refunds")
    quantity = models.PositiveIntegerField()
    amount = amount_field()

    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line}"


class MoneyEntry(models.Model):
    """One line of the money ledger; never changed, only countered. Amounts may be negative."""

    id = BlockIdField()
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="money_entries", db_constraint=False
    )
    payment = models.ForeignKey(
        Payment,
        on_delete=models.PROTECT,
        related_name="money_entries",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    refund = models.ForeignKey(
        Refund,
        on_delete=models.PROTECT,
        related_name="money_entries",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(max_length=16, choices=MoneyKind)
    amount = amount_field()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=64, blank=True, default="")
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["refund"],
                name="one_ledger_entry_per_refund",
                condition=Q(kind="refund"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
