from django.db import models

from oms.core.ids import BlockIdField
from orders.models import Order


class WaitingLimit(models.Model):
    """Until when an order's units may wait for stock: a routing says so, and what waits then is
    called off."""

    id = BlockIdField()
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    ends_at = models.DateTimeField(db_index=True)
    routing = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.order_id} waits until {self.ends_at:%Y-%m-%d}"
