import contextlib
import io
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from oms.core import tables
from oms.core.exports import write_csv
from oms.core.tables import BadTable, Row, read


def rows(content: bytes | str, required=("sku", "name"), optional=("price",)) -> list[Row]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read(io.BytesIO(raw), required=required, optional=optional))


def workbook(*lines) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def packed(parts: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


TEA = Row(2, {"sku": "TEA", "name": "Sencha"})


@pytest.mark.parametrize(
    "content",
    [
        "sku,name\nTEA,Sencha\n",
        "\ufeffsku,name\r\nTEA,Sencha\r\n",
        "sku;name\rTEA;Sencha",
        "SKU\tName\nTEA\tSencha\n\n",
        '"sku","name"\r\n" TEA ","Sencha"\n,\n',
        "sku,name,,\nTEA,Sencha,,\n",
    ],
)
def test_csv_is_read_with_any_delimiter_line_end_and_mark(content):
    assert rows(content) == [TEA]


def test_a_cell_may_span_lines_and_the_row_is_known_by_its_first():
    assert rows('sku,name\nA,"x\ny"\nB,"say ""hi"""\n') == [
        Row(2, {"sku": "A", "name": "x\ny"}),
        Row(4, {"sku": "B", "name": 'say "hi"'}),
    ]


def test_text_is_composed_and_short_rows_are_filled_up():
    (row,) = rows("sku,name,price\nA,Cafe\u0301\n")
    assert row.cells == {"sku": "A", "name": "Caf\u00e9", "price": ""}
    assert row["nowhere"] == ""


def test_a_file_is_read_from_its_path_and_stays_open_for_its_owner(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sku,name\nTEA,Sencha\n")
    assert list(read(path, required=["sku", "name"])) == [TEA]
    with path.open("rb") as file:
        assert list(read(file, required=["sku", "name"])) == [TEA]
        assert not file.closed


@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        ("", "Line 1", "there is no header row"),
        ("\n\n", "Line 1", "there is no header row"),
        ("sku\nA\n", "Line 1", "missing columns: name"),
        ("sku,name,color,size\n", "Line 1", "unknown columns: color, size"),
        ("sku,name,SKU\n", "Line 1", "columns that are there twice: sku"),
        ("sku,,name\n", "Line 1", "column 2 has no name"),
        ("sku,name\nA,B,C\n", "Line 2", "3 cells under 2 headers"),
        ('sku,name\nA,"B\n', "Line 2", "a quote is opened and never closed"),
        ('sku,name\nA,"B"C\n', "Line 2", "its quotes are not in order"),
        ("sku,name\nA,B\x00\n", "Line 2", "it contains a NUL character"),
        (b"sku,name\nA,caf\xe9\n", "About line 1", "it is not UTF-8 text"),
        ("sku,name\n".encode("utf-16"), "The file", "it is UTF-16; save it as UTF-8"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "The file",
            "old Excel files are not read; save it as .xlsx",
        ),
        ("sku,name\nA," + "b" * 1_000_001, "Line 2", "it is longer than 1,000,000 characters"),
        (
            "sku,name\nA," + "b" * 140_000,
            "Line 2",
            "a cell is longer than 131,072 characters, or its quote not closed",
        ),
        (
            'sku,name\nA,"' + "b\n" * 100_000,
            "Line 2",
            "a cell is longer than 131,072 characters, or its quote not closed",
        ),
        (",".join(map(str, range(201))), "Line 1", "there are more than 200 columns"),
        ("sku,name\n" + "," * 10_000, "Line 2", "there are more than 200 columns"),
        (b"PK\x03\x04junk", "The file", "it is no XLSX workbook, or damaged"),
        (packed({"a.txt": b"x"}), "The file", "it is no XLSX workbook, or damaged"),
        (packed({"../../etc/x": b"x"}), "The file", "it is no XLSX workbook, or damaged"),
    ],
)
def test_a_file_out_of_order_is_refused_by_name(content, where, reason):
    with pytest.raises(BadTable) as refusal:
        rows(content)
    assert (refusal.value.where, refusal.value.reason) == (where, reason)


def test_more_rows_than_allowed_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(rows("sku,name\n" + "A,B\n" * 3)) == 3
    with pytest.raises(BadTable, match="more than 3 rows"):
        rows("sku,name\n" + "A,B\n" * 4)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadTable, match=r"none\.csv: No such file"):
        list(read(tmp_path / "none.csv", required=[]))


def test_xlsx_cells_come_as_the_text_a_person_would_type():
    content = workbook(
        ["sku", "name", "price", "on", "at", "new"],
        ["A", 12.0, 4.5, date(2026, 11, 18), datetime(2026, 11, 18, 10, 5), True],  # noqa: DTZ001
        [None, None, None],
        ["B", 10**15, 1e-07, None, None, None],
    )
    assert rows(content, ("sku",), ("name", "price", "on", "at", "new")) == [
        Row(
            2,
            {
                "sku": "A",
                "name": "12",
                "price": "4.5",
                "on": "2026-11-18",
                "at": "2026-11-18T10:05:00",
                "new": "true",
            },
        ),
        Row(
            4,
            {
                "sku": "B",
                "name": "1000000000000000",
                "price": "0.0000001",
                "on": "",
                "at": "",
                "new": "",
            },
        ),
    ]


def test_an_xlsx_row_with_too_many_columns_is_refused():
    with pytest.raises(BadTable, match="more than 200 columns"):
        rows(workbook(["sku", "name"], ["A"] * 300))


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"xl/a.xml": b"0" * 60_000_000}, "it unpacks to more than 50 MB"),
        ({f"xl/{n}.xml": b"0" * 9_000_000 for n in range(6)}, "it unpacks to more than 50 MB"),
        ({"xl/a.xml": b"0" * 2_000_000}, "it unpacks to more than 100 times its size"),
        ({"xl/a.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>"}, "its XML declares entities"),
        (
            {"xl/a.xml": b" " * 65_530 + b"<!DOCTYPE a [<!ENTITY b 'c'>]>"},
            "its XML declares entities",
        ),
    ],
)
def test_a_bomb_is_refused_before_it_is_opened(parts, reason):
    content = packed(parts)
    if "times" not in reason:
        content = packed(parts, zipfile.ZIP_STORED if "XML" in reason else zipfile.ZIP_DEFLATED)
    with pytest.raises(BadTable) as refusal:
        rows(content)
    assert refusal.value.reason == reason


def test_an_archive_that_lies_about_its_size_is_refused():
    content = packed({"xl/a.xml": b"0" * 3_000_000})
    size = (3_000_000).to_bytes(4, "little")
    with pytest.raises(BadTable):
        rows(content.replace(size, (300).to_bytes(4, "little")))


plain = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="'"), max_size=20
).map(str.strip)


@given(st.lists(st.tuples(plain.filter(bool), plain)))
def test_what_is_written_is_read_back(pairs):
    content = b"".join(write_csv([("sku", "name"), *pairs]))
    found = [(row["sku"].lstrip("'"), row["name"].replace("'", "")) for row in rows(content)]
    normal = [tuple(unicodedata.normalize("NFC", cell).strip() for cell in pair) for pair in pairs]
    assert len(found) == len(normal)
    for read_back, written in zip(found, normal, strict=True):
        assert read_back[0].replace("'", "") == written[0]
        assert read_back[1] == written[1]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    with contextlib.suppress(BadTable):
        assert all(row.cells for row in rows(content))


@given(st.binary(max_size=40), st.integers(0, 3000))
@settings(max_examples=60)
def test_a_damaged_workbook_is_read_or_refused(junk, at):
    content = bytearray(workbook(["sku", "name"], ["A", "B"]))
    content[at : at + len(junk)] = junk
    with contextlib.suppress(BadTable):
        assert all(row.cells for row in rows(bytes(content)))
