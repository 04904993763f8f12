"""A small piece of Online Retail, told through the command: the books say what the files say."""

import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oms.core import books
from oms.core.models import EventRecord
from orders.models import Order, Refund
from returns.models import ReturnAuthorization
from returns.replay.figures import from_files
from returns.replay.invoices import read_invoices

HEAD = "InvoiceNo,LineNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINES = """536365,1,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,2,71053,LANTERN,6,2010-12-01 08:26:00,3.395,17850,United Kingdom
536365,3,85123A,WHITE HEART,4,2010-12-01 08:26:00,2.50,17850,United Kingdom
536370,1,22728,CLOCK,24,2010-12-01 08:45:00,3.75,12583,EIRE
536370,2,POST,POSTAGE,3,2010-12-01 08:45:00,18.0,12583,EIRE
536371,1,85123A,WHITE HEART,2,2010-12-01 09:00:00,2.55,17850,United Kingdom
536380,1,15056p,PARASOL,1,2010-12-01 09:10:00,5.95,,Unspecified
536381,1,22139,,-5,2010-12-01 09:20:00,0.0,,United Kingdom
536382,1,22139,,7,2010-12-01 09:21:00,0.0,,United Kingdom
C536391,1,85123A,WHITE HEART,-7,2010-12-01 10:24:00,2.55,17850,United Kingdom
C536392,1,22728,CLOCK,-30,2010-12-01 10:30:00,3.75,12583,EIRE
C536393,1,POST,POSTAGE,-1,2010-12-01 10:31:00,18.0,12583,EIRE
C536394,1,15056p,PARASOL,-1,2010-12-01 10:32:00,5.95,,Unspecified
C536395,1,71053,LANTERN,-1,2010-12-01 10:33:00,3.39,12583,EIRE
A563185,1,B,Adjust bad debt,1,2010-12-02 14:50:00,-11062.06,,United Kingdom
"""
EXPECTED = {
    "orders": 4,
    "lines": 7,
    "units": 46,
    "gross": {"EIRE": "144.00", "United Kingdom": "50.77", "Unspecified": "5.95"},
    "credited": {
        "matched": "107.85",
        "orphan": "9.34",
        "excess": "22.50",
        "charges": "18.00",
    },
}


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "online_retail"
    folder.mkdir()
    (folder / "invoice_lines.csv.gz").write_bytes(gzip.compress((HEAD + LINES).encode()))
    return folder


def replay(folder, *options):
    """Return what the command printed, and its last line as JSON."""
    out = StringIO()
    call_command("replay_online_retail", str(folder), *options, "--json", stdout=out)
    text = out.getvalue()
    return text, json.loads(text.splitlines()[-1])


def test_the_books_say_what_the_files_say(db, files):
    text, figures = replay(files)

    assert figures == {"books": EXPECTED, "files": EXPECTED}
    assert "DIFFERS" not in text
    assert books.verify() == []


def test_sales_become_orders_that_are_paid_and_have_left(db, files):
    replay(files)

    order = Order.objects.get(external_id="536365")
    assert (order.status, order.fulfillment_status, str(order.total_amount)) == (
        "completed",
        "fulfilled",
        "45.670",
    )
    assert [
        (line.sku_code, line.quantity, str(line.total_amount))
        for line in order.lines.order_by("position")
    ] == [("85123A", 6, "15.300"), ("71053", 6, "20.370"), ("85123A", 4, "10.000")]
    assert (order.ship_to.country, order.metadata) == ("GB", {"country": "United Kingdom"})
    assert Order.objects.get(external_id="536370").ship_to.country == "IE"


def test_credits_take_the_newest_units_back_at_the_credited_price(db, files):
    replay(files)

    backs = ReturnAuthorization.objects.filter(note="C536391").order_by("order__placed_at")
    assert [
        (
            back.order.external_id,
            back.status,
            [
                (line.order_line.position, line.received, str(line.refund_amount))
                for line in back.lines.order_by("order_line__position")
            ],
        )
        for back in backs
    ] == [
        ("536365", "settled", [(1, 1, "2.550"), (3, 4, "10.200")]),
        ("536371", "settled", [(1, 2, "5.100")]),
    ]
    assert [str(each.amount) for each in Refund.objects.order_by("id")] == [
        "5.100",
        "12.750",
        "90.000",
    ]


def test_what_finds_no_units_is_listed_and_never_refunded(db, files):
    replay(files)

    facts = EventRecord.objects.filter(name="replay.listed").order_by("id")
    assert [
        (fact.thread, *(fact.payload[name] for name in ("kind", "sku", "units", "amount")))
        for fact in facts
    ] == [
        ("536381", "write_off", "22139", 5, "0.00"),
        ("536382", "unpriced", "22139", 7, "0.00"),
        ("C536392", "excess", "22728", 6, "22.50"),
        ("C536393", "charge", "POST", 1, "18.00"),
        ("C536394", "orphan", "15056p", 1, "5.95"),
        ("C536395", "orphan", "71053", 1, "3.39"),
        ("A563185", "bad_debt", "B", 1, "11062.06"),
    ]


def test_write_offs_leave_nothing_on_the_shelf_and_returns_go_back_on_it(world, files):
    replay(files)

    assert world.on_hand("22139") == {"UK-GIFTS": 0}
    assert world.on_hand("85123A") == {"UK-GIFTS": 7}
    assert world.on_hand("22728") == {"UK-GIFTS": 24}


def test_a_second_replay_adds_nothing(db, files):
    replay(files)
    before = (Order.objects.count(), Refund.objects.count(), EventRecord.objects.count())

    _, figures = replay(files)

    assert figures == {"books": EXPECTED, "files": EXPECTED}
    after = (Order.objects.count(), Refund.objects.count(), EventRecord.objects.count())
    assert after == before


def test_a_replay_goes_on_where_it_stood(db, files):
    _, some = replay(files, "--orders", "4")
    assert (some["books"]["orders"], some["books"]["lines"]) == (4, 7)

    _, figures = replay(files)

    assert figures == {"books": EXPECTED, "files": EXPECTED}


def test_books_that_say_something_else_fail_the_command(db, files):
    replay(files)
    Order.objects.filter(external_id="536371").update(total_amount="5.00")
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("replay_online_retail", str(files), stdout=out)

    assert ended.value.code == 1
    assert "United Kingdom 50.67, Unspecified 5.95: DIFFERS" in out.getvalue()


def test_files_by_day_say_the_same(tmp_path):
    """No LineNo, customers as 17850.0, one file a day, in any order."""
    days = tmp_path / "by-day"
    days.mkdir()
    head = HEAD.replace("LineNo,", "")
    rows = [line.split(",") for line in LINES.splitlines()]
    for day in ("2010-12-01", "2010-12-02"):
        text = head
        for number, _, *rest in rows:
            if rest[3].startswith(day):
                rest[5] = f"{rest[5]}.0" if rest[5] else ""
                text += ",".join([number, *rest]) + "\n"
        (days / f"{day}.csv").write_text(text)
    (days / "notes.csv").write_text("a,b\n1,2\n")

    invoices = read_invoices(tmp_path)

    assert [invoice.number for invoice in invoices][:3] == ["536365", "536370", "536371"]
    assert from_files(invoices).document() == EXPECTED


def test_a_credit_worth_more_than_its_sale_gives_back_what_was_paid(db, tmp_path):
    (tmp_path / "lines.csv").write_text(
        HEAD + "1,1,A,A,2,2010-12-01 08:00:00,1.00,7,France\n"
        "C2,1,A,A,-2,2010-12-01 09:00:00,1.50,7,France\n"
    )

    _, figures = replay(tmp_path)

    assert figures["books"] == figures["files"]
    assert figures["books"]["credited"] == {
        "matched": "2.00",
        "orphan": "0.00",
        "excess": "1.00",
        "charges": "0.00",
    }


def test_a_directory_without_invoices_is_refused_in_one_sentence(db, tmp_path):
    with pytest.raises(CommandError, match=r"no invoice lines were found here\.$"):
        call_command("replay_online_retail", str(tmp_path))


@pytest.mark.django_db(transaction=True)
def test_orders_can_be_placed_over_the_real_api(files):
    _, figures = replay(files, "--via", "api")

    assert figures == {"books": EXPECTED, "files": EXPECTED}
    placed = EventRecord.objects.filter(name="order.placed").values_list("actor", flat=True)
    assert set(placed) == {"channel:online-retail"}
    assert books.verify() == []
