"""The order itself, without its products and addresses."""

from decimal import Decimal

from oms.core.money import ZERO, rounded
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.amounts import amount, currency, quantity
from orders.adapters.fields import Document, is_true, lines, moment, part, text
from orders.adapters.messages import Unreadable
from orders.adapters.parts import Cancellation, Fulfillment, Head, Part, Place, Refund
from orders.adapters.places import country, two_lines

STATUSES = {
    0: "Incomplete",
    1: "Pending",
    2: "Shipped",
    3: "Partially Shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting Payment",
    8: "Awaiting Pickup",
    9: "Awaiting Shipment",
    10: "Completed",
    11: "Awaiting Fulfillment",
    12: "Manual Verification Required",
    13: "Disputed",
    14: "Partially Refunded",
}
UNPAID = {0, 1, 7, 12, 13}
WAITING = UNPAID | {4}
"""What nobody begins with; of an order that was refunded as a whole somebody says what is to go."""
GONE = {5, 6}
SENT = {2, 10}
TAKEN = {"captured", "paid", "refunded", "partially refunded"}


def number_of(document: Document, *names: str) -> str:
    """Return the id of an order: a number, as BigCommerce has it.

    Raises: Unreadable.
    """
    found = text(document, *names)
    if not found.isascii() or not found.isdigit() or int(found) == 0:
        raise Unreadable(f"It names no order: {names[0]} is missing.")
    return str(int(found))


def read(order: Document, *, service: str = "") -> dict[str, Part]:
    """Read an order; what it says of products and addresses is told apart.

    Raises: Unreadable.
    """
    status = _status(order)
    at = moment(order.get("date_modified"), "date_modified")
    code = currency_of(order)
    parts: dict[str, Part] = {"head": _head(order, status, code, service)}
    if billing := address_of(part(order, "billing_address")):
        parts["billing"] = Place(billing)
    if order.get("shipping_address_count") == 0:
        parts["address"] = Place(None)
    refunded = rounded(amount(order.get("refunded_amount"), "refunded_amount"), code)
    if refunded:
        parts["refunded"] = Refund(amount=refunded, currency=code, at=at)
    if status in GONE:
        parts["cancellation"] = Cancellation(reason=f"{STATUSES[status]} in BigCommerce", at=at)
    elif is_true(order, "is_deleted"):
        parts["cancellation:archived"] = Cancellation(
            reason="Archived in BigCommerce", at=at, is_asked=True
        )
    if status in SENT:
        parts["fulfilled"] = Fulfillment(units=None, at=moment(order.get("date_shipped")) or at)
    return parts


def currency_of(order: Document) -> str:
    """Return the currency that the shopper pays in; what prices were shown in may differ."""
    return currency(
        text(order, "default_currency_code", "currency_code", "store_default_currency_code")
    )


def _status(order: Document) -> int:
    status = quantity(order.get("status_id"), "status_id")
    if status not in STATUSES:
        raise Unreadable(f"Its status is none that BigCommerce documents: {status}.")
    return status


def _head(order: Document, status: int, code: str, service: str) -> Head:
    placed_at = moment(order.get("date_created"), "date_created")
    if placed_at is None:
        raise Unreadable("It does not say when it was placed: date_created is missing.")
    total = _stated(order, "total_inc_tax", code)
    sent, sent_tax = _sending(order, code)
    authorized, captured = _paid(order, status, total, code)
    return Head(
        placed_at=placed_at,
        currency=code,
        customer=_customer(order),
        name=f"#{text(order, 'id')}",
        state=text(order, "custom_status", "status") or STATUSES[status],
        total=total,
        shipping_amount=sent,
        shipping_tax=sent_tax,
        discount=_discount(order, total, code),
        service=service,
        authorized=authorized,
        captured=captured,
        payment_method=_method(order, code),
        notes=lines(order, "customer_message"),
        is_ready=status not in WAITING | GONE,
        awaits=() if order.get("shipping_address_count") == 0 else ("address",),
        metadata=_facts(order),
    )


def _stated(order: Document, name: str, code: str) -> Decimal:
    return rounded(amount(order.get(name), name), code)


def _sending(order: Document, code: str) -> tuple[Decimal, Decimal]:
    """Return shipping, handling and gift wrapping without tax, and the tax on them."""
    names = ("shipping_cost", "handling_cost", "wrapping_cost")
    price = sum((_stated(order, f"{name}_ex_tax", code) for name in names), ZERO)
    whole = sum((_stated(order, f"{name}_inc_tax", code) for name in names), ZERO)
    return price, max(whole - price, ZERO)


def _discount(order: Document, total: Decimal, code: str) -> Decimal:
    """Return what is taken off in all: discounts and coupons, with the tax on them where the tax
    of the products is stated as before them."""
    stated = _stated(order, "discount_amount", code) + _stated(order, "coupon_discount", code)
    names = ("subtotal", "shipping_cost", "handling_cost", "wrapping_cost")
    before = sum((_stated(order, f"{name}_inc_tax", code) for name in names), ZERO)
    spared = sum((_stated(order, f"{name}_tax", code) for name in names), ZERO)
    spared -= _stated(order, "total_tax", code)
    if stated and spared > 0 and before - stated - spared == total:
        return stated + spared
    return stated


def _paid(
    order: Document, status: int, total: Decimal, code: str
) -> tuple[Decimal | None, Decimal | None]:
    """Return what is set aside and what was taken. Store credit and gift certificates are taken
    at once; a payment that BigCommerce does not handle is taken when it awaits nothing more."""
    given = _stated(order, "store_credit_amount", code)
    given += _stated(order, "gift_certificate_amount", code)
    said = text(order, "payment_status").lower()
    taken = said in TAKEN or (not said and status not in UNPAID | GONE)
    given = min(given, total)
    return (total - given if said == "authorized" else ZERO), (total if taken else given)


def _method(order: Document, code: str) -> str:
    methods = [text(order, "payment_method")]
    if _stated(order, "store_credit_amount", code):
        methods.append("Store credit")
    if _stated(order, "gift_certificate_amount", code):
        methods.append("Gift certificate")
    return ", ".join(dict.fromkeys(filter(None, methods)))


def _customer(order: Document) -> CustomerDetails:
    billing = part(order, "billing_address")
    known = text(order, "customer_id")
    return CustomerDetails(
        name=_name(billing) or text(billing, "company"),
        external_id=known if known != "0" else "",
        email=text(billing, "email"),
        phone=text(billing, "phone"),
        language=text(order, "customer_locale").lower()[:2] or "en",
    )


def _name(address: Document) -> str:
    return " ".join(filter(None, (text(address, "first_name"), text(address, "last_name"))))


def address_of(address: Document) -> Address | None:
    """Return an address; None when there is nothing in it."""
    line1, line2 = two_lines((address.get("street_1"), address.get("street_2")))
    if not line1:
        return None
    region = text(address, "state")
    return Address(
        name=_name(address) or text(address, "company"),
        line1=line1,
        line2=line2,
        city=text(address, "city") or region,
        region=region,
        postal_code=text(address, "zip"),
        country=country(text(address, "country_iso2", "country")),
        company=text(address, "company"),
        phone=text(address, "phone"),
    )


def _facts(order: Document) -> dict[str, str]:
    names = (
        "staff_notes", "order_source", "external_source", "external_id", "ebay_order_id",
        "channel_id", "cart_id", "payment_provider_id", "tax_provider_id", "ip_address",
        "credit_card_type",
    )  # fmt: skip
    found = {name: text(order, name) for name in names}
    return {name: value for name, value in found.items() if value and value != "0"}
