import contextlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms.core import cells
from oms.core.cells import BadCell
from oms.core.tables import Row


def row(value: str) -> Row:
    return Row(2, {"c": value})


@pytest.mark.parametrize(
    ("parse", "limits", "value", "reading"),
    [
        (cells.text, {"max_length": 5}, "abcde", "abcde"),
        (cells.text, {"max_length": 5, "single_line": False}, "a\nb", "a\nb"),
        (cells.integer, {}, "-7", -7),
        (cells.integer, {"minimum": 0, "maximum": 7}, "007", 7),
        (cells.decimal, {"places": 2}, "4.500", Decimal("4.5")),
        (cells.decimal, {"places": 0}, "4", Decimal(4)),
        (cells.day, {}, "2026-11-18", date(2026, 11, 18)),
        (cells.moment, {}, "2026-11-18T10:00:00Z", datetime(2026, 11, 18, 10, tzinfo=UTC)),
        (
            cells.moment,
            {},
            "2026-11-18T10:00:00+01:00",
            datetime(2026, 11, 18, 9, tzinfo=UTC),
        ),
        (cells.country, {}, "nl", "NL"),
        (cells.choice, {"among": ["none", "Lot"]}, "LOT", "Lot"),
    ],
)
def test_a_cell_in_order_is_read(parse, limits, value, reading):
    assert parse(row(value), "c", **limits) == reading


@pytest.mark.parametrize(
    ("parse", "limits", "value", "reason"),
    [
        (cells.text, {"max_length": 5}, "", "it is empty"),
        (cells.text, {"max_length": 5}, "abcdef", "longer than 5 characters"),
        (
            cells.text,
            {"max_length": 5},
            "a\r\nb",
            "it contains more than one line, or a control character",
        ),
        (
            cells.text,
            {"max_length": 5, "single_line": False},
            "a\x1bb",
            "it contains a control character",
        ),
        (cells.integer, {}, "7.0", "'7.0' is not a whole number"),
        (cells.integer, {}, "1,000", "'1,000' is not a whole number"),
        (cells.integer, {}, "\u0667", "'\u0667' is not a whole number"),
        (cells.integer, {}, "1" * 5000, f"'{'1' * 40}' is not a whole number"),
        (cells.integer, {"minimum": 1}, "0", "0 is not between 1 and 2147483647"),
        (cells.decimal, {"places": 2}, "4.505", "more than 2 decimals"),
        (cells.decimal, {"places": 2}, "4,50", "'4,50' is not a number such as 1234.50"),
        (cells.decimal, {"places": 2}, "1e5", "'1e5' is not a number such as 1234.50"),
        (cells.decimal, {"places": 2}, "NaN", "'NaN' is not a number such as 1234.50"),
        (cells.decimal, {"places": 2}, "-1", "-1 is not between 0 and 1000000000000"),
        (cells.day, {}, "18-11-2026", "'18-11-2026' is not a date such as 2026-11-18"),
        (cells.day, {}, "2026-02-30", "'2026-02-30' is not a date such as 2026-11-18"),
        (
            cells.moment,
            {},
            "2026-11-18T10:00:00",
            "'2026-11-18T10:00:00' lacks an offset such as +01:00 or Z",
        ),
        (
            cells.moment,
            {},
            "2026-11-18",
            "'2026-11-18' is not a time such as 2026-11-18T10:00:00+01:00",
        ),
        (cells.country, {}, "UK", "'UK' is not a country code such as NL"),
        (cells.country, {}, "ZZ", "'ZZ' is not a country code such as NL"),
        (cells.choice, {"among": ["none", "lot"]}, "serial", "'serial' is none of none, lot"),
    ],
)
def test_a_cell_out_of_order_is_refused_by_column(parse, limits, value, reason):
    with pytest.raises(BadCell) as refusal:
        parse(row(value), "c", **limits)
    assert (refusal.value.column, refusal.value.reason) == ("c", reason)


def test_a_blank_optional_cell_is_nothing():
    assert cells.optional(cells.integer, row(""), "c", minimum=1) is None
    assert cells.optional(cells.integer, row("3"), "c", minimum=1) == 3
    with pytest.raises(BadCell):
        cells.optional(cells.integer, row("0"), "c", minimum=1)


def test_the_countries_are_the_249_of_the_standard_and_kosovo():
    assert len(cells._countries()) == 250


@given(st.text())
def test_any_text_is_read_or_refused(value):
    for parse in (cells.integer, cells.day, cells.moment, cells.country):
        with contextlib.suppress(BadCell):
            parse(row(value), "c")
