"""Orders API 2026-01-01, where an order is one document."""

from datetime import datetime
from decimal import Decimal

from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.amazon.items import Bought, Charge, as_items
from orders.adapters.amazon.marketplaces import CURRENCY, TAX_ON_TOP
from orders.adapters.amounts import amount, currency, quantity
from orders.adapters.fields import Document, lines, moment, objects, part, text, words
from orders.adapters.messages import Unreadable
from orders.adapters.parts import (
    Cancellation,
    Fulfillment,
    Head,
    Part,
    Place,
    Report,
    Units,
)
from orders.adapters.places import country, two_lines

WAITING = {"PENDING", "PENDING_AVAILABILITY"}
GONE = {"CANCELLED", "UNFULFILLABLE"}
UNSENT = {"PENDING"}
"""A package of this state has not left."""


def read(order: Document) -> Report:
    """Read one order.

    Raises: Unreadable.
    """
    number = text(order, "orderId")
    if not number:
        raise Unreadable("It names no order: orderId is missing.")
    updated = moment(order.get("lastUpdatedTime"), "lastUpdatedTime")
    state = text(part(order, "fulfillment"), "fulfillmentStatus")
    items = objects(order, "orderItems")
    code = _currency(order, items)
    parts: dict[str, Part] = {"head": _head(order, number, state, code)}
    found = as_items([_bought(each, code) for each in items])
    if found.items:
        parts["items"] = found
    if address := _address(part(order, "recipient", "deliveryAddress")):
        parts["address"] = Place(address)
    if state in GONE:
        parts["cancellation"] = Cancellation(reason=f"{state.capitalize()} at Amazon", at=updated)
    else:
        parts |= _cancellations(items, updated)
    parts |= _sent(order, items, updated)
    return Report(number, parts, as_of=updated)


def _currency(order: Document, items: list[Document]) -> str:
    """Return the order's currency: of its total, of its items, or of its marketplace."""
    stated = [part(order, "proceeds", "grandTotal")]
    for each in items:
        stated += [
            part(each, "proceeds", "proceedsTotal"),
            part(each, "product", "price", "unitPrice"),
        ]
    codes = {code for each in stated if (code := text(each, "currencyCode"))}
    if len(codes) > 1:
        raise Unreadable("It is in several currencies: " + ", ".join(sorted(codes)) + ".")
    marketplace = text(part(order, "salesChannel"), "marketplaceId")
    return currency(codes.pop() if codes else CURRENCY.get(marketplace, ""))


def _head(order: Document, number: str, state: str, code: str) -> Head:
    placed_at = moment(order.get("createdTime"), "createdTime")
    if placed_at is None:
        raise Unreadable("It does not say when it was placed: createdTime is missing.")
    grand = part(order, "proceeds", "grandTotal")
    total = amount(grand.get("amount"), "grandTotal") if grand else None
    is_open = state not in WAITING | GONE
    fulfillment, buyer = part(order, "fulfillment"), part(order, "buyer")
    paid, methods = _paid(order, total)
    return Head(
        placed_at=placed_at,
        currency=code,
        customer=CustomerDetails(
            name=text(buyer, "buyerName", "buyerCompanyName"), email=text(buyer, "buyerEmail")
        ),
        name=_alias(order) or number,
        state=state,
        total=total,
        service=text(fulfillment, "fulfillmentServiceLevel"),
        captured=paid if is_open else ZERO,
        payment_method=methods,
        deliver_by=moment(
            part(fulfillment, "deliverByWindow").get("latestDateTime")
            or part(fulfillment, "shipByWindow").get("latestDateTime")
        ),
        notes=_notes(part(order, "recipient", "deliveryPreference")),
        tags=tuple(_programs(order)),
        is_ready=is_open,
        fulfilled_elsewhere=text(fulfillment, "fulfilledBy") == "AMAZON",
        metadata=_facts(order),
    )


def _alias(order: Document) -> str:
    """Return what the seller calls it."""
    aliases = objects(order, "orderAliases")
    return next(
        (text(a, "aliasId") for a in aliases if text(a, "aliasType") == "SELLER_ORDER_ID"), ""
    )


def _paid(order: Document, total: Decimal | None) -> tuple[Decimal, str]:
    """Return what Amazon has collected, and how. Cash comes with the delivery."""
    executions = objects(part(order, "payment"), "paymentExecutions")
    methods = [text(each, "paymentMethod") for each in executions]
    cash = sum(
        (
            amount(part(each, "paymentAmount").get("amount"), "paymentAmount")
            for each in executions
            if text(each, "paymentMethod") == "CashOnDelivery"
        ),
        ZERO,
    )
    return max((total or ZERO) - cash, ZERO), ", ".join(filter(None, methods))


def _programs(order: Document) -> list[str]:
    return [each.lower().replace("_", "-") for each in words(order, "programs")]


def _facts(order: Document) -> dict[str, str]:
    place, fulfillment = part(order, "salesChannel"), part(order, "fulfillment")
    buyer = part(order, "buyer")
    ship = part(fulfillment, "shipByWindow")
    found = {
        "MarketplaceId": text(place, "marketplaceId"),
        "SalesChannel": text(place, "marketplaceName", "channelName"),
        "EarliestShipDate": text(ship, "earliestDateTime"),
        "LatestShipDate": text(ship, "latestDateTime"),
        "EarliestDeliveryDate": text(part(fulfillment, "deliverByWindow"), "earliestDateTime"),
        "LatestDeliveryDate": text(part(fulfillment, "deliverByWindow"), "latestDateTime"),
        "Company": text(buyer, "buyerCompanyName"),
        "PurchaseOrderNumber": text(buyer, "buyerPurchaseOrderNumber"),
        "AssociatedOrders": ", ".join(
            f"{text(each, 'associationType')} {text(each, 'orderId')}".strip()
            for each in objects(order, "associatedOrders")
        ),
    }
    return {name: value for name, value in found.items() if value}


def _notes(preference: Document) -> str:
    return "\n".join(
        filter(None, (lines(preference, "addressInstruction"), text(preference, "dropOffLocation")))
    )


def _address(address: Document) -> Address | None:
    """Return where it goes, if there is a street in it; Amazon withholds it later on."""
    line1, line2 = two_lines(address.get(f"addressLine{n}") for n in (1, 2, 3))
    extended = part(address, "extendedFields")
    if not line1:
        line1 = " ".join(
            filter(None, (text(extended, "streetName"), text(extended, "streetNumber")))
        )
        line2 = text(extended, "complement")
    if not line1:
        return None
    region = text(address, "stateOrRegion", "districtOrCounty")
    return Address(
        name=text(address, "name"),
        line1=line1,
        line2=line2,
        city=text(address, "city", "municipality", "districtOrCounty") or region,
        region=region,
        postal_code=text(address, "postalCode"),
        country=country(text(address, "countryCode")),
        company=text(address, "companyName"),
        phone=text(address, "phone"),
    )


def _bought(item: Document, code: str) -> Bought:
    key, product = text(item, "orderItemId"), part(item, "product")
    if not key:
        raise Unreadable("An item of it has no orderItemId.")
    units = quantity(item.get("quantityOrdered"), "quantityOrdered")
    proceeds = part(item, "proceeds")
    breakdowns = {text(each, "type"): each for each in objects(proceeds, "breakdowns")}
    price = amount(part(product, "price", "unitPrice").get("amount"), "unitPrice") * units
    sums = {kind: _sum(each) for kind, each in breakdowns.items()}
    goods = sums.get("ITEM", price)
    tax = _by_subtype(breakdowns.get("TAX", {}), sums.get("TAX", ZERO))
    off = _by_subtype(breakdowns.get("DISCOUNT", {}), abs(sums.get("DISCOUNT", ZERO)))

    def charge(kind: str, charged: Decimal) -> Charge:
        return Charge(price=charged, tax=tax.get(kind, ZERO), off=off.get(kind, ZERO))

    stated = part(proceeds, "proceedsTotal")
    without_tax = goods - sum(off.values(), ZERO)
    without_tax += sum((sums.get(kind, ZERO) for kind in _CHARGES), ZERO)
    return Bought(
        key=key,
        quantity=units,
        currency=code,
        goods=charge("ITEM", goods),
        shipping=charge("SHIPPING", sums.get("SHIPPING", ZERO)),
        gift_wrap=charge("GIFT_WRAP", sums.get("GIFT_WRAP", ZERO)),
        cash_fee=charge("COD_FEE", sums.get("COD_FEE", ZERO)),
        other=charge("OTHER", sums.get("OTHER", ZERO)),
        sku=text(product, "sellerSku"),
        asin=text(product, "asin"),
        name=text(product, "title"),
        said=_words(item),
        is_collected=any(
            text(each, "model") == "MARKETPLACE_FACILITATOR"
            for each in objects(part(item, "tax"), "taxCollections")
        ),
        tax_on_top=_adds_tax(code, stated, without_tax, sum(tax.values(), ZERO)),
    )


_CHARGES = ("SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER")


def _adds_tax(code: str, stated: Document, without_tax: Decimal, tax: Decimal) -> bool:
    """Whether tax comes on top of what is stated: its own total tells, else where it was sold."""
    total = amount(stated.get("amount"), "proceedsTotal") if stated else None
    if total == without_tax + tax:
        return True
    return False if total == without_tax else code in TAX_ON_TOP


def _sum(breakdown: Document) -> Decimal:
    return amount(part(breakdown, "subtotal").get("amount"), "A subtotal")


def _by_subtype(breakdown: Document, total: Decimal) -> dict[str, Decimal]:
    """Return what of a sum belongs to what; what is not said belongs to the goods."""
    found: dict[str, Decimal] = {}
    for each in objects(breakdown, "detailedBreakdowns"):
        kind = text(each, "subtype")
        value = abs(amount(part(each, "value").get("amount"), "A breakdown"))
        kind = kind if kind in _CHARGES else "ITEM"
        found[kind] = found.get(kind, ZERO) + value
    found["ITEM"] = found.get("ITEM", ZERO) + total - sum(found.values(), ZERO)
    return found


def _words(item: Document) -> dict[str, str]:
    product, fulfillment = part(item, "product"), part(item, "fulfillment")
    gift, condition = part(fulfillment, "packing", "giftOption"), part(product, "condition")
    shipping = part(fulfillment, "shipping")
    constraints = part(shipping, "shippingConstraints")
    swap = part(fulfillment, "picking", "substitutionPreference")
    kind = text(condition, "conditionType")
    said = {
        "Gift message": lines(gift, "giftMessage"),
        "Gift wrapping": text(gift, "giftWrapLevel"),
        "Personalization": text(part(product, "customization"), "customizedUrl"),
        "Condition": "" if kind == "NEW" else f"{kind} {text(condition, 'conditionNote')}".strip(),
        "Delivery": ", ".join(_CONSTRAINTS[name] for name in _CONSTRAINTS if name in constraints),
        "Substitution": text(swap, "substitutionType"),
        "IOSS number": text(part(shipping, "internationalShipping"), "iossNumber"),
    }
    return {name: value for name, value in said.items() if value}


_CONSTRAINTS = {
    "palletDelivery": "on a pallet",
    "cashOnDelivery": "cash on delivery",
    "signatureConfirmation": "signed for",
    "recipientIdentityVerification": "to the recipient in person",
    "recipientAgeVerification": "age is checked",
}


def _cancellations(items: list[Document], at: datetime | None) -> dict[str, Part]:
    """Return units that were cancelled, and those that the buyer asks to be cancelled."""
    parts: dict[str, Part] = {}
    asked: list[Units] = []
    reason = ""
    for item in items:
        key, said = text(item, "orderItemId"), part(item, "cancellation")
        execution, request = part(said, "cancellationExecution"), part(said, "cancellationRequest")
        if execution:
            units = _left_out(item)
            if units:
                parts[f"cancellation:{key}"] = Cancellation(
                    units=(Units(key, units),), reason=text(execution, "cancelReason"), at=at
                )
        elif request:
            asked.append(Units(key, quantity(item.get("quantityOrdered"), "quantityOrdered")))
            reason = reason or text(request, "cancelReason")
    asked = [each for each in asked if each.quantity]
    if asked:
        parts["cancellation:asked"] = Cancellation(
            units=tuple(asked), reason=reason or "The buyer asks for it", at=at, is_asked=True
        )
    return parts


def _left_out(item: Document) -> int:
    """Return units that are neither sent nor to be sent."""
    ordered = quantity(item.get("quantityOrdered"), "quantityOrdered")
    counted = part(item, "fulfillment")
    sent = quantity(counted.get("quantityFulfilled"), "quantityFulfilled")
    return max(ordered - sent - quantity(counted.get("quantityUnfulfilled")), 0)


def _sent(order: Document, items: list[Document], at: datetime | None) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for package in objects(order, "packages"):
        reference, status = text(package, "packageReferenceId"), part(package, "packageStatus")
        state = text(status, "status")
        if state in UNSENT or not reference:
            continue
        tracking = text(package, "trackingNumber")
        parts[f"fulfillment:{reference}"] = Fulfillment(
            units=tuple(
                Units(text(each, "orderItemId"), quantity(each.get("quantity")))
                for each in objects(package, "packageItems")
            ),
            at=moment(package.get("shipTime") or package.get("createdTime"), "shipTime"),
            carrier=text(package, "carrier"),
            service=text(package, "shippingService"),
            tracking_numbers=(tracking,) if tracking else (),
            is_delivered=state == "DELIVERED",
            is_cancelled=state == "CANCELLED",
        )
    counted = tuple(
        Units(text(each, "orderItemId"), sent)
        for each in items
        if (sent := quantity(part(each, "fulfillment").get("quantityFulfilled")))
    )
    if counted:
        parts["fulfilled"] = Fulfillment(units=counted, at=at)
    return parts
