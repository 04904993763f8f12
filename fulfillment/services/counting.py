"""What was counted or scanned, matched to the lines of the work in hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fulfillment.errors import TooManyUnits, UnknownLine
from fulfillment.errors_packing import CaseScanned, ExtraUnit, UnknownCode, WrongItem
from fulfillment.models import FulfillmentOrderLine
from fulfillment.rules.counting import Open, spread
from fulfillment.services.working import Work
from oms.catalog.rules.gs1 import names, read
from oms.catalog.selectors import sku_of_case, sku_of_scan


@dataclass(frozen=True)
class Counted:
    """Units of one SKU, and where they were, where that was said."""

    sku: str
    quantity: int
    bin: str = ""
    lot: str = ""


Left = Callable[[FulfillmentOrderLine], int]


def units_by_line(
    work: Work, counted: Sequence[Counted], left: Left
) -> dict[FulfillmentOrderLine, int]:
    """Return how many of the counted units go to each line; `left` is what a line still lacks.

    Raises: UnknownLine, TooManyUnits.
    """
    number = work.fulfillment_order.number
    known = {line.sku.code for line in work.lines}
    for each in counted:
        if each.sku not in known:
            raise UnknownLine(number=number, sku=each.sku)
    lines = {line.pk: line for line in work.lines}
    found = spread(
        [(each.sku, each.quantity) for each in counted],
        [Open(line.pk, line.sku.code, left(line)) for line in work.lines],
    )
    for sku, over in found.over.items():
        asked = sum(each.quantity for each in counted if each.sku == sku)
        raise TooManyUnits(number=number, sku=sku, requested=asked, left=asked - over)
    return {lines[pk]: units for pk, units in found.units.items()}


def line_of_scan(work: Work, code: str, left: Left, wanted: Left) -> FulfillmentOrderLine:
    """Return the line that a scanned unit belongs to and that still lacks one.

    Raises: WrongItem, ExtraUnit, CaseScanned, UnknownCode.
    """
    matching = lines_of_code(work, code)
    for line in matching:
        if left(line) > 0:
            return line
    number = work.fulfillment_order.number
    if matching and any(wanted(line) for line in matching):
        sku = matching[0].sku
        raise ExtraUnit(
            number=number,
            sku=sku.code,
            item=sku.name,
            wanted=sum(wanted(line) for line in matching),
        )
    if other := sku_of_scan(code):
        raise WrongItem(number=number, scanned=code, item=other.name)
    if case := sku_of_case(code):
        raise CaseScanned(number=number, scanned=code, item=case.name)
    raise UnknownCode(number=number, scanned=code)


def lines_of_code(work: Work, code: str) -> list[FulfillmentOrderLine]:
    """Return the lines whose SKU carries this barcode or code, or is named by this GS1 label."""
    wanted = {each.casefold() for each in names(code)}
    return [
        line
        for line in work.lines
        if not wanted.isdisjoint((line.sku.barcode.casefold(), line.sku.code.casefold()))
    ]


def units_of_scan(work: Work, line: FulfillmentOrderLine, code: str, left: Left) -> int:
    """Return how many units one scan is of: what the label of a case says, else one.

    Raises: TooManyUnits.
    """
    label = read(code)
    units = label.units if label else 1
    if units > max(1, left(line)):
        raise TooManyUnits(
            number=work.fulfillment_order.number,
            sku=line.sku.code,
            requested=units,
            left=left(line),
        )
    return units
