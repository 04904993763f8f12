"""Orders come in by file: open ones are placed like any other, past ones are kept as history."""

from decimal import Decimal

import pytest

from inventory.models import Movement
from oms.core import books
from oms.core.models import EventRecord, Job
from orders.models import Order
from tests.importing import Files

HEAD = "external_id,placed_at,currency,name,country,sku,quantity,unit_price"
OPEN = f"""{HEAD},email,city,tax,discount,shipping_amount
1001,2026-01-05T10:00:00+01:00,EUR,Ann,NL,tea,2,4.505,ann@example.com,Gouda,0.10,0.50,4.95
1001,2026-01-05T10:00:00+01:00,EUR,Ann,NL,cup,1,3.00,,,,,
1002,2026-01-05T11:00:00+01:00,EUR,Bob,DE,cup,9,3.00,,,,,
"""
PAST = f"""{HEAD},status
900,2025-01-05T10:00:00+01:00,EUR,Ann,NL,tea,2,4.50,completed
900,2025-01-05T10:00:00+01:00,EUR,Ann,NL,cup,1,3.00,
901,2025-01-06T10:00:00+01:00,EUR,Bob,NL,cup,3,3.00,cancelled
"""


@pytest.fixture
def shop(world):
    world.stock("tea", rotterdam=10)
    world.stock("cup", rotterdam=5)
    world.channel("shop")
    return world


@pytest.fixture
def import_orders(tmp_path):
    files = Files(tmp_path)
    return lambda text, *options: files.bring_in("orders", text, "--channel", "shop", *options)


def order(external_id):
    return Order.objects.get(external_id=external_id)


def test_open_orders_are_routed_and_reserved_like_any_other(shop, import_orders):
    assert import_orders(OPEN) == "orders: 3 rows read, 0 bad.\n2 added.\n"

    first = order("1001")
    assert (first.status, first.payment_status, first.channel.slug) == ("open", "unpaid", "shop")
    assert first.total_amount == Decimal("16.56")
    assert (first.customer_name, first.email, first.ship_to.city) == (
        "Ann",
        "ann@example.com",
        "Gouda",
    )
    assert [(line.sku_code, line.allocated) for line in first.lines.order_by("position")] == [
        ("tea", 2),
        ("cup", 1),
    ]
    [line] = order("1002").lines.all()
    assert (line.allocated, line.backordered) == (4, 5)
    assert shop.available("cup") == {"rotterdam": 0}


def test_the_same_file_twice_places_nothing_twice(shop, import_orders):
    import_orders(OPEN)

    assert import_orders(OPEN) == "orders: 3 rows read, 0 bad.\n2 known.\n"

    assert Order.objects.count() == 2
    assert shop.available("tea") == {"rotterdam": 8}


def test_a_known_order_with_other_content_is_refused_with_the_difference(shop, import_orders):
    import_orders(OPEN)

    assert import_orders(OPEN.replace("cup,9,3.00", "cup,8,3.00")) == (
        "orders: 3 rows read, 1 bad.\n"
        f"line 4: external_id: 1002 was placed before as {order('1002').number}, with other "
        "content. lines[0].quantity: 9 here, 8 in the file.\n"
        "Nothing was written.\n"
    )


def test_completed_orders_are_history_that_moves_no_stock_and_tells_nobody(shop, import_orders):
    before = Movement.objects.count()

    assert import_orders(PAST) == "orders: 3 rows read, 0 bad.\n2 added.\n"

    past = order("900")
    assert (past.status, past.payment_status, past.fulfillment_status) == (
        "completed",
        "paid",
        "fulfilled",
    )
    assert (past.total_amount, past.captured_amount) == (Decimal("12.00"), Decimal("12.00"))
    assert [line.delivered for line in past.lines.order_by("position")] == [2, 1]
    assert Movement.objects.count() == before
    assert Job.objects.count() == 0
    told = EventRecord.objects.filter(thread=past.number).order_by("id")
    assert [(fact.name, fact.happened_at) for fact in told] == [
        ("order.placed", past.placed_at),
        ("order.completed", past.placed_at),
    ]


def test_cancelled_orders_are_history_that_nothing_is_owed_for(shop, import_orders):
    import_orders(PAST)

    past = order("901")
    assert (past.status, past.payment_status, past.due_amount) == (
        "cancelled",
        "unpaid",
        Decimal(0),
    )
    assert [line.cancelled for line in past.lines.all()] == [3]


def test_past_orders_are_known_the_second_time(shop, import_orders):
    import_orders(PAST)

    assert import_orders(PAST) == "orders: 3 rows read, 0 bad.\n2 known.\n"


def test_the_books_hold_after_an_import(shop, import_orders):
    import_orders(OPEN)
    import_orders(PAST)

    assert books.verify() == []


@pytest.mark.parametrize(
    ("was", "becomes", "problems"),
    [
        ("1002,2026", "1002,2O26", "line 4: placed_at: '2O26-01-05T11:00:00+01:00' is not a time"),
        ("cup,9,3.00", "mug,9,3.00", "line 4: sku: Not in the catalog: mug.\n"),
        ("cup,9,3.00", "cup,0,3.00", "line 4: quantity: 0 is not between 1 and 99999.\n"),
        ("EUR,Ann,NL,cup", "EUR,Eve,NL,cup", "line 3: name: differs from line 2 of the same"),
        ("0.10,0.50", "0.10,0.501", "line 2: discount: /lines/0/discount: 0.501 EUR has more than"),
    ],
)
def test_a_bad_row_stops_everything(shop, import_orders, was, becomes, problems):
    answer = import_orders(OPEN.replace(was, becomes))

    assert answer.splitlines()[0] == "orders: 3 rows read, 1 bad."
    assert problems in answer
    assert answer.endswith("Nothing was written.\n")
    assert Order.objects.count() == 0


def test_a_bad_row_takes_its_whole_order_along_and_no_other(shop, import_orders):
    answer = import_orders(OPEN.replace("cup,1,3.00", "cup,x,3.00"), "--skip-bad-rows")

    assert answer == (
        "orders: 3 rows read, 2 bad.\n"
        "line 2: external_id: another row of it is bad.\n"
        "line 3: quantity: 'x' is not a whole number.\n"
        "1 added.\n"
    )
    assert [each.external_id for each in Order.objects.all()] == ["1002"]


def test_a_dry_run_places_nothing(shop, import_orders):
    answer = "orders: 3 rows read, 0 bad.\n2 would be added.\n"
    assert import_orders(OPEN, "--dry-run") == answer
    assert Order.objects.count() == 0
    assert shop.available("tea") == {"rotterdam": 10}


def test_without_a_channel_they_belong_to_the_channel_of_imports(shop, tmp_path):
    Files(tmp_path).bring_in("orders", PAST)

    assert order("900").channel.slug == "import"


def test_a_channel_that_is_not_there_is_refused_in_one_sentence(shop, tmp_path):
    answer = Files(tmp_path).bring_in("orders", PAST, "--channel", "shp")

    assert answer == "There is no channel shp. Open it first: create_channel shp.\n"
