from django.db import models
from django.db.models import Q

from inventory.models.stock import Location, StockLevel
from inventory.states import (
    ADJUSTMENT,
    COUNT,
    OPEN_COUNT,
    AdjustmentStatus,
    CountStatus,
)
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField


class StockCount(models.Model):
    """Somebody goes to some bins of a location and counts what lies there.

    One that `is_blind` keeps from those who count what the books expect. `recounts` is how often
    somebody was sent again.
    """

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=16, choices=CountStatus, default=CountStatus.REQUESTED)
    is_blind = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    recounts = models.PositiveSmallIntegerField(default=0)
    requested_by = models.CharField(max_length=160)
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=160, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CountStatus.values), name="count_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="count_status"),
            models.Index(fields=["location", "id"], name="count_location"),
        ]
        default_permissions = ("view",)
        permissions = [
            ("run_stockcount", "Can ask for stock counts and do them"),
            ("approve_stockcount", "Can approve stock counts and ask for recounts"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        """What may be done next; the staff screen draws its buttons from it."""
        return COUNT.verbs(self.status)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_COUNT

    @property
    def is_hidden(self) -> bool:
        """Whether nobody may see yet what the books expect."""
        return self.is_blind and self.status in (CountStatus.REQUESTED, CountStatus.COUNTING)


class CountBin(models.Model):
    """A bin that a count goes to; an empty code stands for units that lie in no bin."""

    id = BlockIdField()
    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="bins")
    code = models.CharField(max_length=32, blank=True, default="")
    done_by = models.CharField(max_length=160, blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["count", "code"], name="counted_bin_once"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.code or "no bin"


class CountLine(models.Model):
    """Units of one stock level, in one bin and of one lot, as counted and as the books said.

    `expected` is what the books had available there at the moment of counting, when they had
    `corrections` entries of counts and adjustments for the place. A recount replaces
    both and keeps the `first_` figures; it is not done by who counted before (`not_by`). One that
    `is_disturbed` had units moved while they were counted. While a line `is_open`, no other count
    has the place.
    """

    id = BlockIdField()
    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="lines")
    level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    bin = models.CharField(max_length=32, blank=True, default="")
    lot = models.CharField(max_length=64, blank=True, default="")
    is_found = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    is_disturbed = models.BooleanField(default=False)
    round = models.PositiveSmallIntegerField(default=0)
    expected = models.PositiveIntegerField(null=True)
    counted = models.PositiveIntegerField(null=True)
    corrections = models.PositiveIntegerField(default=0)
    counted_by = models.CharField(max_length=160, blank=True, default="")
    counted_at = models.DateTimeField(null=True)
    not_by = models.CharField(max_length=160, blank=True, default="")
    first_expected = models.PositiveIntegerField(null=True)
    first_counted = models.PositiveIntegerField(null=True)
    first_by = models.CharField(max_length=160, blank=True, default="")
    first_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["count", "level", "bin", "lot"], name="one_line_per_counted_place"
            ),
            models.UniqueConstraint(
                fields=["level", "bin", "lot"],
                name="counted_in_one_count_at_a_time",
                condition=Q(is_open=True),
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, expected__isnull=True)
                | Q(counted__isnull=False, expected__isnull=False),
                name="counted_against_the_books",
            ),
        ]
        indexes = [
            models.Index(fields=["level", "bin", "counted_at"], name="count_line_place"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.level_id} in {self.bin or 'no bin'}"

    @property
    def difference(self) -> int:
        """Units found more than the books said, or fewer (less than 0)."""
        return (self.counted or 0) - (self.expected or 0)

    @property
    def first_difference(self) -> int | None:
        """The same as counted first, where somebody counted again."""
        if self.first_counted is None:
            return None
        return self.first_counted - (self.first_expected or 0)


class AdjustmentLimit(models.Model):
    """A correction worth more than this needs a second person. No limit: none does."""

    currency = models.CharField(max_length=3, unique=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="limit_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class AdjustmentRequest(models.Model):
    """A correction of the books that waits for a second person: of one SKU, or of a `count`.

    `value` is what the units are worth by the figures of the day it was asked.
    """

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    count = models.ForeignKey(
        StockCount, on_delete=models.PROTECT, related_name="requests", null=True
    )
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", null=True)
    quantity_delta = models.IntegerField(default=0)
    bin = models.CharField(max_length=32, blank=True, default="")
    lot = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    value = models.DecimalField(max_digits=24, decimal_places=6)
    currency = models.CharField(max_length=3)
    status = models.CharField(
        max_length=16, choices=AdjustmentStatus, default=AdjustmentStatus.WAITING
    )
    asked_by = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=160, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["count"],
                name="one_waiting_request_per_count",
                condition=Q(status=AdjustmentStatus.WAITING),
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=False, sku__isnull=True)
                | Q(count__isnull=True, sku__isnull=False),
                name="corrects_a_sku_or_a_count",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("asked_by")), name="decided_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="adjustment_status"),
            models.Index(fields=["location", "id"], name="adjustment_location"),
        ]
        default_permissions = ("view",)
        permissions = [
            ("decide_adjustmentrequest", "Can approve what needs a second person"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        """What may be done next."""
        return ADJUSTMENT.verbs(self.status)
