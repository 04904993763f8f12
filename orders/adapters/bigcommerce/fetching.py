"""Orders of BigCommerce with all their pieces, as one document."""

from datetime import datetime
from typing import Any

from oms.channels.connection import Connection
from oms.core import jsontext
from orders.adapters.asking import Refused, address, answer, call
from orders.adapters.bigcommerce.orders import number_of
from orders.adapters.documents import inner
from orders.adapters.fetched import Fetched, Look
from orders.adapters.fields import Document
from orders.adapters.parts import Fetch

PAGE = 250
MOST_PAGES = 40
PIECES = {
    "products": "/products",
    "shipping_addresses": "/shippingaddresses",
    "coupons": "/coupons",
    "shipments": "/shipments",
}


def headers(connection: Connection) -> dict[str, str]:
    return {
        "X-Auth-Token": connection.credentials.get("access_token", ""),
        "Accept": "application/json",
    }


def get(connection: Connection, path: str, **query: Any) -> Any:
    """Return what stands at a path; None where there is nothing (204)."""
    asked = {name: str(value) for name, value in query.items()}
    reply = call("GET", address(connection, path), headers=headers(connection), query=asked)
    return answer(reply)


def pages(connection: Connection, path: str) -> list[Document]:
    """Return a whole list, page by page."""
    found: list[Document] = []
    for page in range(1, MOST_PAGES + 1):
        answered = get(connection, path, page=page, limit=PAGE)
        listed = answered if isinstance(answered, list) else inner(answered).get("data") or []
        found += listed
        if len(listed) < PAGE:
            return found
    raise Refused(413, f"There are more than {MOST_PAGES * PAGE} of {path}.")


class BigCommerceFetcher:
    is_by_id = True

    def fetch(self, connection: Connection, wanted: Fetch) -> tuple[Fetched, ...]:
        """Ask for an order and everything that belongs to it."""
        number = number_of({"id": wanted.id}, "id")
        path = f"/v2/orders/{number}"
        order = inner(get(connection, path))
        document: dict[str, Any] = {"order": order}
        for name, below in PIECES.items():
            document[name] = pages(connection, f"{path}{below}")
        refunds = f"/v3/orders/{number}/payment_actions/refunds"
        document["refunds"] = pages(connection, refunds)
        return (Fetched("order", jsontext.compact(document).encode()),)

    def look(self, connection: Connection, *, since: datetime, until: datetime, page: str) -> Look:
        """Ask which orders were modified; each is then fetched with its pieces."""
        number = int(page or 1)
        answered = get(
            connection,
            "/v2/orders",
            min_date_modified=since.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            max_date_modified=until.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            sort="date_modified:asc",
            page=number,
            limit=PAGE,
        )
        listed = answered if isinstance(answered, list) else []
        found = tuple(Fetch("order", number_of(inner(each), "id")) for each in listed)
        return Look(fetches=found, page=str(number + 1) if len(listed) == PAGE else "")
