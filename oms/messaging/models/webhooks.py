from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from oms.channels.models import Channel
from oms.core.models import EventRecord
from oms.messaging.states import DeliveryState, EndpointState


class UnpublishedEvent(models.Model):
    """A fact that is committed and has no place in the feed yet.

    A trigger on the facts writes it, so its `id` says in which order facts of one document came:
    their writers waited for each other. The relay removes it.
    """

    event = models.ForeignKey(
        EventRecord,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    def __str__(self) -> str:
        return str(self.event_id)


class PublishedEvent(models.Model):
    """A fact in its place in the feed: who has read up to a number has read all below it.

    `sequence` counts all facts that others may read, `thread_sequence` those of one story; both
    without gaps. `channel` is whose story it is, empty where it is nobody's but the house's.
    """

    sequence = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(
        EventRecord, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    name = models.CharField(max_length=64)
    thread = models.CharField(max_length=64)
    thread_sequence = models.PositiveIntegerField()
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "thread_sequence"], name="one_event_per_place_in_a_story"
            ),
        ]
        indexes = [
            models.Index(fields=["name", "sequence"], name="published_by_name"),
            models.Index(fields=["channel", "sequence"], name="published_by_channel"),
            models.Index(fields=["channel", "name", "sequence"], name="published_by_both"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.name}"


class WebhookEndpoint(models.Model):
    """An address that hears of events: those of one channel, or all.

    `types` are the events it wants, all where there are none. `failures` counts those in a row;
    until `paused_until` it is left in peace.
    """

    public_id = models.CharField(max_length=32, unique=True)
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True, default="")
    types = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    state = models.CharField(max_length=8, choices=EndpointState, default=EndpointState.ENABLED)
    state_reason = models.CharField(max_length=200, blank=True, default="")
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    last_failure = models.CharField(max_length=300, blank=True, default="")
    created_by = models.CharField(max_length=160)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EndpointState.values), name="endpoint_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def name(self) -> str:
        """What people call it: its description, or the host it is at."""
        return self.description or urlsplit(self.url).netloc


class WebhookSecret(models.Model):
    """A secret that an endpoint's messages are signed with, sealed, until `expires_at`."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"secret of {self.endpoint_id}"


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint; without an event it is a ping.

    `asked_at` is when it was asked for last, `due_at` when it is tried next (or, while it is
    being tried, when it may be taken by another worker).
    """

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    event = models.ForeignKey(
        PublishedEvent, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    name = models.CharField(max_length=64)
    thread = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_ms = models.PositiveIntegerField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event"], name="one_delivery_per_endpoint_and_event"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "due_at", "id"],
                name="delivery_due",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["endpoint", "thread", "event"],
                name="delivery_lane",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_log"),
            models.Index(fields=["endpoint", "state", "-id"], name="delivery_log_by_state"),
            models.Index(
                fields=["settled_at"],
                name="delivery_settled",
                condition=Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} to {self.endpoint_id}"


class WebhookAttempt(models.Model):
    """One try of a delivery, written before it is made; without an answer it was cut short."""

    delivery = models.ForeignKey(
        WebhookDelivery, on_delete=models.CASCADE, related_name="tries", db_index=False
    )
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    ms = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="one_attempt_per_number"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.delivery_id}"
