"""Documents on paper: HTML in, PDF out, drawn by a child process that may die alone.

What a customer typed ends up in documents, and laying out hostile text can take seconds and
gigabytes. So a child draws, under limits of memory and time, and fetches nothing; see
`docs/adr/0005-documents-are-rendered-in-a-child.md`.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from django.conf import settings
from django.contrib.staticfiles import finders

from oms.core.errors import Unavailable

MEMORY_BYTES = 512 * 1024 * 1024
"""Address space of the child: 290 MB are taken before the first document."""

SECONDS_PER_DOCUMENT = 20
LARGEST_DOCUMENT_BYTES = 20_000_000
DOCUMENTS_PER_CHILD = 500
"""After so many a batch goes on in a fresh child, so that memory stays bounded."""

DOCUMENTS_TOGETHER = 25
LONGEST_TOGETHER = 100_000
"""Documents that are handed over at once, and characters: they have the time of one."""

DEFAULTS = "oms/paper.css"
"""How elements look before a stylesheet says more."""

_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE")
_PASSED_ON_PREFIXES = ("XDG_", "FONTCONFIG_", "LD_LIBRARY_PATH", "DYLD_")


@dataclass(eq=False)
class RenderFailed(Unavailable):
    """The document could not be drawn; the order it belongs to is unharmed."""

    reason: str

    message = "The document could not be made: {reason}."


def render(html: str, *, stylesheets: Sequence[str] = ()) -> bytes:
    """Return the PDF of one document. See `render_many`; a child of its own costs about 1 s."""
    return next(iter(render_many([html], stylesheets=stylesheets)))


def render_many(
    documents: Iterable[str],
    *,
    stylesheets: Sequence[str] = (),
    seconds: int = SECONDS_PER_DOCUMENT,
    memory_bytes: int = MEMORY_BYTES,
) -> Iterator[bytes]:
    """Yield one PDF for each HTML document, in order, drawn as they are asked for.

    `stylesheets` are names of static files of ours, such as "oms/slip.css"; they and the fonts
    are read once for the batch. Documents may carry PNG pictures as `data:` addresses and get
    nothing else. `seconds` is for each document. Not for use inside a transaction.

    Raises: RenderFailed, for the document that failed; the rest of the batch is not drawn.
    """
    terms = _terms(stylesheets, (), seconds, memory_bytes)
    child: _Child | None = None
    try:
        for html in documents:
            if child is None or child.drawn >= DOCUMENTS_PER_CHILD:
                if child is not None:
                    child.close()
                child = _Child(terms, seconds)
            yield child.draw(html)
    finally:
        if child is not None:
            child.close()


@dataclass(frozen=True)
class Together:
    """One PDF of several documents (empty of none), and why some are not in it, by their place."""

    pdf: bytes
    failed: dict[int, str]


MOST_DEATHS = 5
"""Documents of one PDF that may cost the child its life before all of them are given up."""


def render_together(
    parts: Iterable[Sequence[str]],
    *,
    stylesheets: Sequence[str] = (),
    together: Sequence[str] = (),
    seconds: int = SECONDS_PER_DOCUMENT,
    memory_bytes: int = MEMORY_BYTES,
) -> Iterator[Together]:
    """Yield one PDF for each part of HTML documents, each of them on pages that count from one.

    A document that cannot be drawn is left out and named. Otherwise as `render_many`; the pages
    of a part are in memory at once, so let it have some fifty short ones.

    `together` are further stylesheets for documents that are laid out as one, which saves a third
    of the time: they have each begin on a new page, and call it 1 of 1. Such documents differ in
    their titles and bodies only, and have one bookmark each; a longer one is laid out alone.

    Raises: RenderFailed, when a part could not be drawn for reasons of no one document.
    """
    terms = _terms(stylesheets, together, seconds, memory_bytes)
    child: _Child | None = None
    at_once = DOCUMENTS_TOGETHER if together else 1
    try:
        for part in parts:
            failed: dict[int, str] = {}
            while True:
                if child is None or child.drawn + len(part) > DOCUMENTS_PER_CHILD:
                    if child is not None:
                        child.close()
                    child = _Child(terms, seconds)
                try:
                    made = _drawn_together(child, part, failed, at_once)
                    break
                except _Died as death:
                    child.close()
                    child = None
                    if len(death.among) == 1:
                        failed[death.among[0]] = death.reason
                    at_once = 1
            yield made
    finally:
        if child is not None:
            child.close()


def _drawn_together(
    child: "_Child", part: Sequence[str], failed: dict[int, str], at_once: int
) -> Together:
    """Return the PDF of what has not failed before.

    Raises: _Died, when a document was the child's end; RenderFailed, when that is nothing new.
    """
    for places in _handfuls(part, failed, at_once):
        try:
            refused = child.keep([part[at] for at in places])
        except _Refused as refusal:
            refused = dict.fromkeys(range(len(places)), refusal.reason)
        except RenderFailed as death:
            if len(failed) >= MOST_DEATHS:
                raise
            raise _Died(reason=death.reason, among=places) from death
        failed.update({places[nth]: reason for nth, reason in refused.items()})
    return Together(child.write() if len(failed) < len(part) else b"", failed)


def _handfuls(part: Sequence[str], failed: Container[int], at_once: int) -> list[list[int]]:
    """Return the places of what is to be handed over at once."""
    handfuls: list[list[int]] = []
    room = 0
    for at, html in enumerate(part):
        if at in failed:
            continue
        if not handfuls or len(handfuls[-1]) == at_once or len(html) > room:
            handfuls.append([])
            room = LONGEST_TOGETHER
        handfuls[-1].append(at)
        room -= len(html)
    return handfuls


def _terms(
    stylesheets: Sequence[str], together: Sequence[str], seconds: int, memory_bytes: int
) -> dict[str, object]:
    return {
        "memory_bytes": memory_bytes,
        "seconds": seconds,
        "base": _static_text(DEFAULTS),
        "stylesheets": [_static_text(name) for name in stylesheets],
        "together": [_static_text(name) for name in together],
    }


class _Child:
    """One running `oms.core.pdf_worker`, fed a document at a time."""

    def __init__(self, terms: dict[str, object], seconds: int) -> None:
        self.drawn = 0
        self.seconds = seconds
        self.late = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "oms.core.pdf_worker"],
            cwd=settings.BASE_DIR,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # Pipes exist because they were asked for above.
        self.to_child = cast("IO[bytes]", self.process.stdin)
        self.from_child = cast("IO[bytes]", self.process.stdout)
        self.greeting: bytes | None = json.dumps(terms).encode()

    def draw(self, html: str) -> bytes:
        """Return one PDF, or kill the child and raise RenderFailed."""
        _, drawn = self._asked({"html": html})
        self.drawn += 1
        return drawn

    def keep(self, documents: Sequence[str]) -> dict[int, str]:
        """Have documents laid out and kept; return why some are left out, by their place."""
        answer, _ = self._asked({"keep": documents})
        self.drawn += len(documents)
        return {int(at): reason for at, reason in answer["failed"].items()}

    def write(self) -> bytes:
        """Return one PDF of all that was kept."""
        _, drawn = self._asked({"write": True})
        return drawn

    def _asked(self, what: Mapping[str, object]) -> tuple[dict[str, Any], bytes]:
        """Return the answer, and the PDF that follows an empty one."""
        frame = json.dumps(what).encode()
        if len(frame) > LARGEST_DOCUMENT_BYTES:
            raise _Refused(reason="it is longer than 20 MB")
        with _Deadline(self):
            try:
                if self.greeting is not None:
                    self._send(self.greeting)
                    self.greeting = None
                self._send(frame)
                answer = json.loads(self._receive())
                drawn = b"" if answer else self._receive()
            except (OSError, EOFError) as error:
                raise RenderFailed(reason=self._cause_of_death()) from error
        if "dying" in answer:
            raise RenderFailed(reason=answer["dying"])
        if "error" in answer:
            raise _Refused(reason=answer["error"])
        return answer, drawn

    def close(self) -> None:
        """End the child; it has nothing that could be lost."""
        self.process.kill()
        self.process.wait()
        self.from_child.close()
        try:
            self.to_child.close()
        except OSError:
            return  # what could not be flushed to a dead child

    def _send(self, frame: bytes) -> None:
        self.to_child.write(len(frame).to_bytes(4, "big") + frame)
        self.to_child.flush()

    def _receive(self) -> bytes:
        size = int.from_bytes(self._exactly(4), "big")
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        content = self.from_child.read(size)
        if len(content) < size:
            raise EOFError
        return content

    def _cause_of_death(self) -> str:
        if self.late:
            return f"it took longer than {self.seconds} s"
        self.process.kill()  # its output has ended, so it is dying; this makes sure
        code = self.process.wait()
        if code == -signal.SIGXCPU:
            return f"it took longer than {self.seconds} s"
        if code in {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV, -signal.SIGBUS}:
            return "it needs too much memory"
        return f"the process that draws it ended early ({code})"


class _Refused(RenderFailed):
    """The child lives, and goes on with the next document."""


@dataclass(eq=False)
class _Died(RenderFailed):
    """One `among` the documents at these places of their part was the child's end."""

    among: list[int]


class _Deadline:
    """Kills a child that has not answered in time."""

    def __init__(self, child: _Child) -> None:
        self.child = child
        # The first document also waits for the libraries to load.
        self.timer = threading.Timer(child.seconds + (0 if child.drawn else 10), self._expire)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.timer.cancel()

    def _expire(self) -> None:
        self.child.late = True
        self.child.process.kill()


def _static_text(name: str) -> str:
    """Return a stylesheet of ours. A name that is not one is a bug, not a refusal."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(f"There is no static file {name!r}.")
    return Path(found).read_text("utf-8")


def _environment() -> dict[str, str]:
    """Return what fonts and libraries need, without the system's secrets."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES)
    }
