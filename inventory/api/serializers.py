"""Shapes of answers and commands."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oms.core.api.fields import QuantityField, StrictSerializer, TextField

MOST = 99_999


@extend_schema_field({"type": "integer", "minimum": -MOST, "maximum": MOST})
class DeltaField(serializers.Field):  # type: ignore[type-arg]
    """Whole units to add, or to take away when negative; not 0."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise serializers.ValidationError("Must be a whole number.", code="invalid")
        if not data or abs(data) > MOST:
            raise serializers.ValidationError(
                f"Must be -{MOST:,} to {MOST:,}, and not 0.", code="invalid"
            )
        return data

    def to_representation(self, value: int) -> int:
        return value


class AdjustIn(StrictSerializer):
    location = TextField(max_length=16)
    sku = TextField(max_length=64)
    quantity_delta = DeltaField()
    reason = TextField(max_length=200)
    bin = TextField(max_length=32, required=False, allow_blank=True, default="")
    lot = TextField(max_length=64, required=False, allow_blank=True, default="")


class TransferIn(StrictSerializer):
    sku = TextField(max_length=64)
    from_location = TextField(max_length=16)
    to_location = TextField(max_length=16)
    quantity = QuantityField()
    reason = TextField(max_length=200, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["from_location"] == attrs["to_location"]:
            raise serializers.ValidationError(
                {"to_location": ["Must be another location."]}, code="invalid"
            )
        return attrs


class AdjustOut(serializers.Serializer[Any]):
    """What was entered into the ledger."""

    location = serializers.CharField()
    sku = serializers.CharField()
    quantity_delta = serializers.IntegerField()
    reason = serializers.CharField()
    bin = serializers.CharField()
    lot = serializers.CharField()


class TransferOut(serializers.Serializer[Any]):
    """What was moved."""

    sku = serializers.CharField()
    from_location = serializers.CharField()
    to_location = serializers.CharField()
    quantity = serializers.IntegerField()
    reason = serializers.CharField()


class StockLevelOut(serializers.Serializer[Any]):
    """One SKU at one location; `available` is on hand less reserved and held."""

    location = serializers.CharField(source="location.code")
    sku = serializers.CharField(source="sku.code")
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    held = serializers.IntegerField()
    available = serializers.IntegerField()
    safety_stock = serializers.IntegerField()
    reorder_point = serializers.IntegerField()
    bin = serializers.CharField()


class ShelfOut(serializers.Serializer[Any]):
    location = serializers.CharField()
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    held = serializers.IntegerField()
    available = serializers.IntegerField()
    promisable = serializers.IntegerField()
    distance_km = serializers.FloatField(allow_null=True)


class ByThenOut(serializers.Serializer[Any]):
    """What comes until a day by somebody's word, what orders wait for before, and what is left."""

    date = serializers.DateField()
    coming = serializers.IntegerField()
    waiting = serializers.IntegerField()
    promisable = serializers.IntegerField()


class ComponentOut(serializers.Serializer[Any]):
    """So many units of a SKU in one kit."""

    sku = serializers.CharField()
    quantity = serializers.IntegerField()


class AvailabilityOut(serializers.Serializer[Any]):
    """Units of one SKU over all locations. `promisable` keeps the safety stock and the channel's
    `buffer` back; `backorder` says whether the channel takes orders beyond that (null when no
    channel is named); `by` answers for the `date` asked for, else it is null. Before
    `release_on` orders are taken and nothing goes out; null once it is out.

    A kit has `components`, and its figures are kits: a location's those that it can make alone,
    the others those that all locations can make together."""

    sku = serializers.CharField()
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    held = serializers.IntegerField()
    available = serializers.IntegerField()
    buffer = serializers.IntegerField()
    promisable = serializers.IntegerField()
    backorder = serializers.BooleanField(allow_null=True)
    by = ByThenOut(allow_null=True)
    release_on = serializers.DateField(allow_null=True)
    components = ComponentOut(many=True)
    locations = ShelfOut(many=True)


class AvailabilityPage(serializers.Serializer[Any]):
    results = AvailabilityOut(many=True)
