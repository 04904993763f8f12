from django.db import models
from django.db.models import Q

from oms.catalog.models import Sku
from oms.channels.models import Channel


class ChannelBuffer(models.Model):
    """Units that a channel is not told of: of one SKU, or, without one, of each SKU that has no
    buffer of its own there. All locations together; a location's own is its safety stock."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    units = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "sku"],
                name="one_buffer_per_channel_and_sku",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(units__gt=0) | Q(sku__isnull=False), name="buffer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.sku_id or 'all'} kept from {self.channel_id}"
