from django.db import models
from django.db.models import F, Q


class Sku(models.Model):
    """The smallest thing that can be ordered, stored and shipped.

    Weights are grams, lengths millimetres, `price` is without tax in `currency`. `picture` names a
    drawing and its tint (`teapot-moss`, see `oms/catalog/pictures.py`). A kit is sold as one SKU
    and kept as its components: it lies nowhere itself. Before the day of
    `release_on` orders are taken, and nothing goes out.
    """

    class Tracking(models.TextChoices):
        NONE = "none", "Not tracked"
        LOT = "lot", "By lot"
        SERIAL = "serial", "By serial number"

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    barcode = models.CharField(max_length=64, blank=True, default="")
    price = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    length_mm = models.PositiveIntegerField(null=True, blank=True)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    country_of_origin = models.CharField(max_length=2, blank=True, default="")
    hs_code = models.CharField(max_length=16, blank=True, default="")
    tracking = models.CharField(max_length=8, choices=Tracking, default=Tracking.NONE)
    release_on = models.DateField(null=True, blank=True)
    picture = models.CharField(max_length=40, blank=True, default="", db_default="")
    is_kit = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = "SKU"
        constraints = [
            models.UniqueConstraint(
                fields=["barcode"], name="one_sku_per_barcode", condition=~Q(barcode="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["release_on"],
                name="sku_release",
                condition=Q(release_on__isnull=False),
            ),
            models.Index(fields=["name"], name="sku_name", opclasses=["text_pattern_ops"]),
        ]
        permissions = [("set_release_date", "Can say on which day a SKU comes out")]

    def __str__(self) -> str:
        return self.code


class KitComponent(models.Model):
    """So many units of a SKU in one kit. A kit is made of plain SKUs, never of kits."""

    kit = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="in_kits")
    quantity = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "component"], name="one_row_per_component"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_kit_has_units"),
            models.CheckConstraint(condition=~Q(kit=F("component")), name="no_kit_in_itself"),
        ]
        permissions = [("keep_kits", "Can say what kits are made of")]

    def __str__(self) -> str:
        return f"{self.quantity} in {self.kit_id}"
