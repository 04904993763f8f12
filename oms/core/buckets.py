"""How often somebody may call, counted in memory that all web processes of a machine share.

The pages are mapped when this module is imported, before the server forks its workers, so that
every worker sees the same counts; a lock of the file belongs to its process and goes with it, so
that a worker that is killed leaves nothing locked. No statement, no other service: a look costs
microseconds. Several machines count each for itself.

One number says all of a bucket: the moment at which it will be empty again (GCRA). Asking for one
more moves that moment by what one costs, and is refused while it lies too far ahead.
"""

import fcntl
import mmap
import struct
import tempfile
import threading
import time

SLOTS = 4096
ROW = struct.Struct("=qd")
PROBES = 8

_file = tempfile.TemporaryFile()  # noqa: SIM115 (open for as long as the process lives)
_file.truncate(SLOTS * ROW.size)
_shared = mmap.mmap(_file.fileno(), SLOTS * ROW.size)
_threads = threading.Lock()


def wait_for(key: int, *, per_minute: int, burst: int = 0) -> float:
    """Take one from the bucket of `key` and return 0, or the seconds until there is one again.

    `burst` may be taken at once, a minute's worth where it is 0. Over any span, whoever calls from
    however many processes gets at most `burst` and what `per_minute` gives in that span. Two keys
    that share a slot, which takes thousands, may wait for each other; nobody waits wrongly else.
    """
    if per_minute <= 0:
        return 0.0
    step = 60.0 / per_minute
    room = step * (burst or per_minute)
    with _threads:
        fcntl.lockf(_file, fcntl.LOCK_EX)
        try:
            now = time.monotonic()
            place = _place(key, now)
            known, empty_at = ROW.unpack_from(_shared, place)
            ahead = max(empty_at, now) + step if known == key else now + step
            if ahead - now > room + 1e-9:
                return ahead - now - room
            ROW.pack_into(_shared, place, key, ahead)
            return 0.0
        finally:
            fcntl.lockf(_file, fcntl.LOCK_UN)


def _place(key: int, now: float) -> int:
    """The slot of `key`, or the first near it that nobody needs any more."""
    free = None
    for probe in range(PROBES):
        place = (key + probe) % SLOTS * ROW.size
        known, empty_at = ROW.unpack_from(_shared, place)
        if known == key:
            return place
        if free is None and empty_at <= now:
            free = place
    return key % SLOTS * ROW.size if free is None else free


def forget() -> None:
    """Empty every bucket: for tests."""
    with _threads:
        _shared[:] = bytes(SLOTS * ROW.size)
