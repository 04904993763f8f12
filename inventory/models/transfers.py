from django.db import models
from django.db.models import F, Q

from inventory.models.stock import Location, Reservation
from inventory.states import (
    OPEN_TRANSFER,
    TRANSFER,
    StockState,
    TransferStatus,
    TransferStepKind,
)
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField


class Transfer(models.Model):
    """Units that one location sends to another: the one ships them, the other receives them.

    `key` makes the same request sent twice one transfer. `expected_on` is when they should arrive.
    """

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=64, unique=True)
    source = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    status = models.CharField(
        max_length=16, choices=TransferStatus, default=TransferStatus.REQUESTED
    )
    expected_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    requested_by = models.CharField(max_length=160)
    requested_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="transfer_to_another_place"
            ),
            models.CheckConstraint(
                condition=Q(status__in=TransferStatus.values), name="transfer_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="transfer_status"),
            models.Index(fields=["source", "id"], name="transfer_source"),
            models.Index(fields=["target", "id"], name="transfer_target"),
            models.Index(
                fields=["id"], name="transfer_open", condition=Q(status__in=OPEN_TRANSFER)
            ),
        ]
        default_permissions = ("view",)
        permissions = [
            ("plan_transfer", "Can request, cancel and close transfers"),
            ("ship_transfer", "Can ship transfers to other locations"),
            ("receive_transfer", "Can receive transfers from other locations"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        """What may be done next; screens draw their buttons from it."""
        return TRANSFER.verbs(self.status)


class TransferLine(models.Model):
    """Units of one SKU; those not shipped yet are reserved at the source.

    The counters are caches of the entries. `over` are units received beyond what was under way
    because somebody confirmed it; `lost` ones left the source and never came. A `lot` is the one
    that is asked for.
    """

    id = BlockIdField()
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    lot = models.CharField(max_length=64, blank=True, default="")
    reservation = models.ForeignKey(
        Reservation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    quantity = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(default=0)
    over = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "sku"], name="one_line_per_transfer_and_sku"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & Q(shipped__lte=F("quantity"))
                & Q(over__lte=F("received"))
                & Q(received__lte=F("shipped") + F("over") - F("lost")),
                name="what_left_comes_once",
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku}"

    @property
    def to_ship(self) -> int:
        """Units that are still at the source."""
        return self.quantity - self.shipped

    @property
    def in_transit(self) -> int:
        """Units that left the source, and neither came nor were declared lost."""
        return self.shipped - (self.received - self.over) - self.lost


class TransferStep(models.Model):
    """Units were shipped, received, or declared lost. `key` makes the same form sent twice one."""

    id = BlockIdField()
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=TransferStepKind)
    key = models.CharField(max_length=64, unique=True)
    done_by = models.CharField(max_length=160)
    done_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} of {self.transfer_id}"


class TransferEntry(models.Model):
    """Units of one lot in one step; the ledger entries of those units name this row.

    `over` of them were not under way by the books. `state` is how they were found on arrival.
    """

    id = BlockIdField()
    step = models.ForeignKey(TransferStep, on_delete=models.PROTECT, related_name="entries")
    line = models.ForeignKey(TransferLine, on_delete=models.PROTECT, related_name="entries")
    lot = models.CharField(max_length=64, blank=True, default="")
    units = models.PositiveIntegerField()
    over = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=16, choices=StockState, default=StockState.AVAILABLE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(units__gt=0) & Q(over__lte=F("units")), name="some_units_moved"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.units} of {self.line_id}"
