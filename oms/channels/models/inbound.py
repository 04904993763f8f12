from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from oms.channels.models.channels import Channel
from oms.channels.states import InboundState, MessageSource, Traffic


class InboundMessage(models.Model):
    """What a channel sent us, byte by byte, and what became of it.

    `identity` makes it one: the channel's id of it, or what it says where the channel gives none.
    `headers` are those worth keeping, nothing secret among them. `orders` are the orders it spoke
    of, by the channel's ids. `problem` says why it is quarantined or ignored. `asked` counts how
    often it was to be processed, `attempts` how often that was tried. The body goes at
    `purged_at`, since it tells of people; the row stays.
    """

    number = models.CharField(max_length=24, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=MessageSource, default=MessageSource.WEBHOOK)
    identity = models.CharField(max_length=128)
    message_id = models.CharField(max_length=200, blank=True, default="")
    topic = models.CharField(max_length=100, blank=True, default="")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=InboundState, default=InboundState.STORED)
    problem = models.CharField(max_length=500, blank=True, default="")
    asked = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    orders = ArrayField(models.CharField(max_length=128), default=list)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("view",)
        permissions = [("reprocess_inboundmessage", "Can process messages of channels again")]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "identity"], name="one_message_per_channel_and_identity"
            ),
            models.CheckConstraint(
                condition=Q(state__in=InboundState.values), name="inbound_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], name="inbound_time"),
            models.Index(fields=["state", "received_at", "id"], name="inbound_state"),
            models.Index(fields=["channel", "received_at", "id"], name="inbound_channel"),
            models.Index(
                fields=["channel", "state", "received_at", "id"], name="inbound_channel_state"
            ),
            models.Index(fields=["topic", "received_at", "id"], name="inbound_topic"),
            GinIndex(fields=["orders"], name="inbound_orders"),
            models.Index(
                fields=["processed_at"],
                name="inbound_to_purge",
                condition=Q(state__in=["applied", "ignored"], purged_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InboundTraffic(models.Model):
    """How often something happened at the door of a channel in an hour.

    Spread over a few slots, so that messages that come at once do not wait for one another: the
    count is the sum of them.
    """

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    hour = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Traffic)
    slot = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "hour", "kind", "slot"], name="one_count_per_hour_kind_and_slot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.hour:%Y-%m-%d %H}h: {self.count}"
