from django.db import models
from django.db.models import F, Q

from inventory.models.stock import Location, Reservation, StockLevel
from inventory.states import StockState, ZoneKind
from oms.core.ids import BlockIdField


class Zone(models.Model):
    """A part of a location, and what its bins are for. `position` is where the walk comes by."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="zones")
    code = models.CharField(max_length=16)
    name = models.CharField(max_length=100, blank=True, default="")
    kind = models.CharField(max_length=16, choices=ZoneKind, default=ZoneKind.PICKING)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "code"], name="one_zone_per_code"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class Bin(models.Model):
    """The smallest place that has a label to scan. `position` is its turn in the zone's walk."""

    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="bins", db_index=False
    )
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="bins", null=True)
    code = models.CharField(max_length=32)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "code"], name="one_bin_per_code"),
        ]
        permissions = [("keep_bins", "Can keep zones and bins")]

    def __str__(self) -> str:
        return self.code


class Quant(models.Model):
    """Units of one stock level in one bin, of one lot, in one state; all of them together are
    what is on hand there.

    `bin` and `lot` are codes; an empty bin means that nobody said where. Picked units stay with
    the reservation they were picked for, and know the bin they came from. There is no quant of
    nothing. Changed under the lock of its level only.
    """

    id = BlockIdField()
    level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, related_name="quants", db_index=False
    )
    bin = models.CharField(max_length=32, blank=True, default="")
    lot = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=16, choices=StockState, default=StockState.AVAILABLE)
    reservation = models.ForeignKey(
        Reservation, on_delete=models.PROTECT, related_name="picked", null=True, db_index=False
    )
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "bin", "lot", "state", "reservation"],
                name="one_quant_per_place",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="no_quant_of_nothing"),
            models.CheckConstraint(
                condition=Q(state=StockState.PICKED, reservation__isnull=False)
                | (~Q(state=StockState.PICKED) & Q(reservation__isnull=True)),
                name="picked_for_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["bin"], name="quant_bin"),
            models.Index(fields=["lot"], name="quant_lot", condition=~Q(lot="")),
            models.Index(
                F("reservation"),
                name="quant_picked_for",
                condition=Q(reservation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.level_id} in {self.bin or 'no bin'}"
