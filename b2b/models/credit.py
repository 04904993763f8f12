from decimal import Decimal

from django.db import models
from django.db.models import Q

from b2b.models.companies import Company
from b2b.models.invoicing import Invoice
from b2b.states import CreditKind
from oms.core.ids import BlockIdField
from oms.core.money import ZERO
from orders.models import Order


class CreditAccount(models.Model):
    """How much a company may owe, and how much it does.

    `reserved_amount` is what its open orders will cost, `invoiced_amount` what is invoiced and
    not paid: caches of the credit ledger. `limit_amount` None means nothing is checked. While it
    `is_blocked`, every order is held. An order that is held for credit reserves nothing until it
    is released.
    """

    id = BlockIdField()
    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="credit")
    currency = models.CharField(max_length=3)
    limit_amount = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    is_blocked = models.BooleanField(default=False)
    reserved_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    invoiced_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved_amount__gte=0) & Q(invoiced_amount__gte=0),
                name="nobody_owes_less_than_nothing",
            ),
        ]
        default_permissions = ("view",)
        permissions = [
            ("change_creditlimit", "Can set credit limits and block credit"),
            ("release_credithold", "Can release orders held for credit"),
        ]

    def __str__(self) -> str:
        return f"credit of {self.company}"

    @property
    def exposure_amount(self) -> Decimal:
        return self.reserved_amount + self.invoiced_amount

    @property
    def room_amount(self) -> Decimal | None:
        """What more the company may order; None for anything."""
        return None if self.limit_amount is None else self.limit_amount - self.exposure_amount

    def has_room_for(self, amount: Decimal) -> bool:
        room = self.room_amount
        return not self.is_blocked and (room is None or amount <= room)


class CreditEntry(models.Model):
    """One line of the credit ledger; never changed, only countered."""

    id = BlockIdField()
    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="entries")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField(max_length=12, choices=CreditKind)
    reserved_delta = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    invoiced_delta = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    reference = models.CharField(max_length=100, blank=True, default="")
    by = models.CharField(max_length=160)
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "credit entries"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.kind} {self.reserved_delta}/{self.invoiced_delta}"
