from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.core.ids import BlockIdField
from oms.core.money import ZERO
from oms.customers.addresses import AddressField
from oms.customers.models import Customer
from orders.states import (
    ORDER,
    FulfillmentProgress,
    HoldKind,
    OrderStatus,
    PaymentProgress,
    ReturnProgress,
    hold_kind,
)


def amount_field() -> "models.DecimalField[Decimal, Decimal]":
    """An amount in the order's currency, held with three decimals (the largest exponent)."""
    return models.DecimalField(max_digits=18, decimal_places=3, default=ZERO)


class Order(models.Model):
    """What a customer asked for, on one channel, at one moment.

    `total_amount` is what was agreed; `cancelled_amount` what is no longer asked for. Captured and
    refunded amounts are caches of the money ledger. `version` counts the changes.
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=100)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=16, choices=OrderStatus, default=OrderStatus.OPEN)
    payment_status = models.CharField(
        max_length=16, choices=PaymentProgress, default=PaymentProgress.UNPAID
    )
    fulfillment_status = models.CharField(
        max_length=20, choices=FulfillmentProgress, default=FulfillmentProgress.UNFULFILLED
    )
    return_status = models.CharField(
        max_length=20, choices=ReturnProgress, default=ReturnProgress.NONE
    )
    placed_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    customer_name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    ship_to = AddressField()
    bill_to = AddressField(null=True, blank=True)
    service = models.CharField(max_length=64, blank=True, default="")
    shipping_amount = amount_field()
    shipping_tax_amount = amount_field()
    discount_amount = amount_field()
    total_amount = amount_field()
    cancelled_amount = amount_field()
    authorized_amount = amount_field()
    captured_amount = amount_field()
    refunded_amount = amount_field()
    deliver_by = models.DateTimeField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=0, db_default=0)
    notes = models.TextField(blank=True, default="")
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, default="")
    version = models.PositiveIntegerField(default=1)
    link_revision = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "channel"], name="one_order_per_channel_and_external_id"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="order_status_known"
            ),
            models.CheckConstraint(
                condition=Q(refunded_amount__lte=F("captured_amount")),
                name="never_refund_more_than_captured",
            ),
        ]
        indexes = [
            models.Index(fields=["placed_at", "id"], name="order_placed"),
            models.Index(fields=["status", "placed_at", "id"], name="order_status_placed"),
            models.Index(fields=["channel", "placed_at", "id"], name="order_channel_placed"),
            models.Index(fields=["customer", "placed_at", "id"], name="order_customer_placed"),
            models.Index(
                fields=["fulfillment_status", "placed_at", "id"],
                name="order_fulfillment_placed",
                condition=~Q(fulfillment_status="fulfilled"),
            ),
            models.Index(
                fields=["payment_status", "placed_at", "id"],
                name="order_payment_placed",
                condition=~Q(payment_status="paid"),
            ),
        ]
        permissions = [
            ("place_order", "Can place orders"),
            ("cancel_order", "Can cancel orders"),
            ("hold_order", "Can hold orders and release holds"),
            ("prioritize_order", "Can say how urgent an order is"),
            ("release_fraud_hold", "Can release fraud holds"),
            ("refund_order", "Can grant refunds"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def verbs(self) -> list[str]:
        """What may be done with this order now; the staff screen draws one button for each."""
        return ORDER.verbs(self.status)

    @property
    def due_amount(self) -> Decimal:
        """What the customer owes for everything still asked for."""
        return self.total_amount - self.cancelled_amount

    @property
    def kept_amount(self) -> Decimal:
        return self.captured_amount - self.refunded_amount


class OrderKit(models.Model):
    """Kits of one SKU, as an order asks for them; what they are made of are lines of the order.

    `position` is that of their first line. Amounts are those of the lines together.
    """

    id = BlockIdField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="kits")
    position = models.PositiveSmallIntegerField()
    external_id = models.CharField(max_length=100, blank=True, default="")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    sku_code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    discount_amount = amount_field()
    tax_amount = amount_field()
    total_amount = amount_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_kit_at_a_position"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_code}"


class OrderLine(models.Model):
    """Some units of one SKU; `per_kit` of them for each kit, when they are part of kits, which
    their `name` says.

    Without `sku` it is not known yet what the channel means by `sku_code`, and nothing can be
    promised. What never `ships` (downloads, fees) needs no stock, and no SKU. `said` is what people
    read of it: options, a gift note, the taxes one by one, the channel's `listing`.

    Counters are units that reached a point: picked ones are still allocated, shipped ones were
    packed. `quantity` = cancelled + backordered + allocated + those not routed yet; it is 0 for a
    line that an order change removed.
    `discount_amount` and `tax_amount` are for the whole line; `paid_amount` is the line's total
    less its share of the order's discount: what its units are worth when they come back.
    """

    id = BlockIdField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    external_id = models.CharField(max_length=100, blank=True, default="")
    sku = models.ForeignKey(
        Sku, on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    sku_code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    ships = models.BooleanField(default=True, db_default=True)
    said = models.JSONField(default=dict, blank=True, db_default={})
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    discount_amount = amount_field()
    tax_amount = amount_field()
    total_amount = amount_field()
    paid_amount = amount_field()
    refunded_amount = amount_field()
    cancelled = models.PositiveIntegerField(default=0)
    backordered = models.PositiveIntegerField(default=0)
    allocated = models.PositiveIntegerField(default=0)
    picked = models.PositiveIntegerField(default=0)
    packed = models.PositiveIntegerField(default=0)
    shipped = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    return_requested = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    ship_to = AddressField(null=True, blank=True)
    kit = models.ForeignKey(
        OrderKit, on_delete=models.PROTECT, related_name="lines", null=True, db_index=False
    )
    per_kit = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kit__isnull=True, per_kit=0) | Q(kit__isnull=False, per_kit__gte=1),
                name="lines_of_kits_know_how_many",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("cancelled") + F("backordered") + F("allocated")),
                name="line_units_add_up",
            ),
            models.CheckConstraint(
                condition=Q(picked__lte=F("allocated"))
                & Q(packed__lte=F("picked"))
                & Q(shipped__lte=F("packed"))
                & Q(delivered__lte=F("shipped"))
                & Q(returned__lte=F("delivered")),
                name="line_units_move_in_order",
            ),
            models.CheckConstraint(
                condition=Q(sku__isnull=False, ships=True)
                | Q(backordered=0, allocated=F("shipped")),
                name="only_known_goods_are_promised",
            ),
        ]
        indexes = [
            models.Index(
                fields=["order"],
                name="line_of_unknown_sku",
                condition=Q(sku__isnull=True, ships=True),
            ),
            models.Index(
                fields=["sku", "id"], name="line_backordered", condition=Q(backordered__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku_code}"

    @property
    def unrouted(self) -> int:
        """Units that no location was asked for yet."""
        return self.quantity - self.cancelled - self.backordered - self.allocated

    @property
    def stock_id(self) -> int:
        """The id of its SKU, for lines that stock is or can be promised to."""
        assert self.sku_id is not None  # noqa: S101 (the database promises nothing to others)
        return self.sku_id

    @property
    def stock(self) -> Sku:
        """Its SKU, for lines that stock is or can be promised to."""
        assert self.sku is not None  # noqa: S101 (the database promises nothing to others)
        return self.sku

    @property
    def routable(self) -> int:
        """Units that a location can be asked for."""
        return self.unrouted if self.ships and self.sku_id else 0

    @property
    def is_unknown(self) -> bool:
        """Whether somebody has to say first which SKU this is."""
        return self.ships and self.sku_id is None

    @property
    def asked(self) -> int:
        """Units that are still asked for, wherever they are."""
        return self.quantity - self.cancelled

    @property
    def cancellable(self) -> int:
        """Units that are not in a box yet."""
        return self.quantity - self.cancelled - self.packed

    @property
    def returnable(self) -> int:
        """Units that left and for which no return is under way."""
        if self.sku_id is None:
            return 0
        return self.shipped - self.return_requested - self.returned


class Hold(models.Model):
    """A reason an order must not move. Several may stand at once, one of a kind."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=24)
    reason = models.CharField(max_length=200, blank=True, default="")
    set_by = models.CharField(max_length=160)
    set_at = models.DateTimeField()
    released_by = models.CharField(max_length=160, blank=True, default="")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                name="one_standing_hold_of_a_kind",
                condition=Q(released_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "set_at", "id"],
                name="hold_standing",
                condition=Q(released_at__isnull=True),
            ),
            models.Index(
                fields=["set_at", "id"],
                name="hold_oldest",
                condition=Q(released_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.order}"

    @property
    def described(self) -> HoldKind:
        """What is known of its kind."""
        return hold_kind(self.kind)

    @property
    def stops(self) -> tuple[str, ...]:
        return self.described.stops

    @property
    def due_at(self) -> datetime | None:
        """Until when somebody should have decided; None where nothing presses."""
        hours = self.described.hours
        return None if hours is None else self.set_at + timedelta(hours=hours)

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at < timezone.now()
