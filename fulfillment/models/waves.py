from django.db import models
from django.db.models import F, Q

from fulfillment.models.work import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.states import LIVE_WAVE, WAVE, WaveRule, WaveStatus
from inventory.models import Location
from oms.core.ids import BlockIdField


class Wave(models.Model):
    """Work of one location that is picked in one walk.

    `zone` is a code, where only what lies there is picked. With `has_totes` each order has a tote
    of its own on the cart. `picked` and `short` are units that were found, and not found, on this
    walk.
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rule = models.CharField(max_length=16, choices=WaveRule)
    zone = models.CharField(max_length=16, blank=True, default="")
    has_totes = models.BooleanField(default=False)
    status = models.CharField(max_length=16, choices=WaveStatus, default=WaveStatus.OPEN)
    picker = models.CharField(max_length=150, blank=True, default="")
    picked = models.PositiveIntegerField(default=0)
    short = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=WaveStatus.values), name="wave_status_known"
            ),
        ]
        indexes = [models.Index(fields=["location", "status", "id"], name="wave_list")]
        permissions = [("plan_wave", "Can make waves, and say who picks them")]
        default_permissions = ()

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        return WAVE.verbs(self.status)

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_WAVE


class WaveOrder(models.Model):
    """An order's place in a wave, and the tote it is picked into.

    `is_live` until the wave is over; a tote of a location holds one order of a live wave.
    """

    id = BlockIdField()
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="orders")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="waves"
    )
    nth = models.PositiveSmallIntegerField()
    tote = models.CharField(max_length=32, blank=True, default="")
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "nth"], name="wave_places_counted"),
            models.UniqueConstraint(
                fields=["wave", "fulfillment_order"], name="order_once_in_a_wave"
            ),
            models.UniqueConstraint(
                fields=["location", "tote"],
                name="tote_holds_one_order",
                condition=Q(is_live=True) & ~Q(tote=""),
            ),
        ]
        indexes = [
            models.Index(F("tote"), name="wave_tote", condition=~Q(tote="")),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.fulfillment_order_id} in {self.wave_id}"


class WaveLine(models.Model):
    """A line of work that is picked in a wave: in one at a time."""

    id = BlockIdField()
    place = models.ForeignKey(WaveOrder, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(
        FulfillmentOrderLine, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], name="line_in_one_wave", condition=Q(is_live=True)
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.line_id} in {self.place_id}"
