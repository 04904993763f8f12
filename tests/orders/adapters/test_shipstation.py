"""Orders in the custom store format, invented after its guide."""

import base64
import os
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms.core.money import exponent
from orders.adapters.messages import Message, NotTheirs, Unreadable
from orders.adapters.shipstation import ShipStation
from tests.orders.adapters.sums import outcome, total

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PAYLOADS = os.environ.get("CHANNEL_PAYLOADS", "")


def read(body):
    body = body if isinstance(body, bytes) else body.encode()
    return ShipStation().read(Message(body, {}, NOW))


def item(sku="TEA-01", quantity=2, price="10.00", more=""):
    return (
        f"<Item><SKU><![CDATA[{sku}]]></SKU><Name><![CDATA[Tea & more]]></Name>"
        f"<Quantity>{quantity}</Quantity><UnitPrice>{price}</UnitPrice>{more}</Item>"
    )


def order(*items, **changed):
    fields = {
        "OrderID": "123",
        "OrderNumber": "ABC123",
        "OrderDate": "11/20/2026 09:30",
        "OrderStatus": "paid",
        "LastModified": "11/20/2026 10:00",
        "ShippingMethod": "USPSPriorityMail",
        "PaymentMethod": "Credit Card",
        "OrderTotal": "26.50",
        "TaxAmount": "2.00",
        "ShippingAmount": "4.50",
        "CustomerNotes": "Ring twice",
        "InternalNotes": "Fragile",
        "Gift": "true",
        "GiftMessage": "Happy day",
    } | changed
    said = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    customer = (
        "<Customer><CustomerCode>c-7</CustomerCode>"
        "<BillTo><Name>Ann Lee</Name><Email>ann@shop.example</Email></BillTo>"
        "<ShipTo><Name>Tom Lee</Name><Address1>5 Elm St</Address1><Address2/>"
        "<City>Waco</City><State>TX</State><PostalCode>76701</PostalCode>"
        "<Country>US</Country></ShipTo></Customer>"
    )
    return f"<Order>{said}{customer}<Items>{''.join(items)}</Items></Order>"


def orders(*each, pages=1):
    return f'<?xml version="1.0" encoding="utf-8"?><Orders pages="{pages}">{"".join(each)}</Orders>'


def one(*items, **changed):
    (report,) = read(orders(order(*(items or [item()]), **changed))).reports
    return report


def test_an_order_is_read_to_its_stated_total():
    options = (
        "<Options><Option><Name>Size</Name><Value>Large</Value></Option></Options>"
        "<Location>A1-B2</Location>"
    )
    report = one(item(more=options))
    head, (tea,) = report.parts["head"], report.parts["items"].items

    assert (report.order, report.as_of) == ("123", datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert total(report) == head.total == head.captured == Decimal("26.50")
    assert (head.name, head.currency, head.is_ready, head.tags) == (
        "ABC123",
        "USD",
        True,
        ("gift",),
    )
    assert (head.notes, head.metadata) == ("Ring twice", {"InternalNotes": "Fragile"})
    assert (head.customer.external_id, head.customer.email) == ("c-7", "ann@shop.example")
    assert (tea.name, tea.said) == ("Tea & more", {"Size": "Large", "Bin": "A1-B2"})
    assert report.parts["address"].address.region == "TX"
    assert report.parts["said:order"].words == {"Gift message": "Happy day"}


def test_what_is_taken_off_is_the_orders_discount_and_what_is_added_never_ships():
    report = one(
        item(),
        item(sku="", quantity=1, price="-10.00", more="<Adjustment>true</Adjustment>"),
        item(sku="", quantity=1, price="1.50", more="<Adjustment>true</Adjustment>"),
        OrderTotal="18.00",
    )
    tea, fee = report.parts["items"].items
    assert (report.parts["head"].discount, fee.ships, tea.ships) == (Decimal("10.00"), False, True)
    assert total(report) == report.parts["head"].total


def test_tax_that_is_in_the_prices_is_taken_out_of_them():
    report = one(OrderTotal="24.50")
    assert (total(report), report.parts["items"].items[0].tax) == (Decimal("24.50"), 2)


def test_a_stated_total_that_does_not_add_up_stays():
    report = one(OrderTotal="123.45")
    assert (report.parts["head"].total, total(report)) == (Decimal("123.45"), Decimal("26.50"))


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("12/8/2011 21:56 PM", "2011-12-08 21:56:00"),
        ("12/8/2011 12:56 PM", "2011-12-08 12:56:00"),
        ("12/08/2011 09:56 pm", "2011-12-08 21:56:00"),
        ("12/8/2011 12:05 AM", "2011-12-08 00:05:00"),
        ("03/23/2012 21:09", "2012-03-23 21:09:00"),
        ("03/23/2012 21:09:30", "2012-03-23 21:09:30"),
        ("2012-03-23T21:09:00Z", "2012-03-23 21:09:00"),
    ],
)
def test_times_are_utc_by_24_hours_or_12(written, read_as):
    assert str(one(OrderDate=written).parts["head"].placed_at) == f"{read_as}+00:00"


@pytest.mark.parametrize(
    "written", ["13/13/2011 10:00", "12/8/2011 25:00", "yesterday", "", "\u0663"]
)
def test_what_is_no_time_is_refused(written):
    with pytest.raises(Unreadable):
        one(OrderDate=written)


@pytest.mark.parametrize(
    ("status", "is_ready", "also"),
    [
        ("paid", True, set()),
        ("Awaiting Shipment", True, set()),
        ("unpaid", False, set()),
        ("on_hold", False, set()),
        ("shipped", True, {"fulfilled"}),
        ("cancelled", False, {"cancellation"}),
        ("something else", False, set()),
    ],
)
def test_every_status_says_whether_to_begin(status, is_ready, also):
    report = one(OrderStatus=status)
    assert report.parts["head"].is_ready == is_ready
    assert set(report.parts) == {"head", "items", "address", "said:order"} | also
    assert report.parts["head"].captured == (Decimal("26.50") if is_ready else 0)


def test_many_orders_or_none():
    found = read(orders(order(item()), order(item(), OrderID="124"), pages=3)).reports
    assert [each.order for each in found] == ["123", "124"]
    assert read(order(item())).reports[0].order == "123"
    assert read(orders()).ignored == "There are no orders in it."


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY {chr(n + 1)} "{f"&{chr(n)};" * 8}">' for n in range(ord("b"), ord("l")))
    + "]><Orders>&l;</Orders>"
)


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS.encode(),
        LAUGHS.encode("utf-16"),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Orders>&e;</Orders>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><Orders/>',
        b"<Orders>&undefined;</Orders>",
        b"<a>" * 300 + b"</a>" * 300,
        b"<Orders>" + b"<a>" * 20 + b"</a>" * 20 + b"</Orders>",
        b"<Orders>" + b"<a/>" * 100_001 + b"</Orders>",
        b"<Orders>" + b"x" * 5_000_001 + b"</Orders>",
        b'<?xml version="1.0" encoding="no-such"?><Orders/>',
        b"<Orders><Order></Orders>",
        b"<Orders>\xff\xfe</Orders>",
        b"<Rss/>",
        b"{}",
        b"",
        b"<Orders><Order><OrderID>1</OrderID></Order></Orders>",
    ],
    ids=range(16),
)
def test_hostile_or_broken_xml_is_refused_in_words_and_soon(body):
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refusal:
        read(body)
    assert len(str(refusal.value)) > 10
    assert "root:" not in str(refusal.value)
    assert time.monotonic() - begun < 5


def test_who_posts_proves_itself_by_the_password():
    def carrying(pair):
        proof = base64.b64encode(pair.encode()).decode()
        return Message(b"", {"authorization": f"Basic {proof}"}, NOW)

    ShipStation().verify(carrying("store:s3cret"), ["s3cret"])
    ShipStation().verify(carrying("store:s3cret"), ["store:s3cret"])
    for wrong in ("store:other", "s3cret:", "other:s3cret2"):
        with pytest.raises(NotTheirs):
            ShipStation().verify(carrying(wrong), ["s3cret", "store:s3cret"])


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(1, 999), st.integers(-50, 10**6), st.booleans()),
        min_size=1, max_size=4,
    ),
    st.integers(0, 10**4), st.integers(0, 10**4), st.sampled_from(["USD", "JPY", "BHD"]),
    st.booleans(),
)  # fmt: skip
def test_every_order_comes_to_what_the_store_states(lines, tax, sending, code, is_inside):
    unit = Decimal(1).scaleb(-exponent(code))
    items = [item(quantity=units, price=str(price * unit)) for units, price, _ in lines]
    goods = sum(units * price for units, price, _ in lines)
    tax = min(tax, max(0, sum(units * price for units, price, _ in lines if price > 0)))
    stated = (goods + sending + (0 if is_inside else tax)) * unit
    report = one(
        *items,
        OrderTotal=str(stated), TaxAmount=str(tax * unit), ShippingAmount=str(sending * unit),
        CurrencyCode=code,
    )  # fmt: skip
    if any(price >= 0 for _, price, _ in lines):
        assert total(report) == report.parts["head"].total == stated


@pytest.mark.skipif(not PAYLOADS, reason="CHANNEL_PAYLOADS names no folder with payloads")
def test_every_real_payload_is_read_or_refused_in_words():
    for path in sorted(Path(PAYLOADS).glob("shipstation/*")):
        assert outcome(ShipStation(), path)
