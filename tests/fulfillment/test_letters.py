import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from fulfillment.letters import (
    SLIP_STYLESHEETS,
    Elsewhere,
    Slip,
    SlipLine,
    barcode,
    packing_slip,
    slip_parts,
)
from fulfillment.letters.pick_lists import PickList, PickRow, pick_lists
from fulfillment.words import words_for
from oms.core.pdf import render, render_many
from tests.papers import looks_the_same

TEA = SlipLine(sku="TEA-01", name="Sencha", quantity=6, ordered=6, barcode="8712345000017")
CUPS = SlipLine(sku="CUP-01", name="Cups, sand", quantity=2, ordered=4, bin="A-01-3")
SLIP = Slip(
    order_number="SO-10482",
    fulfillment_number="FO-30114",
    placed_on=date(2026, 11, 18),
    shop="Fernhollow",
    ship_from="Rotterdam",
    ship_to="Robin Vale",
    ship_to_lines=("Kerkweg 4", "2018 Antwerp"),
    lines=(TEA, CUPS),
    package=1,
    packages=2,
    weight_g=940,
)


def test_a_slip_says_what_is_in_the_box():
    html = packing_slip(SLIP)

    assert '<td class="qty">6</td><td class="what" colspan="2">Sencha' in html
    assert "CUP-01 · Bin A-01-3" in html
    assert "2 of 4 ordered" in html
    assert '<td class="qty">8</td><td colspan="2"><b>units in this package</b>' in html
    assert "<b>1 of 2</b>\n0.94 kg" in html
    assert "18 November 2026" in html


@pytest.mark.parametrize(
    ("part", "where"),
    [
        (
            Elsewhere(
                name="Cups", quantity=2, reason="waiting for stock", expected_on=date(2026, 12, 2)
            ),
            "Waiting for stock, expected Wed\xa02\xa0Dec",
        ),
        (Elsewhere(name="Pot", quantity=1, reason="waiting for stock"), "Waiting for stock"),
        (Elsewhere(name="Pot", quantity=1, reason="another parcel"), "In another parcel"),
        (
            Elsewhere(name="Pot", quantity=1, reason="another parcel", location="Leipzig"),
            "From Leipzig",
        ),
    ],
)
def test_a_slip_says_what_is_not_in_the_box_and_when_it_comes(part, where):
    html = packing_slip(replace(SLIP, elsewhere=(part,)))

    assert f"<td>{part.name}</td>" in html
    assert f'<td class="note">{where}</td>' in html


@pytest.mark.parametrize(
    ("language", "title", "day"),
    [
        ("en", "Packing slip", "18 November 2026"),
        ("en-US", "Packing slip", "November 18, 2026"),
        ("nl", "Pakbon", "18 november 2026"),
        ("de-AT", "Lieferschein", "18. November 2026"),
        ("fr", "Bon de livraison", "18 novembre 2026"),
        ("xx", "Packing slip", "18 November 2026"),
    ],
)
def test_a_slip_speaks_the_customers_language(language, title, day):
    html = packing_slip(replace(SLIP, language=language))

    assert title in html
    assert day in html
    assert f'<html lang="{words_for(language).locale.language}">' in html


def test_what_people_typed_is_escaped_and_cannot_reorder_ours():
    html = packing_slip(
        replace(SLIP, ship_to="<script>x</script>\u202eelaV", gift_note="{{ 7 }} <b>", shop="a&b")
    )

    assert "<b>&lt;script&gt;x&lt;/script&gt;elaV</b>" in html
    assert "{{ 7 }} &lt;b&gt;" in html
    assert "a&amp;b" in html


def test_a_very_long_name_is_cut():
    html = packing_slip(replace(SLIP, ship_to="e\u0301" * 100_000))
    assert "e\u0301" * 150 + "<" in html


def test_parts_that_have_nothing_to_say_are_left_out():
    html = packing_slip(replace(SLIP, weight_g=None))
    for word in ("Not in this package", "A note for you", "Follow your order", "kg"):
        assert word not in html


def test_the_barcode_is_the_code_128_of_the_number():
    drawn = barcode("FO-30114")

    assert drawn.path.startswith("M10 20h2M13 20h1M16 20h1")  # start code B
    # quiet zones, start, "FO-", a change to digits in pairs, "30" "11", a change back, "4",
    # check, and the stop, which is two wider than the others
    assert drawn.width == 2 * 10 + 11 * 10 + 13


@pytest.mark.parametrize(
    ("paper", "width", "height"),
    [("a4", 595.3, 841.9), ("letter", 612, 792), ("label", 288, 432)],
)
def test_a_slip_is_one_page_of_its_paper(paper, width, height):
    document = PdfReader(
        io.BytesIO(render(packing_slip(SLIP, paper=paper), stylesheets=SLIP_STYLESHEETS))
    )

    assert len(document.pages) == 1
    box = document.pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((width, height), abs=0.1)
    text = document.pages[0].extract_text()
    assert "FO-30114" in text
    assert "Sencha" in text


def test_papers_look_as_they_would_with_the_defaults_for_all_of_html():
    row = PickRow("A-1", "TEA", "Sencha", "L-1", 3, (("T-1", 2), ("T-2", 1)))
    full = replace(
        SLIP,
        ship_to="Zoë <Müller> & Łukasz",
        elsewhere=(Elsewhere(name="Pot", quantity=1, reason="another parcel"),),
        gift_note="Enjoy\nand write",
        status_url="https://shop.example/s/1",
        returns="Within 30 days.",
    )
    [picks] = pick_lists(PickList(number="FO-1-1", place="Rotterdam", orders=2, rows=(row,)))
    for page in (packing_slip(full), packing_slip(full, paper="label"), picks):
        assert looks_the_same(page, SLIP_STYLESHEETS)


def test_what_people_typed_on_several_lines_is_one_but_for_the_gift_note():
    html = packing_slip(replace(SLIP, ship_to="Robin\nVale", gift_note="Dear\nRobin"))
    assert "<b>Robin Vale</b>" in html
    assert "Dear\nRobin" in html


def test_a_long_slip_repeats_its_heading_and_never_parts_the_sum_from_the_last_line():
    slips = [
        packing_slip(replace(SLIP, lines=tuple(replace(TEA, sku=f"T-{n}") for n in range(count))))
        for count in range(11, 17)
    ]
    slips.append(
        packing_slip(replace(SLIP, lines=tuple(replace(TEA, sku=f"T-{n}") for n in range(120))))
    )

    pages = []
    for drawn in render_many(slips, stylesheets=SLIP_STYLESHEETS):
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages]
        lined = [page for page in pages if "T-" in page]
        assert all("In this package" in page for page in lined)
        last = next(page for page in pages if "units in this package" in page)
        assert "Sencha" in last
    assert len(pages) > 5


def test_a_slip_of_hundreds_of_lines_becomes_several_documents_that_add_up():
    parts = slip_parts(replace(SLIP, lines=(TEA,) * 450, gift_note="Enjoy"))
    drawn = [packing_slip(part) for part in parts]

    assert [len(part.lines) for part in parts] == [200, 200, 50]
    assert [f"Packing slip {n} / 3" in html for n, html in enumerate(drawn, 1)] == [True] * 3
    assert ["Enjoy" in html for html in drawn] == [False, False, True]
    assert '<td class="qty">2700</td><td colspan="2"><b>units' in drawn[2]
    assert "units in this package" not in drawn[0] + drawn[1]


def test_a_slip_of_a_few_lines_stays_one_document():
    assert slip_parts(SLIP) == [SLIP]
