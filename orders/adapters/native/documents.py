"""An order in our own words, as the API takes it: shape and types, the rest is for the service."""

from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from oms.core.api.fields import (
    AmountField,
    CountryField,
    CurrencyField,
    DegreesField,
    MomentField,
    QuantityField,
    StrictSerializer,
    TextField,
)
from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.rules.wanted import NewLine, NewOrder, NewPayment
from orders.states import PaymentStatus

MOST_LINES = 1_000
MOST_METADATA = 16_384


class AddressIn(StrictSerializer):
    name = TextField(max_length=200)
    company = TextField(max_length=200, required=False, allow_blank=True)
    line1 = TextField(max_length=200)
    line2 = TextField(max_length=200, required=False, allow_blank=True)
    city = TextField(max_length=100)
    region = TextField(max_length=100, required=False, allow_blank=True)
    postal_code = TextField(max_length=20, required=False, allow_blank=True)
    country = CountryField()
    phone = TextField(max_length=40, required=False, allow_blank=True)
    latitude = DegreesField(most=90, required=False, allow_null=True)
    longitude = DegreesField(most=180, required=False, allow_null=True)


class CustomerIn(StrictSerializer):
    external_id = TextField(max_length=200, required=False, allow_blank=True)
    name = TextField(max_length=200)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = TextField(max_length=40, required=False, allow_blank=True)
    language = serializers.RegexField(r"^[a-z]{2}(-[A-Z]{2})?\Z", required=False)


class LineIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()
    unit_price = AmountField()
    discount = AmountField(required=False)
    tax = AmountField(required=False)
    ship_to = AddressIn(required=False, allow_null=True)
    external_id = TextField(max_length=100, required=False, allow_blank=True)


class ShippingIn(StrictSerializer):
    """`method` "pickup": the customer collects it at `pickup_location`, a location's code."""

    method = TextField(max_length=64, required=False, allow_blank=True)
    pickup_location = TextField(max_length=16, required=False, allow_blank=True)
    amount = AmountField(required=False)
    tax = AmountField(required=False)


class PaymentIn(StrictSerializer):
    reference = TextField(max_length=100, required=False, allow_blank=True)
    method = TextField(max_length=32)
    status = serializers.ChoiceField(choices=PaymentStatus.choices)
    amount = AmountField()


class PromiseIn(StrictSerializer):
    deliver_by = MomentField(required=False, allow_null=True)


class OrderIn(StrictSerializer):
    """An order as a channel sends it; `reservation` is the key of the cart whose units it takes."""

    external_id = TextField(max_length=100)
    placed_at = MomentField()
    currency = CurrencyField()
    customer = CustomerIn()
    shipping_address = AddressIn()
    billing_address = AddressIn(required=False, allow_null=True)
    lines = LineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    shipping = ShippingIn(required=False)
    discount = AmountField(required=False)
    payments = PaymentIn(many=True, required=False, max_length=50)
    promise = PromiseIn(required=False)
    notes = TextField(max_length=5_000, lines=True, required=False, allow_blank=True)
    tags = serializers.ListField(child=TextField(max_length=50), required=False, max_length=50)
    metadata = serializers.DictField(required=False)
    reservation = TextField(max_length=100, required=False, allow_blank=True)


_order = OrderIn()


def read_order(data: Any) -> NewOrder:
    """Return the order that `data` asks for.

    Raises: ValidationError.
    """
    return wanted_of(_order.run_validation(data))


def wanted_of(said: dict[str, Any]) -> NewOrder:
    """Return a validated order as the domain knows it, defaults filled in."""
    if len(str(said.get("metadata", ""))) > MOST_METADATA:
        raise ValidationError({"metadata": ["Is too long."]})
    shipping: dict[str, Any] = said.get("shipping", {})
    customer: dict[str, Any] = said["customer"]
    deliver_by: datetime | None = said.get("promise", {}).get("deliver_by")
    return NewOrder(
        external_id=said["external_id"],
        placed_at=said["placed_at"],
        currency=said["currency"],
        customer=CustomerDetails(
            name=customer["name"],
            external_id=customer.get("external_id", ""),
            email=customer.get("email", ""),
            phone=customer.get("phone", ""),
            language=customer.get("language", "en"),
        ),
        ship_to=Address(**said["shipping_address"]),
        bill_to=_address(said.get("billing_address")),
        lines=tuple(_line(line) for line in said["lines"]),
        service=shipping.get("method", ""),
        shipping_amount=shipping.get("amount", ZERO),
        shipping_tax=shipping.get("tax", ZERO),
        discount=said.get("discount", ZERO),
        payments=tuple(NewPayment(**payment) for payment in said.get("payments", ())),
        deliver_by=deliver_by,
        notes=said.get("notes", ""),
        tags=tuple(said.get("tags", ())),
        metadata=_metadata(said.get("metadata", {}), shipping),
        cart=said.get("reservation", ""),
    )


def _metadata(said: dict[str, Any], shipping: dict[str, Any]) -> dict[str, Any]:
    """Where an order is collected is kept with what the channel says of it."""
    named = shipping.get("pickup_location")
    return {**said, "pickup_location": named} if named else said


def _line(line: dict[str, Any]) -> NewLine:
    return NewLine(
        sku=line["sku"],
        quantity=line["quantity"],
        unit_price=line["unit_price"],
        discount=line.get("discount", ZERO),
        tax=line.get("tax", ZERO),
        external_id=line.get("external_id", ""),
        ship_to=_address(line.get("ship_to")),
    )


def _address(said: dict[str, Any] | None) -> Address | None:
    return Address(**said) if said else None
