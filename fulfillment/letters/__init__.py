"""What fulfillment prints and writes for people."""

from fulfillment.letters.collecting import LETTERS, ready_for_pickup
from fulfillment.letters.slips import (
    LINES_PER_DOCUMENT,
    SLIP_STYLESHEETS,
    Elsewhere,
    Slip,
    SlipLine,
    barcode,
    packing_slip,
    slip_parts,
)

__all__ = [
    "LETTERS",
    "LINES_PER_DOCUMENT",
    "SLIP_STYLESHEETS",
    "Elsewhere",
    "Slip",
    "SlipLine",
    "barcode",
    "packing_slip",
    "ready_for_pickup",
    "slip_parts",
]
