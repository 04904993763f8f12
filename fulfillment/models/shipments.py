from decimal import Decimal

from django.db import models
from django.db.models import Q

from fulfillment.models.work import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.states import ShipmentStatus
from oms.catalog.models import Sku
from oms.core.ids import BlockIdField


class Shipment(models.Model):
    """What left under one label.

    `freight_amount` is what the carrier takes for it by our rates, in their own currency; None
    where no rate was known. `choice` keeps why this service, and what the others would have cost
    (see `fulfillment.rules.carriage.Choice`).
    """

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
    freight_amount = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    freight_currency = models.CharField(max_length=3, blank=True, default="")
    expected_on = models.DateField(null=True, blank=True)
    choice = models.JSONField(null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(freight_amount__isnull=True) | ~Q(freight_currency=""),
                name="freight_has_a_currency",
            ),
        ]
        indexes = [models.Index(fields=["shipped_at", "id"], name="shipment_shipped")]

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
    it has left.

    `expected_g` is what it should have weighed when the scale was read; `weight_reason` is why a
    person let it pass where that differed.
    """

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
    expected_g = models.PositiveIntegerField(null=True, blank=True)
    weight_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
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


class PackedLot(models.Model):
    """Which units of a line are in a box: of which lot, or the one with this serial number.

    `is_out` until a unit with this serial number came back and is packed once more.
    """

    id = BlockIdField()
    package_line = models.ForeignKey(PackageLine, on_delete=models.CASCADE, related_name="lots")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=64)
    quantity = models.PositiveIntegerField(default=1)
    is_serial = models.BooleanField()
    is_out = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package_line", "code"], name="lot_once_per_line"),
            models.UniqueConstraint(
                fields=["sku", "code"],
                name="serial_packed_once",
                condition=Q(is_serial=True, is_out=True),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(is_serial=False) | Q(quantity=1)),
                name="packed_serial_is_one_unit",
            ),
        ]
        indexes = [models.Index(fields=["code"], name="packed_lot_code")]
        default_permissions = ()

    def __str__(self) -> str:
        return self.code


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
