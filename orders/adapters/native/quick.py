"""The usual order read in a tenth of the time; everything else is for the serializer beside.

It takes less than the serializer does and never more: plain fields in printable ASCII. What it
takes, it reads the same.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, ValidationError, convert, field
from rest_framework.exceptions import ValidationError as Refused

from oms.core.api.fields import CurrencyField, MomentField
from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.native.documents import MOST_LINES, read_order
from orders.rules.wanted import NewLine, NewOrder, NewPayment

SAID = r"^[!-~]([ -~]*[!-~])?\Z"
BLANK = r"^([!-~]([ -~]*[!-~])?)?\Z"
EMAIL = (
    r"^([A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})?\Z"
)

Text20 = Annotated[str, Meta(pattern=BLANK, max_length=20)]
Text32 = Annotated[str, Meta(pattern=SAID, max_length=32)]
Text40 = Annotated[str, Meta(pattern=BLANK, max_length=40)]
Text64 = Annotated[str, Meta(pattern=BLANK, max_length=64)]
Code = Annotated[str, Meta(pattern=SAID, max_length=64)]
Text100 = Annotated[str, Meta(pattern=BLANK, max_length=100)]
Name100 = Annotated[str, Meta(pattern=SAID, max_length=100)]
Text200 = Annotated[str, Meta(pattern=BLANK, max_length=200)]
Name200 = Annotated[str, Meta(pattern=SAID, max_length=200)]
Mail = Annotated[str, Meta(pattern=EMAIL, max_length=254)]
Amount = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?\Z")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")]
Units = Annotated[int, Meta(ge=1, le=99_999)]


class _Strict(Struct, forbid_unknown_fields=True, gc=False):
    pass


class _Customer(_Strict):
    name: Name200
    external_id: Text200 = ""
    email: Mail = ""
    phone: Text40 = ""
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}(-[A-Z]{2})?\Z")] = "en"


class _Address(_Strict):
    name: Name200
    line1: Name200
    city: Name100
    country: Country
    line2: Text200 = ""
    region: Text100 = ""
    postal_code: Text20 = ""
    company: Text200 = ""
    phone: Text40 = ""


class _Line(_Strict):
    sku: Code
    quantity: Units
    unit_price: Amount
    discount: Amount = "0"
    tax: Amount = "0"
    external_id: Text100 = ""


class _Shipping(_Strict):
    method: Text64 = ""
    amount: Amount = "0"
    tax: Amount = "0"


class _Payment(_Strict):
    method: Text32
    status: Literal["captured"]
    amount: Amount
    reference: Text100 = ""


class _Order(_Strict):
    external_id: Name100
    placed_at: str
    currency: str
    customer: _Customer
    shipping_address: _Address
    lines: Annotated[list[_Line], Meta(min_length=1, max_length=MOST_LINES)]
    shipping: _Shipping = field(default_factory=_Shipping)
    discount: Amount = "0"
    payments: Annotated[list[_Payment], Meta(max_length=50)] = field(default_factory=list)
    notes: Annotated[str, Meta(pattern=BLANK, max_length=5_000)] = ""


_moment = MomentField().to_internal_value
_currency = CurrencyField().to_internal_value


@lru_cache(maxsize=4_096)
def _decimal(said: str) -> Decimal:
    return Decimal(said) if said != "0" else ZERO


def order_from(data: Any) -> NewOrder:
    """Return the order that `data` asks for.

    Raises: rest_framework's ValidationError.
    """
    return quick_order(data) or read_order(data)


def quick_order(data: Any) -> NewOrder | None:
    """Return the order that `data` asks for; None when the serializer has to look at it."""
    try:
        said = convert(data, _Order)
        placed_at, currency = _moment(said.placed_at), _currency(said.currency)
    except (ValidationError, Refused):
        return None
    customer, to, shipping = said.customer, said.shipping_address, said.shipping
    return NewOrder(
        external_id=said.external_id,
        placed_at=placed_at,
        currency=currency,
        customer=CustomerDetails(
            customer.name, customer.external_id, customer.email, customer.phone, customer.language
        ),
        ship_to=Address(
            to.name, to.line1, to.city, to.country, to.line2, to.region, to.postal_code,
            to.company, to.phone,
        ),
        lines=tuple(
            NewLine(
                each.sku, each.quantity, _decimal(each.unit_price), _decimal(each.discount),
                _decimal(each.tax), each.external_id,
            )
            for each in said.lines
        ),
        service=shipping.method,
        shipping_amount=_decimal(shipping.amount),
        shipping_tax=_decimal(shipping.tax),
        discount=_decimal(said.discount),
        payments=tuple(
            NewPayment(each.method, each.status, _decimal(each.amount), each.reference)
            for each in said.payments
        ),
        notes=said.notes,
    )  # fmt: skip
