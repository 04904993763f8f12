"""The paper that goes along past the bins: of one order, or of a whole wave."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from fulfillment.letters.slips import LINES_PER_DOCUMENT, barcode, plain


@dataclass(frozen=True)
class PickRow:
    """Units to take from a bin; `into` are the totes, or places in the wave, they go to."""

    bin: str
    sku: str
    name: str
    lot: str
    units: int
    into: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PickList:
    """What is to be picked, in the order of the walk."""

    number: str
    place: str
    about: str = ""
    picker: str = ""
    orders: int = 1
    rows: tuple[PickRow, ...]


def pick_lists(wanted: PickList) -> list[str]:
    """Return the list as HTML for A4; a long one as several documents, nothing left as none."""
    cuts = range(0, len(wanted.rows), LINES_PER_DOCUMENT)
    return [
        render_to_string(
            "fulfillment/pick_list.html",
            {
                "list": wanted,
                "barcode": barcode(wanted.number),
                "rows": [
                    {
                        "bin": plain(row.bin),
                        "sku": plain(row.sku),
                        "name": plain(row.name),
                        "lot": plain(row.lot),
                        "units": row.units,
                        "into": [(plain(where), units) for where, units in row.into],
                    }
                    for row in wanted.rows[start : start + LINES_PER_DOCUMENT]
                ],
                "part": f"{part} / {len(cuts)}" if len(cuts) > 1 else "",
                "units": sum(row.units for row in wanted.rows),
            },
        )
        for part, start in enumerate(cuts, start=1)
    ]
