"""What fulfillment prints and writes for people."""

from fulfillment.letters.collecting import READY_FOR_PICKUP, ready_for_pickup
from fulfillment.letters.releasing import RELEASE_MOVED, release_moved
from fulfillment.letters.slips import (
    LINES_PER_DOCUMENT,
    SLIP_STYLESHEETS,
    SLIPS_TOGETHER,
    Elsewhere,
    Slip,
    SlipLine,
    barcode,
    packing_slip,
    slip_parts,
)

LETTERS = (READY_FOR_PICKUP, RELEASE_MOVED)

__all__ = [
    "LETTERS",
    "LINES_PER_DOCUMENT",
    "SLIPS_TOGETHER",
    "SLIP_STYLESHEETS",
    "Elsewhere",
    "Slip",
    "SlipLine",
    "barcode",
    "packing_slip",
    "ready_for_pickup",
    "release_moved",
    "slip_parts",
]
