from django.conf import settings
from django.db import models
from django.db.models import Q

from oms.alerts.states import ALERT, AlertStatus, Outcome, Severity
from oms.core.ids import BlockIdField

PREFIX = "AL-"


class Watch(models.Model):
    """One kind of alert: when it was last looked for, and thresholds that differ from its own."""

    kind = models.CharField(max_length=32, unique=True)
    thresholds = models.JSONField(default=dict, blank=True)
    swept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("tune_watch", "Can change what alerts look for")]

    def __str__(self) -> str:
        return self.kind


class Alert(models.Model):
    """Something somebody should look at, with the numbers that say so.

    `subject` is what it is about, once per kind while it is true (`ended_at` is empty): a SKU, a
    SKU at a location, an order. `about` is the SKU or order alone, `location` a location's code
    (locations live on a floor above) or empty. `evidence` is plain numbers; the kind's words make
    sentences of them.
    """

    id = BlockIdField()
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=120)
    about = models.CharField(max_length=64)
    location = models.CharField(max_length=16, blank=True, default="")
    severity = models.PositiveSmallIntegerField(choices=Severity)
    evidence = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    status = models.CharField(max_length=8, choices=AlertStatus, default=AlertStatus.OPEN)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    settled_by = models.CharField(max_length=160, blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("view_stock_alerts", "Can see alerts about stock at a location"),
            ("view_order_alerts", "Can see alerts about waiting orders"),
            ("view_sales_alerts", "Can see alerts about what sells slowly"),
            ("view_return_alerts", "Can see alerts about what comes back"),
            ("settle_alert", "Can take, snooze and settle alerts"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                name="one_standing_alert_per_subject",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(status__in=AlertStatus.values), name="alert_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="snoozed", snoozed_until__isnull=False)
                | (~Q(status="snoozed") & Q(snoozed_until__isnull=True)),
                name="alert_sleeps_until_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | ~Q(status="cleared"),
                name="alert_cleared_is_over",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(status__in=["settled", "cleared"]),
                name="alert_over_is_no_work",
            ),
        ]
        indexes = [
            models.Index(
                fields=["severity", "opened_at", "id"],
                name="alert_open",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["kind", "severity", "opened_at", "id"],
                name="alert_open_of_kind",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["owner", "severity", "opened_at", "id"],
                name="alert_of_owner",
                condition=Q(status__in=["open", "snoozed"]),
            ),
            models.Index(fields=["status", "opened_at", "id"], name="alert_status"),
            models.Index(
                fields=["kind", "outcome"], name="alert_outcome", condition=Q(status="settled")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{PREFIX}{self.pk}"

    @property
    def verbs(self) -> list[str]:
        """What a person may do with it now."""
        possible = [verb for verb in ALERT.verbs(self.status) if verb not in {"wake", "clear"}]
        return [verb for verb in possible if verb != "reopen" or self.ended_at is None]
