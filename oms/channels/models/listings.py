from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from oms.catalog.models import Sku
from oms.channels.models.channels import Channel
from oms.core.ids import BlockIdField


class ChannelSku(models.Model):
    """What a channel calls a SKU of ours: by its listing's id, or by the code it has for it."""

    id = BlockIdField()
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    listing = models.CharField(max_length=200, blank=True, default="")
    code = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    kept_by = models.CharField(max_length=160)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "channel"],
                name="one_sku_per_listing",
                condition=~Q(listing=""),
            ),
            models.UniqueConstraint(
                fields=["code", "channel"], name="one_sku_per_code", condition=~Q(code="")
            ),
            models.CheckConstraint(
                condition=Q(listing="") ^ Q(code=""), name="named_by_listing_or_code"
            ),
        ]
        indexes = [
            models.Index(fields=["kept_at", "id"], name="channel_sku_time"),
            models.Index(fields=["channel", "kept_at", "id"], name="channel_sku_channel"),
            models.Index(OpClass(Upper("code"), "text_pattern_ops"), name="channel_sku_code"),
            models.Index(OpClass(Upper("listing"), "text_pattern_ops"), name="channel_sku_listing"),
        ]

    def __str__(self) -> str:
        return self.listing or self.code
