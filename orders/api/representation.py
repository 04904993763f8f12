"""An order as a channel sees it."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from rest_framework import serializers

from oms.core.money import ZERO, text
from oms.customers.addresses import Address
from orders.models import Hold, Order, OrderKit, OrderLine
from orders.rules.kits import touched_kits, whole_kits
from orders.selectors import status_url


class OrderPart(Protocol):
    """A part of an order's representation that a floor above contributes (`ORDER_PARTS`)."""

    serializer: type[serializers.Serializer[Any]]

    def for_orders(self, order_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        """Return the part of each order, for a whole page of orders in a fixed number of queries.

        Rows that the open batch has not written yet count (`oms.core.batch.pending`).
        """


@functools.cache
def parts() -> dict[str, OrderPart]:
    return {name: import_string(path)() for name, path in settings.ORDER_PARTS.items()}


def represent(
    order: Order,
    lines: Sequence[OrderLine],
    kits: Sequence[OrderKit],
    holds: Sequence[str],
    composed: Mapping[str, list[dict[str, Any]]],
) -> dict[str, Any]:
    """Return the JSON of one order."""
    currency = order.currency
    positions = {kit.pk: kit.position for kit in kits}
    return {
        "number": order.number,
        "external_id": order.external_id,
        "status": str(order.status),
        "payment_status": str(order.payment_status),
        "fulfillment_status": str(order.fulfillment_status),
        "return_status": str(order.return_status),
        "holds": list(holds),
        "placed_at": order.placed_at.isoformat(),
        "currency": currency,
        "total": text(order.total_amount, currency),
        "cancelled_amount": text(order.cancelled_amount, currency),
        "captured_amount": text(order.captured_amount, currency),
        "refunded_amount": text(order.refunded_amount, currency),
        "discount": text(order.discount_amount, currency),
        "shipping": {
            "method": order.service,
            "pickup_location": order.metadata.get("pickup_location", ""),
            "amount": text(order.shipping_amount, currency),
            "tax": text(order.shipping_tax_amount, currency),
        },
        "customer": {
            "name": order.customer_name,
            "email": order.email,
            "phone": order.phone,
            "language": order.language,
        },
        "shipping_address": address_out(order.ship_to),
        "notes": order.notes,
        "tags": order.tags,
        "metadata": order.metadata,
        "status_url": status_url(order),
        "version": order.version,
        "lines": [_line(line, positions, currency) for line in lines],
        "kits": [
            _kit(kit, [line for line in lines if line.kit_id == kit.pk], currency) for kit in kits
        ],
        **composed,
    }


def address_out(address: Address) -> dict[str, str]:
    """Return an address as the API writes it."""
    return {
        "name": address.name,
        "company": address.company,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "region": address.region,
        "postal_code": address.postal_code,
        "country": address.country,
        "phone": address.phone,
    }


def _line(line: OrderLine, kits: Mapping[int, int], currency: str) -> dict[str, Any]:
    return {
        "position": line.position,
        "external_id": line.external_id,
        "sku": line.sku_code,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": f"{line.unit_price.normalize():f}",
        "discount": text(line.discount_amount, currency),
        "tax": text(line.tax_amount, currency),
        "total": text(line.total_amount, currency),
        "allocated": line.allocated,
        "backordered": line.backordered,
        "picked": line.picked,
        "packed": line.packed,
        "shipped": line.shipped,
        "delivered": line.delivered,
        "cancelled": line.cancelled,
        "returned": line.returned,
        "ship_to": line.ship_to and address_out(line.ship_to),
        "refunded_amount": text(line.refunded_amount, currency),
        "kit": kits.get(line.kit_id) if line.kit_id else None,
    }


WHOLE = ("allocated", "picked", "packed", "shipped", "delivered", "cancelled", "returned")


def _kit(kit: OrderKit, lines: Sequence[OrderLine], currency: str) -> dict[str, Any]:
    """Counters are kits of which every component got there; backordered ones lack something."""
    counters = {
        name: whole_kits([(getattr(line, name), line.per_kit) for line in lines]) for name in WHOLE
    }
    lacking = touched_kits([(line.backordered, line.per_kit) for line in lines])
    return {
        "position": kit.position,
        "external_id": kit.external_id,
        "sku": kit.sku_code,
        "name": kit.name,
        "quantity": kit.quantity,
        "unit_price": f"{kit.unit_price.normalize():f}",
        "discount": text(kit.discount_amount, currency),
        "tax": text(kit.tax_amount, currency),
        "total": text(kit.total_amount, currency),
        **counters,
        "backordered": lacking,
        "refunded_amount": text(sum((each.refunded_amount for each in lines), ZERO), currency),
    }


def represent_page(orders: Sequence[Order]) -> list[dict[str, Any]]:
    """Return the JSON of a page of orders; the number of queries does not grow with it."""
    ids = [order.pk for order in orders]
    lines: dict[int, list[OrderLine]] = {}
    standing = OrderLine.objects.filter(order__in=ids, quantity__gt=0)
    for line in standing.order_by("order_id", "position"):
        lines.setdefault(line.order_id, []).append(line)
    with_kits = {line.order_id for each in lines.values() for line in each if line.kit_id}
    kits: dict[int, list[OrderKit]] = {}
    if with_kits:
        standing_kits = OrderKit.objects.filter(order__in=with_kits, quantity__gt=0)
        for kit in standing_kits.order_by("order_id", "position"):
            kits.setdefault(kit.order_id, []).append(kit)
    holds: dict[int, list[str]] = {}
    held = Hold.objects.filter(order__in=ids, released_at__isnull=True).order_by("set_at")
    for order_id, kind in held.values_list("order_id", "kind"):
        holds.setdefault(order_id, []).append(kind)
    composed = composed_parts(ids)
    return [
        represent(
            order,
            lines.get(order.pk, []),
            kits.get(order.pk, []),
            holds.get(order.pk, []),
            composed.get(order.pk, {}),
        )
        for order in orders
    ]


def composed_parts(order_ids: Sequence[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """Return what the floors above say of these orders, by order id and part."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = {pk: {} for pk in order_ids}
    for name, part in parts().items():
        for order_id, rows in part.for_orders(order_ids).items():
            found[order_id][name] = rows
    return found
