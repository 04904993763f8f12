"""Load over HTTP, from a process of its own: `python load.py FILE HOST PORT CONNECTIONS SECONDS`.

FILE holds ready requests (`write_requests`), so that sending costs next to nothing: one loop over
a few connections that are kept open, each with one request under way. Prints one JSON object.
"""

from __future__ import annotations

import json
import selectors
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

LENGTH = struct.Struct(">I")
PATIENCE = 30.0


def request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Return a request as it goes over the wire."""
    said = {"Host": "localhost", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body


def write_requests(file: Path, requests: Iterable[bytes]) -> None:
    with file.open("wb") as out:
        for each in requests:
            out.write(LENGTH.pack(len(each)) + each)


def _read_requests(file: Path) -> Iterator[bytes]:
    kept, at = file.read_bytes(), 0
    while at < len(kept):
        (size,) = LENGTH.unpack_from(kept, at)
        at += LENGTH.size
        yield kept[at : at + size]
        at += size


class Connection:
    """One kept-open connection with one request under way."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._sent_at = 0.0

    def send(self, wire: bytes) -> None:
        self._received = b""
        self._sent_at = time.perf_counter()
        self.socket.sendall(wire)

    def receive(self) -> tuple[float, bytes] | None:
        """Read what came; return seconds and response once it is whole."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("The server closed a connection.")
        self._received += piece
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return None
        return time.perf_counter() - self._sent_at, self._received


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("The server sent no Content-Length.")


def run(file: Path, host: str, port: int, connections: int, seconds: float) -> dict[str, Any]:
    """Send until `seconds` are over or nothing is left; wait for what is under way."""
    waiting = _read_requests(file)
    latencies: list[float] = []
    statuses: Counter[str] = Counter()
    refused = ""
    ready = selectors.DefaultSelector()
    busy = 0
    opened = [Connection(host, port) for _ in range(connections)]
    started = time.perf_counter()
    for each in opened:
        if wire := next(waiting, None):
            ready.register(each.socket, selectors.EVENT_READ, each)
            each.send(wire)
            busy += 1
    while busy:
        events = ready.select(PATIENCE)
        if not events:
            raise TimeoutError("No answer.")
        for key, _ in events:
            answer = key.data.receive()
            if answer is None:
                continue
            took, response = answer
            latencies.append(took)
            status = response[9:12].decode()
            statuses[status] += 1
            if not status.startswith("2") and not refused:
                refused = response.decode(errors="replace")[-1000:]
            over = time.perf_counter() - started >= seconds
            if over or not (wire := next(waiting, None)):
                busy -= 1
            else:
                key.data.send(wire)
    return {
        "elapsed": time.perf_counter() - started,
        "latencies": latencies,
        "statuses": statuses,
        "refused": refused,
        "cpu": time.process_time(),
    }


if __name__ == "__main__":
    said = sys.argv[1:]
    found = run(Path(said[0]), said[1], int(said[2]), int(said[3]), float(said[4]))
    sys.stdout.write(json.dumps(found))
