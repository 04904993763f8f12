from django.db import models
from django.db.models import F, Q

from inventory.models.stock import Location
from inventory.models.suppliers import Supplier
from inventory.states import (
    OPEN_REPLENISHMENT,
    REPLENISHMENT,
    RejectReason,
    ReplenishmentStatus,
    StockState,
)
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField


class ReplenishmentOrder(models.Model):
    """What we ask of one supplier for one location.

    There is one proposal for each of the two: proposing again updates it. The vendor's link opens
    until `link_until`, and no longer once `link_revision` is raised. `expected_on` is by when we
    asked for it.
    """

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(
        max_length=16, choices=ReplenishmentStatus, default=ReplenishmentStatus.PROPOSED
    )
    currency = models.CharField(max_length=3, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    link_revision = models.PositiveSmallIntegerField(default=1)
    link_until = models.DateTimeField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    proposed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=160, blank=True, default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "location"],
                name="one_proposal_per_supplier_and_location",
                condition=Q(status=ReplenishmentStatus.PROPOSED),
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReplenishmentStatus.values),
                name="replenishment_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="replenishment_status"),
            models.Index(fields=["supplier", "id"], name="replenishment_supplier"),
            models.Index(
                fields=["location", "id"],
                name="replenishment_open",
                condition=Q(status__in=OPEN_REPLENISHMENT),
            ),
        ]
        default_permissions = ("view",)
        permissions = [
            ("plan_replenishmentorder", "Can propose and edit replenishment orders"),
            ("approve_replenishmentorder", "Can approve replenishment orders"),
            ("send_replenishmentorder", "Can send replenishment orders to suppliers"),
            ("receive_replenishmentorder", "Can receive units from suppliers"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        """What may be done next; the staff screen draws its buttons from it."""
        return REPLENISHMENT.verbs(self.status)


class ReplenishmentLine(models.Model):
    """Units of one SKU that a supplier is asked for; `why` holds the numbers it was made of.

    `received` units went on the shelf, `rejected` ones did not and are still owed; `over` are those
    taken in beyond what was asked because somebody said so. A line that a person `is_edited` is
    left alone by the next proposal. The rest of one that `is_declined` will not come.
    """

    id = BlockIdField()
    order = models.ForeignKey(ReplenishmentOrder, on_delete=models.PROTECT, related_name="lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    supplier_sku = models.CharField(max_length=64, blank=True, default="")
    quantity = models.PositiveIntegerField()
    unit_cost = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    received = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    over = models.PositiveIntegerField(default=0)
    is_edited = models.BooleanField(default=False)
    is_declined = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_note = models.CharField(max_length=500, blank=True, default="")
    why = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "sku"], name="one_line_per_replenishment_and_sku"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(received__lte=F("quantity") + F("over")),
                name="no_unit_too_many_unless_confirmed",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku}"

    @property
    def missing(self) -> int:
        """Units asked for that are not here."""
        return max(0, self.quantity - self.received)


class Commitment(models.Model):
    """A supplier's word: so many units by a day. `received` of them have come.

    A new answer withdraws the older one; what came of it stays with it.
    """

    id = BlockIdField()
    line = models.ForeignKey(
        ReplenishmentLine, on_delete=models.PROTECT, related_name="commitments"
    )
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    expected_on = models.DateField()
    committed_by = models.CharField(max_length=160)
    committed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(received__lte=F("quantity")),
                name="committed_units_come_once",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} by {self.expected_on}"

    @property
    def left(self) -> int:
        """Units of it that are still to come."""
        return self.quantity - self.received


class Receipt(models.Model):
    """A delivery taken in. `key` makes the same form sent twice one receipt.

    One that `is_history` came before the books began: its units are in the stock that was counted.
    """

    id = BlockIdField()
    order = models.ForeignKey(ReplenishmentOrder, on_delete=models.PROTECT, related_name="receipts")
    key = models.CharField(max_length=64, unique=True)
    reference = models.CharField(max_length=64, blank=True, default="")
    received_by = models.CharField(max_length=160)
    received_at = models.DateTimeField()
    is_history = models.BooleanField(default=False, db_default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.order_id} at {self.received_at:%Y-%m-%d %H:%M}"


class ReceiptLine(models.Model):
    """Units of one line that came in one delivery: taken in, or rejected with a reason.

    The movement of the accepted units names this row, and `lot` and `state` are those they were
    taken in with: damaged ones may be kept. `promised_on` is the day of the first commitment they
    were set against.
    """

    id = BlockIdField()
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(ReplenishmentLine, on_delete=models.PROTECT, related_name="arrivals")
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=16, choices=RejectReason, blank=True, default="")
    lot = models.CharField(max_length=64, blank=True, default="", db_default="")
    state = models.CharField(
        max_length=16,
        choices=StockState,
        default=StockState.AVAILABLE,
        db_default=StockState.AVAILABLE,
    )
    promised_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted__gt=0) | Q(rejected__gt=0), name="something_came"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.accepted} in, {self.rejected} rejected"
