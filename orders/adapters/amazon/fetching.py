"""Orders of Amazon: by Orders 2026-01-01 in one document, or by v0 in two."""

from datetime import datetime
from typing import Any

from oms.channels.connection import Connection
from oms.core import jsontext
from orders.adapters.amazon.calling import ask, in_path, restricted_token
from orders.adapters.asking import Refused
from orders.adapters.fetched import Fetched, Look
from orders.adapters.fields import Document, objects, part, text
from orders.adapters.parts import Fetch

INCLUDED = (
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"
)
MOST_PAGES = 50
WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


def speaks_v0(connection: Connection) -> bool:
    return connection.options.get("orders_api") == "v0"


class AmazonFetcher:
    is_by_id = True

    def fetch(self, connection: Connection, wanted: Fetch) -> tuple[Fetched, ...]:
        """Ask for an order with its items, buyer, address and packages."""
        order = in_path(wanted.id)
        if speaks_v0(connection):
            return self._fetch_v0(connection, order)
        said = ask(
            connection,
            "GET",
            f"/orders/2026-01-01/orders/{order}",
            query={"includedData": INCLUDED},
        )
        return (_kept("orders.getOrder", said),)

    def _fetch_v0(self, connection: Connection, order: str) -> tuple[Fetched, ...]:
        path = f"/orders/v0/orders/{order}"
        allowed = restricted_token(
            connection,
            {path: ("buyerInfo", "shippingAddress"), f"{path}/orderItems": ("buyerInfo",)},
        )
        head = ask(connection, "GET", path, restricted=allowed)
        items: list[Document] = []
        query: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            said = ask(connection, "GET", f"{path}/orderItems", query=query, restricted=allowed)
            payload = part(said, "payload")
            items += objects(payload, "OrderItems")
            if not text(payload, "NextToken"):
                whole = {"AmazonOrderId": payload.get("AmazonOrderId"), "OrderItems": items}
                return (
                    _kept("ordersV0.getOrder", head),
                    _kept("ordersV0.getOrderItems", {"payload": whole}),
                )
            query = {"NextToken": str(payload["NextToken"])}
        raise Refused(413, f"There are more than {MOST_PAGES} pages of items.")

    def look(self, connection: Connection, *, since: datetime, until: datetime, page: str) -> Look:
        """Ask which orders were updated. 2026-01-01 tells them whole."""
        marketplaces = connection.options.get("marketplace_id", "")
        if speaks_v0(connection):
            query = {
                "MarketplaceIds": marketplaces,
                "LastUpdatedAfter": since.strftime(WRITTEN),
                "LastUpdatedBefore": until.strftime(WRITTEN),
            } | ({"NextToken": page} if page else {})
            payload = part(ask(connection, "GET", "/orders/v0/orders", query=query), "payload")
            numbers = [text(each, "AmazonOrderId") for each in objects(payload, "Orders")]
            fetches = tuple(Fetch("order", number) for number in numbers if number)
            return Look(fetches=fetches, page=_token(payload, "NextToken"))
        query = {
            "marketplaceIds": marketplaces,
            "lastUpdatedAfter": since.strftime(WRITTEN),
            "lastUpdatedBefore": until.strftime(WRITTEN),
            "includedData": INCLUDED,
            "maxResultsPerPage": "50",
        } | ({"paginationToken": page} if page else {})
        said = ask(connection, "GET", "/orders/2026-01-01/orders", query=query)
        orders = objects(said, "orders")
        return Look(
            documents=(_kept("orders.searchOrders", {"orders": orders}),) if orders else (),
            page=_token(part(said, "pagination"), "nextToken"),
        )


def _kept(topic: str, said: Any) -> Fetched:
    return Fetched(topic, jsontext.compact(said).encode())


def _token(said: Document, name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) else ""
