"""Somebody who receives our webhooks: a server on this machine that can be told to misbehave."""

import base64
import contextlib
import dataclasses
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.utils import timezone

from oms.core.batch import record
from oms.core.models import EventRecord
from oms.messaging.tasks import WEBHOOK

ONE_HAND = dataclasses.replace(WEBHOOK, hands=1)
"""Does its jobs in the test's own transaction."""


def tell(*threads, name="order.held", **facts):
    """Record facts, one after the other, without the reactions of the house."""
    for thread in threads:
        record(
            EventRecord(
                name=name,
                thread=thread,
                subject=thread,
                actor="system:oms",
                payload=facts,
                happened_at=timezone.now(),
            )
        )


@dataclass(frozen=True)
class Received:
    """One message as it came over the wire."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def message(self) -> dict:
        return json.loads(self.body)

    def is_signed_by(self, secret: str) -> bool:
        """Verify as the recipe in docs/api.md does."""
        return verify(secret, self.headers, self.body)


def verify(secret, headers, body):
    """The recipe of docs/api.md, word for word."""
    if abs(time.time() - int(headers["webhook-timestamp"])) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    given = headers["webhook-signature"].split()
    return any(hmac.compare_digest(each, f"v1,{expected}") for each in given)


@dataclass
class Receiver:
    """Answers `status` (or what `behave` says of a message) and keeps what it got."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str = "ok"
    hang: float = 0.0
    drop_reply: bool = False
    behave: Callable[[dict], int] | None = None
    got: list[Received] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    @property
    def accepted(self) -> list[Received]:
        return [each for each in self.got if each.status < 300]

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        serve = partial(self._server.serve_forever, poll_interval=0.01)
        threading.Thread(target=serve, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                said = {name.lower(): value for name, value in self.headers.items()}
                status = receiver.behave(json.loads(body)) if receiver.behave else receiver.status
                receiver.got.append(Received(said, body, status))
                time.sleep(receiver.hang)
                if receiver.drop_reply:
                    self.connection.close()
                    return
                with contextlib.suppress(BrokenPipeError):
                    self.answer(status)

            def answer(self, status):
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.text)))
                self.end_headers()
                self.wfile.write(receiver.text.encode())

            def log_message(self, *args):
                """Say nothing."""

        return Handler
