"""What the channels of the demo send: documents as each of them writes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Buyer:
    """Who buys, and where it goes; without a `street` the channel withholds the address."""

    first: str
    last: str
    email: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True)
class Ware:
    """One line: its SKU in the channel, how many, what each costs, what the channel calls it."""

    sku: str
    units: float
    price: str
    title: str = ""
    said: Mapping[str, str] | None = None


def total_of(wares: Sequence[Ware]) -> str:
    return str(sum((Decimal(ware.price) * Decimal(str(ware.units)) for ware in wares), Decimal(0)))


def shopify(
    nth: int, buyer: Buyer, wares: Sequence[Ware], at: datetime, states: str = ""
) -> dict[str, Any]:
    """An order of Shopify, paid; `states` is the total it claims, where it adds up otherwise."""
    return {
        "id": 5_401_000 + nth,
        "name": f"#{1000 + nth}",
        "currency": "EUR",
        "created_at": at.isoformat(),
        "updated_at": at.isoformat(),
        "financial_status": "paid",
        "taxes_included": False,
        "total_price": states or total_of(wares),
        "total_tax": "0.00",
        "email": buyer.email,
        "phone": buyer.phone,
        "customer": {"id": 88_000 + nth, "first_name": buyer.first, "last_name": buyer.last},
        "shipping_address": {
            "name": buyer.name,
            "address1": buyer.street,
            "city": buyer.city,
            "zip": buyer.postal_code,
            "country_code": buyer.country,
        },
        "shipping_lines": [],
        "line_items": [
            {
                "id": 7_000 + nth * 10 + place,
                "variant_id": 7_000 + nth * 10 + place,
                "sku": ware.sku,
                "title": ware.title,
                "quantity": ware.units,
                "price": ware.price,
                "tax_lines": [],
                "discount_allocations": [],
                "properties": [
                    {"name": name, "value": value} for name, value in (ware.said or {}).items()
                ],
            }
            for place, ware in enumerate(wares)
        ],
        "refunds": [],
        "fulfillments": [],
    }


def woocommerce(nth: int, buyer: Buyer, wares: Sequence[Ware], at: datetime) -> dict[str, Any]:
    """An order of WooCommerce, paid."""
    place = {
        "first_name": buyer.first,
        "last_name": buyer.last,
        "address_1": buyer.street,
        "city": buyer.city,
        "postcode": buyer.postal_code,
        "country": buyer.country,
    }
    when = at.strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "id": 9_200 + nth,
        "number": str(9_200 + nth),
        "status": "processing",
        "currency": "EUR",
        "date_created_gmt": when,
        "date_modified_gmt": when,
        "date_paid_gmt": when,
        "total": total_of(wares),
        "customer_id": 0,
        "billing": {**place, "email": buyer.email, "phone": buyer.phone},
        "shipping": place,
        "payment_method": "stripe",
        "line_items": [
            {
                "id": 400 + nth * 10 + number,
                "name": ware.title,
                "product_id": 60 + number,
                "sku": ware.sku,
                "quantity": ware.units,
                "subtotal": total_of([ware]),
                "total": total_of([ware]),
                "total_tax": "0.00",
            }
            for number, ware in enumerate(wares)
        ],
        "shipping_lines": [],
        "refunds": [],
    }


def woocommerce_refund(order: int, amount: str, reason: str, at: datetime) -> dict[str, Any]:
    """Money that WooCommerce gave back for an order."""
    return {
        "id": order + 5_000,
        "parent_id": order,
        "date_created_gmt": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "amount": amount,
        "reason": reason,
        "refunded_by": 1,
        "line_items": [],
    }


def amazon(number: str, buyer: Buyer, wares: Sequence[Ware], at: datetime) -> dict[str, Any]:
    """An order of Amazon with its items; its address is withheld."""
    return {
        "payload": {
            "AmazonOrderId": number,
            "PurchaseDate": at.isoformat(),
            "LastUpdateDate": at.isoformat(),
            "OrderStatus": "Unshipped",
            "FulfillmentChannel": "MFN",
            "MarketplaceId": "A1PA6795UKMFR9",
            "OrderTotal": {"CurrencyCode": "EUR", "Amount": total_of(wares)},
            "BuyerInfo": {"BuyerEmail": buyer.email, "BuyerName": buyer.name},
            "ShippingAddress": {"City": buyer.city, "CountryCode": buyer.country},
            "OrderItems": [
                {
                    "OrderItemId": f"{number[:3]}{place}",
                    "ASIN": f"B0DEMO{number[-4:]}",
                    "SellerSKU": ware.sku,
                    "Title": ware.title,
                    "QuantityOrdered": ware.units,
                    "ItemPrice": {"CurrencyCode": "EUR", "Amount": total_of([ware])},
                }
                for place, ware in enumerate(wares)
            ],
        }
    }


def native(
    external_id: str, buyer: Buyer, wares: Sequence[Ware], at: datetime, currency: str
) -> dict[str, Any]:
    """An order in our own words, paid."""
    return {
        "external_id": external_id,
        "placed_at": at.isoformat(),
        "currency": currency,
        "customer": {"name": buyer.name, "email": buyer.email, "phone": buyer.phone},
        "shipping_address": {
            "name": buyer.name,
            "line1": buyer.street,
            "city": buyer.city,
            "postal_code": buyer.postal_code,
            "country": buyer.country,
        },
        "lines": [
            {"sku": ware.sku, "quantity": ware.units, "unit_price": ware.price} for ware in wares
        ],
        "payments": [{"method": "card", "status": "captured", "amount": total_of(wares)}],
    }


def shipstation(number: str, buyer: Buyer, wares: Sequence[Ware], at: datetime) -> bytes:
    """Orders of a custom store, in XML."""
    items = "".join(
        f"<Item><LineItemID>{place}</LineItemID><SKU>{ware.sku}</SKU><Name>{ware.title}</Name>"
        f"<Quantity>{ware.units}</Quantity><UnitPrice>{ware.price}</UnitPrice></Item>"
        for place, ware in enumerate(wares, 1)
    )
    when = at.strftime("%m/%d/%Y %H:%M")
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<Orders pages="1"><Order>'
        f"<OrderID>{number}</OrderID><OrderNumber>{number}</OrderNumber>"
        f"<OrderDate>{when}</OrderDate><OrderStatus>paid</OrderStatus>"
        f"<LastModified>{when}</LastModified><CurrencyCode>USD</CurrencyCode>"
        f"<OrderTotal>{total_of(wares)}</OrderTotal><TaxAmount>0</TaxAmount>"
        "<ShippingAmount>0</ShippingAmount><Customer>"
        f"<CustomerCode>{buyer.email}</CustomerCode>"
        f"<BillTo><Name>{buyer.name}</Name><Email>{buyer.email}</Email></BillTo>"
        f"<ShipTo><Name>{buyer.name}</Name><Address1>{buyer.street}</Address1>"
        f"<City>{buyer.city}</City><PostalCode>{buyer.postal_code}</PostalCode>"
        f"<Country>{buyer.country}</Country></ShipTo></Customer>"
        f"<Items>{items}</Items></Order></Orders>"
    ).encode()


def written(document: Any) -> bytes:
    """Return a document as it goes over the wire."""
    return document if isinstance(document, bytes) else json.dumps(document).encode()
