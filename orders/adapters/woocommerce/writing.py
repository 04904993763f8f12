"""What WooCommerce is told, through its REST API v3.

WooCommerce itself knows no parcels: a note tells of each, the order's `_oms_shipments` counts those
that were told, and the order is completed with the last. Money goes back through the gateway that
took it, by a refund whose reason begins with the number of ours.
"""

import base64
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from oms.channels.connection import Connection
from orders.adapters.calling import OutcomeUnknown, Refused, call
from orders.adapters.writing import Declined, Dropped, GivenBack, MoneyBack, Sent, Stocked

TOLD = "_oms_shipments"
OVER = {"completed", "cancelled", "refunded", "failed", "trash"}
A_PAGE = 100
NOT_REFUNDED = "woocommerce_rest_cannot_create_order_refund"
"""Answered with status 500 where the gateway said no; WooCommerce keeps nothing of the refund."""


class WooCommerceWriter:
    def tell_sent(self, connection: Connection, sent: Sent) -> Sequence[str]:
        order = _call(connection, "GET", f"orders/{sent.order}?_fields=id,status,meta_data")
        told = _told(order)
        completes = sent.is_all and order.get("status") not in OVER
        if sent.number not in told:
            self._note(connection, sent.order, sent.number, _words(sent), is_shown=True)
        if sent.number not in told or completes:
            change: dict[str, Any] = {
                "meta_data": [{"key": TOLD, "value": ",".join(sorted({*told, sent.number}))}]
            }
            if completes:
                change["status"] = "completed"
            _call(connection, "PUT", f"orders/{sent.order}", change)
        return ["completed"] if completes else []

    def tell_dropped(self, connection: Connection, dropped: Dropped) -> Sequence[tuple[str, str]]:
        if not dropped.whole:
            units = sum(dropped.units.values())
            words = f"{units} unit(s) are cancelled. {dropped.reason}".strip()
            self._note(connection, dropped.order, dropped.number, words, is_shown=False)
            return []
        order = _call(connection, "GET", f"orders/{dropped.order}?_fields=id,status")
        if order.get("status") not in OVER:
            _call(connection, "PUT", f"orders/{dropped.order}", {"status": "cancelled"})
        return []

    def find_refund(self, connection: Connection, wanted: MoneyBack) -> GivenBack | None:
        for each in _pages(connection, f"orders/{wanted.order}/refunds"):
            if str(each.get("reason") or "").split(" ")[0] == wanted.number:
                return _given_back(each, wanted)
        return None

    def give_back(self, connection: Connection, wanted: MoneyBack) -> GivenBack:
        asked = {
            "amount": str(wanted.amount),
            "reason": f"{wanted.number} {wanted.reason}".strip(),
            "api_refund": True,
        }
        try:
            made = _call(connection, "POST", f"orders/{wanted.order}/refunds", asked)
        except Refused as refused:
            if refused.status in {401, 403}:
                raise
            raise Declined(str(refused)) from refused
        except OutcomeUnknown as unknown:
            if unknown.code == NOT_REFUNDED:
                raise Declined(str(unknown)) from unknown
            raise
        return _given_back(made, wanted)

    def set_stock(self, connection: Connection, levels: Sequence[Stocked]) -> Sequence[str]:
        unknown: list[str] = []
        changes: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for level in levels:
            found = _call(connection, "GET", f"products?{urlencode({'sku': level.sku})}")
            if not found:
                unknown.append(level.sku)
                continue
            product = found[0]
            parent = product.get("parent_id")
            path = f"products/{parent}/variations/batch" if parent else "products/batch"
            changes[path].append(
                {"id": product["id"], "manage_stock": True, "stock_quantity": level.available}
            )
        for path, updates in changes.items():
            for start in range(0, len(updates), A_PAGE):
                _call(connection, "POST", path, {"update": updates[start : start + A_PAGE]})
        return unknown

    def _note(
        self, connection: Connection, order: str, number: str, words: str, *, is_shown: bool
    ) -> None:
        """Add a note to an order, unless one that begins with our number is there."""
        notes = _call(connection, "GET", f"orders/{order}/notes")
        if any(str(each.get("note") or "").startswith(f"{number}:") for each in notes):
            return
        shown = is_shown and connection.options.get("notify_customer") == "yes"
        note = {"note": f"{number}: {words}", "customer_note": shown}
        _call(connection, "POST", f"orders/{order}/notes", note)


def _call(connection: Connection, method: str, path: str, document: Any = None) -> Any:
    said = connection.credentials
    pair = f"{said.get('consumer_key', '')}:{said.get('consumer_secret', '')}".encode()
    return call(
        method,
        f"{connection.base_url.rstrip('/')}/wp-json/wc/v3/{path}",
        headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}"},
        document=document,
    )


def _pages(connection: Connection, path: str) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        found = _call(connection, "GET", f"{path}?{urlencode({'per_page': A_PAGE, 'page': page})}")
        yield from found
        if len(found) < A_PAGE:
            return
        page += 1


def _told(order: dict[str, Any]) -> set[str]:
    for meta in order.get("meta_data") or []:
        if meta.get("key") == TOLD:
            return set(filter(None, str(meta.get("value") or "").split(",")))
    return set()


def _words(sent: Sent) -> str:
    said = ["Sent", f"with {sent.carrier}" if sent.carrier else ""]
    said.append(f"as {sent.tracking_number}" if sent.tracking_number else "")
    return " ".join(filter(None, [*said, sent.tracking_url]))


def _given_back(refund: dict[str, Any], wanted: MoneyBack) -> GivenBack:
    """Read a refund. One that no gateway moved is only written down: the money did not go."""
    moved = refund.get("refunded_payment") is not False
    return GivenBack(str(refund["id"]), abs(Decimal(str(refund["amount"]))), wanted.currency, moved)
