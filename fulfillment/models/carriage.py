from datetime import date
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from inventory.models import Location

MONDAY_TO_FRIDAY = [0, 1, 2, 3, 4]


def monday_to_friday() -> list[int]:
    return list(MONDAY_TO_FRIDAY)


class Carrier(models.Model):
    """Who carries parcels, and on which days of the week (0 is Monday)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=monday_to_friday)

    class Meta:
        permissions = [("change_carriage", "Can change carriers, services, rates and boxes")]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name


class CarrierService(models.Model):
    """One way of a carrier to send a parcel.

    `methods` are the words by which channels ask for it ("standard", "express"). `transit_days`
    are working days of the carrier, where a zone says nothing else. `cutoff_time` is local to the
    location, for services that are fetched earlier or later than the others. `cm3_per_kg` is the
    divisor of the dimensional weight; `fuel_percent` comes on top of every rate.
    """

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="services")
    code = models.CharField(max_length=48, unique=True)
    name = models.CharField(max_length=64)
    methods = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    transit_days = models.PositiveSmallIntegerField(default=2)
    cutoff_time = models.TimeField(null=True, blank=True)
    max_weight_g = models.PositiveIntegerField(null=True, blank=True)
    max_length_mm = models.PositiveIntegerField(null=True, blank=True)
    cm3_per_kg = models.PositiveIntegerField(null=True, blank=True)
    fuel_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cm3_per_kg__isnull=True) | Q(cm3_per_kg__gt=0),
                name="service_divisor_divides",
            ),
            models.CheckConstraint(condition=Q(fuel_percent__gte=0), name="service_fuel_adds"),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.code


class Zone(models.Model):
    """From where to where a service goes at the same rates.

    From one location, all of a country, or anywhere (both empty); to a country or anywhere
    (empty), or to the postal codes of a country that begin with `postal_from` up to `postal_to`.
    Of several zones the most exact destination counts, then the most exact origin.
    """

    service = models.ForeignKey(CarrierService, on_delete=models.PROTECT, related_name="zones")
    origin = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    origin_country = models.CharField(max_length=2, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    postal_from = models.CharField(max_length=10, blank=True, default="")
    postal_to = models.CharField(max_length=10, blank=True, default="")
    transit_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "service",
                    "origin",
                    "origin_country",
                    "country",
                    "postal_from",
                    "postal_to",
                ],
                name="one_zone_from_and_to",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=(Q(postal_from="") & Q(postal_to=""))
                | (~Q(postal_from="") & ~Q(postal_to="") & ~Q(country="")),
                name="zone_postal_codes_of_a_country",
            ),
            models.CheckConstraint(
                condition=Q(origin__isnull=True) | Q(origin_country=""),
                name="zone_has_one_origin",
            ),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.service_id} to {self.country or 'anywhere'} {self.postal_from}".strip()


class Rate(models.Model):
    """What a parcel of up to so many grams costs in a zone.

    The rates of a zone with the same `valid_from` are one sheet; the newest sheet that is valid
    on a day counts, and only that one. Above the heaviest rate each further kilogram, begun ones
    too, costs its `per_kg_amount`; without one, heavier parcels are not taken.
    """

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="rates")
    up_to_weight_g = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=3)
    per_kg_amount = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField(default=date.min)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "valid_from", "up_to_weight_g"], name="one_rate_per_weight"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(up_to_weight_g__gt=0), name="rate_is_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="rate_ends_after_it_begins",
            ),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} up to {self.up_to_weight_g} g"


class Box(models.Model):
    """A box on the packing table: inner lengths, its own weight, what it holds at most."""

    code = models.CharField(max_length=32, unique=True)
    length_mm = models.PositiveIntegerField()
    width_mm = models.PositiveIntegerField()
    height_mm = models.PositiveIntegerField()
    weight_g = models.PositiveIntegerField(default=0)
    max_weight_g = models.PositiveIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "boxes"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.code


class CarriageRevision(models.Model):
    """How often services, rates or boxes were changed: one row. Processes that keep them in
    memory read them anew when it has moved; who changes them moves it first, and so waits."""

    number = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
