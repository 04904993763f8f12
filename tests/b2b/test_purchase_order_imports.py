"""What companies ordered comes in by file: open ones as if entered, the others as history."""

from decimal import Decimal

import pytest

from b2b.models import Company, CreditEntry, PurchaseOrder
from fulfillment.models import FulfillmentOrder
from oms.core import books, reports
from oms.core.jobs import Job
from oms.core.models import User
from oms.reporting.asking import asked
from orders.models import Order, Refund
from tests.importing import Files
from tests.returns.conftest import Desk

pytestmark = pytest.mark.django_db
HEADER = "company,po_number,sku,quantity,unit_price,ordered_at,sales_rep,country,status"
PAST = f"""{HEADER}
vermeer,17,tea,3,9.405,2025-03-04T10:00:00Z,Nancy Davolio,,completed
vermeer,17,cup,2,,2025-03-04T10:00:00Z,Nancy Davolio,,completed
vermeer,18,tea,4,8,2025-04-01T10:00:00Z,,BE,completed
linden,17,tea,1,,2025-04-02T10:00:00Z,rita,,cancelled
"""


@pytest.fixture
def import_file(tmp_path):
    return Files(tmp_path).bring_in


@pytest.fixture
def shop(world, office):
    world.user("rita", "sales")
    world.user("otto", "sales")
    office.company(sales_rep="otto")
    office.company("linden", name="Linden GmbH")
    office.stock("tea", rotterdam=20)
    office.stock("cup", rotterdam=20)
    return office


def brought(import_file, rows, *options):
    return import_file("purchase_orders", f"{HEADER}\n{rows}\n", *options)


def sales(by):
    rows = reports.figures("sales", asked("sales", {"by": by}))
    return {row["key"]: (row["orders"], row["units"], str(row["amount"])) for row in rows}


def test_history_is_kept_with_its_prices_days_and_reps_and_moves_nothing(world, shop, import_file):
    jobs = Job.objects.count()

    told = import_file("purchase_orders", PAST)

    assert "3 added, 1 sales reps added." in told
    first, second, gone = PurchaseOrder.objects.order_by("id")
    assert (first.status, first.order.status, str(first.total_amount)) == (
        "closed",
        "completed",
        "48.220",
    )
    assert [(line.decision, line.accepted_quantity) for line in first.lines.all()] == [
        ("accept", 3),
        ("accept", 2),
    ]
    assert first.order.placed_at.isoformat() == "2025-03-04T10:00:00+00:00"
    assert (first.order.payment_status, first.order.fulfillment_status) == ("paid", "fulfilled")
    assert (second.ship_to.country, second.ship_to.name) == ("BE", "Café Vermeer BV")
    assert (gone.status, gone.order.status) == ("cancelled", "cancelled")
    assert sales("rep") == {"Nancy Davolio": (1, 5, "48.22"), "otto": (1, 4, "32.00")}
    assert sales("month") == {"2025-03": (1, 5, "48.22"), "2025-04": (1, 4, "32.00")}
    assert world.on_hand("tea") == {"rotterdam": 20}
    assert (Job.objects.count(), FulfillmentOrder.objects.count()) == (jobs, 0)
    assert not CreditEntry.objects.exists()
    assert books.verify() == []


def test_what_comes_back_of_history_is_refunded_and_takes_no_credit(world, shop, import_file):
    shop.limit("100")
    import_file("purchase_orders", PAST)
    document = PurchaseOrder.objects.earliest("id")
    desk = Desk()

    back = desk.request(document.order, tea=3)
    desk.approve(back.number)
    desk.receive(back.number, tea=3)
    desk.inspect(back.number, tea=3)
    desk.settle(back.number)
    shop.follow(document.order)

    refund = Refund.objects.get()
    assert (refund.status, refund.amount) == ("succeeded", Decimal("28.220"))
    assert shop.fresh(document).status == "closed"
    assert shop.balances() == (Decimal(0), Decimal(0))
    assert sales("rep")["Nancy Davolio"] == (1, 5, "48.22")
    assert books.verify() == []


def test_the_same_file_again_is_known_and_another_one_is_refused(shop, import_file):
    import_file("purchase_orders", PAST)

    assert "3 known" in import_file("purchase_orders", PAST)
    told = import_file("purchase_orders", PAST.replace("tea,3,9.405", "tea,4,9.5"))
    number = PurchaseOrder.objects.earliest("id").number
    assert f"line 2: quantity: line 1 of {number} says 3." in told
    assert f"line 2: unit_price: line 1 of {number} says 9.405000." in told
    told = brought(import_file, "vermeer,17,tea,3,9.405,,,,")
    assert f"line 2: po_number: {number} has 2 lines, the file 1." in told
    assert PurchaseOrder.objects.count() == 3
    assert User.objects.filter(username="Nancy Davolio").count() == 1


def test_an_open_one_is_entered_as_a_rep_would(world, shop, import_file):
    shop.limit("25", "linden")

    told = brought(
        import_file,
        "vermeer,20,tea,3,9,,rita,,\nlinden,20,tea,2,,,,,open\nlinden,21,tea,1,,,,,open",
    )

    assert "3 added." in told
    named, first, held = PurchaseOrder.objects.order_by("id")
    assert (named.status, named.sales_rep.username, named.issues) == ("accepted", "rita", [])
    assert named.lines.get().price_origin.startswith("Agreed by import_data")
    assert (shop.holds(first.order), shop.holds(held.order)) == ([], ["credit"])
    assert world.available("tea") == {"rotterdam": 15}
    assert shop.balances("linden") == (Decimal("20.000"), Decimal("0.000"))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("nobody,1,tea,1,,,,,", "line 2: company: There is no company nobody."),
        ("vermeer,1,tea,1,,,,,\nvermeer,1,moon,1,,,,,", "line 3: sku: "),
        ("vermeer,1,tea,0,,,,,", "line 2: quantity: "),
        ("vermeer,1,tea,1,,,wim,,", "line 2: sales_rep: wim is not a sales rep."),
        ("vermeer,1,tea,1,,,rita,,\nvermeer,1,cup,1,,,otto,,", "line 3: sales_rep: differs from"),
        ("vermeer,1,tea,1,,2025-03-04,,,", "line 2: ordered_at: "),
        ("vermeer,,tea,1,,,,,", "line 2: po_number: "),
        ("vermeer,1,tea,1,-1,,,,", "line 2: unit_price: "),
        ("vermeer,1,tea,1,,,,,draft", "line 2: status: "),
    ],
)
def test_what_makes_no_sense_names_its_cell_and_nothing_is_written(
    world, shop, import_file, rows, reason
):
    world.user("wim", "warehouse")

    assert reason in brought(import_file, rows)
    assert not PurchaseOrder.objects.exists()
    assert not Order.objects.exists()


def test_a_price_is_agreed_or_given_and_an_address_has_its_country(shop, import_file, world):
    world.sku("moon", currency="USD")
    assert "line 2: unit_price: " in brought(import_file, "vermeer,1,moon,1,,,,,")
    head = "company,po_number,sku,quantity,city"
    told = import_file("purchase_orders", f"{head}\nvermeer,1,tea,1,Delft\n")
    assert "line 2: country: " in told


def test_a_bad_row_takes_its_own_purchase_order_along_and_no_other(shop, import_file):
    rows = "vermeer,1,tea,0,,,,,\nvermeer,1,cup,1,,,,,\nlinden,1,tea,1,,,,,"

    told = brought(import_file, rows, "--skip-bad-rows")

    assert "3 rows read, 2 bad" in told
    assert "line 3: po_number: another row of it is bad." in told
    assert [each.company.code for each in PurchaseOrder.objects.all()] == ["linden"]


def test_a_dry_run_leaves_nothing_behind(shop, import_file):
    told = import_file("purchase_orders", PAST, "--dry-run")

    assert "3 would be added, 1 sales reps would be added." in told
    assert not PurchaseOrder.objects.exists()
    assert not User.objects.filter(username="Nancy Davolio").exists()
    assert Company.objects.count() == 2
