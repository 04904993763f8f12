"""Being asked to stop, known to this process and to the children it forks afterwards."""

import ctypes
import multiprocessing
import signal
from types import FrameType

_asked = multiprocessing.RawValue(ctypes.c_bool, False)


def asked() -> bool:
    """Whether to finish what is in hand and begin nothing new."""
    return _asked.value


def ask(signum: int = 0, frame: FrameType | None = None) -> None:
    """Ask; may be used as a signal handler."""
    _asked.value = True


def take_back() -> None:
    _asked.value = False


def on_signals() -> None:
    """Let SIGTERM and Ctrl-C ask instead of ending the process where it stands."""
    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
