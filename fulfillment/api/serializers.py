"""Shapes of answers and commands; answers are written by `representation`, described here."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fulfillment.states import FulfillmentOrderStatus, ShipmentStatus
from oms.core.api.fields import MomentField, QuantityField, StrictSerializer, TextField
from orders.api.serializers import AddressOut

MOST_LINES = 1_000
MOST_PACKAGES = 200
MOST_GRAMS = 1_000_000


class UnitsOut(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField()


class WorkLineOut(serializers.Serializer[Any]):
    """Units to serve, and how many of them got so far."""

    sku = serializers.CharField()
    name = serializers.CharField()
    bin = serializers.CharField()
    quantity = serializers.IntegerField()
    picked = serializers.IntegerField()
    packed = serializers.IntegerField()
    shipped = serializers.IntegerField()


class PackedLotOut(serializers.Serializer[Any]):
    lot = serializers.CharField()
    quantity = serializers.IntegerField()


class PackedUnitsOut(UnitsOut):
    """`lots` says which units: of which lots, or with which serial numbers."""

    lots = PackedLotOut(many=True)


class PackageOut(serializers.Serializer[Any]):
    """`expected_g` is what it should have weighed, where that was known and it was weighed."""

    package = serializers.IntegerField()
    box = serializers.CharField()
    weight_g = serializers.IntegerField(allow_null=True)
    expected_g = serializers.IntegerField(allow_null=True)
    weight_reason = serializers.CharField()
    lines = PackedUnitsOut(many=True)


class WorkPackageOut(PackageOut):
    is_closed = serializers.BooleanField()


class ParcelOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=ShipmentStatus.choices)
    carrier = serializers.CharField()
    service = serializers.CharField()
    tracking_number = serializers.CharField()
    tracking_url = serializers.CharField()
    freight_amount = serializers.CharField(allow_null=True)
    freight_currency = serializers.CharField()
    expected_on = serializers.DateField(allow_null=True)
    shipped_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)


class CandidateServiceOut(serializers.Serializer[Any]):
    """A service, what it would take and when it would arrive; `outcome` is what became of it."""

    carrier = serializers.CharField()
    service = serializers.CharField()
    name = serializers.CharField()
    amount = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    arrives_on = serializers.DateField(allow_null=True)
    keeps_promise = serializers.BooleanField()
    outcome = serializers.CharField()


class ServiceChoiceOut(serializers.Serializer[Any]):
    """Which service would be taken now, and every other one; `suggested` is null for none."""

    suggested = serializers.CharField(allow_null=True)
    late = serializers.BooleanField()
    reason = serializers.CharField()
    candidates = CandidateServiceOut(many=True)


class FulfillmentOrderOut(serializers.Serializer[Any]):
    """Work for one location. `stops` are steps that holds of the order forbid; `hold` is why this
    work alone is held."""

    number = serializers.CharField()
    order = serializers.CharField()
    location = serializers.CharField()
    status = serializers.ChoiceField(choices=FulfillmentOrderStatus.choices)
    stops = serializers.ListField(child=serializers.CharField())
    hold = serializers.CharField(allow_null=True)
    units = serializers.IntegerField()
    service = serializers.CharField()
    created_at = serializers.DateTimeField()
    ship_to = AddressOut()
    lines = WorkLineOut(many=True)
    packages = WorkPackageOut(many=True)
    shipments = ParcelOut(many=True)


class TrackingEventOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=ShipmentStatus.choices)
    occurred_at = serializers.DateTimeField()
    location = serializers.CharField()
    message = serializers.CharField()


class ShipmentOut(ParcelOut):
    """What left under one label."""

    fulfillment_order = serializers.CharField()
    order = serializers.CharField()
    location = serializers.CharField()
    packages = PackageOut(many=True)
    events = TrackingEventOut(many=True)


class DestinationOut(serializers.Serializer[Any]):
    """`known_by`: given, postal, city or country; null when nobody knows where it is."""

    known_by = serializers.CharField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class CandidateOut(serializers.Serializer[Any]):
    """A location that might have served, what it could (`serves` `of` units), what became of it.

    `cost` and its `terms` are amounts in the weights of the deciding step, empty where only the
    way decided; `needs` is what would have to change for it to win.
    """

    location = serializers.CharField()
    name = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    distance_km = serializers.FloatField(allow_null=True)
    freight = serializers.CharField(allow_null=True)
    serves = serializers.IntegerField()
    of = serializers.IntegerField()
    chosen = serializers.BooleanField()
    outcome = serializers.CharField()
    cost = serializers.CharField()
    terms = serializers.DictField(child=serializers.CharField())
    needs = serializers.CharField()


class DecidedByOut(serializers.Serializer[Any]):
    """The version of the rules (0: built in), its routing and step; how the cover was `found`, and
    whether it is proven that none costs less."""

    version = serializers.IntegerField()
    routing = serializers.CharField()
    step = serializers.CharField()
    found = serializers.CharField()
    is_proven = serializers.BooleanField()


class SourcingDecisionOut(serializers.Serializer[Any]):
    """`ship_to` is set where lines go to an address of their own."""

    ship_to = AddressOut(allow_null=True)
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField()
    destination = DestinationOut()
    decided_by = DecidedByOut()
    candidates = CandidateOut(many=True)
    left_out = serializers.IntegerField()


class SourcingOut(serializers.Serializer[Any]):
    """Every decision that chose locations for an order, newest first."""

    order = serializers.CharField()
    decisions = SourcingDecisionOut(many=True)


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": 99999})
class FoundField(QuantityField):
    """Whole units found: none is possible."""

    def to_internal_value(self, data: Any) -> int:
        return 0 if type(data) is int and data == 0 else super().to_internal_value(data)


class FoundIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = FoundField()
    bin = TextField(max_length=32, required=False, allow_blank=True)
    lot = TextField(max_length=64, required=False, allow_blank=True)


class PickIn(StrictSerializer):
    """Without `lines`, everything was found. Fewer units than asked for need a `reason`:
    `missing` and `damaged` take them off the books here, any other text leaves them."""

    lines = FoundIn(many=True, required=False, max_length=MOST_LINES)
    reason = TextField(max_length=200, required=False, allow_blank=True)


class PackedUnitsIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()


class UnitsInPackageIn(PackedUnitsIn):
    """`lot` is the lot, or the serial number of the one unit; left out, what was picked."""

    lot = TextField(max_length=64, required=False, allow_blank=True)


class PackageIn(StrictSerializer):
    """Without `lines`, everything that is in no other package. `weight_reason` is why it weighs
    something else than what is in it."""

    box = TextField(max_length=32, required=False, allow_blank=True)
    weight_g = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=MOST_GRAMS
    )
    weight_reason = TextField(max_length=200, required=False, allow_blank=True)
    lines = UnitsInPackageIn(many=True, required=False, allow_empty=False, max_length=MOST_LINES)


class PackIn(StrictSerializer):
    """Without `packages`, everything goes into one."""

    packages = PackageIn(many=True, required=False, max_length=MOST_PACKAGES)


class ShipIn(StrictSerializer):
    """Without anything, the cheapest service that keeps the promise. A carrier or service that
    does not take it there is free text, and needs a tracking number. `reason` is why another one
    than the suggested."""

    carrier = TextField(max_length=64, required=False, allow_blank=True)
    service = TextField(max_length=64, required=False, allow_blank=True)
    tracking_number = TextField(max_length=100, required=False, allow_blank=True)
    reason = TextField(max_length=200, required=False, allow_blank=True)


class HandOverIn(StrictSerializer):
    """The `code` of the customer's letter, or as `proof` how they were known without it."""

    code = TextField(max_length=12, required=False, allow_blank=True)
    proof = TextField(max_length=200, required=False, allow_blank=True)


class RejectIn(StrictSerializer):
    """Without `lines`, all of it. `missing` and `damaged` take the units off the books here,
    `none_here` holds all that is free of their SKUs here; any other text leaves the stock."""

    reason = TextField(max_length=200, required=False)
    lines = PackedUnitsIn(many=True, required=False, allow_empty=False, max_length=MOST_LINES)


class MergeIn(StrictSerializer):
    """`with` is the number of the work whose units become part of this one."""

    def get_fields(self) -> dict[str, Any]:
        return {"with": TextField(max_length=40)}


class HoldWorkIn(StrictSerializer):
    reason = TextField(max_length=200)


class MoveIn(StrictSerializer):
    location = TextField(max_length=16)
    reason = TextField(max_length=200, required=False, allow_blank=True)


class SplitIn(StrictSerializer):
    lines = PackedUnitsIn(many=True, allow_empty=False, max_length=MOST_LINES)


class TrackingIn(StrictSerializer):
    """`occurred_at` left out: now."""

    status = TextField(max_length=40)
    occurred_at = MomentField(required=False)
    location = TextField(max_length=100, required=False, allow_blank=True)
    message = TextField(max_length=300, required=False, allow_blank=True)
