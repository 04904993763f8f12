from django.db import models
from django.db.models import Q

from fulfillment.models.work import FulfillmentOrder
from oms.core.ids import BlockIdField


class Pickup(models.Model):
    """A packed order that waits at its location for the customer, who shows `code`."""

    id = BlockIdField()
    fulfillment_order = models.OneToOneField(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="pickup"
    )
    code = models.CharField(max_length=8)
    ready_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.CharField(max_length=160, blank=True, default="")
    proof = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["ready_at", "id"],
                name="pickup_waiting",
                condition=Q(handed_over_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"pickup of {self.fulfillment_order}"

    @property
    def is_waiting(self) -> bool:
        return self.handed_over_at is None
