"""The process that draws documents: `python -m oms.core.pdf_worker`, started by `oms.core.pdf`.

It is told its limits and stylesheets once, then turns one HTML document after another into PDF
until its input ends. It reads no file and opens no connection for a document, knows no secret of
the system, and may be killed at any time.

Frames on both pipes are a length (4 bytes, big-endian) and so many bytes. In come one JSON object
`{"memory_bytes", "seconds", "stylesheets"}` and then documents as `{"html"}`; out goes for each a
JSON object, `{}` or `{"error"}`, followed after `{}` by the PDF. A document that is to be `kept` is
answered by a JSON object alone; `{"write": true}` then asks for one PDF of all that are kept.
"""

import base64
import binascii
import gc
import json
import logging
import resource
import sys
from io import BytesIO
from typing import Any, BinaryIO

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

COLLECT_EVERY = 5
"""Documents after which what nobody holds any more is looked for; each leaves some megabytes."""

LARGEST_PICTURE_BYTES = 1_000_000
PICTURE = "data:image/png;base64,"


class OnlyOwnPictures(URLFetcher):  # type: ignore[misc]  # the library has no types
    """Serves the PNG pictures that a document carries in itself, and nothing else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        if not url.startswith(PICTURE) or len(url) > LARGEST_PICTURE_BYTES:
            raise ValueError("This address is not served to documents.")
        try:
            picture = base64.b64decode(url.removeprefix(PICTURE), validate=True)
        except binascii.Error as error:
            raise ValueError("This picture is damaged.") from error
        return URLFetcherResponse(url, picture, {"Content-Type": "image/png"})


class Renderer:
    """WeasyPrint with its fonts and stylesheets read once."""

    def __init__(self, stylesheets: list[str]) -> None:
        self.fetcher = OnlyOwnPictures()
        self.fonts = FontConfiguration()
        self.stylesheets = [
            CSS(string=text, font_config=self.fonts, url_fetcher=self.fetcher)
            for text in stylesheets
        ]
        self.kept: list[Any] = []

    def draw(self, html: str) -> bytes:
        """Return the PDF of one document."""
        return self._written(self._laid_out(html))

    def keep(self, html: str) -> None:
        """Lay a document out, and keep its pages until `write`."""
        self.kept.append(self._laid_out(html))

    def write(self) -> bytes:
        """Return one PDF of all documents that are kept, and let them go."""
        kept, self.kept = self.kept, []
        if not kept:
            raise ValueError("No document is kept.")
        pages = [page for document in kept for page in document.pages]
        return self._written(kept[0].copy(pages))

    def _laid_out(self, html: str) -> Any:
        page = HTML(string=html, base_url="oms:/", url_fetcher=self.fetcher)
        return page.render(stylesheets=self.stylesheets, font_config=self.fonts)

    def _written(self, document: Any) -> bytes:
        out = BytesIO()
        document.write_pdf(out)
        return out.getvalue()


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the next frame, or None at the end."""
    header = stream.read(4)
    if len(header) < 4:
        return None
    size = int.from_bytes(header, "big")
    frame = stream.read(size)
    return frame if len(frame) == size else None


def write_frame(stream: BinaryIO, frame: bytes) -> None:
    """Write one frame and send it off."""
    stream.write(len(frame).to_bytes(4, "big"))
    stream.write(frame)
    stream.flush()


def serve(inward: BinaryIO, outward: BinaryIO) -> None:
    """Answer documents until the input ends."""
    order = read_frame(inward)
    if order is None:
        return
    terms = json.loads(order)
    resource.setrlimit(resource.RLIMIT_AS, (terms["memory_bytes"],) * 2)
    renderer = Renderer(terms["stylesheets"])
    _refuse_the_outside_world()
    gc.disable()
    gc.freeze()
    try:
        count = was_kept = 0
        while (frame := read_frame(inward)) is not None:
            _allow_seconds(terms["seconds"])
            _answer(renderer, frame, outward)
            count += 1
            if count % COLLECT_EVERY == 0 or was_kept > len(renderer.kept):
                _tidy_up(renderer)
            was_kept = len(renderer.kept)
    except MemoryError:
        write_frame(outward, b'{"error": "it needs too much memory"}')


def _answer(renderer: Renderer, frame: bytes, outward: BinaryIO) -> None:
    asked = json.loads(frame)
    try:
        pdf = _done(renderer, asked)
    except MemoryError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:500]
        write_frame(outward, json.dumps({"error": reason}).encode())
        return
    write_frame(outward, b"{}")
    if pdf is not None:
        write_frame(outward, pdf)


def _done(renderer: Renderer, asked: dict[str, Any]) -> bytes | None:
    if asked.get("write"):
        return renderer.write()
    if asked.get("keep"):
        renderer.keep(asked["html"])
        return None
    return renderer.draw(asked["html"])


def _tidy_up(renderer: Renderer) -> None:
    """Collect what the last documents left behind; what is kept is not looked through again."""
    if not renderer.kept:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


def _allow_seconds(seconds: int) -> None:
    """Let this process die by itself when a document takes too long and its parent is gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, hard))


def _refuse_the_outside_world() -> None:
    """Forbid sockets and programs from here on, whatever a library may try."""

    def forbid(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith("socket.") or event in {"subprocess.Popen", "os.system", "os.exec"}:
            raise PermissionError(f"{event} is not allowed here.")

    sys.addaudithook(forbid)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    serve(sys.stdin.buffer, sys.stdout.buffer)
