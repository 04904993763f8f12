"""A strict payment gateway on loopback that speaks Stripe's refund and payment APIs.

It keeps its own book of what it took and paid back, refuses what a real one refuses, forgets
idempotency keys, and can be told to misbehave: lose its reply after it has paid, answer 500 before
or after, decline, be slow. A test compares its book with ours.
"""

import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass
class Charge:
    """Money the gateway holds for us, in minor units."""

    captured: int
    currency: str
    refunded: int = 0


@dataclass
class Book:
    """What the gateway knows. `seconds_to_forget` is how long it remembers a key."""

    charges: dict[str, Charge] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    intents: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, tuple[float, str, int, dict[str, Any]]] = field(default_factory=dict)
    seconds_to_forget: float = 86_400
    posts: int = 0

    def paid_back(self, oms_key: str) -> list[dict[str, Any]]:
        return [each for each in self.refunds if each["metadata"].get("oms_key") == oms_key]

    def taken(self, oms_number: str = "") -> list[dict[str, Any]]:
        """The payments that went through, of one delivery or of all."""
        return [
            each
            for each in self.intents
            if each["status"] == "succeeded" and oms_number in ("", each["metadata"]["oms_number"])
        ]


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str, kind: str = "invalid_request_error"):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": message}}


class FakeGateway:
    """`misbehave` is asked before every POST what goes wrong this time; see `MISHAPS`."""

    MISHAPS = ("lose_reply", "fail_before", "fail_after", "decline", "nothing")

    def __init__(self) -> None:
        self.book = Book()
        self.misbehave: Callable[[], str] = lambda: "nothing"
        self.down = False
        self.seconds = 0.0
        self.changed: dict[str, Any] = {}
        self.bad_cards: set[str] = set()
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @contextmanager
    def serving(self) -> Iterator["FakeGateway"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def capture(self, reference: str, minor: int, currency: str = "eur") -> None:
        self.book.charges[reference] = Charge(minor, currency)

    def now_and_then(self, seed: int, **chances: float) -> None:
        """Misbehave at random: `now_and_then(7, lose_reply=.15, fail_before=.1)`."""
        dice = random.Random(seed)
        names, weights = list(chances), list(chances.values())
        population = [*names, "nothing"]
        rest = 1 - sum(weights)
        self.misbehave = lambda: dice.choices(population, [*weights, rest])[0]

    def refund(self, form: dict[str, str], key: str) -> tuple[int, dict[str, Any]]:
        return self.once(form, key, self._pay)

    def once(
        self, form: dict[str, str], key: str, act: Callable[[dict[str, str]], dict[str, Any]]
    ) -> tuple[int, dict[str, Any]]:
        """Act, or repeat the answer a key had. One request at a time, like a ledger."""
        with self._lock:
            self.book.posts += 1
            asked = json.dumps(form, sort_keys=True)
            kept = self.book.keys.get(key)
            if kept and time.monotonic() - kept[0] < self.book.seconds_to_forget:
                if kept[1] != asked:
                    raise Refused(400, "", "Keys may not be reused.", "idempotency_error")
                return kept[2], kept[3]
            answer = act(form)
            self.book.keys[key] = (time.monotonic(), asked, 200, answer)
            return 200, answer

    def _pay(self, form: dict[str, str]) -> dict[str, Any]:
        unknown = {name for name in form if not name.startswith("metadata[")} - {
            "charge",
            "payment_intent",
            "amount",
            "reason",
        }
        if unknown:
            raise Refused(400, "parameter_unknown", f"Received unknown parameters: {unknown}")
        reference = form.get("charge") or form.get("payment_intent", "")
        charge = self.book.charges.get(reference)
        if charge is None:
            raise Refused(404, "resource_missing", f"No such charge: {reference}")
        amount = int(form["amount"])
        if charge.refunded == charge.captured:
            raise Refused(400, "charge_already_refunded", f"{reference} is refunded already.")
        if amount < 1 or charge.refunded + amount > charge.captured:
            raise Refused(400, "amount_too_large", "Greater than the unrefunded amount.")
        charge.refunded += amount
        metadata = {
            name[len("metadata[") : -1]: value
            for name, value in form.items()
            if name.startswith("metadata[")
        }
        refund = {
            "id": f"re_{next(self._ids)}",
            "object": "refund",
            "amount": amount,
            "currency": charge.currency,
            "charge": reference,
            "metadata": metadata,
            "status": "succeeded",
            **self.changed,
        }
        self.book.refunds.insert(0, refund)
        return refund

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Charge a saved card while its owner is away; a bad one leaves an intent that failed."""
        needed = {"amount", "currency", "customer", "payment_method", "off_session", "confirm"}
        given = {name for name in form if not name.startswith("metadata[")}
        if missing := needed - given:
            raise Refused(400, "parameter_missing", f"Missing: {sorted(missing)}")
        if unknown := given - needed - {"description"}:
            raise Refused(400, "parameter_unknown", f"Received unknown parameters: {unknown}")
        if (form["off_session"], form["confirm"]) != ("true", "true"):
            raise Refused(400, "parameter_invalid", "Nobody is there to confirm it.")
        is_bad = form["payment_method"] in self.bad_cards
        intent = {
            "id": f"pi_{next(self._ids)}",
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "currency": form["currency"],
            "customer": form["customer"],
            "metadata": {
                name[len("metadata[") : -1]: value
                for name, value in form.items()
                if name.startswith("metadata[")
            },
            "last_payment_error": {"message": "Your card was declined."} if is_bad else None,
            "status": "requires_payment_method" if is_bad else "succeeded",
        }
        self.book.intents.insert(0, intent)
        if is_bad:
            raise Refused(402, "card_declined", "Your card was declined.", "card_error")
        self.book.charges[intent["id"]] = Charge(intent["amount"], form["currency"])
        return intent

    def page(self, query: dict[str, str]) -> dict[str, Any]:
        reference = query.get("charge") or query.get("payment_intent", "")
        rows = [each for each in self.book.refunds if each["charge"] == reference]
        if "customer" in query:
            rows = [each for each in self.book.intents if each["customer"] == query["customer"]]
        if after := query.get("starting_after"):
            position = [each["id"] for each in rows].index(after)
            rows = rows[position + 1 :]
        limit = int(query.get("limit", "10"))
        return {"object": "list", "data": rows[:limit], "has_more": len(rows) > limit}


def _handler(gateway: FakeGateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = {
                name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()
            }
            if gateway.down:
                self._say(500, {"error": {"type": "api_error", "message": "down"}})
            elif self._is_allowed():
                self._say(200, gateway.page(query))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = {
                name: values[0]
                for name, values in parse_qs(self.rfile.read(length).decode()).items()
            }
            time.sleep(gateway.seconds)
            if not self._is_allowed():
                return
            mishap = "fail_before" if gateway.down else gateway.misbehave()
            if mishap == "fail_before":
                self._say(500, {"error": {"type": "api_error", "message": "try again"}})
                return
            if mishap == "decline":
                refused = Refused(402, "card_declined", "The card is closed.", "card_error")
                self._say(refused.status, refused.body)
                return
            try:
                act = gateway.take if self.path == "/v1/payment_intents" else gateway._pay
                status, answer = gateway.once(form, self.headers["Idempotency-Key"], act)
            except Refused as refused:
                status, answer = refused.status, refused.body
            if mishap == "lose_reply":
                self.close_connection = True
                self.connection.close()
            elif mishap == "fail_after":
                self._say(500, {"error": {"type": "api_error", "message": "try again"}})
            else:
                self._say(status, answer)

        def _is_allowed(self) -> bool:
            if self.headers["Authorization"] == "Bearer sk_test_1":
                return True
            self._say(401, {"error": {"type": "invalid_request_error", "message": "who?"}})
            return False

        def _say(self, status: int, body: dict[str, Any]) -> None:
            packed = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            self.wfile.write(packed)

        def log_message(self, *args: Any) -> None:
            pass

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                self.close_connection = True

    return Handler


@pytest.fixture
def gateway(settings):
    """A gateway that our settings lead to."""
    with FakeGateway().serving() as fake:
        settings.STRIPE_API_BASE = f"http://{fake.host}"
        settings.STRIPE_API_KEY = "sk_test_1"
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.host]
        yield fake
