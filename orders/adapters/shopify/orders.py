"""An order of Shopify, put into parts.

Amounts are in the shop's currency: all fields have that one in every version of the API, the shop
keeps its books in it, and totals of one shop can be added up. What the customer was shown in
another currency is kept beside it (`metadata.presentment`).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from oms.core.money import ZERO, rounded
from orders.adapters.documents import (
    Doc,
    amount,
    currency,
    identity,
    inner,
    moment,
    objects,
    text,
    units,
)
from orders.adapters.messages import Unreadable
from orders.adapters.parts import (
    Cancellation,
    Fulfillment,
    Head,
    Item,
    Items,
    Part,
    Place,
    Report,
    Units,
)
from orders.adapters.shopify.happenings import (
    NO_REPORT,
    fulfillment_parts,
    payment_parts,
    refund_parts,
    shop_amount,
    unsent_parts,
)
from orders.adapters.shopify.lines import items_of, order_discount, shipping_lines, shipping_of
from orders.adapters.shopify.people import address_of, customer_of, pairs

WAITING = {"pending", "expired", "voided", "unpaid"}
STATUSES = (
    "pending",
    "authorized",
    "partially_paid",
    "paid",
    "partially_refunded",
    "refunded",
    "voided",
)
PAID = {"paid", "partially_refunded", "refunded"}


def read(document: Doc) -> tuple[Report, str]:
    key = (
        identity(document.get("id"))
        or text(document.get("admin_graphql_api_id"), 100).rpartition("/")[2]
    )
    if not key:
        raise Unreadable(
            "The order has no id: this is what is sent to Shopify to make or change an order, "
            "not what Shopify sends of one."
        )
    parts = dict(_parts(document))
    if not parts:
        return NO_REPORT, "Too little of an order is said to make anything of it."
    return Report(key, parts, as_of=_as_of(document)), ""


def _as_of(document: Doc) -> datetime | None:
    """Return when this was so. Shopify counts whole seconds: of two documents in one, the one that
    is further along is later."""
    updated = moment(document.get("updated_at"))
    status = text(document.get("financial_status"), 40)
    happened = [document.get("refunds"), document.get("fulfillments")]
    rank = (STATUSES.index(status) if status in STATUSES else 0) * 10
    rank += sum(len(each) for each in happened if isinstance(each, list))
    rank += 100 if document.get("cancelled_at") else 0
    return updated and updated + timedelta(microseconds=rank)


def _parts(document: Doc) -> Iterator[tuple[str, Part]]:
    code = _currency(document)
    placed_at = moment(document.get("processed_at")) or moment(document.get("created_at"))
    lines = objects(document.get("line_items"), "line_items")
    is_whole = bool(code and placed_at and "line_items" in document)
    items: tuple[Item, ...] = ()
    if code and lines:
        items = tuple(items_of(document, lines, code))
        yield "items", Items(items)
    if code and placed_at:
        shipping_amount, shipping_tax = (rounded(each, code) for each in shipping_of(document))
        discount = order_discount(document, items, code)
        yield (
            "head",
            Head(
                placed_at=placed_at,
                currency=code,
                customer=customer_of(document),
                name=text(document.get("name"), 100) or text(document.get("order_number"), 100),
                state=text(document.get("financial_status"), 40),
                total=shop_amount(document, "total_price"),
                shipping_amount=shipping_amount,
                shipping_tax=shipping_tax,
                discount=discount,
                **_service(document),
                **_money_in(document),
                payment_method=_payment_method(document),
                notes=text(document.get("note"), 5_000, lines=True),
                tags=_tags(document),
                is_ready=_is_ready(document),
                metadata=_metadata(document),
            ),
        )
    if is_whole or "shipping_address" in document:
        yield "address", Place(address_of(document.get("shipping_address")))
    if "billing_address" in document:
        yield "billing", Place(address_of(document.get("billing_address")))
    refunds = document.get("refunds")
    yield from refund_parts(objects(refunds, "refunds"), code)
    yield from fulfillment_parts(objects(document.get("fulfillments"), "fulfillments"))
    yield from payment_parts(objects(document.get("transactions"), "transactions"))
    if "fulfillments" not in document and document.get("fulfillment_status") == "fulfilled":
        yield "fulfillment:all", Fulfillment(units=None)
    if document.get("cancelled_at"):
        yield (
            "cancellation",
            Cancellation(
                reason=text(document.get("cancel_reason"), 100),
                at=moment(document.get("cancelled_at")),
            ),
        )
        return
    if isinstance(refunds, list) and isinstance(document.get("fulfillments"), list):
        sent = objects(document.get("fulfillments"), "fulfillments")
        yield from unsent_parts(objects(refunds, "refunds"), sent)
    if removed := _removed(document):
        yield "cancellation:removed", Cancellation(units=removed, reason="Removed from the order")


def _currency(document: Doc) -> str:
    lines = objects(document.get("line_items"), "line_items")
    sets = [document.get("total_price_set"), *(line.get("price_set") for line in lines[:1])]
    said = (inner(inner(each).get("shop_money")).get("currency_code") for each in sets)
    return next(filter(None, map(currency, (document.get("currency"), *said))), "")


def _service(document: Doc) -> dict[str, Any]:
    lines = shipping_lines(document)
    if not lines:
        return {}
    line = lines[0]
    named = text(line.get("title"), 64) or text(line.get("code"), 64)
    if text(line.get("delivery_category"), 40) in {"pickup", "pick_up"}:
        return {"service": "pickup", "pickup_location": named}
    return {"service": named}


def _money_in(document: Doc) -> dict[str, Any]:
    """Return what is set aside and what came in, all in all, refunds not taken off."""
    status = text(document.get("financial_status"), 40)
    whole = shop_amount(document, "total_price")
    if whole is None or not status:
        return {}
    if status in PAID:
        return {"authorized": ZERO, "captured": whole}
    if status == "authorized":
        return {"authorized": whole, "captured": ZERO}
    if status == "partially_paid":
        owed = amount(document.get("total_outstanding"), "total_outstanding")
        if owed is None:
            return {}
        now = shop_amount(document, "current_total_price")
        return {"authorized": ZERO, "captured": max((now or whole) - owed, ZERO)}
    return {"authorized": ZERO, "captured": ZERO}


def _is_ready(document: Doc) -> bool:
    return not document.get("test") and text(document.get("financial_status"), 40) not in WAITING


def _payment_method(document: Doc) -> str:
    names = document.get("payment_gateway_names")
    named = [text(name, 32) for name in names] if isinstance(names, list) else []
    return ", ".join(filter(None, named))[:32] or text(document.get("gateway"), 32)


def _tags(document: Doc) -> tuple[str, ...]:
    said = text(document.get("tags"), 5_000).split(",")
    test = ["test"] if document.get("test") else []
    return tuple(dict.fromkeys(filter(None, (text(tag, 50) for tag in [*said, *test]))))[:50]


def _metadata(document: Doc) -> dict[str, Any]:
    notes = document.get("note_attributes")
    shown = _currency(document)
    presentment = currency(document.get("presentment_currency"))
    charged_in = inner(inner(document.get("total_price_set")).get("presentment_money"))
    kept: dict[str, Any] = {
        "source": text(document.get("source_name"), 64),
        "po_number": text(document.get("po_number"), 100),
        "discount_codes": [
            text(each.get("code"), 100)
            for each in objects(document.get("discount_codes"), "discount_codes")[:20]
        ],
        "notes": pairs(notes) if isinstance(notes, list) else {},
        "fulfillment_status": text(document.get("fulfillment_status"), 40),
    }
    if presentment and presentment != shown:
        kept["presentment"] = {
            "currency": presentment,
            "total": text(charged_in.get("amount"), 40),
        }
    return {name: value for name, value in kept.items() if value}


def _removed(document: Doc) -> tuple[Units, ...]:
    """Return units that an edit took off: less is there now than was ordered and not refunded.

    Only a document that tells of all its refunds can say so.
    """
    if not isinstance(document.get("refunds"), list):
        return ()
    refunded: dict[str, int] = {}
    for refund in objects(document.get("refunds"), "refunds"):
        for line in objects(refund.get("refund_line_items"), "refund_line_items"):
            key = identity(line.get("line_item_id"))
            refunded[key] = refunded.get(key, 0) + units(line.get("quantity"), "quantity")
    gone = []
    for line in objects(document.get("line_items"), "line_items"):
        if line.get("current_quantity") is None:
            continue
        key = identity(line.get("id"))
        ordered = units(line.get("quantity"), "quantity")
        left = ordered - units(line.get("current_quantity"), "current_quantity")
        if (missing := left - refunded.get(key, 0)) > 0:
            gone.append(Units(key, missing))
    return tuple(gone)
