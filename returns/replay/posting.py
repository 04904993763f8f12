"""Placing orders over the real HTTP API: a web server of our own on this machine, and a client."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from types import TracebackType
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

from oms.channels.services import add_key, revoke_key
from oms.core.errors import Unavailable
from orders.rules.wanted import NewOrder
from returns.replay import trading

PATIENCE = 30.0
MOST_LINES = 1_000


class ApiUnreachable(Unavailable):
    message = "The API did not answer."


class NotPlaced(Exception):
    """The API answered a replayed order with something else than an order."""


class ApiDoor:
    """Posts orders to our own API, with a key that lives as long as the door is open.

    The API takes a thousand lines an order; a longer invoice goes through the service.
    """

    def __init__(self, shop: "trading.Shop") -> None:
        self._shop = shop
        self._by_service = trading.place_by_service(shop)

    def __enter__(self) -> "ApiDoor":
        port = _free_port()
        self._server = subprocess.Popen(
            [
                *[sys.executable, "-m", "gunicorn", "oms.wsgi:application"],
                *["--chdir", str(settings.BASE_DIR), "--bind", f"127.0.0.1:{port}"],
                *["--no-control-socket", "--log-level", "warning"],
            ],
            env={**os.environ, "DATABASE_URL": database_url()},
        )
        self._key = add_key(slug=self._shop.channel.slug)
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=PATIENCE,
        )
        self._wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()
        self._server.terminate()
        self._server.wait(PATIENCE)
        revoke_key(key=self._key)

    def __call__(self, wanted: NewOrder) -> None:
        if len(wanted.lines) > MOST_LINES:
            self._by_service(wanted)
            return
        answer = self._client.post(
            "/api/v1/orders/",
            json=body_of(wanted),
            headers={"Idempotency-Key": f"replay-{wanted.external_id}"},
        )
        if answer.status_code not in {200, 201}:
            raise NotPlaced(f"{wanted.external_id}: {answer.status_code} {answer.text}")

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self._client.get("/api/v1/orders/", params={"page_size": 1})
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        self._server.terminate()
        raise ApiUnreachable


def database_url() -> str:
    """Return the address of the database this process uses: tests have one of their own."""
    at = connection.settings_dict
    query = f"?host={at['HOST']}" if str(at["HOST"]).startswith("/") else ""
    host = "" if query else at["HOST"]
    password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    port = f":{at['PORT']}" if at["PORT"] else ""
    return f"postgres://{at['USER']}{password}@{host}{port}/{at['NAME']}{query}"


def body_of(wanted: NewOrder) -> dict[str, Any]:
    """Return an order as the API takes it."""
    return {
        "external_id": wanted.external_id,
        "placed_at": wanted.placed_at.isoformat(),
        "currency": wanted.currency,
        "customer": {
            "external_id": wanted.customer.external_id,
            "name": wanted.customer.name,
        },
        "shipping_address": {
            "name": wanted.ship_to.name,
            "line1": wanted.ship_to.line1,
            "city": wanted.ship_to.city,
            "country": wanted.ship_to.country,
        },
        "lines": [
            {"sku": line.sku, "quantity": line.quantity, "unit_price": f"{line.unit_price:f}"}
            for line in wanted.lines
        ],
        "payments": [
            {
                "reference": each.reference,
                "method": each.method,
                "status": each.status,
                "amount": f"{each.amount:f}",
            }
            for each in wanted.payments
        ],
        "metadata": wanted.metadata,
    }


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
