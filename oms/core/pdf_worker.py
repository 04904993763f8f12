"""The process that draws documents: `python -m oms.core.pdf_worker`, started by `oms.core.pdf`.

It is told its limits and stylesheets once, then turns one HTML document after another into PDF
until its input ends. It reads no file and opens no connection for a document, knows no secret of
the system, and may be killed at any time.

Frames on both pipes are a length (4 bytes, big-endian) and so many bytes. In come one JSON object
`{"memory_bytes", "seconds", "base", "stylesheets", "together"}` and then documents as `{"html"}`;
out goes for each a JSON object, `{}` or `{"error"}`, followed after `{}` by the PDF. Several in
`{"keep"}` are answered by `{"failed"}` alone: why some could not be laid out, by their place.
`{"write": true}` then asks for one PDF of all that are kept. `{"dying"}` is the last answer.
"""

import base64
import binascii
import gc
import json
import logging
import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO
from xml.etree import ElementTree as Tree

import cssselect2
import tinyhtml5
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

COLLECT_EVERY = 300_000
"""Bytes of documents after which what nobody holds any more is looked for, when no page is kept."""

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


class Paper(HTML):  # type: ignore[misc]  # the library has no types
    """A document that has been read, with defaults of ours for how its elements look.

    WeasyPrint's own, for all of HTML, give each element six pseudo-elements and each page sixteen
    boxes in its margins, which take a fifth of the time of a slip.
    """

    def __init__(self, root: Any, *, base: CSS, fetcher: URLFetcher) -> None:
        self.base = base
        self.base_url = "oms:/"
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [self.base]


def root_of(html: str) -> Any:
    """Return the root element of a document. One that is well-formed is read by a quick parser."""
    try:
        root = Tree.fromstring(html)  # noqa: S314 (it fetches nothing, and expat bounds entities)
    except Tree.ParseError:
        root = None
    if root is not None and root.tag == "html":
        return root
    return tinyhtml5.parse(html, namespace_html_elements=False)


@dataclass(frozen=True)
class Failure:
    reason: str


def tried(draw: Callable[[], Any]) -> Any:
    """Return what is drawn, or a `Failure`. Without memory this process ends."""
    try:
        return draw()
    except MemoryError:
        raise
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}"[:500])


class Renderer:
    """WeasyPrint with its fonts and stylesheets read once."""

    def __init__(self, *, base: str, stylesheets: Sequence[str], together: Sequence[str]) -> None:
        self.fetcher = OnlyOwnPictures()
        self.fonts = FontConfiguration()
        self.base = self._read(base)
        self.stylesheets = [self._read(text) for text in stylesheets]
        self.together = [self._read(text) for text in together]
        self.kept: list[Any] = []
        self.last: Any = None
        self.too_long = sys.maxsize

    def draw(self, html: str) -> bytes:
        """Return the PDF of one document."""
        return self._written(self._laid_out(root_of(html)))

    def keep(self, documents: Sequence[str]) -> dict[int, str]:
        """Lay documents out, and keep their pages until `write`; return why some are left out."""
        together = tried(lambda: self._together(documents))
        pages = {} if isinstance(together, Failure) else together
        failed: dict[int, str] = {}
        for at, html in enumerate(documents):
            if at in pages:
                continue
            document = tried(lambda: self._laid_out(root_of(html)))  # noqa: B023 (runs at once)
            if isinstance(document, Failure):
                failed[at] = document.reason
                continue
            self.last, pages[at] = document, document.pages
            if len(document.pages) > 1:
                self.too_long = min(self.too_long, len(html))
        self.kept += [page for at in sorted(pages) for page in pages[at]]
        return failed

    def write(self) -> bytes:
        """Return one PDF of all documents that are kept, and let them go."""
        pages, self.kept = self.kept, []
        if not pages:
            raise ValueError("No document is kept.")
        last, self.last = self.last, None
        return self._written(last.copy(pages))

    def _together(self, documents: Sequence[str]) -> dict[int, list[Any]]:
        """Lay out as one those that are alike, so that their styles are worked out once.

        Return the page of each by its place, if it is one. Others, and those that fail together
        with others, are left to be laid out alone.
        """
        pages: dict[int, list[Any]] = {}
        for roots in self._alike(documents):
            document = tried(partial(self._laid_out, _joined(roots), *self.together))
            if isinstance(document, Failure):
                continue
            self.last = document
            begun = _begun(document.pages)
            if len(begun) == len(roots):
                pages |= {at: of for at, of in zip(roots, begun, strict=True) if len(of) == 1}
        return pages

    def _alike(self, documents: Sequence[str]) -> Iterable[dict[int, Any]]:
        """Return the roots of documents that may be one, by their places."""
        if len(documents) == 1 or not self.together:
            return ()
        alike: dict[object, dict[int, Any]] = defaultdict(dict)
        for at, html in enumerate(documents):
            if len(html) < self.too_long:
                root = root_of(html)
                alike[_shell(root)][at] = root
        return alike.values()

    def _laid_out(self, root: Any, *more: CSS) -> Any:
        page = Paper(root, base=self.base, fetcher=self.fetcher)
        return page.render(stylesheets=[*self.stylesheets, *more], font_config=self.fonts)

    def _written(self, document: Any) -> bytes:
        out = BytesIO()
        document.write_pdf(out)
        return out.getvalue()

    def _read(self, text: str) -> CSS:
        return CSS(string=text, font_config=self.fonts, url_fetcher=self.fetcher)


def _shell(root: Any) -> object:
    """What must be the same for documents to be one: language and kind of paper."""
    return (tuple(root.attrib.items()), tuple(root.find("body").attrib.items()))


def _begun(pages: Iterable[Any]) -> list[list[Any]]:
    """Return the pages of each document: it has a bookmark on its first, and nowhere else."""
    begun: list[list[Any]] = []
    for page in pages:
        if page.bookmarks or not begun:
            begun.append([])
        begun[-1].append(page)
    return begun


def _joined(roots: Mapping[int, Any]) -> Any:
    """Return the first document, with the bodies of all."""
    first, *others = roots.values()
    body = first.find("body")
    for root in others:
        body.extend(root.find("body"))
    return first


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
    renderer = Renderer(**{name: terms[name] for name in ("base", "stylesheets", "together")})
    _refuse_the_outside_world()
    gc.disable()
    gc.freeze()
    try:
        done = 0
        while (frame := read_frame(inward)) is not None:
            _allow_seconds(terms["seconds"])
            _answer(renderer, json.loads(frame), outward)
            done += len(frame)
            if done >= COLLECT_EVERY and not renderer.kept:
                gc.collect()
                done = 0
    except MemoryError:
        write_frame(outward, b'{"dying": "it needs too much memory"}')


def _answer(renderer: Renderer, asked: dict[str, Any], outward: BinaryIO) -> None:
    if "keep" in asked:
        write_frame(outward, json.dumps({"failed": renderer.keep(asked["keep"])}).encode())
        return
    pdf = tried(renderer.write if "write" in asked else lambda: renderer.draw(asked["html"]))
    if isinstance(pdf, Failure):
        write_frame(outward, json.dumps({"error": pdf.reason}).encode())
        return
    write_frame(outward, b"{}")
    write_frame(outward, pdf)


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
