"""What fulfillment contributes to an order's representation."""

from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework import serializers

from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine, Shipment
from inventory.selectors import serving_locations
from oms.core.batch import pending
from orders.api.representation import address_out
from orders.api.serializers import AddressOut
from orders.models import OrderLine


class LineOfWork(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField()


class ShipmentOfWork(serializers.Serializer[Any]):
    number = serializers.CharField()
    status = serializers.CharField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    shipped_at = serializers.DateTimeField()


class WorkOfOrder(serializers.Serializer[Any]):
    number = serializers.CharField()
    location = serializers.CharField()
    status = serializers.CharField()
    ship_to = AddressOut()
    lines = LineOfWork(many=True)
    shipments = ShipmentOfWork(many=True)


Row = dict[str, Any]


class FulfillmentOrdersOfOrder:
    """The `fulfillment_orders` of orders; three queries a page, none for an order being placed."""

    serializer = WorkOfOrder

    def for_orders(self, order_ids: Sequence[int]) -> dict[int, list[Row]]:
        works: Iterable[FulfillmentOrder]
        lines: Iterable[tuple[int, str, int]]
        shipments: Iterable[Shipment] = ()
        if waiting := pending(FulfillmentOrder):
            works = [work for work in waiting if work.order_id in order_ids]
            lines = _pending_lines()
        else:
            works = list(FulfillmentOrder.objects.filter(order__in=order_ids).order_by("id"))
            ids = [work.pk for work in works]
            lines = (
                FulfillmentOrderLine.objects.filter(fulfillment_order__in=ids)
                .order_by("id")
                .values_list("fulfillment_order_id", "sku__code", "quantity")
            )
            if ids:
                shipments = Shipment.objects.filter(fulfillment_order__in=ids).order_by("id")
        return _composed(order_ids, works, lines, shipments)


def _pending_lines() -> list[tuple[int, str, int]]:
    codes = {line.pk: line.sku_code for line in pending(OrderLine)}
    return [
        (line.fulfillment_order_id, codes[line.order_line_id], line.quantity)
        for line in pending(FulfillmentOrderLine)
        if line.order_line_id in codes
    ]


def _composed(
    order_ids: Sequence[int],
    works: Iterable[FulfillmentOrder],
    lines: Iterable[tuple[int, str, int]],
    shipments: Iterable[Shipment],
) -> dict[int, list[Row]]:
    codes = {place.pk: place.code for place in serving_locations()}
    found: dict[int, list[Row]] = {pk: [] for pk in order_ids}
    rows: dict[int, Row] = {}
    for work in works:
        rows[work.pk] = {
            "number": work.number,
            "location": codes.get(work.location_id) or work.location.code,
            "status": str(work.status),
            "ship_to": address_out(work.ship_to),
            "lines": [],
            "shipments": [],
        }
        found[work.order_id].append(rows[work.pk])
    for work_id, sku, quantity in lines:
        if quantity and work_id in rows:
            rows[work_id]["lines"].append({"sku": sku, "quantity": quantity})
    for shipment in shipments:
        rows[shipment.fulfillment_order_id]["shipments"].append(
            {
                "number": shipment.number,
                "status": str(shipment.status),
                "carrier": shipment.carrier,
                "tracking_number": shipment.tracking_number,
                "shipped_at": shipment.shipped_at.isoformat(),
            }
        )
    return found
