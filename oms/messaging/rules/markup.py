"""How a letter looks, from one text: four signs at the beginning of a line mean something.

`# …` is a heading, `- …` a row (with a right-hand cell after ` | `), `[words](address)` a button,
and a line that is an address a link. Everything else is paragraphs, with an empty line between.
"""

import re
from collections.abc import Iterator

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

SIGNS = "#-[]()|:*"
HIDDEN = {ord(sign): chr(0xE000 + at) for at, sign in enumerate(SIGNS)}
SHOWN = {0xE000 + at: sign for at, sign in enumerate(SIGNS)}

ADDRESS = re.compile(r"https?://[^\s\[\]()<>\"'\\]+")
BUTTON = re.compile(r"\[([^\]]+)\]\((.*)\)")
UNITS = re.compile(
    "(\\d[\\d.,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE} ]* \N{MULTIPLICATION SIGN}) (.+)"
)

P = "margin:0 0 16px"
CELL = "padding:8px 0;border-bottom:1px solid #e6e9ed;vertical-align:top"
FIRST = (
    "padding:8px 12px 8px 0;border-bottom:1px solid #e6e9ed;white-space:nowrap;vertical-align:top"
)
LAST = (
    "padding:8px 0 8px 12px;border-bottom:1px solid #e6e9ed;white-space:nowrap;vertical-align:top"
)
INK = (
    "display:inline-block;padding:12px 20px;background:#16202b;color:#ffffff;"
    "text-decoration:none;border-radius:6px;font-weight:600"
)


class Value(str):
    """A value in a letter: compares as itself, and fills in with its signs hidden."""

    __slots__ = ()

    def __html__(self) -> str:
        return self.translate(HIDDEN)


class Link(str):
    """An address of ours, whose signs count."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def as_value(text: str, *, link: bool = False) -> str:
    """Return text as a value of one line; a link that is no web address is empty."""
    bare = "".join(each for each in text if ord(each) not in SHOWN)
    bare = " ".join("".join(c if c.isprintable() else " " for c in bare).split())
    if link:
        return Link(bare if ADDRESS.fullmatch(bare) else "")
    return Value(bare)


def as_line(filled: str) -> str:
    """Return filled words as one line: a subject, or an SMS."""
    return " ".join(filled.translate(SHOWN).split())


def as_text(filled: str) -> str:
    """Return filled words as the plain text of a letter."""
    blocks = ["\n".join(_plain(block)) for block in _blocks(filled)]
    return "\n\n".join(block for block in blocks if block).translate(SHOWN) + "\n"


def _blocks(filled: str) -> Iterator[list[str]]:
    for block in re.split(r"\n\s*\n", filled.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in block.split("\n")]
        yield [line.removesuffix(" |") if line.startswith("- ") else line for line in lines if line]


def _plain(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if button := BUTTON.fullmatch(line):
            if ADDRESS.fullmatch(button[2]):
                yield f"{button[1]}:"
                yield button[2]
        elif line.startswith("- "):
            name, _, cell = line[2:].rpartition(" | ")
            yield f"{name}: {cell}" if name else line[2:]
        else:
            yield line.removeprefix("# ")


def as_html(filled: str) -> SafeString:
    """Return filled words as the inside of a letter for mail programs, which know no stylesheet."""
    parts = [part for block in _blocks(filled) for part in _marked(block)]
    return mark_safe("\n".join(parts).translate(SHOWN))  # noqa: S308 (escaped piece by piece)


def _marked(lines: list[str]) -> Iterator[str]:
    kept: list[str] = []
    kind = ""
    for line in lines:
        now = _kind(line)
        if now != kind:
            yield from _drawn(kind, kept)
            kept = []
        kind = now
        kept.append(line)
    yield from _drawn(kind, kept)


def _kind(line: str) -> str:
    if BUTTON.fullmatch(line):
        return "button"
    return {"# ": "heading", "- ": "row"}.get(line[:2], "text")


def _drawn(kind: str, lines: list[str]) -> Iterator[str]:
    if kind == "heading":
        for line in lines:
            yield format_html(
                '<h1 style="margin:0 0 12px;font-size:22px;line-height:1.3">{}</h1>', line[2:]
            )
    elif kind == "row":
        rows = format_html_join("", "<tr>{}</tr>", ((_row(line[2:]),) for line in lines))
        yield format_html(
            '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
            'style="margin:0 0 16px;border-collapse:collapse">{}</table>',
            rows,
        )
    elif kind == "button":
        yield from (_button(line) for line in lines)
    elif lines:
        text = format_html_join(mark_safe("<br>"), "{}", ((_linked(line),) for line in lines))
        yield format_html('<p style="{}">{}</p>', P, text)


def _row(line: str) -> SafeString:
    name, _, cell = line.rpartition(" | ")
    name, cell = (name, cell) if name else (cell, "")
    units = UNITS.fullmatch(name)
    first = format_html('<td style="{}">{}</td>', FIRST, units[1]) if units else ""
    wide = "" if units else mark_safe(' colspan="2"')
    middle = format_html(
        '<td width="100%"{} style="{}">{}</td>', wide, CELL, units[2] if units else name
    )
    last = format_html('<td align="right" style="{}">{}</td>', LAST, cell) if cell else ""
    return format_html("{}{}{}", first, middle, last)


def _button(line: str) -> str:
    found = BUTTON.fullmatch(line)
    if not found or not ADDRESS.fullmatch(found[2]):
        return ""
    return format_html(
        '<p style="margin:8px 0 16px"><a href="{}" style="{}">{}</a></p>', found[2], INK, found[1]
    )


def _linked(line: str) -> str:
    if ADDRESS.fullmatch(line):
        return format_html('<a href="{}" style="color:#16202b">{}</a>', line, line)
    return escape(line)
