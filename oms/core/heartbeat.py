"""The sign of life of the background workers: a file that is touched.

A worker touches it when a wake-up reaches it and while it works; the ticker when nothing is
waiting to be picked up. Old means: somebody has been waiting for the workers that long.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

BEAT = 2.0


def _file() -> Path:
    return Path(settings.OMS_HOME) / "run" / "heartbeat"


def beat() -> None:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def last() -> int | None:
    """Return a mark of the last beat: another mark is another beat."""
    try:
        return _file().stat().st_mtime_ns
    except FileNotFoundError:
        return None


def age() -> float | None:
    """Return the seconds since the last beat; None when there never was one."""
    mark = last()
    return None if mark is None else max(0.0, time.time() - mark / 1e9)


@contextmanager
def beating() -> Iterator[None]:
    """Beat until the block ends: work is being done, however slow it is."""
    over = threading.Event()

    def keep_beating() -> None:
        beat()
        while not over.wait(BEAT):
            beat()

    thread = threading.Thread(target=keep_beating, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
