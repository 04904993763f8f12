from django.db import models
from django.db.models import F, Q

from oms.catalog.models import Sku
from oms.core.ids import BlockIdField


class PriceList(models.Model):
    """Agreed prices in one currency, for the companies that are given it."""

    id = BlockIdField()
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, default="EUR")
    is_active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return self.name


class PriceListEntry(models.Model):
    """What a unit of a SKU costs from `min_quantity` on, between two days inclusive.

    With a `company` it holds for that company alone, whichever list it was given.
    """

    id = BlockIdField()
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="entries")
    company = models.ForeignKey(
        "b2b.Company",
        on_delete=models.PROTECT,
        related_name="own_prices",
        null=True,
        blank=True,
        db_index=False,
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    min_quantity = models.PositiveIntegerField(default=1)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "price list entries"
        constraints = [
            models.UniqueConstraint(
                fields=["sku", "price_list", "company", "min_quantity", "valid_from"],
                name="one_price_per_quantity_and_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(min_quantity__gt=0) & Q(unit_price__gte=0),
                name="price_entry_makes_sense",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="price_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "sku"],
                name="price_of_company",
                condition=Q(company__isnull=False),
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sku} from {self.min_quantity}"
