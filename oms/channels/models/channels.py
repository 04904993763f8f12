from dataclasses import replace
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models

from oms.channels.principals import ChannelPrincipal
from oms.channels.states import Adapter, StockPolicy


class Channel(models.Model):
    """Where orders come from: a web shop, a marketplace, sales reps, a partner.

    `payment_gateway` names who moves money back for payments reported by this channel.
    `allowed_services` are codes of the services its parcels may go with, `letters_off` keys of the
    letters its customers do not get from us: none named means all go. `burst` is how many requests
    may come at once before `requests_per_minute` counts; 0 there limits nothing. What left wholly
    before `live_since` is history: it moves none of our stock.
    """

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    adapter = models.CharField(max_length=16, choices=Adapter, default=Adapter.NATIVE)
    stock_policy = models.CharField(
        max_length=16, choices=StockPolicy, default=StockPolicy.BACKORDER
    )
    payment_gateway = models.CharField(max_length=32, default="manual")
    cart_minutes = models.PositiveIntegerField(
        default=60,
        db_default=60,
        validators=[MaxValueValidator(24 * 60)],
        help_text="Longest time that units are kept for a cart; 0: for none.",
    )
    most_carts = models.PositiveIntegerField(
        default=1000, db_default=1000, help_text="Carts that units are kept for at one time."
    )
    is_active = models.BooleanField(default=True)
    auto_confirm = models.BooleanField(default=True, db_default=True)
    hold_until_paid = models.BooleanField(default=False, db_default=False)
    unpaid_hours = models.PositiveIntegerField(
        default=0, db_default=0, validators=[MaxValueValidator(24 * 90)]
    )
    allowed_services = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    letters_off = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    verifies_emails = models.BooleanField(default=False, db_default=False)
    requests_per_minute = models.PositiveIntegerField(default=0, db_default=0)
    burst = models.PositiveIntegerField(default=0, db_default=0)
    stock_seconds = models.PositiveIntegerField(
        default=10, db_default=10, validators=[MaxValueValidator(24 * 3600)]
    )

    live_since = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def stock_pause(self) -> timedelta:
        """How long it is not told of a SKU's availability again."""
        return timedelta(seconds=self.stock_seconds)

    @property
    def confirmed(self) -> ChannelPrincipal:
        """The channel as orders need it that are confirmed, and agreed to be paid, by being placed:
        by staff, from a file, by a subscription."""
        return ChannelPrincipal(self.pk, self.slug, self.stock_policy, self.payment_gateway)

    @property
    def principal(self) -> ChannelPrincipal:
        """The channel as its own orders need it."""
        return replace(
            self.confirmed,
            auto_confirm=self.auto_confirm,
            hold_until_paid=self.hold_until_paid,
        )
