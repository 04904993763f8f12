from django.db import models
from django.db.models import Q

from oms.catalog.models import Sku


class Supplier(models.Model):
    """Who sells to us. `language` is what we write in, `lead_time_days` from order to arrival."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    currency = models.CharField(max_length=3, blank=True, default="")
    lead_time_days = models.PositiveSmallIntegerField(default=7)
    is_active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ("view",)
        permissions = [("change_supplier", "Can change suppliers and what they supply")]

    def __str__(self) -> str:
        return self.name


class SupplierSku(models.Model):
    """What a supplier sells a SKU for, and in which quantities. One supplier is preferred."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="supplies")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    supplier_sku = models.CharField(max_length=64, blank=True, default="")
    cost = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    lead_time_days = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum_quantity = models.PositiveIntegerField(default=1)
    pack_size = models.PositiveIntegerField(default=1)
    is_preferred = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "sku"], name="one_supply_per_supplier_and_sku"
            ),
            models.UniqueConstraint(
                fields=["sku"],
                name="one_preferred_supplier_per_sku",
                condition=Q(is_preferred=True),
            ),
            models.CheckConstraint(
                condition=Q(minimum_quantity__gt=0) & Q(pack_size__gt=0),
                name="supplied_in_whole_packs",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sku} from {self.supplier}"
