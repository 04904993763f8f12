"""What others write, in our words: what is certain is read, what is not is asked for."""

import io

import pytest

from oms.core.cells import BadCell
from oms.core.first_sight import look
from oms.core.foreign import (
    COMMA,
    DAY_FIRST,
    MONTH_FIRST,
    POINT,
    Format,
    dates_of,
    decimals_of,
    encoding_of,
    in_ours,
)
from oms.core.mapping import guess
from oms.core.tables import BadTable
from orders.imports import Orders


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234,56"], COMMA),
        (["1,234.56"], POINT),
        (["12,5", "1.234"], COMMA),
        (["€ 12,50", "3"], COMMA),
        (["$1,234.00", "1,234"], POINT),
        (["7", "-3", ""], ""),
        (["1,234"], None),
        (["1.234", "12"], None),
        (["1,5", "1.5"], None),
    ],
)
def test_a_decimal_mark_is_known_where_one_number_proves_it(texts, mark):
    assert decimals_of(texts) == mark


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1.234,56", COMMA, "1234.56"),
        ("1.234", COMMA, "1234"),
        ("1,234", POINT, "1234"),
        ("1 234,50 zł", COMMA, "1234.50"),
        ("EUR 12.00", POINT, "12.00"),
        ("12,50", "", "12.50"),
        ("-3", "", "-3"),
    ],
)
def test_a_number_is_read_by_the_mark_of_its_file(text, mark, number):
    assert in_ours(text, "unit_price", "decimal", Format(decimals=mark)) == number


@pytest.mark.parametrize(
    ("text", "mark"),
    [("1.5", COMMA), ("12,50", POINT), ("1,234", ""), ("1 2", COMMA), ("4 for 3", "")],
)
def test_a_number_that_does_not_fit_is_refused(text, mark):
    with pytest.raises(BadCell):
        in_ours(text, "unit_price", "decimal", Format(decimals=mark))


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2026", "31/12/2026"], DAY_FIRST),
        (["12/31/2026"], MONTH_FIRST),
        (["2026-12-31", "Nov-18-26"], ""),
        (["03/04/2026"], None),
        (["31/12/2026", "12/31/2026"], None),
    ],
)
def test_day_and_month_are_told_apart_where_one_date_proves_it(texts, order):
    assert dates_of(texts) == order


AMSTERDAM = Format(time_zone="Europe/Amsterdam", dates=DAY_FIRST)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-18 10:00:00 +0100", "2026-11-18T10:00:00+01:00"),
        ("2026-11-18T10:00:00.123Z", "2026-11-18T10:00:00+00:00"),
        ("18.07.2026 15:05", "2026-07-18T15:05:00+02:00"),
        ("3/4/2026 3:05 PM", "2026-04-03T15:05:00+02:00"),
        ("Nov-18-26", "2026-11-18T00:00:00+01:00"),
        ("18 November 2026, 09:30", "2026-11-18T09:30:00+01:00"),
    ],
)
def test_a_time_is_read_as_its_file_writes_it(text, moment):
    assert in_ours(text, "placed_at", "moment", AMSTERDAM) == moment


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("03/04/2026 10:00Z", Format()),
        ("2026-11-18 10:00", Format()),
        ("12/31/2026", AMSTERDAM),
        ("18.11.2026 25:00", AMSTERDAM),
        ("yesterday", AMSTERDAM),
        ("31.02.2026", AMSTERDAM),
    ],
)
def test_a_time_that_leaves_a_doubt_is_refused(text, told):
    with pytest.raises(BadCell):
        in_ours(text, "placed_at", "moment", told)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Germany", "DE"),
        ("Niederlande", "NL"),
        ("uk", "uk"),
        ("UNITED STATES", "US"),
        ("Mars", "Mars"),
    ],
)
def test_a_country_is_known_by_its_name(said, code):
    assert in_ours(said, "country", "country", Format()) == code


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Größe".encode(), "utf-8-sig"),
        ("Größe".encode("utf-8-sig"), "utf-8-sig"),
        ("Größe".encode("utf-16"), "utf-16"),
        ("Größe;x".encode("utf-16-le"), "utf-16-le"),
        ("Größe;x".encode("utf-16-be"), "utf-16-be"),
        (b"service\n\0\n", "utf-8-sig"),
        (b"service;caf\xe9\n\0\n", None),
        ("Größe".encode("cp1252"), None),
        (b"a" * 2_000_000 + "ß".encode("cp1252"), None),
    ],
)
def test_an_encoding_is_known_where_all_bytes_prove_it(content, encoding):
    assert encoding_of(io.BytesIO(content)) == encoding


@pytest.mark.parametrize(
    ("content", "encoding", "refusal"),
    [
        (b"service\n\0\n", "", "Line 2: it contains a NUL character."),
        (b"service\n1\n", "utf-16", "About line 1: it is not utf-16 text."),
        (b"service\n1", "utf-16-le", "About line 1: it is not utf-16-le text."),
    ],
)
def test_what_is_no_text_or_none_in_the_letters_that_were_said_is_refused(
    content, encoding, refusal
):
    with pytest.raises(BadTable) as caught:
        look(io.BytesIO(content), encoding=encoding)
    assert str(caught.value) == refusal


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_seen_whoever_wrote_it(encoding, delimiter):
    rows = [["Bestellnummer", "Größe", ""], ["", "", ""], ["7", "ä", ""]]
    text = "\r\n" + "\r\n".join(delimiter.join(row) for row in rows)

    sight = look(io.BytesIO(text.encode(encoding)))

    assert sight.headers == ["Bestellnummer", "Größe"]
    assert [row[:2] for row in sight.rows] == [["7", "ä"]]
    assert sight.is_readable is (encoding != "cp1252")
    assert sight.told.delimiter == delimiter


def test_columns_without_a_name_or_with_one_twice_are_numbered():
    assert look(io.BytesIO(b"a,,a\n1,2,3\n")).headers == ["a", "column 2", "a (3)"]
    with pytest.raises(BadTable):
        look(io.BytesIO(b"\n\n"))


FILES = {
    "Shopify": "Name,Email,Financial Status,Currency,Shipping,Taxes,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Billing Name,Shipping Name,Shipping Address1,"
    "Shipping City,Shipping Zip,Shipping Country,Id",
    "WooCommerce": "Order Number,Order Status,Order Date,First Name (Billing),"
    "First Name (Shipping),Last Name (Shipping),Address 1&2 (Shipping),City (Shipping),"
    "Postcode (Shipping),"
    "Country Code (Shipping),Email (Billing),SKU,Item Name,Quantity (- Refund),Item Cost,"
    "Order Shipping Amount,Order Total Amount",
    "Amazon": "order-id\torder-item-id\tpurchase-date\tbuyer-email\tbuyer-name\tsku\tproduct-name\t"
    "quantity-purchased\tcurrency\titem-price\titem-tax\tshipping-price\trecipient-name\t"
    "ship-address-1\tship-city\tship-state\tship-postal-code\tship-country",
    "eBay": "Sales Record Number,Order Number,Buyer Name,Buyer Email,Ship To Name,"
    "Ship To Address 1,Ship To City,Ship To Zip,Ship To Country,Item Title,Custom Label,Quantity,"
    "Sold For,Shipping And Handling,Sale Date",
    "": "Order No.,Order Date,Ship name,Zip,City,Country,Article,Qty,Price,Remark,Status",
}
FOUND = {
    "Shopify": {
        "external_id": "Name", "placed_at": "Created at", "name": "Shipping Name",
        "sku": "Lineitem sku", "unit_price": "Lineitem price", "postal_code": "Shipping Zip",
    },
    "WooCommerce": {
        "external_id": "Order Number", "quantity": "Quantity (- Refund)",
        "name": "First Name (Shipping) Last Name (Shipping)", "unit_price": "Item Cost",
    },
    "Amazon": {
        "external_id": "order-id", "line_amount": "item-price", "tax": "item-tax",
        "line_shipping": "shipping-price", "name": "recipient-name",
    },
    "eBay": {
        "external_id": "Order Number", "sku": "Custom Label", "unit_price": "Sold For",
        "name": "Ship To Name", "placed_at": "Sale Date",
    },
    "": {
        "external_id": "Order No.", "placed_at": "Order Date", "name": "Ship name",
        "sku": "Article", "quantity": "Qty", "unit_price": "Price", "postal_code": "Zip",
    },
}  # fmt: skip


@pytest.mark.parametrize("writer", FILES)
def test_columns_of_others_are_guessed_by_their_names(writer):
    sight = look(io.BytesIO(FILES[writer].encode()))

    found = guess(Orders(), sight.headers, sight.rows)

    said = {ours: " ".join(source.headers) for ours, source in found.items()}
    assert said.items() >= FOUND[writer].items()
    assert not {"status", "discount"} & said.keys()
    assert "Taxes" not in said.values()
