"""A purchase order is typed or pasted; nothing written is lost, nothing wrong is taken."""

from decimal import Decimal

import pytest
from django.utils import timezone

from b2b import entry
from b2b.models import Company, PurchaseOrder
from oms.catalog.models import Sku

pytestmark = pytest.mark.django_db
NEW = "/b2b/purchase-orders/new/"


@pytest.fixture
def rita(world, office):
    user = world.user("rita", role="sales")
    office.company(sales_rep="rita")
    for code in ("TEA-01", "CUP-02"):
        world.sku(code, price=Decimal("10.00"), currency="EUR")
    return world.browser(user)


def grid(*rows, **more):
    columns = list(zip(*[(*row, *[""] * (4 - len(row))) for row in rows], strict=True)) or [()] * 4
    cells = dict(zip(("sku", "quantity", "price", "day"), map(list, columns), strict=True))
    return {"company": "vermeer", "ship_to": "Café", "step": "submit", **cells, **more}


def lines_of(document):
    return list(
        document.lines.order_by("position").values_list("sku_code", "quantity", "unit_price")
    )


def test_lines_are_found_by_code_in_any_case_or_by_barcode(world, office, rita):
    world.stock("TEA-01", rotterdam=30)

    done = rita.post(NEW, grid(("tea-01", "24"), ("bc-CUP-02", "6", "7.50"), po_number="V-1"))

    document = PurchaseOrder.objects.get()
    assert done.headers["Location"] == f"/b2b/purchase-orders/{document.number}/"
    assert lines_of(document) == [("TEA-01", 24, Decimal("10")), ("CUP-02", 6, Decimal("7.5"))]
    assert (document.status, document.total_amount) == ("accepted", Decimal("285"))
    assert world.available("TEA-01") == {"rotterdam": 6}


def test_what_is_wrong_is_said_by_the_line_and_nothing_is_placed(world, office, rita):
    answer = rita.post(
        NEW, grid(("TEA-01", "2.5"), ("TEE", "3"), ("", "4"), ("CUP-02", "1", "free"))
    )

    assert answer.status_code == 422
    assert not PurchaseOrder.objects.exists()
    rows = answer.context["sheet"].rows
    assert [dict(row.errors) for row in rows] == [
        {"quantity": "2.5 is no number of units."},
        {"sku": "There is no such SKU in the catalog."},
        {"sku": "Which SKU?"},
        {"price": "Free is no amount."},
    ]
    assert 'value="2.5"' in answer.content.decode()


def test_the_price_tells_where_it_comes_from_and_what_more_would_cost(world, office, rita):
    office.price("TEA-01", "9.00", min_quantity=12)
    office.price("TEA-01", "8.00", min_quantity=48)
    company = office.company()
    company.price_list = office.price_list()
    company.save()

    [row] = entry.checked([entry.Row(sku="TEA-01", quantity="24")], company, timezone.localdate())

    assert row.unit_price == Decimal("9")
    assert row.offer.origin == "Price list Wholesale, from 12"
    assert (row.next_break.min_quantity, row.next_break.unit_price) == (48, Decimal("8"))
    assert row.amount("EUR") == Decimal("216.00")


def test_a_draft_is_kept_while_it_is_written_and_holds_what_is_not_right_yet(office, rita):
    kept = rita.post(
        NEW, grid(("TEA-01", "5"), ("NEW-SKU", "2"), step="keep"), headers={"HX-Request": "true"}
    )

    assert kept.status_code == 200
    document = PurchaseOrder.objects.get()
    assert document.status == "draft"
    assert f'value="{document.number}"' in kept.content.decode()
    again = grid(("TEA-01", "6"), step="keep", number=document.number, version=document.version)
    rita.post(NEW, again)
    document.refresh_from_db()
    assert lines_of(document) == [("TEA-01", 6, Decimal("10"))]
    assert (
        'value="TEA-01"'
        in rita.get(f"/b2b/purchase-orders/{document.number}/edit/").content.decode()
    )


def test_a_draft_that_a_colleague_changed_meanwhile_is_not_overwritten(office, rita):
    rita.post(NEW, grid(("TEA-01", "5"), step="keep"))
    document = PurchaseOrder.objects.get()
    mine = grid(("TEA-01", "6"), step="keep", number=document.number, version=document.version)
    rita.post(NEW, mine)

    late = rita.post(NEW, {**mine, "quantity": ["7"]})

    assert "was changed by someone else meanwhile" in late.content.decode()
    document.refresh_from_db()
    assert lines_of(document) == [("TEA-01", 6, Decimal("10"))]


def test_who_was_overtaken_sees_it_and_may_press_again(office, rita):
    rita.post(NEW, grid(("TEA-01", "5"), step="keep"))
    document = PurchaseOrder.objects.get()
    mine = grid(("TEA-01", "7"), number=document.number, version=document.version)
    rita.post(NEW, {**mine, "step": "keep", "quantity": ["6"]})

    by_itself = rita.post(NEW, {**mine, "step": "keep"}, headers={"HX-Request": "true"})
    pressed = rita.post(NEW, mine)
    again = rita.post(NEW, {**mine, "version": pressed.context["sheet"].version})

    document.refresh_from_db()
    assert not by_itself.context["sheet"].overtaken
    assert "Press again to put it in the place of theirs" in pressed.content.decode()
    assert again.headers["Location"] == f"/b2b/purchase-orders/{document.number}/"
    assert lines_of(document) == [("TEA-01", 7, Decimal("10"))]


def test_pasted_rows_follow_those_that_stand_and_can_be_taken_out_again(office, rita):
    pasted = "TEA-01\t12\nCUP-02\t1.000\nXX-9\t3"

    answer = rita.post(NEW, grid(("CUP-02", "1"), step="paste", pasted=pasted))

    sheet = answer.context["sheet"]
    assert [(row.sku, row.quantity) for row in sheet.rows] == [
        ("CUP-02", "1"),
        ("TEA-01", "12"),
        ("XX-9", "3"),
    ]
    assert "2 rows read, 1 not" in answer.content.decode()
    undone = rita.post(NEW, grid(("CUP-02", "1"), step="undo", before=sheet.before))
    assert [(row.sku, row.quantity) for row in undone.context["sheet"].rows] == [("CUP-02", "1")]


def test_the_companys_own_number_is_taken_once(office, rita):
    rita.post(NEW, grid(("TEA-01", "1"), po_number="V-1"))

    again = rita.post(NEW, grid(("TEA-01", "1"), po_number="V-1"))

    assert again.status_code == 422
    assert "is known already" in again.content.decode()
    assert PurchaseOrder.objects.count() == 1


def test_a_thousand_lines_cost_as_many_queries_as_one(world, office, django_assert_num_queries):
    company = office.company()
    for n in range(30):
        world.sku(f"S-{n}", price=Decimal("1.00"), currency="EUR")
    entry.checked([entry.Row(sku="S-1", quantity="1")], company, timezone.localdate())
    for count in (1, 1_000):
        rows = [entry.Row(sku=f"S-{n % 30}", quantity="2") for n in range(count)]
        with django_assert_num_queries(7):
            found = entry.checked(rows, company, timezone.localdate())
        assert sum(row.units for row in found) == 2 * count


def test_text_that_was_never_kept_brings_nothing_back():
    assert entry.from_text("no rows") == []
    assert entry.from_text('{"a": 1}') == []
    assert entry.from_text("[[1]]") == []


def test_rows_of_one_sku_reach_a_quantity_and_use_up_the_shelf_together(office):
    office.price("tea", "9.50")
    office.price("tea", "9.20", min_quantity=24)
    office.stock("tea", rotterdam=30)
    company = office.company(price_list="wholesale")
    written = [entry.Row(sku="tea", quantity="20"), entry.Row(sku="bc-tea", quantity="20")]

    rows = entry.checked(written, company, timezone.localdate())

    assert [(row.unit_price, row.next_break, row.short) for row in rows] == [
        (Decimal("9.20"), None, 0),
        (Decimal("9.20"), None, 10),
    ]


def test_keeping_answers_for_the_rows_that_the_page_has(rita):
    body = grid(("TEA-01", "2"), ("", ""), step="keep")

    answer = rita.post(NEW, body, headers={"HX-Request": "true"}).content.decode()

    assert [n for n in range(1, 9) if f'id="found-{n}"' in answer] == [1, 2]


def test_a_sku_is_looked_up_by_what_it_is_called_with_the_companys_price(world, office, rita):
    office.price("TEA-01", "9.50")
    office.company("other")
    Company.objects.filter(code="vermeer").update(price_list=office.price_list())
    Sku.objects.filter(code="TEA-01").update(name="Sencha of the first flush")

    def found(words):
        return rita.get("/b2b/companies/vermeer/skus/", {"q": words}).content.decode()

    assert 'data-sku="TEA-01"' in found("flush sencha")
    assert "9.50" in found("tea")
    assert "data-sku" not in found("t")
    assert "Nothing found for “&lt;b&gt;”" in found("<b>")
    assert rita.get("/b2b/companies/other/skus/?q=tea").status_code == 404
    floor = world.browser(world.user("lee", role="warehouse"))
    assert floor.get("/b2b/companies/vermeer/skus/?q=tea").status_code == 403
