"""GS1 labels: what a scanner sends of a unit, a lot or a case, taken apart."""

from datetime import date

import pytest

from oms.catalog.rules.gs1 import Label, check_digit, lot_in, names, read

TODAY = date(2026, 11, 24)
TEA, CASE = "09506000134352", "19506000134359"
GS = "\x1d"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"]C101{TEA}10ABC123{GS}17261231", Label(TEA, "ABC123", "", "261231")),
        (f"]d201{TEA}21SER-1{GS}10L1", Label(TEA, "L1", "SER-1")),
        (f"{GS}01{TEA}17261231{GS}10L1{GS}", Label(TEA, "L1", "", "261231")),
        (f"01{TEA}1726123110L1", Label(TEA, "L1", "", "261231")),
        (f"01{TEA}310300012510L1", Label(TEA, "L1")),
        (f"01{TEA}240X-9{GS}10L1", Label(TEA, "L1")),
        (f"(01){TEA}(10)L1(21)S1", Label(TEA, "L1", "S1")),
        (f"02{TEA}3712{GS}10L9", Label(TEA, "L9", units=12)),
        (f"00123456789012345675{GS}02{TEA}3712", Label(TEA, units=12)),
        ("(10)L1", Label(lot="L1")),
        ("9506000134352", Label(TEA)),
        ("]E09506000134352", Label(TEA)),
        ("012345678905", Label("00012345678905")),
        (CASE, Label(CASE)),
    ],
)
def test_a_label_is_taken_apart(code, said):
    assert read(code) == said


@pytest.mark.parametrize(
    "code",
    [
        "",
        "TEA-1",
        "10ABC",
        "9506000134353",  # the check digit is wrong
        "0109506000134353",
        f"01{TEA}17",  # cut off
        f"01{TEA}10{'X' * 21}",
        f"02{TEA}37many",
        f"(01){TEA}10L1)(",
        f"AB{GS}CD",
        "00123456789012345675",  # a pallet, which is no item
        "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0660",
    ],
)
def test_what_is_no_label_or_breaks_its_rules_is_none(code):
    assert read(code) is None
    assert names(code) == ((code,) if code else ())


def test_an_item_is_found_under_every_length_that_its_number_may_have():
    assert names(f"01{TEA}10L1")[1:] == ("9506000134352", TEA)
    assert names("012345678905")[1:] == ("0012345678905", "00012345678905")
    assert names("]C0TEA-1") == ("]C0TEA-1", "TEA-1")


def test_the_number_of_a_case_leads_to_its_unit():
    assert Label(CASE).unit_barcodes == ("9506000134352", TEA)
    assert Label(TEA).unit_barcodes == ()
    assert check_digit("629104150021") == "3"


def test_a_lot_or_serial_number_is_read_alone_or_from_its_label():
    assert [lot_in(each) for each in (" L1 ", "(10)L1", "(10)L1(21)S1")] == ["L1", "L1", "S1"]


@pytest.mark.parametrize(
    ("expires", "day"),
    [
        ("261231", date(2026, 12, 31)),
        ("270200", date(2027, 2, 28)),
        ("761231", date(2076, 12, 31)),
        ("770101", date(1977, 1, 1)),
        ("261301", None),
        ("260001", None),
        ("2612", None),
    ],
)
def test_a_day_is_in_the_century_that_is_nearest(expires, day):
    assert Label(TEA, expires=expires).expires_on(TODAY) == day
    assert Label(TEA, expires="991231").expires_on(date(2051, 1, 1)) == date(2099, 12, 31)
    assert Label(TEA, expires="000101").expires_on(date(2051, 1, 1)) == date(2100, 1, 1)
