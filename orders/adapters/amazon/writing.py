"""What Amazon is told: that a parcel left, and what may be sold."""

from collections.abc import Sequence
from typing import Any

from oms.channels.connection import Connection
from oms.core.jobs import GiveUp, TryLater
from orders.adapters.amazon.calling import ask, in_path
from orders.adapters.amazon.fetching import speaks_v0
from orders.adapters.asking import Busy
from orders.adapters.asking import Refused as Answered
from orders.adapters.fields import Document, objects, part, text
from orders.adapters.writing import Declined, Dropped, GivenBack, MoneyBack, Sent, Stocked

OTHER = "Other"
CARRIERS = {
    "usps": "USPS", "ups": "UPS", "fedex": "FedEx", "dhl": "DHL", "dpd": "DPD", "gls": "GLS",
    "royalmail": "Royal Mail", "postnl": "PostNL", "deutschepost": "Deutsche Post",
    "hermes": "Hermes", "tnt": "TNT", "ontrac": "OnTrac",
}  # fmt: skip
"""Carrier codes of Amazon, by our names of them; any other is named in words."""


class AmazonWriter:
    def tell_sent(self, connection: Connection, sent: Sent) -> Sequence[str]:
        """Confirm a shipment. Amazon keeps packages by a reference of ours, a number from one up
        within the order; one with this tracking number, or with this reference, is there. Orders
        v0 shows no packages: there it is said again, and changes the package of that reference."""
        order = {} if speaks_v0(connection) else self._order(connection, sent.order)
        known = _package(order, sent)
        if known:
            return [known]
        reference = _reference(sent.number)
        if not sent.tracking_number:
            raise GiveUp("Amazon wants a tracking number, or a carrier's own service without one.")
        carrier = CARRIERS.get(_plain(sent.carrier), OTHER)
        detail: dict[str, Any] = {
            "packageReferenceId": reference,
            "carrierCode": carrier,
            "shippingMethod": sent.service,
            "trackingNumber": sent.tracking_number,
            "shipDate": sent.shipped_at,
            "orderItems": [
                {"orderItemId": line, "quantity": units}
                for line, units in sorted(sent.units.items())
            ],
        }
        if carrier == OTHER:
            detail["carrierName"] = sent.carrier or OTHER
        marketplace = text(part(order, "salesChannel"), "marketplaceId")
        document = {
            "marketplaceId": marketplace or connection.options.get("marketplace_id", ""),
            "packageDetail": {name: value for name, value in detail.items() if value},
        }
        path = f"/orders/v0/orders/{in_path(sent.order)}/shipmentConfirmation"
        _ask(connection, "POST", path, body=document)
        return [reference]

    def _order(self, connection: Connection, order: str) -> Document:
        path = f"/orders/2026-01-01/orders/{in_path(order)}"
        return part(_ask(connection, "GET", path, query={"includedData": "PACKAGES"}), "order")

    def tell_dropped(self, connection: Connection, dropped: Dropped) -> Sequence[tuple[str, str]]:
        """Sellers cancel at Amazon by a feed or in Seller Central: staff are shown what to do."""
        raise GiveUp(
            f"Cancel {dropped.order} in Seller Central: Amazon takes cancellations of sellers "
            "there, with a reason of its list."
        )

    def find_refund(self, connection: Connection, wanted: MoneyBack) -> GivenBack | None:
        return None

    def give_back(self, connection: Connection, wanted: MoneyBack) -> GivenBack:
        raise Declined("Amazon gives money back in Seller Central; its refund comes to us then.")

    def set_stock(self, connection: Connection, levels: Sequence[Stocked]) -> Sequence[str]:
        """Set what may be sold of each listing that we send ourselves."""
        seller = connection.options.get("seller_id", "")
        marketplace = connection.options.get("marketplace_id", "")
        if not seller or not marketplace:
            raise GiveUp("Amazon wants the seller ID and the marketplace ID of the connection.")
        unknown = []
        for level in levels:
            patch = {
                "op": "replace",
                "path": "/attributes/fulfillment_availability",
                "value": [
                    {"fulfillment_channel_code": "DEFAULT", "quantity": max(level.available, 0)}
                ],
            }
            path = f"/listings/2021-08-01/items/{in_path(seller)}/{in_path(level.sku)}"
            try:
                answered = ask(
                    connection,
                    "PATCH",
                    path,
                    query={"marketplaceIds": marketplace},
                    body={"productType": "PRODUCT", "patches": [patch]},
                )
            except Busy as busy:
                raise TryLater(busy.seconds, str(busy)) from busy
            except Answered as refused:
                if refused.status != 404:
                    raise GiveUp(f"Amazon answered {refused}") from refused
                unknown.append(level.sku)
                continue
            if text(answered, "status") == "INVALID":
                told = [text(each, "message") for each in objects(answered, "issues")]
                raise GiveUp(f"Amazon refuses the stock of {level.sku}: {' '.join(told)[:300]}")
        return unknown


def _ask(connection: Connection, method: str, path: str, **said: Any) -> Document:
    try:
        return ask(connection, method, path, **said)
    except Busy as busy:
        raise TryLater(busy.seconds, str(busy)) from busy
    except Answered as refused:
        raise GiveUp(f"Amazon answered {refused}") from refused


def _package(order: Document, sent: Sent) -> str:
    """Return the reference of a package that is this one; nothing when there is none."""
    wanted = _reference(sent.number)
    for package in objects(order, "packages"):
        reference = text(package, "packageReferenceId")
        same = bool(sent.tracking_number) and (
            text(package, "trackingNumber") == sent.tracking_number
        )
        if reference == wanted or same:
            return reference
    return ""


def _reference(number: str) -> str:
    """Return Amazon's reference of a package of ours: a positive number, that of our shipment."""
    return "".join(char for char in number if char.isascii() and char.isdigit()) or "1"


def _plain(carrier: str) -> str:
    return "".join(char for char in carrier.lower() if char.isalnum())
