from django.db import models
from django.db.models import Q

from oms.core.ids import BlockIdField
from orders.models.orders import Order
from orders.states import RepeatState


class OrderRepeat(models.Model):
    """An order that came again with other content, and was refused for that.

    `differences` are told field by field (`field`, `ours`, `sent`). `actions` are those of them
    that can be made a change of our order, `left` the fields that cannot. The same content again
    is one, however often it comes.
    """

    id = BlockIdField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="repeats")
    digest = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=RepeatState, default=RepeatState.OPEN)
    differences = models.JSONField()
    actions = models.JSONField()
    left = models.JSONField()
    came_at = models.DateTimeField()
    came_again_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    change = models.CharField(max_length=40, blank=True, default="")
    settled_by = models.CharField(max_length=160, blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "digest"], name="one_repeat_per_content"),
            models.CheckConstraint(
                condition=Q(state__in=RepeatState.values), name="repeat_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["came_at", "id"], name="repeats_open", condition=Q(state="open")),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.order_id} {self.digest}"
