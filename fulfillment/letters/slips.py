"""What fulfillment prints for people: the packing slip that lies in the box.

Plain values in, HTML out; `oms.core.pdf` makes paper of it. A slip never shows a price: the
parcel may be a present.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_UP, Decimal
from itertools import groupby
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from barcode import Code128
from django.template.loader import render_to_string

from fulfillment.words import Words, words_for

SLIP_STYLESHEETS = ("oms/slip.css",)
SLIPS_TOGETHER = ("oms/slips-together.css",)
"""What `oms.core.pdf` needs to know to draw slips, and many of them at once."""

LINES_PER_DOCUMENT = 200
"""A longer slip becomes several documents, each drawn well within its 20 s and 512 MB."""

LONGEST_TEXT = 300
"""Characters of any one name or address line that are printed."""

QUIET_ZONE = 10
"""Modules of white that a scanner needs at each end of a Code 128 barcode."""

Paper = Literal["a4", "letter", "label"]

_REORDERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class SlipLine:
    """One SKU in the box: `quantity` units here, of `ordered` in the whole order."""

    sku: str
    name: str
    quantity: int
    ordered: int
    barcode: str = ""
    bin: str = ""
    country_of_origin: str = ""
    """ISO 3166-1 alpha-2, where a customs officer may ask."""
    note: str = ""
    """Such as a lot and its best-before date."""


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Units of the order that are not in this box, and when they come."""

    name: str
    quantity: int
    reason: Literal["waiting for stock", "another parcel"]
    location: str = ""
    """Where they come from, when it is another place."""
    expected_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Slip:
    """Everything a packing slip says about one box."""

    order_number: str
    fulfillment_number: str
    placed_on: date
    shop: str
    """The channel's name, as the customer knows it."""
    ship_from: str
    ship_from_lines: tuple[str, ...] = ()
    ship_to: str
    ship_to_lines: tuple[str, ...] = ()
    lines: tuple[SlipLine, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    gift_note: str = ""
    package: int = 1
    packages: int = 1
    weight_g: int | None = None
    service: str = ""
    customer_reference: str = ""
    """The order's number in the shop, which the customer knows."""
    status_url: str = ""
    returns: str = ""
    """How to send something back, in the customer's language."""
    contact: str = ""
    language: str = "en"
    part: int = 1
    parts: int = 1
    units_before: int = 0
    """Units on earlier parts of a slip that `slip_parts` cut."""


def slip_parts(slip: Slip) -> list[Slip]:
    """Return the slip as one document, or cut into several of at most 200 lines.

    The total, what is elsewhere, the gift note and how to return stand on the last one.
    """
    cuts = range(0, max(len(slip.lines), 1), LINES_PER_DOCUMENT)
    found: list[Slip] = []
    for part, start in enumerate(cuts, start=1):
        found.append(
            replace(
                slip,
                part=part,
                parts=len(cuts),
                lines=slip.lines[start : start + LINES_PER_DOCUMENT],
                units_before=sum(line.quantity for line in slip.lines[:start]),
            )
        )
    return found


def packing_slip(slip: Slip, *, paper: Paper = "a4") -> str:
    """Return the slip as HTML for A4, US Letter or a 4 by 6 inch label, ready for `oms.core.pdf`.

    Fixed words, dates and numbers are in the slip's language where it is en, nl, de or fr,
    else in English. Everything that people typed is escaped, and printed without the marks
    that reorder text.
    """
    words = words_for(slip.language)
    units = slip.units_before + sum(line.quantity for line in slip.lines)
    return render_to_string(
        "fulfillment/packing_slip.html",
        {
            "words": words,
            "paper": paper,
            "shop": plain(slip.shop),
            "contact": plain(slip.contact),
            "number": slip.fulfillment_number,
            "barcode": barcode(slip.fulfillment_number),
            "ship_to": [plain(line) for line in (slip.ship_to, *slip.ship_to_lines) if line],
            "ship_from": [plain(line) for line in (slip.ship_from, *slip.ship_from_lines) if line],
            "order": plain(slip.customer_reference) or slip.order_number,
            "our_number": slip.order_number if slip.customer_reference else "",
            "placed": format_date(slip.placed_on, "long", words.locale),
            "package": words.package.format(k=slip.package, n=slip.packages),
            "weight": _kilograms(slip.weight_g, words.locale),
            "service": plain(slip.service),
            "part": f"{slip.part} / {slip.parts}" if slip.parts > 1 else "",
            "rows": _rows(slip.lines, words),
            "ends": slip.part == slip.parts,
            "units": units,
            "unit_word": words.unit if units == 1 else words.units,
            "elsewhere": [_elsewhere(part, words) for part in slip.elsewhere],
            "gift_note": paragraphs(slip.gift_note, limit=2000),
            "status_url": slip.status_url,
            "returns": plain(slip.returns, limit=1000),
        },
    )


@dataclass(frozen=True)
class Barcode:
    """A Code 128 barcode as SVG path data, one unit a module, quiet zones included.

    Its bars are strokes 40 wide, across which they are that high: two commands for each.
    """

    path: str
    width: int


def barcode(number: str) -> Barcode:
    """Return the Code 128 barcode of a document number."""
    modules: str = Code128(number).build()[0]
    path, x = [], QUIET_ZONE
    for bit, run in groupby(modules):
        width = len(list(run))
        if bit == "1":
            path.append(f"M{x} 20h{width}")
        x += width
    return Barcode("".join(path), x + QUIET_ZONE)


def _rows(lines: Iterable[SlipLine], words: Words) -> list[dict[str, Any]]:
    rows = [
        {
            "quantity": line.quantity,
            "name": plain(line.name),
            "codes": " · ".join(_codes(line, words)),
            "notes": "\n".join(plain(note) for note in _notes(line, words) if note),
            "last": False,
        }
        for line in lines
    ]
    if len(rows) > 1:
        rows[-1]["last"] = True  # stays on one page with the sum below it
    return rows


def _codes(line: SlipLine, words: Words) -> Iterable[str]:
    yield plain(line.sku)
    if line.barcode:
        yield plain(line.barcode)
    if line.bin:
        yield words.bin.format(bin=plain(line.bin))


def _notes(line: SlipLine, words: Words) -> Iterable[str]:
    if line.ordered != line.quantity:
        yield words.of_ordered.format(quantity=line.quantity, ordered=line.ordered)
    yield line.note
    if line.country_of_origin:
        land = line.country_of_origin.upper()
        yield words.origin.format(country=words.locale.territories.get(land, land))


def _elsewhere(part: Elsewhere, words: Words) -> dict[str, Any]:
    if part.reason == "waiting for stock":
        where = words.waiting
    elif part.location:
        where = words.from_place.format(place=plain(part.location))
    else:
        where = words.another_parcel
    if part.expected_on:
        day = format_skeleton("MMMEd", part.expected_on, locale=words.locale)
        where = words.expected.format(where=where, day=day.replace(" ", "\u00a0"))
    return {"quantity": part.quantity, "name": plain(part.name), "where": where}


def _kilograms(grams: int | None, locale: Locale) -> str:
    if not grams:
        return ""
    kilograms = (Decimal(grams) / 1000).quantize(Decimal("0.01"), ROUND_UP)
    return f"{format_decimal(kilograms, locale=locale)} kg"


def plain(text: str, limit: int = LONGEST_TEXT) -> str:
    """Return text on one line without marks that would reorder ours, or make the page endless."""
    return paragraphs(text, limit).replace("\n", " ")


def paragraphs(text: str, limit: int) -> str:
    """Return text as `plain` does, on the lines on which it was written."""
    return _REORDERING.sub("", text)[:limit]
