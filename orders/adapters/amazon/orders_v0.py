"""Orders API v0, where an order, its items, its address and its buyer are asked for apart."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from oms.core.money import ZERO
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.amazon.items import Bought, Charge, as_items, fee
from orders.adapters.amazon.marketplaces import CURRENCY
from orders.adapters.amounts import amount, currency, quantity
from orders.adapters.fields import Document, is_true, lines, moment, objects, part, text
from orders.adapters.messages import Unreadable
from orders.adapters.parts import (
    Buyer,
    Cancellation,
    Fetch,
    Fulfillment,
    Head,
    Items,
    Part,
    Place,
    Reading,
    Report,
    Said,
    Units,
)
from orders.adapters.places import country, two_lines

WAITING = {"Pending", "PendingAvailability"}
GONE = {"Canceled", "Unfulfillable"}
SHIPPED = {"Shipped", "InvoiceUnconfirmed"}
ASKED = "cancellation:asked"


def read(payload: Document) -> Reading:
    """Read the `payload` of any answer of this version.

    Raises: Unreadable.
    """
    if "Orders" in payload:
        return Reading(tuple(_order(each) for each in objects(payload, "Orders")), ignored=_EMPTY)
    order = text(payload, "AmazonOrderId")
    if not order:
        raise Unreadable("It names no order: AmazonOrderId is missing.")
    if "PurchaseDate" in payload or "OrderStatus" in payload:
        return Reading((_order(payload),))
    if "OrderItems" in payload:
        if text(payload, "NextToken"):
            return Reading(fetches=(Fetch("order", order),))
        return Reading((Report(order, _items(objects(payload, "OrderItems"))),))
    if "ShippingAddress" in payload or "BuyerCompanyName" in payload:
        parts = _place(part(payload, "ShippingAddress"))
        return Reading((Report(order, parts),) if parts else (), ignored=_MASKED)
    if "RegulatedInformation" in payload or "RegulatedOrderVerificationStatus" in payload:
        return Reading((_regulated(order, payload),))
    if payload.keys() & {"BuyerName", "BuyerEmail", "BuyerTaxInfo", "PurchaseOrderNumber"}:
        return Reading((Report(order, {"buyer": Buyer(_customer(payload))}),))
    if payload.keys() <= {"AmazonOrderId"}:
        return Reading(ignored="It says nothing of the order: the address or buyer is withheld.")
    raise Unreadable("Nothing in it is known: " + ", ".join(sorted(payload)[:8]) + ".")


_EMPTY = "There are no orders in it."
_MASKED = "The address is withheld: there is no street in it."


def _order(order: Document) -> Report:
    number = text(order, "AmazonOrderId")
    if not number:
        raise Unreadable("It names no order: AmazonOrderId is missing.")
    state = text(order, "OrderStatus")
    updated = moment(order.get("LastUpdateDate"), "LastUpdateDate")
    parts: dict[str, Part] = {"head": _head(order, number, state)}
    parts |= _place(part(order, "ShippingAddress"))
    if state in GONE:
        parts["cancellation"] = Cancellation(reason=f"{state} at Amazon", at=updated)
    if state in SHIPPED:
        parts["fulfilled"] = Fulfillment(units=None, at=updated)
    if objects(order, "OrderItems"):
        parts |= _items(objects(order, "OrderItems"))
    return Report(number, parts, as_of=updated)


def _head(order: Document, number: str, state: str) -> Head:
    placed_at = moment(order.get("PurchaseDate"), "PurchaseDate")
    if placed_at is None:
        raise Unreadable("It does not say when it was placed: PurchaseDate is missing.")
    stated = part(order, "OrderTotal")
    marketplace = text(order, "MarketplaceId")
    code = text(stated, "CurrencyCode") or CURRENCY.get(marketplace, "")
    total = amount(stated.get("Amount"), "OrderTotal") if stated else None
    is_open = state not in WAITING | GONE
    method = text(order, "PaymentMethod")
    details = order.get("PaymentMethodDetails")
    methods = (
        [each for each in details if isinstance(each, str)] if isinstance(details, list) else []
    )
    is_cash = "COD" in {method, *methods} or "CashOnDelivery" in {method, *methods}
    buyer = part(order, "BuyerInfo")
    return Head(
        placed_at=placed_at,
        currency=currency(code),
        customer=_customer(buyer),
        name=text(order, "SellerOrderId") or number,
        state=state,
        total=total,
        service=text(order, "ShipmentServiceLevelCategory", "ShipServiceLevel"),
        pickup_location=_store(order),
        captured=total if is_open and not is_cash and total is not None else ZERO,
        payment_method=", ".join(methods) or method,
        deliver_by=moment(order.get("LatestDeliveryDate") or order.get("LatestShipDate")),
        tags=_tags(order),
        is_ready=is_open,
        fulfilled_elsewhere=text(order, "FulfillmentChannel") == "AFN",
        awaits=() if text(order, "FulfillmentChannel") == "AFN" else ("address",),
        metadata=_facts(order, buyer),
    )


def _store(order: Document) -> str:
    """Return where it is picked up: the seller's own code of a store."""
    if not is_true(order, "IsISPU"):
        return ""
    return text(order, "StoreChainStoreId") or text(
        part(order, "FulfillmentInstruction"), "FulfillmentSupplySourceId"
    )


_TAGS = {
    "IsPrime": "prime",
    "IsBusinessOrder": "business",
    "IsPremiumOrder": "premium",
    "IsReplacementOrder": "replacement",
    "IsGlobalExpressEnabled": "global-express",
    "IsAccessPointOrder": "access-point",
    "IsSoldByAB": "sold-by-amazon-business",
    "IsISPU": "pickup-in-store",
    "HasRegulatedItems": "regulated",
}


def _tags(order: Document) -> tuple[str, ...]:
    return tuple(tag for name, tag in _TAGS.items() if is_true(order, name))


def _facts(order: Document, buyer: Document) -> dict[str, str]:
    """Keep what people or other programs may want to know, by the names Amazon has for it."""
    names = (
        "MarketplaceId", "SalesChannel", "OrderType", "OrderChannel", "EarliestShipDate",
        "LatestShipDate", "EarliestDeliveryDate", "LatestDeliveryDate", "ShipServiceLevel",
        "ReplacedOrderId", "EasyShipShipmentStatus", "ElectronicInvoiceStatus",
        "PromiseResponseDueDate", "CbaDisplayableShippingLabel",
    )  # fmt: skip
    found = {name: text(order, name) for name in names}
    found["PurchaseOrderNumber"] = text(buyer, "PurchaseOrderNumber")
    masked = part(order, "ShippingAddress")
    if masked and not _place(masked):
        town = ("PostalCode", "City", "StateOrRegion", "CountryCode")
        found["DestinationTown"] = " ".join(filter(None, (text(masked, name) for name in town)))
    return {name: value for name, value in found.items() if value}


def _customer(buyer: Document) -> CustomerDetails:
    company = text(part(buyer, "BuyerTaxInfo"), "CompanyLegalName")
    return CustomerDetails(
        name=text(buyer, "BuyerName") or company, email=text(buyer, "BuyerEmail")
    )


def _place(address: Document) -> dict[str, Part]:
    """Return the address, if there is a street in it: Amazon withholds it from those who may not
    see it, and what is left must not hide a whole one that is known."""
    line1, line2 = two_lines(address.get(f"AddressLine{n}") for n in (1, 2, 3))
    if not line1:
        return {}
    region = text(address, "StateOrRegion")
    found = Address(
        name=text(address, "Name"),
        line1=line1,
        line2=line2,
        city=text(address, "City", "Municipality", "District", "County") or region,
        region=region,
        postal_code=text(address, "PostalCode"),
        country=country(text(address, "CountryCode")),
        company=text(address, "CompanyName"),
        phone=text(address, "Phone"),
    )
    return {"address": Place(found)}


def _items(items: list[Document]) -> dict[str, Part]:
    found = as_items([_bought(each) for each in items])
    parts: dict[str, Part] = {"items": found} if found.items else {}
    shipped = _units(items, "QuantityShipped")
    if shipped:
        parts["fulfilled"] = Fulfillment(units=shipped)
    asked = [each for each in items if _is_asked(each)]
    if asked:
        reasons = [text(part(each, "BuyerRequestedCancel"), "BuyerCancelReason") for each in asked]
        parts[ASKED] = Cancellation(
            units=_units(asked, "QuantityOrdered"),
            reason=next(filter(None, reasons), "The buyer asks for it"),
            is_asked=True,
        )
    return parts


def _is_asked(item: Document) -> bool:
    return is_true(part(item, "BuyerRequestedCancel"), "IsBuyerRequestedCancel")


def _units(items: Iterable[Document], name: str) -> tuple[Units, ...]:
    found = [(text(each, "OrderItemId"), quantity(each.get(name), name)) for each in items]
    return tuple(Units(key, units) for key, units in found if units)


def _bought(item: Document) -> Bought:
    key = text(item, "OrderItemId")
    if not key:
        raise Unreadable("An item of it has no OrderItemId.")
    gift = part(item, "BuyerInfo")
    return Bought(
        key=key,
        quantity=quantity(item.get("QuantityOrdered"), "QuantityOrdered"),
        currency=_currency(item),
        goods=_charge(item, "ItemPrice", "ItemTax", "PromotionDiscount", "PromotionDiscountTax"),
        shipping=_charge(
            item, "ShippingPrice", "ShippingTax", "ShippingDiscount", "ShippingDiscountTax"
        ),
        gift_wrap=_charge({**gift, **_filled(item)}, "GiftWrapPrice", "GiftWrapTax"),
        cash_fee=_charge(item, "CODFee", "", "CODFeeDiscount"),
        sku=text(item, "SellerSKU"),
        asin=text(item, "ASIN"),
        name=text(item, "Title"),
        said=_words({**gift, **_filled(item)}),
        is_collected=text(part(item, "TaxCollection"), "Model") == "MarketplaceFacilitator",
    )


def _filled(item: Document) -> Document:
    return {name: value for name, value in item.items() if value not in (None, "", {})}


def _money(document: Document, name: str) -> Decimal:
    return amount(part(document, name).get("Amount"), name) if name else ZERO


def _charge(item: Document, price: str, tax: str, off: str = "", off_tax: str = "") -> Charge:
    return Charge(
        price=_money(item, price),
        tax=_money(item, tax),
        off=abs(_money(item, off)),
        off_tax=abs(_money(item, off_tax)),
    )


def _currency(item: Document) -> str:
    for name in ("ItemPrice", "ItemTax", "ShippingPrice", "PromotionDiscount", "GiftWrapPrice"):
        code = text(part(item, name), "CurrencyCode")
        if code:
            return currency(code)
    return "USD"


def _words(item: Document) -> dict[str, str]:
    customized = text(part(item, "BuyerCustomizedInfo"), "CustomizedURL")
    starts, ends = text(item, "ScheduledDeliveryStartDate"), text(item, "ScheduledDeliveryEndDate")
    said = {
        "Gift message": lines(item, "GiftMessageText"),
        "Gift wrapping": text(item, "GiftWrapLevel"),
        "Gift": "yes" if is_true(item, "IsGift") else "",
        "Personalization": customized,
        "Condition": " ".join(
            filter(None, (text(item, "ConditionId"), text(item, "ConditionNote")))
        ),
        "Delivery between": f"{starts} and {ends}" if starts and ends else "",
        "IOSS number": text(item, "IossNumber"),
        "Store": text(item, "StoreChainStoreId"),
        "Price": text(item, "PriceDesignation"),
    }
    return {name: value for name, value in said.items() if value}


def gifts(order: str, items: list[Document]) -> Reading:
    """Read what buyers said of items, where it is told apart from the items."""
    parts: dict[str, Part] = {}
    fees = []
    for item in items:
        key = text(item, "OrderItemId")
        if said := _words(item):
            parts[f"said:{key}"] = Said(said, of=key)
        charge = _charge(item, "GiftWrapPrice", "GiftWrapTax")
        if key and charge.price:
            bought = Bought(key=key, quantity=1, currency=_currency(item), goods=Charge())
            fees.append(fee(bought, charge, kind="gift_wrap", title="Gift wrapping"))
    if fees:
        parts["items:gifts"] = Items(tuple(fees))
    return Reading((Report(order, parts),) if parts else (), ignored="Nothing was said of items.")


CHECKED = ("", "Pending", "Approved", "Rejected", "Expired", "Cancelled")
"""How far along the check of a prescription is. It is told without a time: the further is later."""


def _regulated(order: str, payload: Document) -> Report:
    """Return what a prescription or licence says; nothing is sent while it is being checked."""
    told = {
        text(each, "FieldLabel", "FieldId"): text(each, "FieldValue")
        for each in objects(part(payload, "RegulatedInformation"), "Fields")
    }
    status = part(payload, "RegulatedOrderVerificationStatus")
    state = text(status, "Status")
    told["Verification"] = state
    reason = part(status, "RejectionReason")
    told["Reason"] = text(reason, "RejectionReasonDescription", "RejectionReasonId")
    if is_true(payload, "RequiresDosageLabel"):
        told["Dosage label"] = "required"
    words = {name: value for name, value in told.items() if name and value}
    said = Said(words, waits=state not in ("", "Approved"))
    along = CHECKED.index(state) if state in CHECKED else len(CHECKED)
    return Report(order, {"said:regulated": said}, as_of=datetime.fromtimestamp(along, UTC))
