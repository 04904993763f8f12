from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from b2b.models.companies import Buyer, Company
from b2b.models.quoting import QuoteVersion
from b2b.states import PURCHASE_ORDER, Decision, Issue, PurchaseStatus, Source
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField
from oms.core.money import ZERO, rounded
from oms.customers.addresses import AddressField
from orders.models import Order


class PurchaseOrder(models.Model):
    """A company's order document to us. Accepted, it is supplied as `order`, placed once.

    `number` is ours, `po_number` the company's own, used once for ever. `total_amount` is what
    was asked for; `issues` are the reasons why a person has to look at it. `sales_rep` is whose
    sale it is: who was named, else who looked after the company when it was submitted.
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="purchase_orders", db_index=False
    )
    buyer = models.ForeignKey(
        Buyer, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    sales_rep = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    po_number = models.CharField(max_length=64, blank=True, default="")
    source = models.CharField(max_length=8, choices=Source)
    status = models.CharField(max_length=20, choices=PurchaseStatus, default=PurchaseStatus.DRAFT)
    issues = ArrayField(models.CharField(max_length=20, choices=Issue), default=list, blank=True)
    quote_version = models.ForeignKey(
        QuoteVersion,
        on_delete=models.PROTECT,
        related_name="purchase_orders",
        null=True,
        blank=True,
    )
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    currency = models.CharField(max_length=3)
    total_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    ship_to = AddressField(null=True, blank=True)
    requested_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    created_by = models.CharField(max_length=160)
    submitted_by = models.CharField(max_length=160, blank=True, default="")
    approved_by = models.CharField(max_length=160, blank=True, default="")
    decided_by = models.CharField(max_length=160, blank=True, default="")
    decision_reason = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "po_number"],
                name="a_company_uses_its_po_number_once",
                condition=~Q(po_number=""),
            ),
            models.CheckConstraint(
                condition=Q(status__in=PurchaseStatus.values), name="purchase_order_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "id"], name="purchase_order_company"),
            models.Index(fields=["status", "id"], name="purchase_order_status"),
            models.Index(
                fields=["po_number"], name="purchase_order_po_number", condition=~Q(po_number="")
            ),
        ]
        default_permissions = ("view",)
        permissions = [
            ("enter_purchaseorder", "Can enter and submit purchase orders"),
            ("accept_purchaseorder", "Can accept, reject and cancel purchase orders"),
            ("approve_purchaseorder", "Can approve purchase orders over a company's limit"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        return PURCHASE_ORDER.verbs(self.status)


class PurchaseOrderLine(models.Model):
    """Units a company wants, at the price it is to pay, and what we answered.

    `unit_price` is the price it goes by, `contract_price` what we had agreed (None: nothing),
    `price_origin` says in words where the price comes from. `sku` is None while its code is not
    known. `accepted_quantity` is None until the line is decided on.
    """

    id = BlockIdField()
    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, related_name="lines"
    )
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    sku_code = models.CharField(max_length=64)
    buyer_sku = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    contract_price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    price_origin = models.CharField(max_length=200, blank=True, default="")
    requested_on = models.DateField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    ship_to = AddressField(null=True, blank=True)
    decision = models.CharField(max_length=12, choices=Decision, blank=True, default="")
    decision_reason = models.CharField(max_length=300, blank=True, default="")
    accepted_quantity = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purchase_order", "position"], name="purchase_order_lines_counted"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & (Q(accepted_quantity__isnull=True) | Q(accepted_quantity__lte=F("quantity"))),
                name="no_more_accepted_than_asked_for",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_code}"

    def amount(self, currency: str) -> Decimal:
        return rounded(self.quantity * self.unit_price, currency)

    @property
    def price_differs(self) -> bool:
        """Whether the company's price is not what was agreed."""
        return self.contract_price != self.unit_price
