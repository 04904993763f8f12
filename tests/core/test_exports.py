import csv
import io
import random
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from oms.core.exports import neutral, write_csv, write_xlsx

STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\r=x", "'\r=x"),
        (" =x", "' =x"),
        ("\uff1dx", "'\uff1dx"),
        ("\uff20x", "'\uff20x"),
        ("a;=x", "a;'=x"),
        ('a\t"=x', "a\t\"'=x"),
        ("a\x00b", "ab"),
        ("\x00=x", "'=x"),
        ("two - three", "two - three"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text, safe):
    assert neutral(text) == safe


@given(st.text())
def test_neutral_text_never_begins_a_formula_in_any_cell(text):
    safe = neutral(text)
    for delimiter in (";", "\t"):
        for cell in safe.split(delimiter):
            assert cell.strip(' "')[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def test_our_own_numbers_stay_numbers_in_csv():
    rows = [["sku", "delta", "price", "on"], ["=x", -5, Decimal("-4.50"), date(2026, 11, 18)]]
    assert b"".join(write_csv(rows)) == (
        b'"sku","delta","price","on"\r\n"\'=x",-5,-4.50,"2026-11-18"\r\n'
    )


def test_csv_is_written_as_it_is_asked_for():
    def endless():
        while True:
            yield ["a"]

    assert next(write_csv(endless())) == b'"a"\r\n'


def test_our_own_numbers_stay_numbers_in_xlsx():
    at = datetime(2026, 11, 18, 10, tzinfo=UTC)
    day = date(2026, 11, 18)
    rows = [["=1+1", -5, Decimal("4.50"), None, True, at, day], ["x" * 40_000]]
    file = io.BytesIO(b"".join(write_xlsx(rows)))

    first, second = load_workbook(file).worksheets[0].iter_rows()
    assert [cell.value for cell in first] == [
        "'=1+1",
        -5,
        4.5,
        None,
        True,
        "2026-11-18T10:00:00+00:00",
        datetime(2026, 11, 18),  # noqa: DTZ001 (a workbook knows no zones)
    ]
    assert first[0].data_type in {"s", "inlineStr"}
    assert len(second[0].value) == 32_767


def test_a_workbook_is_written_as_it_is_asked_for():
    def endless():
        while True:
            yield ["a" * 1000, random.random()]

    assert next(write_xlsx(endless())).startswith(b"PK")


def test_a_sheet_that_is_full_is_followed_by_another(monkeypatch):
    monkeypatch.setattr("oms.core.workbooks.MOST_ROWS", 3)

    book = load_workbook(io.BytesIO(b"".join(write_xlsx([["n"], *([n] for n in range(4))]))))

    found = [[cell for (cell,) in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    assert found == [["n", 0, 1], ["n", 2, 3]]
    assert load_workbook(io.BytesIO(b"".join(write_xlsx([])))).worksheets[0].title == "Table"


@given(st.text(), st.integers())
def test_csv_keeps_its_columns_whatever_the_text(text, number):
    (row,) = csv.reader(io.StringIO(next(write_csv([[text, number]])).decode(), newline=""))
    assert row == [neutral(text), str(number)]


@given(st.text(max_size=50))
@settings(max_examples=40)
def test_xlsx_takes_any_text_and_keeps_it_text(text):
    file = io.BytesIO(b"".join(write_xlsx([[text, "end"]])))
    ((cell, _),) = load_workbook(file).worksheets[0].iter_rows()
    assert cell.data_type != "f"
