import uuid
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q

from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.core.ids import BlockIdField
from oms.customers.addresses import AddressField
from oms.customers.models import Customer
from orders.models.orders import Order, amount_field
from orders.rules.schedule import TERMS, Rhythm
from orders.states import (
    LIVING,
    MOVING_CHARGES,
    SUBSCRIPTION,
    ChargeStatus,
    CycleStatus,
    PricePolicy,
    RhythmUnit,
    SubscriptionStatus,
)


class Subscription(models.Model):
    """A customer's wish to get the same again and again, until they say otherwise.

    `wake_at` is when something is to be done about it by itself: a notice, fixing what comes,
    placing the order, trying a payment again, going on after a pause. `problem` is why the next
    order could not be placed.
    """

    id = BlockIdField()
    number = models.CharField(max_length=32, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=100, blank=True, default="")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    customer_external_id = models.CharField(max_length=254, blank=True, default="")
    customer_name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    ship_to = AddressField()
    bill_to = AddressField(null=True, blank=True)
    status = models.CharField(
        max_length=16, choices=SubscriptionStatus, default=SubscriptionStatus.ACTIVE
    )
    every = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8, choices=RhythmUnit)
    time_zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    anchor_on = models.DateField()
    anchor_day = models.PositiveSmallIntegerField()
    ends_on = models.DateField(null=True, blank=True)
    ends_after = models.PositiveSmallIntegerField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    price_policy = models.CharField(max_length=8, choices=PricePolicy, default=PricePolicy.AGREED)
    service = models.CharField(max_length=64, blank=True, default="")
    shipping_amount = amount_field()
    shipping_tax_amount = amount_field()
    gateway = models.CharField(max_length=32, default="manual")
    payment_method = models.CharField(max_length=32, default="card")
    payer_reference = models.CharField(max_length=100, blank=True, default="")
    payment_reference = models.CharField(max_length=100, blank=True, default="")
    retries = models.PositiveSmallIntegerField(default=0)
    behind_since = models.DateTimeField(null=True, blank=True)
    wake_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True, default="")
    link_revision = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "channel"],
                name="one_subscription_per_channel_and_external_id",
                condition=~Q(external_id=""),
            ),
            models.CheckConstraint(
                condition=Q(status__in=SubscriptionStatus.values), name="subscription_status_known"
            ),
            models.CheckConstraint(
                condition=Q(every__gte=1) & Q(anchor_day__gte=1) & Q(anchor_day__lte=31),
                name="subscription_comes_round",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LIVING) | Q(wake_at__isnull=True),
                name="what_has_ended_sleeps",
            ),
        ]
        indexes = [
            models.Index(
                fields=["wake_at", "id"],
                name="subscription_wakes",
                condition=Q(wake_at__isnull=False),
            ),
            models.Index(fields=["status", "id"], name="subscription_status"),
            models.Index(fields=["channel", "id"], name="subscription_channel"),
            models.Index(fields=["email"], name="subscription_email"),
            models.Index(fields=["id"], name="subscription_problem", condition=~Q(problem="")),
        ]
        permissions = [
            ("manage_subscription", "Can start, pause, skip, change and cancel subscriptions"),
            ("record_payment", "Can record payments of orders"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.every, self.unit, self.anchor_on, self.anchor_day)

    @property
    def verbs(self) -> list[str]:
        """What may be done with it now."""
        return SUBSCRIPTION.verbs(self.status)

    @property
    def is_living(self) -> bool:
        return self.status in LIVING

    @property
    def first_name(self) -> str:
        return (self.customer_name.split() or [""])[0]


class SubscriptionLine(models.Model):
    """Units of one SKU that come with every delivery. `tax_rate` is percent."""

    id = BlockIdField()
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=4, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "position"], name="one_line_per_place_in_subscription"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="subscribed_to_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku}"


class Cycle(models.Model):
    """One delivery of a subscription: what came of it, or will.

    The database gives an index once, and an order to one cycle: nothing is delivered twice.
    `ship_to` and, where `is_changed`, its lines stand for this delivery only. Once it is locked,
    its lines and total are what the order will be.
    """

    id = BlockIdField()
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="cycles")
    index = models.PositiveIntegerField()
    due_on = models.DateField()
    due_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=CycleStatus, default=CycleStatus.PLANNED)
    is_changed = models.BooleanField(default=False)
    ship_to = AddressField(null=True, blank=True)
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="cycle", null=True, blank=True
    )
    total_amount = amount_field()
    notified_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "index"], name="one_cycle_per_subscription_and_index"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "locked", "skipped"]) | Q(order__isnull=False),
                name="a_placed_cycle_has_its_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="cycle_ahead",
                condition=Q(status__in=["planned", "locked"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription}-{self.index}"

    @property
    def locks_at(self) -> datetime:
        """Until when it can be changed or skipped."""
        return self.due_at - TERMS.lock

    @property
    def notify_at(self) -> datetime:
        return self.due_at - TERMS.notice


class CycleLine(models.Model):
    """What one delivery holds, where that differs from the rest, or once it is fixed."""

    id = BlockIdField()
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=4, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "position"], name="one_line_per_place_in_cycle"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="delivered_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.sku}"


class Charge(models.Model):
    """Money asked of a gateway for one delivery: once to begin with, then once for each retry.

    `key` goes with every request to the gateway, and is looked up there before any repeat. One is
    on its way at a time, and one succeeds.
    """

    id = BlockIdField()
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="charges")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="charges")
    gateway = models.CharField(max_length=32)
    payer_reference = models.CharField(max_length=100, blank=True, default="")
    payment_reference = models.CharField(max_length=100, blank=True, default="")
    method = models.CharField(max_length=32)
    status = models.CharField(max_length=16, choices=ChargeStatus, default=ChargeStatus.ASKED)
    amount = amount_field()
    currency = models.CharField(max_length=3)
    gateway_reference = models.CharField(max_length=100, blank=True, default="")
    last_error = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="charge_of_something"),
            models.UniqueConstraint(
                fields=["cycle"],
                name="one_charge_moves_at_a_time",
                condition=Q(status__in=[str(each.value) for each in MOVING_CHARGES]),
            ),
            models.UniqueConstraint(
                fields=["cycle"], name="one_charge_succeeds", condition=Q(status="succeeded")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} for {self.cycle}"
