from django.db import models
from django.db.models import Q

from fulfillment.models.work import FulfillmentOrder
from fulfillment.states import QueueRule, ReallocationReason
from inventory.models import Location
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField
from orders.models import Order


class QueuePolicy(models.Model):
    """Who is served first of those that wait for a SKU; without one, for every other SKU."""

    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    rule = models.CharField(max_length=16, choices=QueueRule)
    set_by = models.CharField(max_length=160)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sku"], name="one_queue_policy_per_sku", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(rule__in=QueueRule.values), name="queue_rule_known"),
        ]
        permissions = [("set_queuepolicy", "Can say who is served first")]

    def __str__(self) -> str:
        return self.rule


class Reallocation(models.Model):
    """Units that were taken from one order that had them, for another that waited for them.

    `given_by` is the work they were reserved for, `taken_by` the work they are part of now. It can
    be undone until they are picked there.
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    giver = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    taken_by = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    units = models.PositiveIntegerField()
    reason = models.CharField(max_length=24, choices=ReallocationReason)
    note = models.CharField(max_length=200, blank=True, default="")
    moved_by = models.CharField(max_length=160)
    moved_at = models.DateTimeField()
    undone_by = models.CharField(max_length=160, blank=True, default="")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(units__gt=0), name="reallocation_moves_units"),
            models.CheckConstraint(
                condition=~Q(giver=models.F("taker")), name="reallocation_between_two_orders"
            ),
        ]
        indexes = [models.Index(fields=["moved_at", "id"], name="reallocation_newest")]
        permissions = [("reallocate_units", "Can move units from one order to another")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None
