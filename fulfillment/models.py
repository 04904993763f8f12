from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fulfillment.rules.cutoff import leave_by
from fulfillment.states import FULFILLMENT_ORDER, FulfillmentOrderStatus, ShipmentStatus
from inventory.models import Location, Reservation
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField
from oms.customers.addresses import AddressField
from orders.models import Order, OrderLine


class SourcingDecision(models.Model):
    """Why these locations: every candidate with its measured values, and the reason in words.

    `candidates` are the chosen ones and the nearest others, ten in all: `{location, name,
    latitude, longitude, distance_km, serves, of, chosen, outcome}`; `left_out` counts the rest.
    `position_level` says how well the destination is known (see `oms.core.geo`).
    """

    id = BlockIdField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    position_level = models.CharField(max_length=8, blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    candidates = models.JSONField()
    left_out = models.PositiveIntegerField(default=0)
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
            models.Index(fields=["location", "status", "id"], name="fulfillment_order_queue"),
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
    def leave_by(self) -> datetime | None:
        """When it should leave: its location's first cut-off after it was given."""
        return leave_by(self.created_at, self.location.cutoff_time, self.location.time_zone)

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
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    reservation = models.ForeignKey(
        Reservation, on_delete=models.PROTECT, related_name="+", db_index=False
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


class Shipment(models.Model):
    """What left under one label."""

    id = BlockIdField()
    number = models.CharField(max_length=40, unique=True)
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="shipments"
    )
    status = models.CharField(max_length=20, choices=ShipmentStatus, default=ShipmentStatus.SHIPPED)
    carrier = models.CharField(max_length=64, blank=True, default="")
    service = models.CharField(max_length=64, blank=True, default="")
    tracking_number = models.CharField(max_length=100, blank=True, default="")
    tracking_url = models.CharField(max_length=300, blank=True, default="")
    shipped_by = models.CharField(max_length=160)
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                name="one_shipment_per_tracking_number",
                condition=~Q(tracking_number=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TrackingEvent(models.Model):
    """Something a carrier or warehouse said about a shipment. Same time and status: said once."""

    id = BlockIdField()
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="events")
    status = models.CharField(max_length=20, choices=ShipmentStatus)
    occurred_at = models.DateTimeField()
    location = models.CharField(max_length=100, blank=True, default="")
    message = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "status", "occurred_at"], name="tracking_event_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} of {self.shipment}"


class Package(models.Model):
    """A box. It belongs to the fulfillment order from the first unit packed, to a shipment once
    it has left."""

    id = BlockIdField()
    fulfillment_order = models.ForeignKey(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="packages"
    )
    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, related_name="packages", null=True, blank=True
    )
    nth = models.PositiveSmallIntegerField()
    box = models.CharField(max_length=32, blank=True, default="")
    weight_g = models.PositiveIntegerField(null=True, blank=True)
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fulfillment_order", "nth"], name="packages_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.fulfillment_order} package {self.nth}"

    @property
    def kilograms(self) -> Decimal | None:
        return None if self.weight_g is None else Decimal(self.weight_g) / 1000


class PackageLine(models.Model):
    """Units in a box."""

    id = BlockIdField()
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(
        FulfillmentOrderLine, on_delete=models.PROTECT, related_name="package_lines"
    )
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "line"], name="line_once_per_package"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} in {self.package}"


class PackingSlip(models.Model):
    """The paper that goes with a fulfillment order, made by a background job.

    `file` is empty until the job has run; it is made anew when the work changes.
    """

    fulfillment_order = models.OneToOneField(
        FulfillmentOrder, on_delete=models.PROTECT, related_name="packing_slip"
    )
    file = models.FileField(upload_to="packing-slips/%Y/%m/", blank=True)
    requested_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"packing slip of {self.fulfillment_order}"

    @property
    def is_ready(self) -> bool:
        """Whether the file tells of the work as it is now."""
        return bool(self.file) and self.made_at is not None
