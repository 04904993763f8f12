"""External Fulfillment: goods that Amazon sold and the seller sends, one document per shipment.

Such a shipment is an order of its own here, under the shipment's id: one order of a buyer may be
several of them, each with its own address, charges and life.
"""

from collections.abc import Iterable
from decimal import Decimal

from oms.core.money import ZERO, rounded
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders.adapters.amounts import amount, currency, per_unit, quantity
from orders.adapters.fields import Document, moment, objects, part, text
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
    Tax,
)
from orders.adapters.places import country, two_lines

WAITING = {"CREATED"}
GONE = {"CANCELLED"}
SENT = {"SHIPPED", "DELIVERED"}


def read(shipment: Document) -> Report:
    """Read one shipment.

    Raises: Unreadable.
    """
    number = text(shipment, "id")
    if not number:
        raise Unreadable("It names no shipment: id is missing.")
    updated = moment(shipment.get("lastUpdatedDateTime"), "lastUpdatedDateTime")
    state = text(shipment, "status")
    code = _currency(shipment)
    parts: dict[str, Part] = {"head": _head(shipment, number, state, code)}
    if items := _items(shipment, code):
        parts["items"] = Items(tuple(items), *_shipping(shipment, code))
    if address := _address(shipment):
        parts["address"] = Place(address)
    if state in GONE:
        reason = text(shipment, "reason", "subStatus") or "Cancelled at Amazon"
        parts["cancellation"] = Cancellation(reason=reason, at=updated)
    if state in SENT:
        info = part(shipment, "shippingInfo")
        tracking = [text(each, "trackingId") for each in _labels(shipment)]
        parts["fulfilled"] = Fulfillment(
            units=None,
            at=updated,
            carrier=text(info, "carrierName"),
            service=text(info, "recommendedShipMethod"),
            tracking_numbers=tuple(filter(None, tracking)),
            is_delivered=state == "DELIVERED",
        )
    return Report(number, parts, as_of=updated)


def _labels(shipment: Document) -> list[Document]:
    return [part(each, "shipLabelMetadata") for each in objects(shipment, "packages")]


def _head(shipment: Document, number: str, state: str, code: str) -> Head:
    info, shipping = part(shipment, "shipmentInfo"), part(shipment, "shippingInfo")
    placed = info.get("orderPlacedTimestamp") or shipment.get("creationDateTime")
    placed_at = moment(placed, "orderPlacedTimestamp")
    if placed_at is None:
        raise Unreadable("It does not say when it was placed: creationDateTime is missing.")
    party = _party(shipment)
    charges = _charge(objects(shipment, "charges"), "TOTAL")
    total = _net(part(charges, "totalCharge")) if charges else None
    is_open = state not in WAITING | GONE
    market = part(shipment, "marketplaceAttributes")
    facts = {
        "BuyerOrderId": text(info, "buyerOrderId"),
        "LocationId": text(shipment, "locationId"),
        "MarketplaceId": text(market, "marketplaceId"),
        "ChannelName": text(market, "channelName"),
        "Priority": text(info, "priority"),
        "PackFrom": text(shipment, "earliestPackDateTime"),
    }
    return Head(
        placed_at=placed_at,
        currency=code,
        customer=CustomerDetails(
            name=text(party, "name"), email=text(party, "email"), phone=text(party, "phoneNumber")
        ),
        name=text(info, "buyerOrderId") or number,
        state=state,
        total=total,
        service=text(shipping, "recommendedShipMethod"),
        captured=total if is_open and total is not None else ZERO,
        payment_method="Amazon",
        deliver_by=moment(shipping.get("expectedShippingDateTimeInUTC")),
        is_ready=is_open,
        metadata={name: value for name, value in facts.items() if value},
    )


def _currency(shipment: Document) -> str:
    for charge in [
        *objects(shipment, "charges"),
        *(each for line in objects(shipment, "lineItems") for each in objects(line, "charges")),
    ]:
        code = text(part(charge, "totalCharge", "netAmount"), "currencyCode")
        if code:
            return currency(code)
    raise Unreadable("It names no currency: there are no charges in it.")


def _charge(charges: Iterable[Document], kind: str) -> Document:
    return next((each for each in charges if text(each, "chargeType") == kind), {})


def _net(amounts: Document) -> Decimal:
    return amount(part(amounts, "netAmount").get("value"), "netAmount")


def _items(shipment: Document, code: str) -> list[Item]:
    """Return the lines; their charges are for all units, the discount in them, tax beside them."""
    found = []
    for line in objects(shipment, "lineItems"):
        units = quantity(line.get("numberOfUnits"), "numberOfUnits")
        if not units:
            continue
        charges = objects(line, "charges")
        charge = _charge(charges, "PRODUCT") or _charge(charges, "TOTAL")
        base = part(charge, "baseCharge")
        price = amount(part(base, "baseAmount").get("value"), "baseAmount")
        tax = _net(part(charge, "totalTax", "charge"))
        unit_price, besides = per_unit(price, units, code)
        gift = part(line, "giftAttributes")
        found.append(
            Item(
                key=text(line, "shipmentLineItemId") or text(line, "merchantSku"),
                quantity=units,
                unit_price=unit_price,
                sku=text(line, "merchantSku"),
                name=text(line, "merchantSku"),
                discount=rounded(price - _net(base), code) + besides,
                tax=rounded(tax, code),
                taxes=tuple(
                    Tax(
                        text(each, "type"),
                        rounded(_net(part(each, "charge")), code),
                        amount(each.get("rate"), "rate") or None,
                    )
                    for each in objects(charge, "taxBreakup")
                ),
                said={"Gift wrapping": "required"}
                if text(gift, "giftWrapRequirement") == "REQUIRED"
                else {},
            )
        )
    return found


def _shipping(shipment: Document, code: str) -> tuple[Decimal, Decimal]:
    """Return what sending costs, without tax, and the tax on it."""
    charges = objects(shipment, "charges")
    for line in objects(shipment, "lineItems"):
        charges = [*charges, *objects(line, "charges")]
    found = [each for each in charges if text(each, "chargeType") == "SHIPPING"]
    price = sum((_net(part(each, "baseCharge")) for each in found), ZERO)
    tax = sum((_net(part(each, "totalTax", "charge")) for each in found), ZERO)
    return rounded(price, code), rounded(tax, code)


def _party(shipment: Document) -> Document:
    parties = objects(shipment, "partyInfoList")
    ship_to = [each for each in parties if text(each, "partyType") == "SHIP_TO_PARTY"]
    return part((ship_to or [{}])[0], "address")


def _address(shipment: Document) -> Address | None:
    said = part(shipment, "shippingInfo", "shipToAddress") or _party(shipment)
    line1, line2 = two_lines(said.get(f"addressLine{n}") for n in (1, 2, 3))
    if not line1:
        return None
    region = text(said, "state", "stateOrRegion", "district")
    return Address(
        name=text(said, "name"),
        line1=line1,
        line2=line2,
        city=text(said, "city", "municipality", "district") or region,
        region=region,
        postal_code=text(said, "postalCode"),
        country=country(text(said, "countryCode")),
        phone=text(said, "phoneNumber", "phone"),
    )
