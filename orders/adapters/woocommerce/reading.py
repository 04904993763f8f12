"""Which documents a message of WooCommerce holds, known by its topic or its shape."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from orders.adapters.documents import Doc, identity, inner, moment, objects, parsed, text, units
from orders.adapters.messages import Unreadable
from orders.adapters.parts import Cancellation, Reading, Refund, Report, Units
from orders.adapters.woocommerce import orders
from orders.adapters.woocommerce.lines import stated

DELETED = Cancellation(reason="Deleted in WooCommerce")
LEGACY = (
    "This is the legacy format of WooCommerce: choose «WP REST API Integration v3» as the API "
    "version of the webhook."
)
NO_ID = (
    "The order has no id: this is what is sent to WooCommerce to make or change an order, "
    "not what WooCommerce sends of one."
)
ABOUT = {
    "customer": "Customers come with their orders.",
    "product": "Products are kept here and in the shop apart from one another.",
    "coupon": "Coupons come with the orders that use them.",
    "action": "This says that something happened, not to what: order.updated brings the order.",
}
UNKNOWN = "Nothing about an order or a refund: {}."
ORDER_OF_LINK = re.compile(r"/orders/([0-9]+)(?:/|\Z)", re.ASCII)


def read(body: bytes, *, topic: str) -> Reading:
    """Put a message into parts.

    Raises: Unreadable.
    """
    said = parsed(body)
    if not isinstance(said, dict | list):
        raise Unreadable("A document of WooCommerce is an object or a list.")
    reports: list[Report] = []
    reasons: list[str] = []
    for document, is_deleted in _documents(said):
        report, ignored = _read(document, topic=topic, is_deleted=is_deleted)
        if report is None:
            reasons.append(ignored)
        else:
            reports.append(report)
    if reports:
        return Reading(tuple(reports))
    return Reading(ignored=" ".join(dict.fromkeys(reasons)) or UNKNOWN.format(topic or "empty"))


def _documents(said: Any) -> Iterator[tuple[Doc, bool]]:
    """Yield each document, and whether it is one of those that a batch deleted."""
    if isinstance(said, list):
        for document in said:
            if isinstance(document, dict):
                yield document, False
    elif said.keys() & {"create", "update", "delete"} and "id" not in said:
        for verb in ("create", "update"):
            for document in objects(said.get(verb), verb):
                yield document, False
        deleted = said.get("delete")
        for each in deleted if isinstance(deleted, list) else ():
            if isinstance(each, dict):
                yield each, True
    else:
        yield said, False


def _read(document: Doc, *, topic: str, is_deleted: bool) -> tuple[Report | None, str]:
    resource = topic.partition(".")[0]
    order = identity(document.get("id"))
    if topic == "order.deleted" and order:
        return Report(order, {"cancellation": DELETED}), ""
    if resource and resource != "order":
        return None, ABOUT.get(resource, UNKNOWN.format(topic))
    if "error" in document and not document.keys() - {"id", "error"}:
        return None, "WooCommerce refused to make or change this one."
    if _is_refund(document):
        return _refund(document), ""
    if not _is_order(document, resource):
        return None, _why_not(document)
    if "order" in document or "billing_address" in document:
        raise Unreadable(LEGACY)
    if not order:
        raise Unreadable(NO_ID)
    if is_deleted:
        return Report(order, {"cancellation": DELETED}), ""
    return orders.read(order, document)


def _is_refund(document: Doc) -> bool:
    return "amount" in document and bool(
        document.keys() & {"refunded_by", "refunded_payment", "api_refund"}
    )


def _is_order(document: Doc, resource: str) -> bool:
    has = document.keys()
    return (
        (resource == "order" and bool(has - {"id"}))
        or "order_key" in has
        or "billing_address" in has
        or {"line_items", "billing"} <= has
        or (isinstance(document.get("order"), dict) and "line_items" in document["order"])
    )


def _refund(document: Doc) -> Report:
    """Read a refund. WooCommerce does not say whether its units were sent, or come back."""
    key, order = identity(document.get("id")), _order_of(document)
    if not key or not order:
        raise Unreadable("A refund without an id, or of an order that it does not name.")
    counts: dict[str, int] = {}
    for line in objects(document.get("line_items"), "line_items"):
        of, count = _refunded_line(line), _units_of(line)
        if of and count:
            counts[of] = counts.get(of, 0) + count
    at = moment(document.get("date_created_gmt"), zone=UTC)
    part = Refund(
        amount=abs(stated(document.get("amount"), "amount")),
        currency="",
        at=at,
        reason=text(document.get("reason")),
        unsaid=tuple(Units(of, count) for of, count in sorted(counts.items())),
    )
    return Report(order, {f"refund:{key}": part}, as_of=at)


def _order_of(document: Doc) -> str:
    links = inner(document.get("_links")).get("up")
    for link in links if isinstance(links, list) else ():
        found = ORDER_OF_LINK.search(text(inner(link).get("href"), 2_000))
        if found:
            return found[1]
    return identity(document.get("parent_id"))


def _refunded_line(line: Doc) -> str:
    for meta in objects(line.get("meta_data"), "meta_data"):
        if meta.get("key") == "_refunded_item_id":
            return identity(meta.get("value"))
    return ""


def _units_of(line: Doc) -> int:
    """Return the units of a refund's line, which are written below nothing."""
    return units(abs(stated(line.get("quantity"), "quantity")), "line_items/quantity")


def _why_not(document: Mapping[str, Any]) -> str:
    names = ", ".join(sorted(str(name)[:40] for name in list(document)[:5])) or "empty"
    return UNKNOWN.format(names)
