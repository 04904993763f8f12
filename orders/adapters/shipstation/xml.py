"""XML of others, read without believing it: no DTD, no entities, no network, and limits."""

from collections.abc import Iterator

from lxml import etree

from orders.adapters import documents
from orders.adapters.fields import LONGEST
from orders.adapters.messages import Unreadable

MOST_BYTES = 5_000_000
DEEPEST = 16
MOST_ELEMENTS = 100_000

Element = etree._Element


def parsed(body: bytes) -> Element:
    """Return the root of a document.

    Raises: Unreadable.
    """
    if len(body) > MOST_BYTES:
        raise Unreadable(f"It is larger than {MOST_BYTES // 1_000_000} MB.")
    if b"\0" in body:
        raise Unreadable("It is not XML in UTF-8: there are NUL bytes in it.")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unreadable("It carries a document type: entities of others are not resolved.")
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        watch = _Watch()
        for begin in range(0, len(body), 65_536):
            parser.feed(body[begin : begin + 65_536])
            watch.over(parser.read_events())
        root: Element = parser.close()
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"It is not XML: {str(error)[:200]}.") from error
    except (ValueError, LookupError) as error:
        raise Unreadable(f"It is not XML that can be read: {str(error)[:200]}.") from error
    return root


class _Watch:
    """Stops at a document that is too deep or too wide, while it is being read."""

    def __init__(self) -> None:
        self.depth = self.count = 0

    def over(self, events: Iterator[tuple[str, Element]]) -> None:
        for event, _ in events:
            self.depth += 1 if event == "start" else -1
            self.count += event == "start"
            if self.depth > DEEPEST:
                raise Unreadable(f"It is nested deeper than {DEEPEST} levels.")
            if self.count > MOST_ELEMENTS:
                raise Unreadable(f"There are more than {MOST_ELEMENTS} elements in it.")


def name_of(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def each(element: Element | None, name: str) -> list[Element]:
    """Return the children of that name."""
    return [] if element is None else [one for one in element if name_of(one) == name]


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first element at a path."""
    for name in path:
        element = next(iter(each(element, name)), None)
    return element


def text(element: Element | None, *path: str, lines: bool = False) -> str:
    """Return what stands in the element at a path, in CDATA or not; in one line or several."""
    found = child(element, *path)
    if found is None:
        return ""
    written = "".join(str(part) for part in found.itertext())
    return documents.text(written, LONGEST if lines else 200, lines=lines)
