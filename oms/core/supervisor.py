"""Several programs under one: started together, restarted alone, stopped cleanly.

Each program leads a process group of its own. Asked to stop, only the program itself is told
(its own children are its business: django-q2 hangs when they are told too) and given time;
whatever of the group is left after that is killed. A program may be watched by its heartbeat:
one that lives but no longer works is killed with its group and started again.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

LOOK_EVERY = 0.2
TIME_TO_STOP = 30.0
LONGEST_PAUSE = 10.0
LONG_LIFE = 30.0
LONGEST_SILENCE = 8.0
TIME_TO_START = 20.0
LONGEST_WAIT = 15.0
PR_SET_PDEATHSIG = 1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Program:
    """What to run. `pulse` returns something that changes as long as the program works.

    `after` says whether it may begin by now: what people wait for goes first, the rest follows
    when that is up, or after `LONGEST_WAIT` in any case.
    """

    name: str
    command: Sequence[str]
    pulse: Callable[[], object] | None = None
    after: Callable[[], bool] = lambda: True


def _end_with_the_parent() -> None:
    """Have the kernel tell this process to stop when the supervisor is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One program, over all its lives."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self._early_deaths = 0
        self._stalls = 0
        self._start_at = 0.0
        self._started_at = 0.0
        self._known_since: float | None = None
        self._pulse: object = None
        self._silent = 0.0

    def look(self, now: float, passed: float) -> None:
        """Start the program when it is not there; end it when it is there but does nothing."""
        if self.process is None:
            self._known_since = self._known_since or now
            is_due = self.program.after() or now - self._known_since > LONGEST_WAIT
            if is_due and now >= self._start_at:
                self._start(now)
        elif self.process.poll() is not None:
            self._plan_next_life(now, f"ended with {self.process.returncode}")
        elif self._is_stalled(now, passed):
            self._plan_next_life(now, "no longer do anything")

    def _start(self, now: float) -> None:
        self.process = subprocess.Popen(
            self.program.command,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_end_with_the_parent,
        )
        self._started_at = now
        self._silent = 0.0

    def _plan_next_life(self, now: float, cause: str) -> None:
        """Clear away what is left of the group; start again after a pause."""
        self.kill()
        self.process = None
        lived = now - self._started_at
        self._early_deaths = 0 if lived > LONG_LIFE else self._early_deaths + 1
        pause = min(LOOK_EVERY * 2**self._early_deaths, LONGEST_PAUSE)
        self._start_at = now + pause
        log.error("%s %s; started again in %.1f s", self.program.name, cause, pause)

    def _is_stalled(self, now: float, passed: float) -> bool:
        """Whether there was no pulse for too long, counted in time that we were awake for.

        Patience doubles with each stall in a row: on a machine that is slow to start, killing
        what has just begun would never end.
        """
        if self.program.pulse is None:
            return False
        pulse = self.program.pulse()
        if pulse != self._pulse:
            self._pulse, self._silent = pulse, 0.0
            if now - self._started_at > LONG_LIFE:
                self._stalls = 0
            return False
        self._silent += min(passed, 1.0)
        patience = LONGEST_SILENCE * (1 << min(self._stalls, 3))
        stalled = self._silent > patience and now - self._started_at > TIME_TO_START
        self._stalls += stalled
        return stalled

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """End the whole group at once, the program's own children with it."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Keeps programs running in the foreground until SIGTERM, SIGHUP or Ctrl-C."""

    def __init__(
        self, programs: Sequence[Program], each_look: Callable[[], None] = lambda: None
    ) -> None:
        self._children = [Child(program) for program in programs]
        self._each_look = each_look
        self._asked = 0

    def run(self) -> None:
        """Start everything and stay until asked to stop; asked twice, stop at once."""
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._ask)
        try:
            before = time.monotonic()
            while not self._asked:
                now = time.monotonic()
                for child in self._children:
                    child.look(now, now - before)
                before = now
                self._each_look()
                time.sleep(LOOK_EVERY)
        finally:
            self._stop()

    def _ask(self, signum: int, frame: FrameType | None) -> None:
        self._asked += 1

    def _stop(self) -> None:
        for child in self._children:
            child.ask_to_stop()
        end = time.monotonic() + TIME_TO_STOP
        while any(child.is_running for child in self._children):
            if self._asked > 1 or time.monotonic() > end:
                break
            time.sleep(LOOK_EVERY / 2)
        for child in self._children:
            child.kill()
