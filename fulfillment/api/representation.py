"""Work and shipments as a machine sees them; a page of them costs one query."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from fulfillment.models import SourcingDecision
from fulfillment.rules.carriage import Choice, told
from oms.core import sql
from oms.core.money import text
from orders.api.representation import address_out

PARCEL = """
    'number', s.number, 'status', s.status, 'carrier', s.carrier, 'service', s.service,
    'tracking_number', s.tracking_number, 'tracking_url', s.tracking_url,
    'freight_amount', s.freight_amount::text, 'freight_currency', s.freight_currency,
    'expected_on', s.expected_on,
    'shipped_at', s.shipped_at, 'delivered_at', s.delivered_at
"""

CONTENTS = """
    SELECT coalesce(json_agg(
        json_build_object('sku', k.code, 'quantity', i.quantity, 'lots', (
            SELECT coalesce(json_agg(json_build_object(
                'lot', t.code, 'quantity', t.quantity) ORDER BY t.id), '[]')
            FROM fulfillment_packedlot t WHERE t.package_line_id = i.id)) ORDER BY i.id), '[]')
    FROM fulfillment_packageline i
    JOIN fulfillment_fulfillmentorderline x ON x.id = i.line_id
    JOIN catalog_sku k ON k.id = x.sku_id
    WHERE i.package_id = p.id
"""

WORKS = f"""
SELECT f.id, f.number, o.number, l.code, f.status, f.stops, f.hold_reason, f.units, f.service,
    f.created_at, f.ship_to::json,
    (SELECT coalesce(json_agg(json_build_object(
        'sku', k.code, 'name', k.name, 'bin', v.bin, 'quantity', x.quantity, 'picked', x.picked,
        'packed', x.packed, 'shipped', x.shipped) ORDER BY x.id), '[]')
     FROM fulfillment_fulfillmentorderline x
     JOIN catalog_sku k ON k.id = x.sku_id
     JOIN inventory_reservation r ON r.id = x.reservation_id
     JOIN inventory_stocklevel v ON v.id = r.level_id
     WHERE x.fulfillment_order_id = f.id),
    (SELECT coalesce(json_agg(json_build_object(
        'package', p.nth, 'box', p.box, 'weight_g', p.weight_g, 'expected_g', p.expected_g,
        'weight_reason', p.weight_reason, 'is_closed', p.is_closed,
        'lines', ({CONTENTS})) ORDER BY p.nth), '[]')
     FROM fulfillment_package p WHERE p.fulfillment_order_id = f.id),
    (SELECT coalesce(json_agg(json_build_object({PARCEL}) ORDER BY s.id), '[]')
     FROM fulfillment_shipment s WHERE s.fulfillment_order_id = f.id)
FROM fulfillment_fulfillmentorder f
JOIN orders_order o ON o.id = f.order_id
JOIN inventory_location l ON l.id = f.location_id
WHERE f.id = ANY((SELECT %s::bigint[])::bigint[])
"""  # noqa: S608 (our own words)

SHIPMENTS = f"""
SELECT s.id, f.number, o.number, l.code, json_build_object({PARCEL}),
    (SELECT coalesce(json_agg(json_build_object(
        'package', p.nth, 'box', p.box, 'weight_g', p.weight_g, 'expected_g', p.expected_g,
        'weight_reason', p.weight_reason, 'lines', ({CONTENTS})) ORDER BY p.nth), '[]')
     FROM fulfillment_package p WHERE p.shipment_id = s.id),
    (SELECT coalesce(json_agg(json_build_object(
        'status', e.status, 'occurred_at', e.occurred_at, 'location', e.location,
        'message', e.message) ORDER BY e.occurred_at, e.id), '[]')
     FROM fulfillment_trackingevent e WHERE e.shipment_id = s.id)
FROM fulfillment_shipment s
JOIN fulfillment_fulfillmentorder f ON f.id = s.fulfillment_order_id
JOIN orders_order o ON o.id = f.order_id
JOIN inventory_location l ON l.id = f.location_id
WHERE s.id = ANY((SELECT %s::bigint[])::bigint[])
"""  # noqa: S608 (our own words)


def represent_choice(choice: Choice, *, with_amounts: bool) -> dict[str, Any]:
    """Return which service would take work, and why not the others."""
    kept = told(choice, choice.best, "", with_amounts=with_amounts)
    carriers = {each.service.code: each.service.carrier for each in choice.options}
    return {
        "suggested": kept["suggested"] or None,
        "late": choice.is_late,
        "reason": kept["reason"],
        "candidates": [
            {
                "carrier": carriers[each["service"]],
                "service": each["service"],
                "name": each["name"],
                "amount": each["amount"],
                "currency": each["currency"],
                "arrives_on": each["arrives_on"],
                "keeps_promise": each["keeps"],
                "outcome": each["outcome"],
            }
            for each in kept["candidates"]
        ],
    }


ADDRESS = (
    "name",
    "company",
    "line1",
    "line2",
    "city",
    "region",
    "postal_code",
    "country",
    "phone",
)


def represent_works(ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the JSON of these fulfillment orders, in the order given."""
    found = {}
    for row in sql.run(WORKS, [sql.array(ids)]):
        pk, number, order, location, status, stops, hold, units, service, created, address = row[
            :11
        ]
        lines, packages, shipments = row[11:]
        found[pk] = {
            "number": number,
            "order": order,
            "location": location,
            "status": status,
            "stops": stops,
            "hold": hold or None,
            "units": units,
            "service": service,
            "created_at": created.isoformat(),
            "ship_to": {name: address.get(name, "") for name in ADDRESS},
            "lines": [line for line in lines if line["quantity"]],
            "packages": packages,
            "shipments": [_parcel(each) for each in shipments],
        }
    return [found[pk] for pk in ids if pk in found]


def represent_shipments(ids: Sequence[int]) -> list[dict[str, Any]]:
    """Return the JSON of these shipments, in the order given."""
    found = {
        pk: {
            **_parcel(parcel),
            "fulfillment_order": work,
            "order": order,
            "location": location,
            "packages": packages,
            "events": events,
        }
        for pk, work, order, location, parcel, packages, events in sql.run(
            SHIPMENTS, [sql.array(ids)]
        )
    }
    return [found[pk] for pk in ids if pk in found]


def _parcel(parcel: dict[str, Any]) -> dict[str, Any]:
    """A shipment with its freight as amounts are written."""
    amount, currency = parcel["freight_amount"], parcel["freight_currency"]
    return {**parcel, "freight_amount": amount and text(Decimal(amount), currency)}


UNSAID: dict[str, Any] = {"freight": None, "cost": "", "terms": {}, "needs": ""}
"""What decisions of earlier versions of the system do not say of a candidate."""


def represent_decision(decision: SourcingDecision) -> dict[str, Any]:
    """Return why locations were chosen, candidate by candidate."""
    return {
        "ship_to": decision.ship_to and address_out(decision.ship_to),
        "reason": decision.reason,
        "decided_at": decision.decided_at.isoformat(),
        "destination": {
            "known_by": decision.position_level or None,
            "latitude": decision.latitude,
            "longitude": decision.longitude,
        },
        "decided_by": {
            "version": decision.rules_version,
            "routing": decision.routing,
            "step": decision.step,
            "found": decision.how,
            "is_proven": decision.is_proven,
        },
        "candidates": [{**UNSAID, **each} for each in decision.candidates],
        "left_out": decision.left_out,
    }
