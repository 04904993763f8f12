"""A web worker that leaves a new connection to whichever worker holds fewer.

gunicorn's threaded workers all listen on one socket, and the one that wakes first takes every
connection that is waiting: kept-open connections of a proxy or a channel then all live in one
process, while the other cores idle. Measured with eight connections: half the throughput.
"""

import multiprocessing
import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SEATS = 64
PATIENCE = 4
PAUSE = 0.0005

_held = multiprocessing.RawArray("i", [-1] * SEATS)  # shared: made before workers are forked


class EvenWorker(ThreadWorker):  # type: ignore[misc]
    """Accepts when no other worker holds fewer connections, or none of those comes forward.

    The second half is for workers that have died: their seat keeps its last count, which costs
    the others two milliseconds a connection and nothing else.
    """

    _passed = 0

    @property
    def nr_conns(self) -> int:
        return int(_held[self._seat])

    @nr_conns.setter
    def nr_conns(self, count: int) -> None:
        _held[self._seat] = count

    @property
    def _seat(self) -> int:
        return int(self.age) % SEATS

    def accept(self, listener: socket.socket) -> Any:
        mine = self.nr_conns
        if self._passed < PATIENCE and any(0 <= held < mine for held in _held):
            self._passed += 1
            time.sleep(PAUSE)
            return
        self._passed = 0
        super().accept(listener)
