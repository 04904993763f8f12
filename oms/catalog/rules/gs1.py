"""What GS1 barcodes say: which item, of which lot or serial number, until when, and how many.

The source is the GS1 General Specifications: application identifiers (section 3), how a string of
them is taken apart (7.8, with the identifiers of predefined length in its table), check digits
(7.9), the century of a date (7.12). Of what a label may say only that is kept which somebody at a
shelf, a packing table or goods-in asks for; the rest is passed over.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

SEPARATOR = "\x1d"
"""Ends an element without a predefined length: what scanners send for the character FNC1."""
PREDEFINED = {
    "00": 20,
    **dict.fromkeys(("01", "02", "03"), 16),
    "04": 18,
    **dict.fromkeys((str(two) for two in range(11, 20)), 8),
    "20": 4,
    **dict.fromkeys((str(two) for two in range(31, 37)), 10),
    "41": 16,
}
"""How long an element is, its identifier included, by how the identifier begins."""
SSCC, ITEM, INSIDE, LOT, EXPIRES, SERIAL, COUNT = "00", "01", "02", "10", "17", "21", "37"
LONGEST, MOST_COUNT_DIGITS = 20, 8
GTIN_SIZES = (8, 12, 13, 14)
SYMBOLOGY = re.compile(r"\][A-Za-z]\d")
"""What a scanner may send ahead of a code: which kind of barcode it was."""
WRITTEN = re.compile(r"\((\d{2,4})\)([^(]*)")
"""An element as it stands in print below the bars: (10)ABC."""


@dataclass(frozen=True)
class Label:
    """What a barcode says of the goods it is on. `gtin` has 14 digits; `units` is how many of that
    item there are; `expires` is written YYMMDD."""

    gtin: str = ""
    lot: str = ""
    serial: str = ""
    expires: str = ""
    units: int = 1

    @property
    def barcodes(self) -> tuple[str, ...]:
        """The item number in all lengths in which a SKU may have it on file."""
        return _lengths(self.gtin) if self.gtin else ()

    @property
    def unit_barcodes(self) -> tuple[str, ...]:
        """Where this is a case whose number was made of its unit's, the numbers of that unit; how
        many units are in it, no number says."""
        if not self.gtin or self.gtin[0] not in "12345678":
            return ()
        unit = "0" + self.gtin[1:-1]
        return _lengths(unit + check_digit(unit))

    def expires_on(self, today: date) -> date | None:
        """Return the day it says, in the century that is nearest; day 00 is the last of its
        month."""
        if not (len(self.expires) == 6 and self.expires.isascii() and self.expires.isdigit()):
            return None
        year = today.year // 100 * 100 + int(self.expires[:2])
        month, day = int(self.expires[2:4]), int(self.expires[4:])
        if year - today.year > 50:
            year -= 100
        elif year - today.year < -49:
            year += 100
        try:
            return date(year, month, day or calendar.monthrange(year, month)[1])
        except (ValueError, calendar.IllegalMonthError):
            return None


def read(code: str) -> Label | None:
    """Return what a scanned or typed code says; None where it is no GS1 number and no such label.

    Understood are element strings as scanners send them, with or without the mark of the
    symbology, the same as printed, with identifiers in brackets, and item numbers (GTIN) alone.
    """
    said = _bare(code)
    if _is_gtin(said):
        return Label(gtin=said.zfill(14))
    elements = _written(said) if said.startswith("(") else _elements(said.strip(SEPARATOR))
    return _label(elements) if elements else None


def names(code: str) -> tuple[str, ...]:
    """Return what a SKU may be called on file whose unit bears this code, as it was said first."""
    label = read(code)
    said = dict.fromkeys((code.strip(), _bare(code), *(label.barcodes if label else ())))
    return tuple(each for each in said if each)


def lot_in(code: str) -> str:
    """Return the lot or serial number that was scanned: alone, or as a label says it."""
    label = read(code)
    return (label.serial or label.lot if label else "") or code.strip()


def check_digit(digits: str) -> str:
    """Return the check digit of a number that lacks it."""
    total = sum(int(each) * (3 if nth % 2 == 0 else 1) for nth, each in enumerate(digits[::-1]))
    return str(-total % 10)


def _bare(code: str) -> str:
    said = code.strip()
    mark = SYMBOLOGY.match(said)
    return said[mark.end() :].strip() if mark else said


def _is_gtin(said: str) -> bool:
    return len(said) in GTIN_SIZES and _is_checked(said)


def _is_checked(said: str) -> bool:
    return said.isascii() and said.isdigit() and check_digit(said[:-1]) == said[-1]


def _lengths(gtin: str) -> tuple[str, ...]:
    return tuple(gtin[-size:] for size in GTIN_SIZES if not gtin[:-size].strip("0"))


def _written(said: str) -> dict[str, str]:
    found = WRITTEN.findall(said)
    if "".join(f"({identifier}){value}" for identifier, value in found) != said:
        return {}
    return {identifier: value.strip() for identifier, value in found}


def _elements(said: str) -> dict[str, str]:
    """Take a string of elements apart, by the first two digits of each; nothing where it is none.

    A string begins with an item or a logistic unit, or names by separators what it is: any other
    row of digits is a code of somebody's own.
    """
    if SEPARATOR not in said and said[:2] not in (SSCC, ITEM, INSIDE):
        return {}
    found: dict[str, str] = {}
    while said:
        identifier = said[:2]
        if not (identifier.isascii() and identifier.isdigit()):
            return {}
        size = PREDEFINED.get(identifier)
        if size is None:
            element, _separator, said = said.partition(SEPARATOR)
        elif len(said) < size:
            return {}
        else:
            element, said = said[:size], said[size:].removeprefix(SEPARATOR)
        found.setdefault(identifier, element[2:])
    return found


def _label(elements: dict[str, str]) -> Label | None:
    """Return what the elements say; None where one of ours breaks its own rules."""
    gtin = elements.get(ITEM) or elements.get(INSIDE, "")
    lot, serial = elements.get(LOT, ""), elements.get(SERIAL, "")
    count = elements.get(COUNT, "1")
    is_sound = (
        (not gtin or (len(gtin) == 14 and _is_checked(gtin)))
        and max(len(lot), len(serial)) <= LONGEST
        and (count.isascii() and count.isdigit() and len(count) <= MOST_COUNT_DIGITS)
    )
    if not is_sound or not (gtin or lot or serial):
        return None
    return Label(gtin, lot, serial, elements.get(EXPIRES, ""), max(1, int(count)))
