"""Rows from spreadsheets and mails, read or left to a person, never guessed wrong."""

from datetime import date
from decimal import Decimal

import pytest

from b2b.rules.pasting import MOST_LINES, read_pasted


def read(text):
    found = read_pasted(text)
    lines = [
        tuple(x for x in (line.code, line.quantity, line.price, line.day) if x is not None)
        for line in found.lines
    ]
    return lines, [(each.row, each.reason) for each in found.unread]


def test_two_columns_of_a_spreadsheet():
    assert read("TEA-01\t24\nCUP-02\t6\n") == ([("TEA-01", 24), ("CUP-02", 6)], [])


def test_headers_say_which_column_is_which_whatever_their_order_and_language():
    pasted = "Menge;Artikel-Nr.;Artikelnummer;Preis;Lieferdatum\n24;x;TEA-01;3,90;2026-12-01"

    assert read(pasted) == ([("TEA-01", 24, Decimal("3.90"), date(2026, 12, 1))], [])


def test_without_headers_columns_are_told_apart_by_what_stands_in_them():
    pasted = "1\tTEA-01\tDarjeeling\t24\t€ 3.90\n2\tCUP-02\tCup, white\t6\t€ 8.00"

    lines, unread = read(pasted)

    assert unread == []
    assert [line[0] for line in lines] == ["TEA-01", "CUP-02"]


def test_a_barcode_is_a_code_though_it_is_a_number():
    assert read("4006381333931\t12") == ([("4006381333931", 12)], [])


def test_words_for_units_are_left_out():
    assert read("TEA-01\t24 pcs\nCUP-02\t6x") == ([("TEA-01", 24), ("CUP-02", 6)], [])


@pytest.mark.parametrize(
    "text", ["TEA-01, 24\nCUP-02, 6", "TEA-01 24\nCUP-02   6", "TEA-01,24\nCUP-02,6"]
)
def test_lists_from_mails_are_split_by_commas_or_spaces(text):
    assert read(text) == ([("TEA-01", 24), ("CUP-02", 6)], [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3.90", "3.90"),
        ("3,90", "3.90"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("EUR 12", "12"),
        ("12 €", "12"),
        ("1.234.567", "1234567"),
    ],
)
def test_amounts_are_read_as_they_are_written_in_either_world(written, meant):
    lines, unread = read(f"sku\tquantity\tprice\nTEA-01\t1\t{written}")

    assert (lines, unread) == ([("TEA-01", 1, Decimal(meant))], [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("TEA-01\t1.000\t", "1.000 may be thousands or a fraction: write it without marks"),
        ("TEA-01\t2.5\t", "2.5 is no number of units"),
        ("TEA-01\t0\t", "0 is no number of units"),
        ("TEA-01\t-3\t", "-3 is no number of units"),
        ("TEA-01\t\t", "no quantity"),
        ("\t3\t", "no SKU"),
        ("TEA-01\t3\t1.234", "1.234 may be thousands or a fraction: write it without marks"),
        ("TEA-01\t3\tfree", "free is no amount"),
        ("X" * 65 + "\t3\t", "a SKU has at most 64 characters"),
    ],
)
def test_what_may_mean_two_things_or_nothing_is_left_to_a_person(row, reason):
    lines, unread = read(f"sku\tqty\tprice\n{row}\nCUP-02\t6\t1.00")

    assert lines == [("CUP-02", 6, Decimal("1.00"))]
    assert unread == [(2, reason)]


def test_a_day_is_read_in_the_one_way_that_is_the_same_everywhere():
    lines, unread = read("sku\tqty\tdate\nTEA-01\t1\t03/04/2026\nCUP-02\t2\t2026-04-03")

    assert lines == [("CUP-02", 2, date(2026, 4, 3))]
    assert unread == [(2, "03/04/2026 is no day: write 2026-11-23")]


def test_prose_is_no_order():
    assert read("Dear Rita,\nplease send us some tea.")[0] == []


def test_rows_beyond_the_most_are_counted_as_unread():
    lines, unread = read("\n".join(f"S-{n}\t1" for n in range(MOST_LINES + 2)))

    assert len(lines) == MOST_LINES
    assert [row for row, _ in unread] == [MOST_LINES + 1, MOST_LINES + 2]


def test_nothing_pasted_is_nothing_read():
    assert read(" \n\n") == ([], [])
