"""Writing an order in the portal, without scripts: at the prices shown, and once."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from b2b.models import PurchaseOrder
from tests.b2b.portal_pages import HOME, body, grid, hand_in, lines_of, only_draft, words
from tests.b2b.portal_pages import bo as bo

pytestmark = pytest.mark.django_db


def test_an_order_is_kept_as_it_is_written_and_handed_in_at_the_total_that_was_shown(
    world, office, bo
):
    world.stock("TEA-01", rotterdam=30)

    kept = bo.post(f"{HOME}order/", grid(("tea-01", "5"), step="keep"))
    draft = only_draft()
    assert kept.status_code == 200
    assert (draft.source, draft.buyer.user.username) == ("portal", "bo")
    assert lines_of(draft) == [("TEA-01", 5)]
    assert bo.get(f"{HOME}order/").headers["Location"] == f"{HOME}order/{draft.number}/"

    again = grid(("TEA-01", "6"), ("CUP-02", "1"), step="review", number=draft.number)
    looked = bo.post(f"{HOME}order/", again)
    assert looked.headers["Location"] == f"{HOME}order/{draft.number}/review/"
    assert "€70.00" in body(bo, looked.headers["Location"])

    done = hand_in(bo, draft, po_number="V-1", note="Back door")
    draft.refresh_from_db()
    assert done.headers["Location"] == f"{HOME}orders/{draft.number}/"
    assert (draft.status, draft.po_number, draft.note) == ("accepted", "V-1", "Back door")
    assert draft.submitted_by == "user:bo"
    assert world.available("TEA-01") == {"rotterdam": 24}


def test_a_price_that_moved_since_it_was_seen_is_shown_before_anything_is_ordered(office, bo):
    bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    page = f"{HOME}order/{only_draft().number}/review/"

    late = bo.post(page, grid(("TEA-01", "6"), step="submit", ship_to="Café", seen="50.00"))

    assert late.status_code == 422
    assert "The total is €60.00 now" in words(late)
    assert only_draft().submitted_at is None


def test_what_a_buyer_writes_as_a_price_is_no_price(office, bo):
    rows = grid(("TEA-01", "5"), step="keep")
    bo.post(f"{HOME}order/", {**rows, "price": ["0.01"]})
    assert only_draft().lines.get().unit_price == Decimal("10")

    bo.post(f"{HOME}order/", {"step": "paste", "pasted": "CUP-02\t3\t0.01"})
    pasted = PurchaseOrder.objects.order_by("-id").first()
    assert pasted.lines.get().unit_price == Decimal("10")


def test_what_is_wrong_stays_on_the_page_and_is_not_looked_over(office, bo):
    wrong = bo.post(f"{HOME}order/", grid(("TEA-01", "2.5"), ("TEE", "3"), step="review"))

    assert wrong.status_code == 422
    told = words(wrong)
    assert "2.5 is no number of units." in told
    assert "There is no such SKU in the catalog." in told
    assert 'value="2.5"' in told


def test_a_file_brings_its_rows_and_says_which_were_not_read(office, bo):
    sent = SimpleUploadedFile("order.csv", b"sku;quantity\nTEA-01;12\nCUP-02;1.000\n")

    answer = bo.post(f"{HOME}order/", {"step": "upload", "file": sent})

    assert "1 row read, 1 not" in words(answer)
    assert lines_of(only_draft()) == [("TEA-01", 12)]


def test_five_hundred_lines_cost_as_many_statements_as_one(
    world, office, bo, django_assert_max_num_queries
):
    for n in range(500):
        world.sku(f"S-{n}", price=Decimal("1.00"), currency="EUR")
    bo.post(f"{HOME}order/", grid(("TEA-01", "1"), step="keep"))
    number = only_draft().number
    for count in (1, 500):
        rows = [(f"S-{n}", "2") for n in range(count)]
        with django_assert_max_num_queries(40):
            bo.post(f"{HOME}order/", grid(*rows, step="keep", number=number))
        assert only_draft().lines.count() == count


def test_the_catalog_tells_prices_breaks_and_stock_in_words_and_fills_the_order(world, office, bo):
    office.price("TEA-01", "9.00", min_quantity=12)
    company = office.company()
    company.price_list = office.price_list()
    company.save()
    world.stock("TEA-01", rotterdam=3)

    found = body(bo, f"{HOME}order/catalog/?search=tea")
    assert "10.00" in found
    assert "from 12: 9.00" in " ".join(found.split())
    assert "3 in stock" in found
    assert "CUP-02" not in found

    bo.post(f"{HOME}order/catalog/", grid(("TEA-01", "4"), ("CUP-02", "")))
    bo.post(f"{HOME}order/catalog/", grid(("TEA-01", "8")))
    draft = only_draft()
    assert lines_of(draft) == [("TEA-01", 12)]
    assert draft.lines.get().unit_price == Decimal("9")

    odd = bo.post(f"{HOME}order/catalog/", grid(("TEA-01", "some")))
    assert odd.status_code == 422
    assert "some is no number of units" in words(odd).lower()
    assert lines_of(draft) == [("TEA-01", 12)]


def test_an_order_is_had_again_at_todays_prices_without_what_is_no_longer_sold(world, office, bo):
    old = office.buy(**{"TEA-01": 5, "CUP-02": 2})
    world.sku("TEA-01").__class__.objects.filter(code="TEA-01").update(price="12.00")
    world.sku("CUP-02").__class__.objects.filter(code="CUP-02").update(price=None)

    begun = bo.post(f"{HOME}orders/{old.number}/again/")
    told = body(bo, begun.headers["Location"])

    draft = only_draft()
    assert lines_of(draft) == [("TEA-01", 5)]
    assert "was" in told
    assert "No longer to be had" in told
    assert "Cup-02, 2 units" in told
    assert "€60.00" in told
    hand_in(bo, draft)
    draft.refresh_from_db()
    assert (draft.status, draft.total_amount) == ("accepted", Decimal("60"))


def test_the_companys_own_number_is_taken_once_and_said_by_its_field(office, bo):
    office.draft(fields={"po_number": "V-1"}, tea=1)
    bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    draft = PurchaseOrder.objects.get(source="portal")

    again = hand_in(bo, draft, po_number="V-1")

    assert again.status_code == 422
    assert "is known already" in words(again)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_draft_is_dropped_without_a_word(office, bo):
    bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    draft = only_draft()
    dropped = bo.post(f"{HOME}orders/{draft.number}/cancel/")
    assert dropped.headers["Location"] == f"{HOME}orders/"
    draft.refresh_from_db()
    assert draft.status == "cancelled"
    assert bo.get(f"{HOME}order/").status_code == 200


def test_the_number_of_a_dropped_draft_is_free_again(office, bo):
    for _ in range(2):
        bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
        draft = only_draft()
        page = f"{HOME}order/{draft.number}/review/"
        bo.post(page, grid(("TEA-01", "5"), step="look", ship_to="Café", po_number="V-9"))
        draft.refresh_from_db()
        assert draft.po_number == "V-9"
        bo.post(f"{HOME}orders/{draft.number}/cancel/")


def test_an_order_is_handed_in_once_however_often_it_is_sent(office, bo):
    bo.post(f"{HOME}order/", grid(("TEA-01", "5"), step="keep"))
    draft = only_draft()
    assert hand_in(bo, draft, ("TEA-01", "5")).status_code == 302

    page = f"{HOME}order/{draft.number}/review/"
    late = bo.post(page, grid(("TEA-01", "5"), step="submit", ship_to="Café", seen="50.00"))

    assert late.status_code == 404
    assert PurchaseOrder.objects.get().order is not None


def test_skus_are_looked_up_by_words_with_the_price_and_no_count_of_stock(world, office, bo):
    world.stock("TEA-01", rotterdam=7531)
    found = body(bo, f"{HOME}order/skus/?q=tea")
    assert 'data-sku="TEA-01"' in found
    assert "10.00" in found
    assert "In stock" in found
    assert "7531" not in found
