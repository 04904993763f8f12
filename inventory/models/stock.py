from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from inventory.rules.calendar import EVERY_DAY, Calendar
from inventory.states import HELD, SELDOM_MOVES, LocationKind, MovementKind, StockState
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField


def every_day() -> list[int]:
    return list(EVERY_DAY)


class Location(models.Model):
    """A place that holds stock: a warehouse, a store, a supplier's dock.

    `daily_capacity` is fulfillment orders a day; `cutoff_time` is local to `time_zone`: what is
    released before it leaves the same day. It works on `weekdays` (Monday is 0), but for
    `closed_on`.
    """

    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=LocationKind, default=LocationKind.WAREHOUSE)
    line1 = models.CharField(max_length=200, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    region = models.CharField(max_length=100, blank=True, default="")
    postal_code = models.CharField(max_length=20, blank=True, default="")
    country = models.CharField(max_length=2)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    daily_capacity = models.PositiveIntegerField(null=True, blank=True)
    cutoff_time = models.TimeField(null=True, blank=True)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=every_day, db_default=list(EVERY_DAY)
    )
    closed_on = ArrayField(models.DateField(), default=list, db_default=[], blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        permissions = [("set_calendar", "Can set on which days a location works")]

    def __str__(self) -> str:
        return self.name

    @property
    def calendar(self) -> Calendar:
        return Calendar(tuple(self.weekdays), frozenset(self.closed_on))


class LocationAssignment(models.Model):
    """A person works at a location. Who has no assignment and works in a warehouse sees none."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="location_assignments"
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="staff")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "location"], name="assigned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.location}"


class StockLevel(models.Model):
    """How many units of one SKU lie at one location, how many are spoken for, how many are held.

    All are caches of the ledger; the database itself refuses to promise a unit twice, or one that
    is held (see `HELD`). Never index them: updates of this row must stay on its page (fill factor
    70). `bin` is where the SKU usually lies.
    At `reorder_point` more is ordered, up to `reorder_up_to` (or to the point itself).
    """

    id = BlockIdField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="stock_levels", db_index=False
    )
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0, db_default=0)
    safety_stock = models.PositiveIntegerField(default=0)
    reorder_point = models.PositiveIntegerField(default=0)
    reorder_up_to = models.PositiveIntegerField(default=0, db_default=0)
    bin = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "sku"], name="one_level_per_location_and_sku"
            ),
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand") - F("held")),
                name="never_promise_a_unit_twice",
            ),
        ]
        permissions = [("move_stock", "Can receive, move and adjust stock")]

    def __str__(self) -> str:
        return f"{self.sku} at {self.location}"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.held


class Lot(models.Model):
    """Units of one SKU made together; the ledger names the lot they came in.

    A serial number is a lot of one unit. Units of a blocked lot are held wherever they lie, and
    those that still come are held as they arrive.
    """

    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=64)
    expires_on = models.DateField(null=True, blank=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_by = models.CharField(max_length=160, blank=True, default="", db_default="")
    blocked_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sku", "code"], name="one_lot_per_code")]
        indexes = [
            models.Index(
                fields=["expires_on", "id"],
                name="lot_expiry",
                condition=Q(expires_on__isnull=False),
            ),
            models.Index(fields=["code"], name="lot_code", opclasses=["text_pattern_ops"]),
        ]
        permissions = [("block_lot", "Can block lots and set them free")]

    def __str__(self) -> str:
        return f"{self.sku} {self.code}"


class Reservation(models.Model):
    """A claim on units of a stock level; `quantity` are those still claimed.

    `reference` is the number of the document they are claimed for.
    """

    id = BlockIdField()
    level = models.ForeignKey(
        StockLevel,
        on_delete=models.PROTECT,
        related_name="reservations",
        db_constraint=False,
        db_index=False,
    )
    quantity = models.PositiveIntegerField()
    reference = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["level"], name="reservation_open", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.level_id} for {self.reference}"


class Movement(models.Model):
    """One line of the stock ledger; never changed, only countered.

    It says how many units came to one bin, of one lot, in one state, or left it (less than 0).
    `reference` is the document that moved the units, `source_id` the row of it that did.
    """

    id = BlockIdField()
    level = models.ForeignKey(
        StockLevel,
        on_delete=models.DO_NOTHING,
        related_name="movements",
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(max_length=16, choices=MovementKind)
    on_hand_delta = models.IntegerField(default=0)
    reserved_delta = models.IntegerField(default=0)
    reference = models.CharField(max_length=64, blank=True, default="")
    source_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    bin = models.CharField(max_length=32, blank=True, default="")
    lot = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(
        max_length=16,
        choices=StockState,
        default=StockState.AVAILABLE,
        db_default=StockState.AVAILABLE,
    )
    actor = models.CharField(max_length=160)
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_id", "kind", "bin", "lot", "state"],
                name="one_movement_per_source",
                condition=Q(kind__in=["ship", "restock"]),
            ),
        ]
        indexes = [
            models.Index(fields=["level", "id"], name="movement_level"),
            BrinIndex(fields=["happened_at"], name="movement_happened_at"),
            models.Index(fields=["lot", "id"], name="movement_lot", condition=~Q(lot="")),
            models.Index(
                fields=["level", "kind", "id"],
                name="movement_seldom",
                condition=Q(kind__in=SELDOM_MOVES),
            ),
            models.Index(
                fields=["level", "id"], name="movement_held", condition=Q(state__in=sorted(HELD))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_delta:+d}/{self.reserved_delta:+d}"
