"""Shops on loopback that speak the Admin REST API of Shopify and the REST API v3 of WooCommerce.

They keep their own books, refuse what the real ones refuse, and can be told to misbehave before a
request that changes something: lose the reply after acting, ask for patience, fail before acting.
"""

import base64
import itertools
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any]
MISHAPS = ("lose_reply", "busy", "fail_before")


class Shop:
    """`mishaps` are taken one by one, for one change each. `calls` are what was asked."""

    def __init__(self) -> None:
        self.mishaps: list[str] = []
        self.calls: list[tuple[str, str, Any]] = []
        self.ids = itertools.count(9001)
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    @contextmanager
    def serving(self) -> Iterator["Shop"]:
        thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()
            thread.join()

    def is_known(self, headers: Any) -> bool:
        raise NotImplementedError

    def answer(self, method: str, path: str, query: dict[str, str], said: Any) -> Answer:
        raise NotImplementedError

    def changes(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _ in self.calls if method != "GET"]


class FakeShopify(Shop):
    """One order, 1001, with lines; each location has a fulfillment order for its own of them."""

    def __init__(self, lines: dict[int, dict[int, int]], paid: str = "20.00") -> None:
        super().__init__()
        self.order: dict[str, Any] = {"id": 1001, "cancelled_at": None}
        self.fulfillments: list[dict[str, Any]] = []
        self.refunds: list[dict[str, Any]] = []
        self.refundable = Decimal(paid)
        self.currency = "EUR"
        self.levels: dict[tuple[int, int], int] = {}
        self.items = {"tea": 171}
        self.works = [
            {
                "id": 500 + location,
                "assigned_location_id": location,
                "status": "open",
                "line_items": [
                    {"id": 7000 + line, "line_item_id": line, "fulfillable_quantity": units}
                    for line, units in owned.items()
                ],
            }
            for location, owned in lines.items()
        ]

    def is_known(self, headers: Any) -> bool:
        return headers.get("X-Shopify-Access-Token") == "shpat_1"

    def answer(self, method: str, path: str, query: dict[str, str], said: Any) -> Answer:
        where = path.removeprefix("/admin/api/2024-10/").removesuffix(".json")
        routes: dict[tuple[str, str], Callable[[], Answer]] = {
            ("GET", "orders/1001"): lambda: (
                200,
                {"order": {**self.order, "fulfillments": self.fulfillments}},
            ),
            ("GET", "orders/1001/fulfillments"): lambda: (
                200,
                {"fulfillments": self.fulfillments},
            ),
            ("GET", "orders/1001/fulfillment_orders"): lambda: (
                200,
                {"fulfillment_orders": self.works},
            ),
            ("GET", "orders/1001/refunds"): lambda: (200, {"refunds": self.refunds}),
            ("POST", "orders/1001/refunds/calculate"): self._calculate,
            ("POST", "orders/1001/refunds"): lambda: self._refund(said["refund"]),
            ("POST", "orders/1001/cancel"): self._cancel,
            ("POST", "fulfillments"): lambda: self._fulfill(said["fulfillment"]),
            ("POST", "graphql"): lambda: self._look_up(said["variables"]["words"]),
            ("POST", "inventory_levels/set"): lambda: self._set(said),
        }
        found = routes.get((method, where))
        return found() if found else (404, _missing())

    def _fulfill(self, said: dict[str, Any]) -> Answer:
        groups = said["line_items_by_fulfillment_order"]
        works = {work["id"]: work for work in self.works}
        wanted = [works[each["fulfillment_order_id"]] for each in groups]
        if len({work["assigned_location_id"] for work in wanted}) != 1:
            return 422, {"errors": ["All fulfillment orders must be of one location"]}
        sent = []
        for each, work in zip(groups, wanted, strict=True):
            lines = {line["id"]: line for line in work["line_items"]}
            for portion in each["fulfillment_order_line_items"]:
                line = lines[portion["id"]]
                if portion["quantity"] > line["fulfillable_quantity"]:
                    return 422, {"errors": ["Invalid fulfillment order line item quantity"]}
                line["fulfillable_quantity"] -= portion["quantity"]
                sent.append({"id": line["line_item_id"], "quantity": portion["quantity"]})
        made = {
            "id": next(self.ids),
            "order_id": 1001,
            "status": "success",
            "tracking_numbers": [said["tracking_info"]["number"]],
            "tracking_company": said["tracking_info"]["company"],
            "notify": said["notify_customer"],
            "line_items": sent,
        }
        self.fulfillments.append(made)
        return 201, {"fulfillment": made}

    def _calculate(self) -> Answer:
        suggested = {
            "parent_id": 801,
            "kind": "suggested_refund",
            "gateway": "bogus",
            "amount": "0.00",
            "currency": self.currency,
            "maximum_refundable": str(self.refundable),
        }
        return 200, {"refund": {"transactions": [suggested]}}

    def _refund(self, said: dict[str, Any]) -> Answer:
        amount = sum(Decimal(each["amount"]) for each in said["transactions"])
        if amount > self.refundable:
            return 422, {"errors": {"base": ["Refund amount exceeds what is refundable"]}}
        self.refundable -= amount
        moved = [{**each, "status": "success", "currency": "EUR"} for each in said["transactions"]]
        made = {**said, "id": next(self.ids), "transactions": moved}
        self.refunds.append(made)
        return 201, {"refund": made}

    def _cancel(self) -> Answer:
        if self.fulfillments or self.order["cancelled_at"]:
            return 422, {"error": "Cannot cancel this order"}
        self.order["cancelled_at"] = "2026-11-23T12:00:00Z"
        return 200, {"order": self.order}

    def _look_up(self, words: str) -> Answer:
        asked = re.findall(r'sku:"([^"]+)"', words)
        nodes = [
            {"sku": sku, "inventoryItem": {"legacyResourceId": str(item)}}
            for sku, item in self.items.items()
            if sku in asked
        ]
        return 200, {"data": {"productVariants": {"nodes": nodes}}}

    def _set(self, said: dict[str, int]) -> Answer:
        self.levels[said["location_id"], said["inventory_item_id"]] = said["available"]
        return 200, {"inventory_level": said}


class FakeWoo(Shop):
    """One order, 727, whose gateway gives back up to `paid`; products by SKU."""

    def __init__(self, paid: str = "20.00", *, gives_back: bool = True) -> None:
        super().__init__()
        self.order: dict[str, Any] = {"id": 727, "status": "processing", "meta_data": []}
        self.notes: list[dict[str, Any]] = []
        self.refunds: list[dict[str, Any]] = []
        self.refundable = Decimal(paid)
        self.gives_back = gives_back
        self.products = [
            {"id": 93, "sku": "tea", "parent_id": 0},
            {"id": 23, "sku": "cup-blue", "parent_id": 22},
        ]
        self.stock: dict[int, int] = {}

    def is_known(self, headers: Any) -> bool:
        pair = base64.b64encode(b"ck_1:cs_1").decode()
        return headers.get("Authorization") == f"Basic {pair}"

    def answer(self, method: str, path: str, query: dict[str, str], said: Any) -> Answer:
        where = path.removeprefix("/wp-json/wc/v3/")
        routes: dict[tuple[str, str], Callable[[], Answer]] = {
            ("GET", "orders/727"): lambda: (200, self.order),
            ("PUT", "orders/727"): lambda: self._change(said),
            ("GET", "orders/727/notes"): lambda: (200, self.notes),
            ("POST", "orders/727/notes"): lambda: self._note(said),
            ("GET", "orders/727/refunds"): lambda: (200, self.refunds),
            ("POST", "orders/727/refunds"): lambda: self._refund(said),
            ("GET", "products"): lambda: (
                200,
                [each for each in self.products if each["sku"] == query.get("sku")],
            ),
            ("POST", "products/batch"): lambda: self._batch(said),
            ("POST", "products/22/variations/batch"): lambda: self._batch(said),
        }
        found = routes.get((method, where))
        return found() if found else (404, {"code": "rest_no_route", "message": "No route"})

    def _change(self, said: dict[str, Any]) -> Answer:
        for meta in said.get("meta_data", []):
            kept = [each for each in self.order["meta_data"] if each["key"] != meta["key"]]
            self.order["meta_data"] = [*kept, meta]
        self.order["status"] = said.get("status", self.order["status"])
        return 200, self.order

    def _note(self, said: dict[str, Any]) -> Answer:
        self.notes.append({"id": next(self.ids), **said})
        return 201, self.notes[-1]

    def _refund(self, said: dict[str, Any]) -> Answer:
        amount = Decimal(said["amount"])
        if amount > self.refundable:
            return 400, {"code": "woocommerce_rest_invalid_order_refund", "message": "Too much"}
        if not self.gives_back:
            code = "woocommerce_rest_cannot_create_order_refund"
            return 500, {"code": code, "message": "The gateway does not support refunds."}
        self.refundable -= amount
        made = {"id": next(self.ids), "amount": said["amount"], "reason": said["reason"],
                "refunded_payment": True}  # fmt: skip
        self.refunds.append(made)
        return 201, made

    def _batch(self, said: dict[str, Any]) -> Answer:
        self.stock |= {each["id"]: each["stock_quantity"] for each in said["update"]}
        return 200, said


def _missing() -> dict[str, str]:
    return {"errors": "Not Found"}


def _handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def do_PUT(self) -> None:
            self._serve("PUT")

        def _serve(self, method: str) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            said = json.loads(body) if body else None
            with shop.lock:
                mishap = shop.mishaps.pop(0) if method != "GET" and shop.mishaps else ""
                if not shop.is_known(self.headers):
                    return self._reply(401, {"errors": "Invalid API key or access token"})
                if mishap == "busy":
                    return self._reply(429, {"errors": "Exceeded 2 calls per second"}, wait="1.0")
                if mishap == "fail_before":
                    return self._reply(502, {})
                shop.calls.append((method, parts.path, said))
                status, answer = shop.answer(method, parts.path, query, said)
                if mishap == "lose_reply":
                    self.close_connection = True
                    return None
                return self._reply(status, answer)

        def _reply(self, status: int, answer: Any, wait: str = "") -> None:
            said = json.dumps(answer, default=str).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            if wait:
                self.send_header("Retry-After", wait)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler
