from django.db import models
from django.db.models import Q

from oms.core.ids import BlockIdField
from orders.models.orders import Order
from orders.states import ORDER_CHANGE, ChangeStatus


class OrderChange(models.Model):
    """What somebody wants to be different about an order: previewed, then confirmed or discarded.

    `actions` are carried out in their order. `effects` are those of a rehearsal on the order as
    it was at `version`, and for a confirmed change what it did. `before` is the order as it was
    asked for, kept when the change was confirmed.
    """

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="changes")
    status = models.CharField(max_length=16, choices=ChangeStatus, default=ChangeStatus.PREVIEWED)
    version = models.PositiveIntegerField()
    actions = models.JSONField()
    effects = models.JSONField()
    before = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True, default="")
    previewed_by = models.CharField(max_length=160)
    previewed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=160, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ChangeStatus.values), name="order_change_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        return ORDER_CHANGE.verbs(self.status)
