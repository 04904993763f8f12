"""APIs of channels on loopback, as strict as their references: what they are asked for is kept,
and they can be told to be busy, out of order, or to lose their answer after they acted."""

import base64
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


Answer = tuple[int, dict[str, str], bytes]


def said(body: Any, status: int = 200, **headers: str) -> Answer:
    return status, headers, json.dumps(body).encode()


@dataclass
class ChannelApi:
    """A server that answers as its `routes` say; `troubles` come first, one per request.

    A trouble is an answer that is given instead, or "lose": the request is carried out, and the
    line is cut before the answer.
    """

    seen: list[Asked] = field(default_factory=list)
    troubles: deque[Answer | str] = field(default_factory=deque)
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def paths(self, method: str = "GET") -> list[str]:
        return [each.path for each in self.seen if each.method == method]

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    @contextmanager
    def serving(self) -> Iterator["ChannelApi"]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


def _handler(api: ChannelApi) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def act(self) -> None:
            split = urlsplit(self.path)
            asked = Asked(
                self.command,
                unquote(split.path),
                {name: values[0] for name, values in parse_qs(split.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
            with lock:
                api.seen.append(asked)
                trouble = api.troubles.popleft() if api.troubles else None
                if isinstance(trouble, tuple):
                    status, headers, body = trouble
                else:
                    status, headers, body = api.answer(asked)
            if trouble == "lose":
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = act

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@dataclass
class BigCommerceApi(ChannelApi):
    """Orders v2 and refunds v3 of one store. An empty list of v2 is 204, without a body."""

    token: str = "bc-token"  # noqa: S105
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    pieces: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    stock: dict[int, int] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("x-auth-token") != self.token:
            return said({"status": 401, "title": "Unauthorized"}, 401)
        parts = asked.path.strip("/").split("/")
        if asked.path == "/v2/orders":
            return self._page(list(self.orders.values()), asked)
        if asked.path == "/v3/catalog/variants":
            ids = {"MUG": 78, "TEA": 79}
            found = [{"id": ids[sku]} for sku in [asked.query["sku"]] if sku in ids]
            return said({"data": found, "meta": {}})
        if asked.path == "/v3/inventory/adjustments/absolute":
            self.stock |= {each["variant_id"]: each["quantity"] for each in asked.json()["items"]}
            return said({"transaction_id": "t"})
        number = parts[2]
        if number not in self.orders:
            return said([{"status": 404, "message": "The requested resource was not found."}], 404)
        if asked.method == "POST":
            return self._made(number, parts[-1], asked.json())
        if asked.method == "PUT":
            self.orders[number] |= asked.json()
        if len(parts) == 3:
            return said(self.orders[number])
        found = self.pieces.get(f"{number}/{parts[3]}", [])
        if asked.path.startswith("/v3/"):
            return said({"data": found, "meta": {}})
        return self._page(found, asked)

    def _made(self, number: str, what: str, document: dict[str, Any]) -> Answer:
        if what == "refund_quotes":
            amount = document["items"][0]["amount"]
            if float(amount) > 41:
                return said({"data": {}, "status": 422, "title": "More than was paid"}, 422)
            ways = [[{"provider_id": "storecredit", "amount": 1}]]
            ways.append([{"provider_id": "stripe", "amount": float(amount), "offline": False}])
            return said({"data": {"refund_methods": ways}})
        if what == "refunds":
            made = {
                "reason": document["reason"],
                "total_amount": float(document["items"][0]["amount"]),
                "payments": [{**each, "is_declined": False} for each in document["payments"]],
            }
            made["id"] = len(self.pieces.setdefault(f"{number}/payment_actions", [])) + 1
            self.pieces[f"{number}/payment_actions"].append(made)
            return said({"data": made}, 201)
        shipments = self.pieces.setdefault(f"{number}/shipments", [])
        left = {each["id"]: each["quantity"] for each in self.pieces[f"{number}/products"]}
        for each in [item for one in [*shipments, document] for item in one["items"]]:
            left[each["order_product_id"]] -= each["quantity"]
        if min(left.values()) < 0:
            return said([{"status": 400, "message": "Too many units"}], 400)
        shipments.append({"id": len(shipments) + 6, **document})
        return said(shipments[-1], 201)

    def _page(self, found: list[dict[str, Any]], asked: Asked) -> Answer:
        limit, page = int(asked.query.get("limit", 50)), int(asked.query.get("page", 1))
        assert limit <= 250
        listed = found[(page - 1) * limit : page * limit]
        return said(listed) if listed else (204, {}, b"")


@dataclass
class AmazonApi(ChannelApi):
    """Login with Amazon, restricted tokens, and orders of both versions."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    v0: dict[str, dict[str, Any]] = field(default_factory=dict)
    items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tokens: int = 0
    good: set[str] = field(default_factory=set)
    stock: dict[str, int] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/auth/o2/token":
            form = asked.form()
            assert form["grant_type"] == "refresh_token"
            if (form["refresh_token"], form["client_secret"]) != ("Atzr|x", "s3cret"):
                return said({"error": "invalid_grant"}, 400)
            self.tokens += 1
            self.good.add(f"Atza|{self.tokens}")
            return said({"access_token": f"Atza|{self.tokens}", "expires_in": 3600})
        carried = asked.headers.get("x-amz-access-token", "")
        if carried not in self.good:
            return said({"errors": [{"code": "Unauthorized", "message": "Token expired"}]}, 403)
        if asked.path == "/tokens/2021-03-01/restrictedDataToken":
            self.good.add("Atz.sprdt|1")
            return said({"restrictedDataToken": "Atz.sprdt|1", "expiresIn": 3600})
        if asked.path == "/orders/2026-01-01/orders":
            assert asked.query["lastUpdatedAfter"] < asked.query["lastUpdatedBefore"]
            return self._search(asked)
        if asked.path.startswith("/listings/2021-08-01/items/"):
            return self._listing(asked)
        order = asked.path.split("/")[4]
        if asked.path.endswith("/shipmentConfirmation"):
            return self._confirm(order, asked.json()["packageDetail"])
        if asked.path.startswith("/orders/2026-01-01/orders/") and order in self.orders:
            return said({"order": self.orders[order]})
        if asked.path.startswith("/orders/v0/orders/") and order in self.v0:
            if carried != "Atz.sprdt|1":
                return said({"errors": [{"code": "Unauthorized", "message": "Restricted"}]}, 403)
            if asked.path.endswith("/orderItems"):
                return self._items(order, asked)
            return said({"payload": self.v0[order]})
        return said({"errors": [{"code": "NotFound", "message": "No such order"}]}, 404)

    def _confirm(self, order: str, package: dict[str, Any]) -> Answer:
        assert int(package["packageReferenceId"]) > 0
        if order in self.v0:
            self.v0[order].setdefault("packages", {})[package["packageReferenceId"]] = package
            return 204, {}, b""
        found = self.orders[order].setdefault("packages", [])
        if any(each["packageReferenceId"] == package["packageReferenceId"] for each in found):
            return said({"errors": [{"code": "InvalidInput", "message": "Package is there"}]}, 400)
        found.append({**package, "packageStatus": {"status": "SHIPPED"}})
        return 204, {}, b""

    def _listing(self, asked: Asked) -> Answer:
        sku = asked.path.split("/")[5]
        if sku == "UNKNOWN":
            return said({"errors": [{"code": "NOT_FOUND", "message": "No such SKU"}]}, 404)
        (patch,) = asked.json()["patches"]
        self.stock[sku] = patch["value"][0]["quantity"]
        return said({"sku": sku, "status": "ACCEPTED", "issues": []})

    def _search(self, asked: Asked) -> Answer:
        found, place = list(self.orders.values()), int(asked.query.get("paginationToken", 0))
        more = {"nextToken": str(place + 1)} if place + 1 < len(found) else {}
        return said({"orders": found[place : place + 1], "pagination": more})

    def _items(self, order: str, asked: Asked) -> Answer:
        place = int(asked.query.get("NextToken", 0))
        payload = {"AmazonOrderId": order, "OrderItems": self.items[order][place : place + 1]}
        if place + 1 < len(self.items[order]):
            payload["NextToken"] = str(place + 1)
        return said({"payload": payload})


@dataclass
class StoreApi(ChannelApi):
    """A custom store: it exports pages of orders, and is told of shipments."""

    name: str = "store"
    password: str = "s3cret"  # noqa: S105
    pages: list[str] = field(default_factory=list)
    notices: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        pair = base64.b64encode(f"{self.name}:{self.password}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            return 401, {"WWW-Authenticate": "Basic"}, b"Unauthorized"
        if asked.query.get("action") == "shipnotify":
            self.notices.append((asked.query, asked.body))
            return 200, {}, b""
        if asked.query.get("action") != "export":
            return 400, {}, b"Unknown action"
        page = int(asked.query["page"])
        body = self.pages[page - 1] if page <= len(self.pages) else ""
        whole = f'<?xml version="1.0"?><Orders pages="{max(1, len(self.pages))}">{body}</Orders>'
        return 200, {"Content-Type": "text/xml"}, whole.encode()
