"""People who sign in, facts, work to be done outside, and gap-free numbers."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from oms.core.ids import BlockIdField


class User(AbstractUser):
    """A person who works here, or a partner's system. What they may do comes from their roles.

    Times are shown to them in `time_zone`; blank is the installation's. `tour` is how far they are
    in the tour that the demo shop offers them (`oms/core/tours.py`); empty elsewhere.
    """

    class Theme(models.TextChoices):
        SYSTEM = "system", "As the system"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    language = models.CharField(max_length=8, default="en")
    time_zone = models.CharField(max_length=64, blank=True, default="")
    tour = models.JSONField(default=dict, blank=True, editable=False)


class EventRecord(models.Model):
    """One fact, written in the transaction that made it true, never changed after.

    At once the audit trail, the order timeline, the webhook source and the analytics feed.
    """

    id = BlockIdField()
    name = models.CharField(max_length=64)
    thread = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    actor = models.CharField(max_length=160)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["thread", "id"], name="event_thread"),
            BrinIndex(fields=["happened_at"], name="event_happened_at"),
        ]
        permissions = [
            ("view_reports", "Can see reports"),
            ("import_files", "Can bring in products, places, stock, customers and orders by file"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.subject}"


class Job(models.Model):
    """Something to be done outside the database, as often as it takes, with effect once.

    `attempts` counts committed tries; `lease_token` is whose turn it is until `lease_until`.
    The row goes when the work is done: what was done is kept by the document it was done for.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DEAD = "dead", "Dead"
        SKIPPED = "skipped", "Skipped"

    id = BlockIdField()
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=128)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    last_error = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_job_per_kind_and_key"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "dead", "skipped"]), name="job_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "due_at"], name="job_due", condition=Q(state="waiting")),
            models.Index(fields=["-id"], name="job_stuck", condition=Q(state="dead")),
        ]
        permissions = [("settle_job", "Can retry or skip dead jobs")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class NumberSeries(models.Model):
    """A series of document numbers without gaps; `last` is the newest one given out."""

    prefix = models.CharField(max_length=16, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"
