"""Shapes of answers and commands; answers are written by `representation`, described here."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework import serializers

from oms.core.api.fields import QuantityField, StrictSerializer, TextField
from orders.states import (
    HOLDS,
    FulfillmentProgress,
    OrderStatus,
    PaymentProgress,
    ReturnProgress,
)


class AddressOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    company = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    phone = serializers.CharField()


class OrderLineOut(serializers.Serializer[Any]):
    """Counters are units that reached a point; amounts are strings in the order's currency;
    `ship_to` is the line's own address, null where it goes to the order's."""

    position = serializers.IntegerField()
    external_id = serializers.CharField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    discount = serializers.CharField()
    tax = serializers.CharField()
    total = serializers.CharField()
    allocated = serializers.IntegerField()
    backordered = serializers.IntegerField()
    picked = serializers.IntegerField()
    packed = serializers.IntegerField()
    shipped = serializers.IntegerField()
    delivered = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    returned = serializers.IntegerField()
    ship_to = AddressOut(allow_null=True)
    refunded_amount = serializers.CharField()
    kit = serializers.IntegerField(
        allow_null=True, help_text="the position of the kit it is part of, in `kits`"
    )


class OrderKitOut(serializers.Serializer[Any]):
    """Kits as they were ordered; what they are made of are `lines`.

    Counters are whole kits: every component of them got there. `backordered` ones lack something.
    """

    position = serializers.IntegerField()
    external_id = serializers.CharField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    discount = serializers.CharField()
    tax = serializers.CharField()
    total = serializers.CharField()
    allocated = serializers.IntegerField()
    picked = serializers.IntegerField()
    packed = serializers.IntegerField()
    shipped = serializers.IntegerField()
    delivered = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    returned = serializers.IntegerField()
    backordered = serializers.IntegerField()
    refunded_amount = serializers.CharField()


class ShippingOut(serializers.Serializer[Any]):
    method = serializers.CharField()
    pickup_location = serializers.CharField()
    amount = serializers.CharField()
    tax = serializers.CharField()


class CustomerOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    language = serializers.CharField()


class OrderOut(serializers.Serializer[Any]):
    """An order as a channel sees it, with the parts that other floors contribute."""

    number = serializers.CharField()
    external_id = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    payment_status = serializers.ChoiceField(choices=PaymentProgress.choices)
    fulfillment_status = serializers.ChoiceField(choices=FulfillmentProgress.choices)
    return_status = serializers.ChoiceField(choices=ReturnProgress.choices)
    holds = serializers.ListField(child=serializers.CharField())
    placed_at = serializers.DateTimeField()
    currency = serializers.CharField()
    total = serializers.CharField()
    cancelled_amount = serializers.CharField()
    captured_amount = serializers.CharField()
    refunded_amount = serializers.CharField()
    discount = serializers.CharField()
    shipping = ShippingOut()
    customer = CustomerOut()
    shipping_address = AddressOut()
    notes = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    metadata = serializers.DictField()
    status_url = serializers.CharField()
    version = serializers.IntegerField()
    lines = OrderLineOut(many=True)
    kits = OrderKitOut(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name, path in settings.ORDER_PARTS.items():
            fields[name] = import_string(path).serializer(many=True)
        return fields


class CancelledUnitsIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()


class CancelIn(StrictSerializer):
    """Without `lines`, all that can be cancelled is."""

    reason = TextField(max_length=200)
    lines = CancelledUnitsIn(many=True, required=False, allow_empty=False, max_length=1_000)


class HoldIn(StrictSerializer):
    kind = serializers.ChoiceField(choices=list(HOLDS))
    reason = TextField(max_length=200, required=False, allow_blank=True)


class ReleaseIn(StrictSerializer):
    kind = TextField(max_length=24)
    reason = TextField(max_length=200, required=False, allow_blank=True)


class FactOut(serializers.Serializer[Any]):
    """Something that happened: `payload` depends on the name."""

    id = serializers.CharField()
    name = serializers.CharField()
    subject = serializers.CharField()
    actor = serializers.CharField()
    happened_at = serializers.DateTimeField()
    payload = serializers.DictField()
