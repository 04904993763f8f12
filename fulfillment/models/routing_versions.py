from django.db import models
from django.db.models import Q

from fulfillment.states import BackTestStatus, RoutingVersionStatus
from oms.core.ids import BlockIdField
from orders.models import Order


class RoutingVersion(models.Model):
    """A rule book as it was written at one time: how orders find their locations.

    At most one is live; without one the built-in book counts. A draft changes until it is
    published or discarded, and `revision` counts how often; after that its rules stay as they are.
    `based_on` is the version that it was begun from, `replaces` the one that was live before it; 0
    is the built-in book.
    """

    number = models.PositiveIntegerField(unique=True)
    status = models.CharField(
        max_length=12, choices=RoutingVersionStatus, default=RoutingVersionStatus.DRAFT
    )
    rules = models.JSONField()
    note = models.CharField(max_length=200, blank=True, default="")
    based_on = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    changed_by = models.CharField(max_length=160)
    changed_at = models.DateTimeField()
    published_by = models.CharField(max_length=160, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    replaces = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status"], name="one_routing_is_live", condition=Q(status="live")
            ),
            models.CheckConstraint(
                condition=Q(status__in=RoutingVersionStatus.values),
                name="routing_version_status_known",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, status__in=["draft", "discarded"])
                | Q(published_at__isnull=False, status__in=["live", "replaced"]),
                name="routing_version_published_once",
            ),
        ]
        permissions = [("edit_routing", "Can change and publish how orders find their locations")]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Version {self.number}"


class BackTest(models.Model):
    """Past orders decided once more by the rules of a version, and by those that were live then.

    `rules` are what was tried, `revision` the one of the version then, `against` the number of the
    version that was live (0: the built-in book). `position` is how far it is, `carried` what the
    next slice of work begins with. It changes nothing but itself and its `BackTestOrder` rows.
    """

    number = models.CharField(max_length=24, unique=True)
    version = models.ForeignKey(RoutingVersion, on_delete=models.PROTECT, related_name="back_tests")
    revision = models.PositiveIntegerField()
    against = models.PositiveIntegerField()
    rules = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    status = models.CharField(max_length=12, choices=BackTestStatus, default=BackTestStatus.RUNNING)
    orders = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    position = models.JSONField(null=True)
    carried = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True, default="")
    asked_by = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=BackTestStatus.values), name="back_test_status_known"
            ),
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="back_test_ends_after_it_begins"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.number


class BackTestOrder(models.Model):
    """An order that a back-test decided otherwise: what it came to by either rules.

    `was` and `becomes` are `{parts: [{location, units}], waits, freight: {currency: amount}, km,
    late_days, below}`.
    """

    id = BlockIdField()
    back_test = models.ForeignKey(
        BackTest, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    placed_at = models.DateTimeField()
    was = models.JSONField()
    becomes = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["back_test", "placed_at", "id"], name="back_test_orders")]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.order_id)
