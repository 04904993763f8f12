"""What BigCommerce is told: shipments v2, refunds v3, and stock."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from oms.channels.connection import Connection
from oms.core.jobs import GiveUp
from orders.adapters.bigcommerce.orders import GONE
from orders.adapters.calling import Refused, call
from orders.adapters.writing import Declined, Dropped, GivenBack, MoneyBack, Sent, Stocked

A_PAGE = 250
AT_ONCE = 10
CANCELLED = 5
CARRIERS = {
    "usps": "usps", "ups": "ups", "fedex": "fedex", "dhl": "dhl", "dpd": "dpd", "gls": "gls",
    "royalmail": "royal-mail", "postnl": "postnl", "auspost": "auspost",
    "canadapost": "canada-post",
}  # fmt: skip
"""Carriers whose tracking page BigCommerce knows, by our names of them, and its own."""


class BigCommerceWriter:
    def tell_sent(self, connection: Connection, sent: Sent) -> Sequence[str]:
        """Make a shipment for each address that the parcel has units for: BigCommerce keeps
        shipments by address. Those that begin with our number are there already."""
        path = f"/v2/orders/{sent.order}"
        known = {
            (str(each.get("order_address_id")), _number(each)): str(each["id"])
            for each in _pages(connection, f"{path}/shipments")
        }
        address_of = {
            str(each["id"]): str(each.get("order_address_id") or "")
            for each in _pages(connection, f"{path}/products")
        }
        by_address: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line, units in sorted(sent.units.items()):
            address = address_of.get(line, "")
            if address in ("", "0"):
                raise GiveUp(f"BigCommerce knows no address for line {line} of {sent.order}.")
            item = {"order_product_id": int(line), "quantity": units}
            by_address[address].append(item)
        made = []
        for address, items in sorted(by_address.items()):
            found = known.get((address, sent.number))
            if found is None:
                document = _shipment(sent, address, items)
                found = str(_call(connection, "POST", f"{path}/shipments", document)["id"])
            made.append(found)
        return made

    def tell_dropped(self, connection: Connection, dropped: Dropped) -> Sequence[tuple[str, str]]:
        """Cancel an order of which nothing will come. BigCommerce cannot cancel some units without
        money going back: those are told with the refund."""
        if not dropped.whole:
            return []
        path = f"/v2/orders/{dropped.order}"
        if int(_call(connection, "GET", path)["status_id"]) not in GONE:
            _call(connection, "PUT", path, {"status_id": CANCELLED})
        return [("cancellation", "cancellation")]

    def find_refund(self, connection: Connection, wanted: MoneyBack) -> GivenBack | None:
        path = f"/v3/orders/{wanted.order}/payment_actions/refunds"
        for each in (_call(connection, "GET", path) or {}).get("data") or []:
            if str(each.get("reason") or "").split(" ")[0] == wanted.number:
                return _given_back(each, wanted)
        return None

    def give_back(self, connection: Connection, wanted: MoneyBack) -> GivenBack:
        """Ask what could pay it back, then have the first way do so that can pay all of it."""
        path = f"/v3/orders/{wanted.order}/payment_actions"
        item = {
            "item_type": "ORDER",
            "item_id": int(wanted.order),
            "amount": str(wanted.amount),
            "reason": f"{wanted.number} {wanted.reason}".strip(),
        }
        try:
            quote = _call(connection, "POST", f"{path}/refund_quotes", {"items": [item]})["data"]
            payments = _payments(quote, wanted)
            asked = {"items": [item], "payments": payments, "reason": item["reason"]}
            made = _call(connection, "POST", f"{path}/refunds", asked)["data"]
        except Refused as refused:
            if refused.status in {401, 403}:
                raise
            raise Declined(str(refused)) from refused
        if any(each.get("is_declined") for each in made.get("payments") or []):
            told = [str(each.get("declined_message") or "") for each in made["payments"]]
            raise Declined(" ".join(filter(None, told)) or "The payment was declined.")
        return _given_back(made, wanted)

    def set_stock(self, connection: Connection, levels: Sequence[Stocked]) -> Sequence[str]:
        """Set what may be sold at one location, or of the variant where no location is chosen."""
        location = connection.options.get("location_id", "")
        unknown: list[str] = []
        items: list[dict[str, Any]] = []
        for level in levels:
            query = urlencode({"sku": level.sku, "include_fields": "id,product_id,sku"})
            found = (_call(connection, "GET", f"/v3/catalog/variants?{query}") or {}).get("data")
            if not found:
                unknown.append(level.sku)
                continue
            items.append(
                {
                    "location_id": int(location or 1),
                    "variant_id": found[0]["id"],
                    "quantity": max(level.available, 0),
                }
            )
        for start in range(0, len(items), AT_ONCE):
            adjustment = {"reason": "Stock of the OMS", "items": items[start : start + AT_ONCE]}
            _call(connection, "PUT", "/v3/inventory/adjustments/absolute", adjustment)
        return unknown


def _shipment(sent: Sent, address: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    plain = "".join(char for char in sent.carrier.lower() if char.isalnum())
    document = {
        "order_address_id": int(address),
        "items": items,
        "tracking_number": sent.tracking_number,
        "tracking_carrier": CARRIERS.get(plain, ""),
        "shipping_provider": "",
        "shipping_method": " ".join(filter(None, (sent.carrier, sent.service)))[:100],
        "comments": f"{sent.number}: sent",
    }
    if sent.tracking_url:
        document["tracking_link"] = sent.tracking_url
    return document


def _number(shipment: Mapping[str, Any]) -> str:
    return str(shipment.get("comments") or "").partition(":")[0]


def _payments(quote: Mapping[str, Any], wanted: MoneyBack) -> list[dict[str, Any]]:
    """Return the first way of paying back, as BigCommerce quotes them, that pays all of it."""
    for way in quote.get("refund_methods") or []:
        if sum((Decimal(str(each["amount"])) for each in way), Decimal(0)) == wanted.amount:
            return [
                {
                    "provider_id": each["provider_id"],
                    "amount": str(each["amount"]),
                    "offline": bool(each.get("offline")),
                }
                for each in way
            ]
    raise Declined(f"BigCommerce quotes no way of paying {wanted.amount} back.")


def _given_back(refund: Mapping[str, Any], wanted: MoneyBack) -> GivenBack:
    payments = refund.get("payments") or []
    moved = not any(each.get("is_declined") or each.get("offline") for each in payments)
    amount = Decimal(str(refund["total_amount"]))
    return GivenBack(str(refund["id"]), amount, wanted.currency, moved)


def _call(connection: Connection, method: str, path: str, document: Any = None) -> Any:
    return call(
        method,
        f"{connection.base_url.rstrip('/')}{path}",
        headers={"X-Auth-Token": connection.credentials.get("access_token", "")},
        document=document,
    )


def _pages(connection: Connection, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = 1
    while True:
        query = urlencode({"limit": A_PAGE, "page": page})
        listed = _call(connection, "GET", f"{path}?{query}") or []
        found += listed
        if len(listed) < A_PAGE:
            return found
        page += 1
