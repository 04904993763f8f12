"""Being asked to stop, known to this process and to the children it forks afterwards."""

import ctypes
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_asked = multiprocessing.RawValue(ctypes.c_bool, False)


def asked() -> bool:
    """Whether to finish what is in hand and begin nothing new."""
    return _asked.value


def ask(signum: int = 0, frame: FrameType | None = None) -> None:
    """Ask; may be used as a signal handler."""
    _asked.value = True


@contextmanager
def heeding_signals() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C ask, instead of ending the process where it stands."""
    before = {signum: signal.signal(signum, ask) for signum in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        _asked.value = False
        for signum, handler in before.items():
            signal.signal(signum, handler)
