from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from b2b.models.pricing import PriceList
from b2b.states import AddressKind, BuyerRole
from oms.core.ids import BlockIdField
from oms.customers.addresses import AddressField
from oms.customers.models import Customer


class Company(models.Model):
    """A business customer. `customer` is the same company as its orders know it.

    `approval_limit_amount` is what a purchase order may cost before a second person of the
    company has to agree; None for no such limit. `terms_days` 0 means due at once: we deliver
    all the same. With `auto_accept` a purchase order that raises no question is accepted by
    itself. With `ship_complete` nothing leaves before everything can.
    """

    id = BlockIdField()
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    tax_id = models.CharField(max_length=40, blank=True, default="")
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=8, default="en")
    terms_days = models.PositiveSmallIntegerField(default=30)
    approval_limit_amount = models.DecimalField(
        max_digits=18, decimal_places=3, null=True, blank=True
    )
    auto_accept = models.BooleanField(default=True)
    ship_complete = models.BooleanField(default=False)
    sales_rep = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="companies",
        null=True,
        blank=True,
        db_index=False,
    )
    price_list = models.ForeignKey(
        PriceList, on_delete=models.PROTECT, related_name="companies", null=True, blank=True
    )
    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "companies"
        indexes = [
            models.Index(fields=["sales_rep", "id"], name="company_sales_rep"),
            models.Index(OpClass(Lower("name"), "text_pattern_ops"), name="company_name"),
        ]
        default_permissions = ("view", "change")
        permissions = [("view_every_company", "Can see the companies of all sales reps")]

    def __str__(self) -> str:
        return self.name


class CompanyAddress(models.Model):
    """A place of a company. One of a kind is the default."""

    id = BlockIdField()
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=8, choices=AddressKind, default=AddressKind.SHIP)
    label = models.CharField(max_length=100)
    address = AddressField()
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "company addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind"],
                name="one_default_address_of_a_kind",
                condition=Q(is_default=True),
            ),
            models.UniqueConstraint(
                fields=["company", "kind", "label"], name="one_company_address_per_label"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.label} of {self.company}"


class Buyer(models.Model):
    """A person who buys for one company. `spending_limit_amount` None is without limit."""

    id = BlockIdField()
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="buyer"
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="buyers")
    role = models.CharField(max_length=16, choices=BuyerRole, default=BuyerRole.BUYER)
    spending_limit_amount = models.DecimalField(
        max_digits=18, decimal_places=3, null=True, blank=True
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=BuyerRole.values), name="buyer_role_known"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user} for {self.company}"

    @property
    def may_approve(self) -> bool:
        return self.is_active and self.role in {BuyerRole.APPROVER, BuyerRole.ADMIN}
