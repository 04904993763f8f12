"""Which document a message of Shopify holds, known by its wrapper, its topic or its shape."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from orders.adapters.documents import Doc, identity, objects, parsed
from orders.adapters.messages import Unreadable
from orders.adapters.parts import Cancellation, Reading, Report
from orders.adapters.shopify import happenings, orders

Read = Callable[[Doc], tuple[Report, str]]

READERS: Mapping[str, Read] = {
    "order": orders.read,
    "refund": happenings.read_refund,
    "fulfillment": happenings.read_fulfillment,
    "transaction": happenings.read_transaction,
    "fulfillment_order": happenings.read_fulfillment_order,
}
NAMES = {
    "original_fulfillment_order": "fulfillment_order",
    "submitted_fulfillment_order": "fulfillment_order",
    "moved_fulfillment_order": "fulfillment_order",
}
TOPICS = {
    "orders": "order",
    "refunds": "refund",
    "fulfillments": "fulfillment",
    "order_transactions": "transaction",
    "fulfillment_orders": "fulfillment_order",
}
IGNORED = {
    "order_edit": "An order was edited: orders/updated brings the order as it is then.",
    "draft_order": "A draft is no order yet: once it is completed, orders/create brings the order.",
    "draft_orders": "Drafts are no orders yet: once completed, orders/create brings the orders.",
    "checkout": "A checkout that is not finished is no order yet.",
    "checkouts": "Checkouts that are not finished are no orders yet.",
    "cart": "A cart is no order yet.",
    "fulfillment_event": "Where a parcel is on its way is told by fulfillments/update.",
    "fulfillment_events": "Where parcels are on their way is told by fulfillments/update.",
    "event": "Where a parcel is on its way is told by fulfillments/update.",
    "risk": "What Shopify thinks of the risk of an order is not kept.",
    "risks": "What Shopify thinks of the risk of an order is not kept.",
    "errors": "Shopify refuses a request here; it says nothing about an order.",
}
IGNORED_TOPICS = {
    "orders/edited": IGNORED["order_edit"],
    "orders/risk_assessment_changed": IGNORED["risk"],
    "draft_orders": IGNORED["draft_order"],
    "checkouts": IGNORED["checkout"],
    "carts": IGNORED["cart"],
    "fulfillment_events": IGNORED["fulfillment_event"],
}
UNKNOWN = "Nothing about an order, a refund or a fulfillment: {}."
DELETED = "Deleted in Shopify"


def read(body: bytes, *, topic: str) -> Reading:
    """Put a message into parts.

    Raises: Unreadable.
    """
    said = parsed(body)
    if isinstance(said, dict) and {"request", "response"} <= said.keys():
        said = said["response"]
    if isinstance(said, list):
        documents = [each for each in said if isinstance(each, dict)]
        kinds = {_kind_of(each) for each in documents}
        said = {f"{kinds.pop()}s": documents} if len(kinds) == 1 else {}
    if not isinstance(said, dict):
        raise Unreadable("A document of Shopify is an object.")
    if topic == "orders/delete":
        return Reading((_deleted(said),))
    reports: list[Report] = []
    reasons: list[str] = []
    for kind, document in _documents(said, topic):
        report, ignored = READERS[kind](document)
        if ignored:
            reasons.append(ignored)
        else:
            reports.append(report)
    if reports:
        return Reading(tuple(reports))
    return Reading(ignored=" ".join(dict.fromkeys(reasons)) or _why_not(said, topic))


def _documents(said: Doc, topic: str) -> Iterator[tuple[str, Doc]]:
    """Yield the documents that can be read, each with its kind."""
    wrapped = False
    for name, value in said.items():
        kind = NAMES.get(name, name)
        if kind in READERS and isinstance(value, dict):
            wrapped = True
            yield kind, value
        elif kind.endswith("s") and kind[:-1] in READERS and len(said) <= 2:
            wrapped = True
            for document in objects(value, name):
                yield kind[:-1], document
    if not wrapped:
        group = topic.partition("/")[0]
        known = "" if topic in IGNORED_TOPICS else TOPICS.get(group, "")
        kind = known or ("" if topic else _kind_of(said))
        if kind:
            yield kind, said


def _kind_of(document: Doc) -> str:
    """Return which kind a document without wrapper and topic is, by what only that kind has."""
    has = document.keys()
    if "refund_line_items" in has and "order_id" in has:
        return "refund"
    if "order_id" in has and has & {"tracking_numbers", "tracking_company", "shipment_status"}:
        return "fulfillment"
    if {"kind", "amount", "order_id"} <= has:
        return "transaction"
    if {"assigned_location_id", "order_id"} <= has:
        return "fulfillment_order"
    if "financial_status" in has or {"order_number", "total_price"} <= has:
        return "order"
    return ""


def _why_not(said: Mapping[str, Any], topic: str) -> str:
    group = topic.partition("/")[0]
    if why := IGNORED_TOPICS.get(topic) or IGNORED_TOPICS.get(group):
        return why
    for name in said:
        if name in IGNORED:
            return IGNORED[name]
    if not topic and said.keys() >= {"line_items", "invoice_url", "status"}:
        return IGNORED["draft_order"]
    if not topic and "abandoned_checkout_url" in said:
        return IGNORED["checkout"]
    named = topic or ", ".join(sorted(str(name)[:40] for name in list(said)[:5])) or "empty"
    return UNKNOWN.format(named)


def _deleted(said: Doc) -> Report:
    order = identity(said.get("id"))
    if not order:
        raise Unreadable("An order was deleted, and its id is not said.")
    return Report(order, {"cancellation": Cancellation(reason=DELETED)})
