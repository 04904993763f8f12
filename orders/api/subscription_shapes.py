"""Shapes of subscriptions, as channels send them and are answered."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from oms.core.api.fields import (
    AmountField,
    CurrencyField,
    QuantityField,
    StrictSerializer,
    TextField,
)
from orders.adapters.native.documents import AddressIn, CustomerIn, ShippingIn
from orders.api.serializers import AddressOut, CustomerOut
from orders.states import CycleStatus, PricePolicy, RhythmUnit, SubscriptionStatus

MOST_LINES = 200


class SubscribedLineIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()
    unit_price = AmountField(required=False)
    tax_rate = AmountField(required=False)


class AccountIn(StrictSerializer):
    """Who is charged: the payer and the saved method, as the gateway knows them."""

    gateway = serializers.ChoiceField(choices=sorted(settings.PAYMENT_GATEWAYS), required=False)
    method = TextField(max_length=32, required=False)
    payer = TextField(max_length=100, required=False, allow_blank=True)
    reference = TextField(max_length=100, required=False, allow_blank=True)


class SubscriptionIn(StrictSerializer):
    """A subscription as a channel asks for it. Lines without a price are at the catalog's."""

    external_id = TextField(max_length=100, required=False, allow_blank=True)
    currency = CurrencyField()
    customer = CustomerIn()
    shipping_address = AddressIn()
    billing_address = AddressIn(required=False, allow_null=True)
    lines = SubscribedLineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    every = serializers.IntegerField(min_value=1, max_value=365, required=False)
    unit = serializers.ChoiceField(choices=RhythmUnit.choices)
    starts_on = serializers.DateField(required=False)
    time_zone = TextField(max_length=64, required=False)
    ends_after = serializers.IntegerField(
        min_value=1, max_value=1_000, required=False, allow_null=True
    )
    ends_on = serializers.DateField(required=False, allow_null=True)
    price_policy = serializers.ChoiceField(choices=PricePolicy.choices, required=False)
    shipping = ShippingIn(required=False)
    payment = AccountIn(required=False)


class PauseIn(StrictSerializer):
    until = serializers.DateField(required=False, allow_null=True)
    reason = TextField(max_length=200, required=False, allow_blank=True)


class EndIn(StrictSerializer):
    reason = TextField(max_length=200)


class LinesIn(StrictSerializer):
    lines = SubscribedLineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    once = serializers.BooleanField(required=False)


class NewAddressIn(StrictSerializer):
    shipping_address = AddressIn()
    once = serializers.BooleanField(required=False)


class RhythmIn(StrictSerializer):
    every = serializers.IntegerField(min_value=1, max_value=365)
    unit = serializers.ChoiceField(choices=RhythmUnit.choices)


class SubscribedLineOut(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    tax_rate = serializers.CharField(help_text="Percent.")


class NextDeliveryOut(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    due_on = serializers.DateField()
    due_at = serializers.DateTimeField()
    change_until = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=CycleStatus.choices)


class DeliveryOut(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    due_on = serializers.DateField()
    status = serializers.ChoiceField(choices=CycleStatus.choices)
    order = serializers.CharField(allow_null=True)
    total = serializers.CharField()


class AccountOut(serializers.Serializer[Any]):
    gateway = serializers.CharField()
    method = serializers.CharField()


class SubscriptionOut(serializers.Serializer[Any]):
    """A subscription; `total` is what a usual delivery costs."""

    number = serializers.CharField()
    external_id = serializers.CharField()
    channel = serializers.CharField()
    status = serializers.ChoiceField(choices=SubscriptionStatus.choices)
    every = serializers.IntegerField()
    unit = serializers.ChoiceField(choices=RhythmUnit.choices)
    time_zone = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    ends_after = serializers.IntegerField(allow_null=True)
    paused_until = serializers.DateField(allow_null=True)
    currency = serializers.CharField()
    total = serializers.CharField()
    price_policy = serializers.ChoiceField(choices=PricePolicy.choices)
    problem = serializers.CharField()
    customer = CustomerOut()
    shipping_address = AddressOut()
    lines = SubscribedLineOut(many=True)
    payment = AccountOut()
    next = NextDeliveryOut(allow_null=True)
    page_url = serializers.CharField()


class WholeSubscriptionOut(SubscriptionOut):
    """With what its next delivery holds, and the latest that came."""

    next_lines = SubscribedLineOut(many=True)
    deliveries = DeliveryOut(many=True)
