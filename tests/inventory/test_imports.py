"""Places and stock come in by file: the ledger gets the difference, bad rows stop everything."""

from datetime import date, time

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from inventory.models import Location, Lot, Movement, StockLevel, Supplier, SupplierSku
from inventory.services import block_lot
from oms.core import books
from oms.core.actors import SYSTEM
from tests.importing import Files

LOCATIONS = """code,name,country,kind,city,latitude,longitude,time_zone,cutoff_time
ROT,Rotterdam,NL,warehouse,Rotterdam,51.92,4.48,Europe/Amsterdam,15:30
NYC,New York,US,store,,,,America/New_York,
"""
STOCK = """location,sku,on_hand,bin,lot,expires_on,safety_stock,reorder_point
rotterdam,tea,10,A-1,L1,2027-01-01,2,4
rotterdam,tea,5,A-1,L2,,,
rotterdam,cup,7,B-1,,,,
"""


@pytest.fixture
def import_file(tmp_path):
    return Files(tmp_path).bring_in


def shelf(sku, location="rotterdam"):
    return StockLevel.objects.get(sku__code=sku, location__code=location)


def entries(sku):
    rows = Movement.objects.filter(level__sku__code=sku).order_by("id")
    return [(row.kind, row.on_hand_delta, row.lot, row.bin) for row in rows]


@pytest.fixture
def shop(world):
    world.location("rotterdam")
    world.sku("tea")
    world.sku("cup")
    return world


def test_locations_come_in_and_change_by_their_code(db, import_file):
    assert import_file("locations", LOCATIONS) == "locations: 2 rows read, 0 bad.\n2 added.\n"
    rotterdam = Location.objects.get(code="ROT")
    assert (rotterdam.latitude, rotterdam.cutoff_time) == (51.92, time(15, 30))

    again = LOCATIONS.replace("New York,US,store", "Newark,US,store")
    answer = "locations: 2 rows read, 0 bad.\n0 added, 1 changed, 1 unchanged.\n"
    assert import_file("locations", again) == answer
    assert Location.objects.get(code="NYC").name == "Newark"


def test_what_a_file_leaves_out_stays_as_it_is(db, import_file):
    import_file("locations", LOCATIONS)

    import_file("locations", "code,name,country\nROT,Rotterdam,NL\n")

    assert Location.objects.get(code="ROT").cutoff_time == time(15, 30)


def test_stock_reaches_the_level_of_the_file_through_the_ledger(shop, import_file):
    assert import_file("stock", STOCK) == "stock: 3 rows read, 0 bad.\n2 changed.\n"

    assert shop.on_hand("tea") == {"rotterdam": 15}
    assert entries("tea") == [("count", 10, "L1", "A-1"), ("count", 5, "L2", "A-1")]
    assert entries("cup") == [("count", 7, "", "B-1")]
    level = shelf("tea")
    assert (level.bin, level.safety_stock, level.reorder_point) == ("A-1", 2, 4)
    assert list(Lot.objects.order_by("code").values_list("code", "expires_on")) == [
        ("L1", date(2027, 1, 1)),
        ("L2", None),
    ]


def test_the_same_stock_file_twice_changes_nothing(shop, import_file):
    import_file("stock", STOCK)
    before = list(Movement.objects.order_by("id").values_list("id", flat=True))

    assert import_file("stock", STOCK) == "stock: 3 rows read, 0 bad.\n2 unchanged.\n"

    assert list(Movement.objects.order_by("id").values_list("id", flat=True)) == before


def test_a_later_count_enters_the_difference_lot_by_lot(shop, import_file):
    import_file("stock", STOCK)

    import_file("stock", "location,sku,on_hand,lot,bin\nrotterdam,tea,4,L1,A-1\n")

    assert shop.on_hand("tea") == {"rotterdam": 4}
    assert entries("tea")[2:] == [("count", -6, "L1", "A-1"), ("count", -5, "L2", "A-1")]


def test_units_that_came_in_are_promised_to_those_who_wait(shop, import_file):
    order = shop.place("w-1", tea=4)
    assert [line.backordered for line in order.lines.all()] == [4]

    import_file("stock", STOCK)

    assert [line.allocated for line in order.lines.all()] == [4]
    assert shop.available("tea") == {"rotterdam": 11}
    assert books.verify(["stock_ledger", "stock_reservations"]) == []


def test_fewer_units_than_are_promised_are_refused_and_nothing_changes(shop, import_file):
    shop.stock("tea", rotterdam=9)
    shop.place("w-1", tea=4)
    text = "location,sku,on_hand\nrotterdam,cup,2\nrotterdam,tea,3\n"

    assert import_file("stock", text) == (
        "stock: 2 rows read, 1 bad.\n"
        "line 3: on_hand: 4 are promised to orders or held: fewer cannot lie there.\n"
        "Nothing was written.\n"
    )
    assert shop.on_hand("tea") == {"rotterdam": 9}
    assert entries("cup") == []


BAD = """location,sku,on_hand
rotterdam,tea,3
nowhere,tea,5
rotterdam,cups,7
rotterdam,cup,-1
rotterdam,tea,4
"""
PROBLEMS = """stock: 5 rows read, 4 bad.
line 3: location: there is no location nowhere.
line 4: sku: there is no SKU cups.
line 5: on_hand: -1 is not between 0 and 99999999.
line 6: lot: stands on line 2 already.
"""


def test_bad_rows_are_named_and_stop_the_good_ones(shop, import_file):
    assert import_file("stock", BAD) == f"{PROBLEMS}Nothing was written.\n"
    assert entries("tea") == []


def test_bad_rows_may_be_skipped(shop, import_file):
    assert import_file("stock", BAD, "--skip-bad-rows") == f"{PROBLEMS}1 changed.\n"
    assert shop.on_hand("tea") == {"rotterdam": 3}


def test_a_dry_run_says_what_it_would_do_and_does_nothing(shop, import_file):
    answer = "stock: 3 rows read, 0 bad.\n2 would be changed.\n"
    assert import_file("stock", STOCK, "--dry-run") == answer
    assert Movement.objects.count() == 0
    assert Lot.objects.count() == 0


def test_a_kind_that_cannot_be_brought_in_is_refused_in_one_sentence(db, import_file):
    assert import_file("prices", "code,name\n") == (
        f"Files of prices cannot be brought in here: {', '.join(settings.IMPORTERS)} can.\n"
    )


def test_columns_that_are_unknown_or_missing_are_named(db, import_file):
    assert import_file("stock", "location,sku,on_hand,colour\n") == (
        "stock.csv: Line 1: unknown columns: colour.\n"
    )
    assert import_file("stock", "location,bin\n") == (
        "stock.csv: Line 1: missing columns: sku, on_hand.\n"
    )


def test_a_file_that_is_not_there_is_refused_in_one_sentence(db, tmp_path):
    with pytest.raises(CommandError, match=r"No such file"):
        call_command("import_data", "stock", str(tmp_path / "none.csv"))


SUPPLIERS = """\
code,name,email,sku,supplier_sku,cost,currency,lead_time_days,minimum_quantity,pack_size
leaf,Leaf Ltd,leaf@a.example,,,,EUR,14,,
leaf,Leaf Ltd,,tea,L-1,2.50,EUR,,12,6
leaf,Leaf Ltd,,cup,L-2,,,3,,
clay,Clay & Co,,cup,C-2,1.25,GBP,,,
"""


def known_supplies():
    found = SupplierSku.objects.select_related("supplier", "sku").order_by("supplier__code", "pk")
    return [
        (each.supplier.code, each.sku.code, each.supplier_sku, each.pack_size, each.is_preferred)
        for each in found
    ]


def test_suppliers_come_in_with_what_they_supply_and_twice_changes_nothing(world, import_file):
    world.sku("tea")
    world.sku("cup")

    assert import_file("suppliers", SUPPLIERS) == ("suppliers: 4 rows read, 0 bad.\n5 added.\n")

    leaf = Supplier.objects.get(code="leaf")
    assert (leaf.name, leaf.email, leaf.currency, leaf.lead_time_days) == (
        "Leaf Ltd",
        "leaf@a.example",
        "EUR",
        14,
    )
    assert known_supplies() == [
        ("clay", "cup", "C-2", 1, False),
        ("leaf", "tea", "L-1", 6, True),
        ("leaf", "cup", "L-2", 1, True),
    ]
    tea = SupplierSku.objects.get(sku__code="tea")
    assert (str(tea.cost), tea.currency, tea.minimum_quantity, tea.lead_time_days) == (
        "2.500000",
        "EUR",
        12,
        None,
    )
    assert import_file("suppliers", SUPPLIERS) == ("suppliers: 4 rows read, 0 bad.\n5 unchanged.\n")
    assert len(known_supplies()) == 3


def test_rows_of_suppliers_that_cannot_be_taken_are_named(world, import_file):
    world.sku("tea")
    bad = "code,name,email,sku,pack_size\na/b,A,,,\nleaf,Leaf,nobody,,\n"
    bad += "leaf,Leaf,,none,\nleaf,Leaf,,tea,0\nleaf,Leaf,,tea,6\nleaf,Leaf,,tea,7\n"

    answer = import_file("suppliers", bad)

    for words in (
        "line 2: code: a code has no slash.",
        "line 3: email: 'nobody' is not an e-mail address.",
        "line 4: sku: there is no SKU none.",
        "line 5: pack_size:",
        "line 7: sku: stands on line 6 already.",
    ):
        assert words in answer
    assert not Supplier.objects.exists()


def test_units_of_a_blocked_lot_that_a_file_finds_are_not_for_sale(shop, import_file):
    import_file("stock", STOCK)
    block_lot(sku="tea", lot="L1", reason="recalled", by=SYSTEM, at=timezone.now())

    import_file("stock", "location,sku,on_hand,lot,bin\nrotterdam,tea,12,L1,A-1\n")

    assert shop.on_hand("tea") == {"rotterdam": 12}
    assert shop.available("tea") == {"rotterdam": 0}
    assert books.verify() == []
