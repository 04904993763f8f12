from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fulfillment.rules.cutoff import leave_by
from fulfillment.states import FULFILLMENT_ORDER, FulfillmentOrderStatus
from inventory.models import Location, Reservation
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField
from oms.customers.addresses import AddressField
from orders.models import Order, OrderLine
from orders.states import PICKUP


class SourcingDecision(models.Model):
    """Why these locations: every candidate with its measured values, and the reason in words.

    `ship_to` is set where lines go to an address of their own: each address is decided apart.
    `candidates` are the chosen ones and the nearest others, ten in all: `{location, name,
    latitude, longitude, distance_km, freight, serves, of, chosen, outcome, cost, terms, needs}`;
    `left_out` counts the rest. `routing` and `step` of the rule book of `rules_version` (0: what
    is built in) decided; `how` says how the cover was found, and `is_proven` that none is cheaper.
    `position_level` says how well the destination is known (see `oms.core.geo`).
    """

    id = BlockIdField()
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    ship_to = AddressField(null=True)
    reason = models.CharField(max_length=300)
    position_level = models.CharField(max_length=8, blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    candidates = models.JSONField()
    left_out = models.PositiveIntegerField(default=0)
    rules_version = models.PositiveIntegerField(default=0, db_default=0)
    routing = models.CharField(max_length=100, default="", db_default="")
    step = models.CharField(max_length=100, default="", db_default="")
    how = models.CharField(max_length=12, default="", db_default="")
    is_proven = models.BooleanField(default=True, db_default=True)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason


class FulfillmentOrder(models.Model):
    """Work for one location: lines to pick, pack and ship to one address.

    `stops` is what the order's standing holds forbid here. `hold_reason` is a hold of this work
    alone: while it stands nothing here may go on.
    """

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(
        max_length=16, choices=FulfillmentOrderStatus, default=FulfillmentOrderStatus.OPEN
    )
    stops = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    ship_to = AddressField()
    service = models.CharField(max_length=64, blank=True, default="")
    distance_km = models.FloatField(null=True)
    units = models.PositiveIntegerField()
    assigned_to = models.CharField(max_length=150, blank=True, default="")
    hold_reason = models.CharField(max_length=200, blank=True, default="")
    held_by = models.CharField(max_length=160, blank=True, default="")
    held_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FulfillmentOrderStatus.values),
                name="fulfillment_order_status_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["location", "status", "created_at", "id"], name="fulfillment_order_queue"
            ),
            models.Index(fields=["status", "id"], name="fulfillment_order_status"),
        ]
        permissions = [
            ("release_fulfillmentorder", "Can release work to the floor"),
            ("pick_fulfillmentorder", "Can pick"),
            ("pack_fulfillmentorder", "Can pack"),
            ("ship_fulfillmentorder", "Can ship"),
            ("reject_fulfillmentorder", "Can reject work"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        return FULFILLMENT_ORDER.verbs(self.status)

    @property
    def is_pickup(self) -> bool:
        """Whether the customer comes to the location for it."""
        return self.service == PICKUP

    @property
    def leave_by(self) -> datetime | None:
        """When it should leave: its location's first cut-off after it was given."""
        return leave_by(
            self.created_at,
            self.location.cutoff_time,
            self.location.time_zone,
            self.location.calendar,
        )

    def is_stopped(self, step: str) -> bool:
        """Whether a hold of the order, or of this work alone, forbids `step` now."""
        return bool(self.hold_reason) or step in self.stops


class FulfillmentOrderLine(models.Model):
    """Units of one order line to be served from here, and how far they are."""

    id = BlockIdField()
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="lines"
    )
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+")
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    reservation = models.ForeignKey(
        Reservation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    quantity = models.PositiveIntegerField()
    picked = models.PositiveIntegerField(default=0)
    packed = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(picked__lte=F("quantity"))
                & Q(packed__lte=F("picked"))
                & Q(shipped__lte=F("packed")),
                name="fulfillment_line_units_move_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_id}"

    @property
    def is_picked(self) -> bool:
        return self.picked == self.quantity

    @property
    def is_packed(self) -> bool:
        return self.packed == self.picked
