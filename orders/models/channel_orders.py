from django.db import models
from django.db.models import Q

from oms.channels.models import Channel
from oms.core.ids import BlockIdField
from orders.models.orders import Order
from orders.states import ChannelOrderState, part_words


class ChannelOrder(models.Model):
    """An order as its channel tells it, and how far ours follows.

    `parts` are the latest words under each key (see `orders.adapters.merging`). `missing` are keys
    that have to come first. `problems` say what could not be carried out: a `key`, a `code`, words.
    `followed` says by key which words ours was brought in step with; `accepted` are keys that staff
    left as they are.
    """

    id = BlockIdField()
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=100)
    name = models.CharField(max_length=100, blank=True, default="")
    said_state = models.CharField(max_length=100, blank=True, default="")
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="channel_order", null=True
    )
    state = models.CharField(
        max_length=16, choices=ChannelOrderState, default=ChannelOrderState.WAITING
    )
    parts = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    followed = models.JSONField(default=dict)
    accepted = models.JSONField(default=dict)
    last_message = models.CharField(max_length=100, blank=True, default="")
    first_heard_at = models.DateTimeField()
    last_heard_at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "channel"], name="one_channel_order_per_external_id"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ChannelOrderState.values), name="channel_order_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "first_heard_at", "id"],
                name="channel_order_not_in_step",
                condition=~Q(state="in_step"),
            ),
            models.Index(
                fields=["due_at"], name="channel_order_due", condition=Q(due_at__isnull=False)
            ),
        ]
        permissions = [("follow_channelorder", "Can settle what a channel says of an order")]

    def __str__(self) -> str:
        return self.name or self.external_id

    @property
    def lacks(self) -> list[str]:
        """What has to come first, in words."""
        return part_words(self.missing)


class Counterpart(models.Model):
    """What a document of ours is called in a channel: what comes back under that id is known.

    `kind` is that of the channel's part (`payment`, `refund`, `fulfillment`, `cancellation`);
    `document` is ours: a refund, a shipment, the id of a payment.
    """

    id = BlockIdField()
    channel_order = models.ForeignKey(
        ChannelOrder, on_delete=models.PROTECT, related_name="counterparts"
    )
    kind = models.CharField(max_length=16)
    external_id = models.CharField(max_length=100)
    document = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel_order", "kind", "external_id"], name="one_counterpart_per_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"
