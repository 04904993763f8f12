"""The body of a message as people read it."""

import json
from dataclasses import dataclass

from lxml import etree

LONGEST = 60_000
LARGEST = 1_000_000
LINE = {"\n", "\t"}


@dataclass(frozen=True)
class Shown:
    """A body in lines; `left_out` counts characters that are not shown."""

    language: str
    text: str
    left_out: int = 0


def shown(body: bytes) -> Shown:
    """Return a body as text: JSON and XML in lines, anything else as it is.

    What is huge is not put into lines, and cut. Characters that would hide something show as dots.
    """
    for language, read in (("JSON", _json), ("XML", _xml)):
        text = read(body) if len(body) <= LARGEST else None
        if text is not None:
            return _cut(language, text)
    return _cut("Text", body.decode("utf-8", "replace"))


def _cut(language: str, text: str) -> Shown:
    kept = "".join(char if char in LINE or char.isprintable() else "·" for char in text[:LONGEST])
    return Shown(language, kept, max(0, len(text) - LONGEST))


def _json(body: bytes) -> str | None:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None


def _xml(body: bytes) -> str | None:
    if body.lstrip()[:1] != b"<":
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True
    )
    try:
        root = etree.fromstring(body, parser)
        return str(etree.tostring(root, encoding="unicode", pretty_print=True))
    except (etree.LxmlError, ValueError, RecursionError):
        return None
