"""What of a fact leaves the house: which facts, and which of their fields."""

from collections.abc import Mapping
from typing import Any

PUBLIC_FACTS = (
    "order.placed",
    "order.changed",
    "order.held",
    "order.released",
    "order.cancelled",
    "order.completed",
    "payment.captured",
    "order.routed",
    "order.backordered",
    "fulfillment_order.released",
    "fulfillment_order.picked",
    "fulfillment_order.packed",
    "fulfillment_order.rejected",
    "fulfillment_order.moved",
    "shipment.shipped",
    "shipment.tracking_updated",
    "shipment.delivered",
    "return.requested",
    "return.approved",
    "return.declined",
    "return.received",
    "return.inspected",
    "return.settled",
    "refund.succeeded",
    "refund.failed",
    "stock.low",
    "stock.out",
    "stock.received",
    "stock.available",
    "subscription.renewed",
    "subscription.past_due",
    "quote.presented",
    "quote.accepted",
    "purchase_order.accepted",
    "invoice.issued",
)
"""The names that others may hear of: the types of webhooks. Adding one is safe, taking one not."""

PING = "webhook.ping"

PERSONAL = frozenset(
    [
        "address",
        "billing_address",
        "buyer",
        "comment",
        "contact",
        "customer",
        "customer_name",
        "email",
        "first_name",
        "full_name",
        "last_name",
        "line1",
        "line2",
        "message",
        "name",
        "note",
        "notes",
        "person",
        "phone",
        "postal_code",
        "recipient",
        "recipients",
        "ship_to",
        "shipping_address",
        "text",
    ]
)
"""Fields of facts that speak of people, or hold what people wrote: they stay here."""


def public_data(*, thread: str, subject: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fact as others may read it: document numbers and figures, nothing about people."""
    data: dict[str, Any] = {"subject": subject, "thread": thread}
    if thread.startswith("SO-"):
        data["order"] = thread
    return {**data, **_impersonal(facts)}


def _impersonal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _impersonal(each) for key, each in value.items() if key not in PERSONAL}
    if isinstance(value, list | tuple):
        return [_impersonal(each) for each in value]
    return value
