from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from b2b.models.companies import Buyer, Company
from b2b.states import QUOTE, REQUEST, QuoteStatus, RequestStatus
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField
from oms.core.money import ZERO, rounded


class QuoteRequest(models.Model):
    """A company asks what something would cost."""

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="quote_requests", db_index=False
    )
    buyer = models.ForeignKey(
        Buyer, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    status = models.CharField(max_length=16, choices=RequestStatus, default=RequestStatus.SUBMITTED)
    needed_by = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    decision_reason = models.CharField(max_length=300, blank=True, default="")
    submitted_by = models.CharField(max_length=160)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="quote_request_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "id"], name="quote_request_company"),
            models.Index(fields=["status", "id"], name="quote_request_status"),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        return REQUEST.verbs(self.status)


class QuoteRequestLine(models.Model):
    """Some units of one SKU; `target_price` is what the company would like to pay for one."""

    id = BlockIdField()
    request = models.ForeignKey(QuoteRequest, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    target_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku}"


class Quote(models.Model):
    """An offer to one company. `version` is the newest of its versions, and the only live one.

    `status` is that version's. `reason` says why it was lost, withdrawn, or is to be revised.
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="quotes", db_index=False
    )
    request = models.ForeignKey(
        QuoteRequest, on_delete=models.PROTECT, related_name="quotes", null=True, blank=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    status = models.CharField(max_length=20, choices=QuoteStatus, default=QuoteStatus.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    currency = models.CharField(max_length=3)
    total_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    valid_until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    drafted_by = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    presented_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=QuoteStatus.values), name="quote_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "id"], name="quote_company"),
            models.Index(fields=["status", "id"], name="quote_status"),
            models.Index(
                fields=["valid_until"], name="quote_to_expire", condition=Q(status="presented")
            ),
        ]
        default_permissions = ("view",)
        permissions = [
            ("draft_quote", "Can draft, present and revise quotes"),
            ("approve_quote", "Can approve quotes with large discounts"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        return QUOTE.verbs(self.status)


class QuoteVersion(models.Model):
    """What was offered at one time; never changed once it was presented."""

    id = BlockIdField()
    quote = models.ForeignKey(
        Quote, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    nth = models.PositiveSmallIntegerField()
    valid_until = models.DateField(null=True, blank=True)
    total_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    note = models.TextField(blank=True, default="")
    asked_for = models.CharField(max_length=300, blank=True, default="")
    drafted_by = models.CharField(max_length=160)
    approved_by = models.CharField(max_length=160, blank=True, default="")
    created_at = models.DateTimeField()
    presented_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "nth"], name="quote_versions_counted"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quote} v{self.nth}"


class QuoteLine(models.Model):
    """Units at a price. `list_price` is what they would cost the company without the quote."""

    id = BlockIdField()
    version = models.ForeignKey(QuoteVersion, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    list_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    accepted_quantity = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(accepted_quantity__lte=F("quantity")),
                name="no_more_accepted_than_quoted",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku}"

    def amount(self, currency: str) -> Decimal:
        return rounded(self.quantity * self.unit_price, currency)

    @property
    def discount_percent(self) -> Decimal:
        """How much less than the company's usual price, in percent."""
        if not self.list_price or self.unit_price >= self.list_price:
            return ZERO
        return (self.list_price - self.unit_price) / self.list_price * 100
