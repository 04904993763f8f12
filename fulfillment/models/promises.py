from django.db import models
from django.db.models import Q

from fulfillment.models.work import FulfillmentOrder
from fulfillment.states import PromiseBasis
from inventory.models import Location
from oms.channels.models import Channel
from oms.core.ids import BlockIdField
from orders.models import Order


class PromisedDate(models.Model):
    """A day that was promised, what it rests on, and how it was kept.

    Rows are never changed but for what becomes of them: a later word is a row of its own. `event`
    is the place in the feed of the fact that made it so. `fulfillment_order` is the work whose
    goods arrive then; None: all of the order. `leave_by` is the last pick-up that keeps what the
    customer was told; `is_open` until the work left or is not to be done any more. `days_late` is
    below 0 for what came early.
    """

    id = BlockIdField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="+", null=True
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    basis = models.CharField(max_length=8, choices=PromiseBasis)
    said = models.CharField(max_length=300)
    carrier = models.CharField(max_length=64, blank=True, default="")
    service = models.CharField(max_length=64, blank=True, default="")
    promised_on = models.DateField()
    leave_by = models.DateTimeField(null=True)
    is_open = models.BooleanField(default=False)
    event = models.BigIntegerField()
    nth = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    days_late = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "nth"], name="promise_noted_once"),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True, days_late__isnull=True)
                | Q(arrived_at__isnull=False, days_late__isnull=False),
                name="promise_scored_when_it_arrived",
            ),
        ]
        indexes = [
            models.Index(
                fields=["leave_by", "id"], name="promise_at_risk", condition=Q(is_open=True)
            ),
            models.Index(
                fields=["arrived_at"], name="promise_scored", condition=Q(arrived_at__isnull=False)
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.promised_on} ({self.basis})"


class PromiseReader(models.Model):
    """How far promises were read from the feed: one row."""

    sequence = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.sequence)
