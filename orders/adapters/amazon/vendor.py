"""Orders that Amazon itself places: goods that it buys from us, or that we send to its customers.

Retail Procurement (Amazon buys) and Direct Fulfillment (we send for it) name their documents
alike: purchase orders, paid on invoice. Neither states a total.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from oms.core.money import ZERO, rounded
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.amounts import FINEST, amount, currency, quantity
from orders.adapters.fields import Document, is_true, lines, moment, objects, part, text
from orders.adapters.messages import Unreadable
from orders.adapters.parts import (
    Cancellation,
    Fulfillment,
    Head,
    Item,
    Items,
    Part,
    Place,
    Reading,
    Report,
    Tax,
    Units,
)
from orders.adapters.places import country, two_lines

STATES = ("NEW", "ACCEPTED", "ACKNOWLEDGED", "SHIPPED", "CLOSED", "CANCELLED")
"""How far along an order is: of two that were said of one moment the further one is later."""
SENT = {"SHIPPED", "CLOSED"}
GONE = {"CANCELLED"}


def is_one(said: Document) -> bool:
    return "purchaseOrderNumber" in said


def read(order: Document) -> Reading:
    """Read one purchase order.

    Raises: Unreadable.
    """
    number = text(order, "purchaseOrderNumber")
    details = part(order, "orderDetails")
    if not number:
        raise Unreadable("It names no order: purchaseOrderNumber is missing.")
    if not details:
        return Reading(
            ignored="It only lists numbers of purchase orders, nothing of what is in them."
        )
    state = text(order, "purchaseOrderState") or text(details, "orderStatus")
    placed_at = moment(
        details.get("purchaseOrderDate") or details.get("orderDate"), "purchaseOrderDate"
    )
    if placed_at is None:
        raise Unreadable("It does not say when it was placed: purchaseOrderDate is missing.")
    items = objects(details, "items")
    code = _currency(items)
    parts: dict[str, Part] = {
        "head": _head(number, details, items, state=state, placed_at=placed_at, code=code)
    }
    if found := tuple(_item(each, code) for each in items if _units(each.get("orderedQuantity"))):
        parts["items"] = Items(found)
    if address := _address(_ship_to(details)):
        parts["address"] = Place(address)
    as_of = _as_of(details, placed_at, state)
    if state.upper() in GONE:
        parts["cancellation"] = Cancellation(reason="Cancelled by Amazon", at=as_of)
    if state.upper() in SENT:
        parts["fulfilled"] = Fulfillment(units=None, at=as_of)
    return Reading((Report(number, parts, as_of=as_of),))


def read_states(states: Iterable[Document]) -> Reading:
    """Read what Amazon has received of its purchase orders.

    Raises: Unreadable.
    """
    reports = []
    for each in states:
        found = []
        for item in objects(each, "itemStatus"):
            units = _units(part(item, "receivingStatus").get("receivedQuantity"))
            if units:
                found.append(Units(text(item, "itemSequenceNumber"), units))
        at = moment(each.get("lastUpdatedDate"), "lastUpdatedDate")
        if found and (number := text(each, "purchaseOrderNumber")):
            sent = Fulfillment(units=tuple(found), at=at)
            reports.append(Report(number, {"fulfilled": sent}, as_of=at))
    return Reading(tuple(reports), ignored="Amazon has received nothing of these orders yet.")


def _as_of(details: Document, placed_at: datetime, state: str) -> datetime:
    """Return when it was so: of an order that states no change, by how far along it is."""
    changes = ("purchaseOrderChangedDate", "purchaseOrderStateChangedDate")
    found = [moment(details.get(name), name) for name in changes]
    known = state.upper()
    along = timedelta(milliseconds=STATES.index(known)) if known in STATES else timedelta()
    return max([placed_at, *filter(None, found)]) + along


def _head(
    number: str,
    details: Document,
    items: list[Document],
    *,
    state: str,
    placed_at: datetime,
    code: str,
) -> Head:
    sending = part(details, "shipmentDetails")
    dates = part(sending, "shipmentDates")
    by_weight = [each for each in items if _weight(each)]
    window = text(details, "deliveryWindow") or text(details, "shipWindow")
    notes = [text(sending, "messageToCustomer")] if sending else []
    notes += [
        f"{text(each, 'vendorProductIdentifier')} is priced by weight: {_weight(each)}"
        for each in by_weight
    ]
    return Head(
        placed_at=placed_at,
        currency=code,
        customer=_customer(details),
        name=text(details, "customerOrderNumber") or number,
        state=state,
        service=text(sending, "shipMethod"),
        captured=ZERO,
        payment_method=text(details, "paymentMethod") or "Invoice",
        deliver_by=_last(window)
        or moment(dates.get("promisedDeliveryDate") or dates.get("requiredShipDate")),
        notes="\n".join(filter(None, notes)),
        tags=tuple(_tags(details, sending)),
        is_ready=not by_weight,
        metadata=_facts(details, dates),
    )


def _last(window: str) -> datetime | None:
    """Return the end of a span, which is written `from--to`."""
    return moment(window.rpartition("--")[2], "A window") if window else None


_TAGS = {
    "isGift": "gift",
    "isPriorityShipment": "priority",
    "isScheduledDeliveryShipment": "scheduled-delivery",
}


def _tags(details: Document, sending: Document) -> Iterable[str]:
    yield from (tag for name, tag in _TAGS.items() if is_true(sending, name))
    kind = text(details, "purchaseOrderType")
    if kind and kind != "RegularOrder":
        yield kind.lower()


def _facts(details: Document, dates: Document) -> dict[str, str]:
    parties = ("sellingParty", "shipFromParty", "shipToParty", "buyingParty", "billToParty")
    found = {name: text(part(details, name), "partyId") for name in parties}
    found |= {
        name: text(details, name)
        for name in ("purchaseOrderType", "dealCode", "shipWindow", "deliveryWindow")
    }
    found["requiredShipDate"] = text(dates, "requiredShipDate")
    imports = part(details, "importDetails")
    found |= {name: text(imports, name) for name in sorted(imports)[:20]}
    return {name: value for name, value in found.items() if value}


def _ship_to(details: Document) -> Document:
    party = part(details, "shipToParty")
    return part(party, "address") or party


def _customer(details: Document) -> CustomerDetails:
    """Return who it is for: a customer of Amazon, or Amazon by the code of its warehouse."""
    buying = part(details, "buyingParty")
    if not buying:
        return CustomerDetails(name=text(_ship_to(details), "name"))
    name = text(part(buying, "address"), "name") or f"Amazon {text(buying, 'partyId')}"
    return CustomerDetails(name=name.strip())


def _address(said: Document) -> Address | None:
    line1, line2 = two_lines(said.get(f"addressLine{n}") for n in (1, 2, 3))
    if not line1:
        return None
    region = text(said, "stateOrRegion", "county", "district")
    name, attention = text(said, "name"), text(said, "attention")
    return Address(
        name=name or attention,
        line1=line1,
        line2=line2,
        city=text(said, "city", "municipality", "district") or region,
        region=region,
        postal_code=text(said, "postalCode", "postalOrZipCode"),
        country=country(text(said, "countryCode")),
        phone=text(said, "phone"),
        company=attention if attention != name and name else "",
    )


def _currency(items: list[Document]) -> str:
    codes = {
        code
        for each in items
        for name in ("netCost", "netPrice", "listPrice")
        if (code := text(part(each, name), "currencyCode"))
    }
    if len(codes) > 1:
        raise Unreadable("It is in several currencies: " + ", ".join(sorted(codes)) + ".")
    if not codes:
        raise Unreadable("It names no currency: no item of it has a price.")
    return currency(codes.pop())


def _units(said: object) -> int:
    """Return single units: those of a case are counted."""
    found = said if isinstance(said, dict) else {}
    count = quantity(found.get("amount"), "orderedQuantity")
    is_cases = text(found, "unitOfMeasure").lower() == "cases"
    return (
        quantity(count * (quantity(found.get("unitSize"), "unitSize") or 1)) if is_cases else count
    )


def _price(item: Document) -> Document:
    return part(item, "netCost") or part(item, "netPrice") or part(item, "listPrice")


def _weight(item: Document) -> str:
    """Return a price that is by weight, in words; nothing for one that is by unit."""
    said = _price(item)
    by = text(said, "unitOfMeasure")
    return f"{text(said, 'amount')} {text(said, 'currencyCode')} per {by}" if by else ""


def _item(item: Document, code: str) -> Item:
    key = text(item, "itemSequenceNumber")
    if not key:
        raise Unreadable("An item of it has no itemSequenceNumber.")
    price = ZERO if _weight(item) else amount(_price(item).get("amount"), "netCost")
    taxes = _taxes(item, code)
    return Item(
        key=key,
        quantity=_units(item.get("orderedQuantity")),
        unit_price=price.quantize(FINEST),
        sku=text(item, "vendorProductIdentifier"),
        listing=text(item, "buyerProductIdentifier", "amazonProductIdentifier"),
        name=text(item, "title"),
        tax=sum((each.amount for each in taxes), ZERO),
        taxes=taxes,
        said=_words(item),
    )


def _taxes(item: Document, code: str) -> tuple[Tax, ...]:
    """Return the taxes of an item; a sum of them is told beside them and does not count twice."""
    told = objects(part(item, "taxDetails"), "taxLineItem")
    apart = [each for each in told if text(each, "type").upper() != "TOTAL"]
    return tuple(
        Tax(
            text(each, "type").capitalize() if apart else "Tax",
            rounded(_tax(each), code),
            amount(each.get("taxRate"), "taxRate") or None,
        )
        for each in apart or told
    )


def _tax(line: Document) -> Decimal:
    return amount(part(line, "taxAmount").get("amount"), "taxAmount")


def _words(item: Document) -> dict[str, str]:
    gift, when = part(item, "giftDetails"), part(item, "scheduledDeliveryShipment")
    starts = text(when, "earliestNominatedDeliveryDate")
    ends = text(when, "latestNominatedDeliveryDate")
    said = {
        "Gift message": lines(gift, "giftMessage"),
        "Gift wrapping": text(gift, "giftWrapId"),
        "Personalization": text(part(item, "buyerCustomizedInfo"), "customizedUrl"),
        "Delivery between": f"{starts} and {ends}" if starts and ends else "",
        "Back order": "allowed" if is_true(item, "isBackOrderAllowed") else "",
        "Price": _weight(item),
    }
    return {name: value for name, value in said.items() if value}
