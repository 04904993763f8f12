"""An order of WooCommerce, put into parts.

Lines are stated without tax whether the shop shows its prices with it or not: `subtotal` before
coupons, `total` after. Amounts are in the order's `currency`, which is what the customer paid in.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.documents import (
    Doc,
    amount,
    currency,
    identity,
    inner,
    moment,
    objects,
    text,
)
from orders.adapters.parts import (
    Cancellation,
    Fulfillment,
    Head,
    Items,
    Part,
    Place,
    Refund,
    Report,
)
from orders.adapters.places import country
from orders.adapters.woocommerce.lines import plain, priced, stated

UNFINISHED = {"checkout-draft", "auto-draft", "draft"}
WAITING = {"pending", "on-hold", "failed"}
OFF = {
    "cancelled": "Cancelled in WooCommerce",
    "refunded": "Refunded in WooCommerce",
    "trash": "Put into the bin in WooCommerce",
}
RANKS = (
    "pending",
    "failed",
    "on-hold",
    "processing",
    "completed",
    "refunded",
    "cancelled",
    "trash",
)
PICKUP = {"local_pickup", "pickup_location"}


def read(key: str, document: Doc) -> tuple[Report | None, str]:
    status = text(document.get("status"), 40).removeprefix("wc-")
    if status in UNFINISHED:
        return None, "A checkout that is not finished is no order yet."
    code = currency(document.get("currency"))
    placed_at = moment(document.get("date_created_gmt"), zone=UTC) or moment(
        document.get("date_created"), zone=UTC
    )
    if not code or not placed_at:
        return None, "Too little of an order is said to make anything of it."
    parts = dict(_parts(document, status, code, placed_at))
    return Report(key, parts, as_of=_as_of(document, status)), ""


def _as_of(document: Doc, status: str) -> datetime | None:
    """Return when this was so. WooCommerce counts whole seconds, and a checkout makes an order and
    pays it within one: of two in a second, the one that is further along is later."""
    modified = moment(document.get("date_modified_gmt"), zone=UTC)
    rank = RANKS.index(status) + 1 if status in RANKS else len(RANKS)
    return modified and modified + timedelta(microseconds=rank)


def _parts(
    document: Doc, status: str, code: str, placed_at: datetime
) -> Iterator[tuple[str, Part]]:
    items, amounts = priced(document, code)
    methods = objects(document.get("shipping_lines"), "shipping_lines")
    paid = moment(document.get("date_paid_gmt"), zone=UTC) or moment(
        document.get("date_paid"), zone=UTC
    )
    total = amount(document.get("total"), "total")
    yield "items", Items(items)
    yield (
        "head",
        Head(
            placed_at=placed_at,
            currency=code,
            customer=_customer(document),
            name=f"#{text(document.get('number'), 60) or text(document.get('id'), 60)}",
            state=status,
            total=total,
            shipping_amount=amounts.shipping,
            shipping_tax=amounts.shipping_tax,
            discount=amounts.discount,
            **_service(methods),
            authorized=ZERO,
            captured=total if paid and total is not None else ZERO,
            payment_method=text(document.get("payment_method"), 32),
            notes=plain(document.get("customer_note"), 5_000, lines=True),
            is_ready=status not in WAITING,
            metadata=_metadata(document),
        ),
    )
    shipping, billing = (inner(document.get(name)) for name in ("shipping", "billing"))
    to = _address(shipping)
    if to is None and methods:
        to = _address(billing)
    yield "address", Place(to and _with_phone(to, text(billing.get("phone"), 40)))
    yield "billing", Place(_address(billing))
    refunds = objects(document.get("refunds"), "refunds")
    if refunds:
        yield "refunded", _refunded(refunds, code)
    if status == "completed":
        at = moment(document.get("date_completed_gmt"), zone=UTC)
        yield "fulfillment:completed", Fulfillment(units=None, at=at)
    reason = OFF.get(status, "")
    yield "cancellation", Cancellation(units=None if reason else (), reason=reason)


def _refunded(refunds: Sequence[Doc], code: str) -> Refund:
    """Return what went back in all. Which units it was for stands in the refunds themselves."""
    reasons = (plain(each.get("reason")) for each in refunds)
    return Refund(
        amount=sum((abs(stated(each.get("total"), "refunds/total")) for each in refunds), ZERO),
        currency=code,
        reason="; ".join(dict.fromkeys(filter(None, reasons)))[:200],
    )


def _service(methods: Sequence[Doc]) -> dict[str, Any]:
    if not methods:
        return {}
    method = methods[0]
    if text(method.get("method_id"), 64) not in PICKUP:
        return {"service": plain(method.get("method_title"), 64)}
    places = (
        plain(meta.get("value"), 64)
        for meta in objects(method.get("meta_data"), "meta_data")
        if meta.get("key") == "pickup_location"
    )
    place = next(filter(None, places), "") or plain(method.get("method_title"), 64)
    return {"service": "pickup", "pickup_location": place}


def _customer(document: Doc) -> CustomerDetails:
    billing, shipping = inner(document.get("billing")), inner(document.get("shipping"))
    names = (_name(billing), _name(shipping), plain(billing.get("company")))
    email = text(billing.get("email"), 254)
    fallback = email or f"#{text(document.get('number'), 60)}"
    return CustomerDetails(
        name=next(filter(None, names), fallback),
        external_id=identity(document.get("customer_id")),
        email=email,
        phone=text(billing.get("phone"), 40) or text(shipping.get("phone"), 40),
    )


def _name(said: Doc) -> str:
    return " ".join(filter(None, (plain(said.get(n)) for n in ("first_name", "last_name"))))[:200]


def _address(said: Doc) -> Address | None:
    if not any(text(said.get(name)) for name in ("address_1", "city", "postcode")):
        return None
    return Address(
        name=_name(said) or plain(said.get("company")),
        line1=plain(said.get("address_1")),
        line2=plain(said.get("address_2")),
        city=plain(said.get("city"), 100),
        region=plain(said.get("state"), 100),
        postal_code=text(said.get("postcode"), 20),
        country=country(text(said.get("country"), 100)),
        company=plain(said.get("company")),
        phone=text(said.get("phone"), 40),
    )


def _with_phone(address: Address, phone: str) -> Address:
    return address if address.phone or not phone else Address(**{**vars(address), "phone": phone})


def _metadata(document: Doc) -> dict[str, Any]:
    kept = {
        "source": text(document.get("created_via"), 64),
        "payment": plain(document.get("payment_method_title"), 100),
        "transaction": text(document.get("transaction_id"), 100),
        "discount_codes": [
            plain(each.get("code"), 100)
            for each in objects(document.get("coupon_lines"), "coupon_lines")[:20]
        ],
    }
    return {name: value for name, value in kept.items() if value}
