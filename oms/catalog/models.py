from django.db import models
from django.db.models import Q


class Sku(models.Model):
    """The smallest thing that can be ordered, stored and shipped.

    Weights are grams, lengths millimetres, `price` is without tax in `currency`. `picture` names a
    drawing and its tint (`teapot-moss`, see `oms/catalog/pictures.py`).
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
    picture = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "SKU"
        constraints = [
            models.UniqueConstraint(
                fields=["barcode"], name="one_sku_per_barcode", condition=~Q(barcode="")
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="sku_name", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.code
