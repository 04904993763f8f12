from django.db import models

from oms.catalog.models import Sku
from oms.channels.models import Channel


class ToldAvailability(models.Model):
    """How many units of a SKU a channel was last told that it may promise, its buffer taken off.

    `sequence` grows with every telling of the channel, so that who reads after one misses none.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    units = models.PositiveIntegerField()
    sequence = models.BigIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "sku"], name="one_figure_per_channel_and_sku"
            ),
            models.UniqueConstraint(
                fields=["channel", "sequence"], name="one_telling_per_channel_and_sequence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.sku_id} told to {self.channel_id}"
