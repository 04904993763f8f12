from django.db import models
from django.db.models import F, Q

from inventory.models import Location
from oms.core.ids import BlockIdField
from oms.core.money import ZERO
from orders.models import Order, OrderLine
from returns.states import (
    OPEN,
    RETURN,
    Condition,
    Disposition,
    Reason,
    Resolution,
    ReturnStatus,
)


class ReturnAuthorization(models.Model):
    """Permission to send units of one order back to one location.

    It changes only under the lock of its order. `version` counts the changes; `refund_amount` is
    what was granted when it was settled. `is_followed`: its channel gave the money back and told
    the customer, so that nothing is proposed and nobody is written to.
    """

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=16, choices=ReturnStatus, default=ReturnStatus.REQUESTED)
    resolution = models.CharField(max_length=16, choices=Resolution, default=Resolution.REFUND)
    requested_by = models.CharField(max_length=160)
    language = models.CharField(max_length=8, default="en")
    note = models.CharField(max_length=500, blank=True, default="")
    decided_by = models.CharField(max_length=160, blank=True, default="")
    decision_reason = models.CharField(max_length=200, blank=True, default="")
    refund_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    is_followed = models.BooleanField(default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    inspected_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ReturnStatus.values), name="return_status_known"
            ),
            models.CheckConstraint(
                condition=Q(refund_amount__gte=0), name="return_never_takes_money"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="return_status"),
            models.Index(
                fields=["location", "id"], name="return_open", condition=Q(status__in=OPEN)
            ),
        ]
        default_permissions = ("view",)
        permissions = [
            ("request_returnauthorization", "Can request returns for customers"),
            ("approve_returnauthorization", "Can approve and decline returns"),
            ("receive_returnauthorization", "Can receive returned units"),
            ("inspect_returnauthorization", "Can grade returned units"),
            ("settle_returnauthorization", "Can settle returns"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        """What may be done next; the staff screen draws its buttons from it."""
        return RETURN.verbs(self.status)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class ReturnLine(models.Model):
    """Units of one order line that come back for one reason.

    `settled` units are those money was decided on, `refund_amount` what they were worth then.
    """

    id = BlockIdField()
    authorization = models.ForeignKey(
        ReturnAuthorization, on_delete=models.PROTECT, related_name="lines"
    )
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    inspected = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)
    refund_amount = models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)
    reason = models.CharField(max_length=24, choices=Reason, default=Reason.OTHER)
    comment = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & Q(received__lte=F("quantity"))
                & Q(inspected__lte=F("received"))
                & Q(settled__lte=F("received")),
                name="returned_units_move_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line_id}"

    @property
    def missing(self) -> int:
        """Units that were announced and have not come."""
        return self.quantity - self.received

    @property
    def ungraded(self) -> int:
        """Units that are here and not graded yet."""
        return self.received - self.inspected


class Inspection(models.Model):
    """A grade given to some units, and what became of them.

    A grade is never changed: what is graded anew is `withdrawn` here and has a row of its own.
    `restocked` are the units this row put on the books, for sale or held, by one movement.
    """

    id = BlockIdField()
    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="inspections")
    quantity = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField(default=0)
    restocked = models.PositiveIntegerField(default=0)
    condition = models.CharField(max_length=16, choices=Condition)
    disposition = models.CharField(max_length=16, choices=Disposition)
    inspected_by = models.CharField(max_length=160)
    inspected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & Q(withdrawn__lte=F("quantity"))
                & Q(restocked__lte=F("quantity")),
                name="graded_units_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing} {self.condition}, {self.disposition}"

    @property
    def standing(self) -> int:
        """Units this grade still holds for."""
        return self.quantity - self.withdrawn


class PortalTry(models.Model):
    """Someone tried to find an order by number and e-mail address. Hashes, for a quarter hour."""

    place = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    tried_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["address", "tried_at"], name="portal_try_address"),
            models.Index(fields=["place", "tried_at"], name="portal_try_place"),
            models.Index(fields=["tried_at"], name="portal_try_old"),
        ]

    def __str__(self) -> str:
        return f"try at {self.tried_at:%H:%M}"
