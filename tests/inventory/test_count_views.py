"""The pages of stock counts: who sees what, and what the counter must not see."""

import re

import pytest
from django.utils import timezone

from inventory import services
from inventory.models import CountLine, StockCount
from tests.inventory.counting import KIM, count, finish, put, request

LIST_QUERIES, STATION_QUERIES = 20, 17


@pytest.fixture
def shop(world):
    put(world, "tea", 7531, "A-1")
    put(world, "cup", 3, "B-1")
    return world


@pytest.fixture
def kim(shop):
    return shop.browser(shop.user("kim", role="warehouse", at=["rotterdam"]))


@pytest.fixture
def otto(shop):
    return shop.browser(shop.user("otto", role="operations"))


def text(answer):
    return answer.content.decode()


def test_who_counts_does_not_see_what_the_books_say(kim):
    number = request(bins=["A-1"])

    pages = [f"/counts/{number}/", f"/counts/{number}/station/"]
    pages.append(f"/counts/{number}/station/?bin=A-1")
    for page in pages:
        answer = kim.get(page)
        assert answer.status_code == 200
        assert re.search(r"\b7,?531\b", text(answer)) is None


def test_an_open_count_shows_it_where_somebody_chose_so(kim):
    number = request(bins=["A-1"], is_blind=False)

    assert "Books: 7531" in text(kim.get(f"/counts/{number}/station/?bin=A-1"))


def test_a_bin_is_scanned_its_units_too_and_the_count_is_handed_in(kim):
    number = request(bins=["A-1", "B-1"])
    at = f"/counts/{number}"

    assert "Bin A-1" in text(kim.post(f"{at}/scan/", {"code": "A-1"}))
    answer = kim.post(f"{at}/scan/", {"code": "bc-tea", "bin": "A-1"})
    assert "Tea, 1 so far" in text(answer)
    entered = {"bin": "A-1", "sku": "tea", "lot": "", "known": "1", "units": "7531"}
    assert "Tea, 7531 so far" in text(kim.post(f"{at}/enter/", entered))
    assert kim.post(f"{at}/done/", {"bin": "A-1"}).status_code == 302
    assert kim.post(f"{at}/finish/").status_code == 409
    entered = {"bin": "B-1", "sku": "bc-cup", "units": "3"}
    assert kim.post(f"{at}/enter/", entered).status_code == 200
    kim.post(f"{at}/done/", {"bin": "B-1"})
    assert kim.post(f"{at}/finish/").status_code == 302

    assert StockCount.objects.get().status == "approved"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("scan", {"code": "Z-9"}, 422),
        ("scan", {"code": "nothing", "bin": "A-1"}, 422),
        ("enter", {"bin": "A-1", "sku": "tea", "units": "-1"}, 422),
        ("enter", {"bin": "A-1", "sku": "", "units": "1"}, 422),
        ("enter", {"sku": "tea", "units": "1"}, 422),
        ("done", {"bin": "Z-9"}, 302),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_station(kim, path, body, status):
    number = request(bins=["A-1"])

    assert kim.post(f"/counts/{number}/{path}/", body).status_code == status

    assert CountLine.objects.get().counted is None


def test_the_page_shows_differences_once_handed_in_and_leads_to_approval(shop, otto):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=50)
    finish(number)

    page = text(otto.get(f"/counts/{number}/"))
    assert "Approve 1 difference" in page
    assert "\N{MINUS SIGN}7" in page
    version = StockCount.objects.get().version
    assert otto.post(f"/counts/{number}/approve/", {"version": version - 1}).status_code == 409
    assert otto.post(f"/counts/{number}/approve/", {"version": version}).status_code == 302
    assert shop.on_hand("tea") == {"rotterdam": 50}


def test_a_recount_and_a_cancellation_are_asked_on_the_page(otto):
    number = request(bins=["A-1"])
    count(number, "A-1", tea=50)
    finish(number)

    assert otto.post(f"/counts/{number}/recount/").status_code == 302
    assert StockCount.objects.get().status == "counting"
    assert otto.get(f"/counts/{number}/cancel/").status_code == 200
    assert otto.post(f"/counts/{number}/cancel/", {"note": "Later"}).status_code == 302
    assert StockCount.objects.get().end_reason == "Later"


def test_the_warehouse_counts_and_does_not_approve(kim, shop):
    number = request(bins=["A-1"])
    count(number, "A-1", KIM, tea=50)
    finish(number)

    for verb in ("approve", "recount", "cancel"):
        assert kim.post(f"/counts/{number}/{verb}/").status_code == 403
    assert shop.on_hand("tea") == {"rotterdam": 7531}


def test_who_may_not_count_does_not(shop):
    number = request(bins=["A-1"])
    sam = shop.browser(shop.user("sam", role="support"))

    for path in ("", "new/", "plan/", f"{number}/", f"{number}/station/"):
        assert sam.get(f"/counts/{path}").status_code == 403
    for verb in ("scan", "enter", "done", "finish"):
        assert sam.post(f"/counts/{number}/{verb}/").status_code == 403


def test_a_count_of_another_location_does_not_exist(shop):
    number = request(bins=["A-1"])
    lee = shop.browser(shop.user("lee", role="warehouse", at=["leipzig"]))

    assert number not in text(lee.get("/counts/"))
    assert lee.get(f"/counts/{number}/").status_code == 404
    assert lee.get(f"/counts/{number}/station/").status_code == 404
    for verb in ("scan", "enter", "done", "finish"):
        assert lee.post(f"/counts/{number}/{verb}/", {"bin": "A-1"}).status_code == 404
    assert lee.post("/counts/plan/", {"location": "rotterdam"}).status_code == 404
    form = {"location": "rotterdam", "bins": "A-1"}
    assert lee.post("/counts/new/", form).status_code == 422
    assert StockCount.objects.count() == 1


def test_a_new_count_is_asked_for_by_bins_or_skus(kim):
    form = {"location": "rotterdam", "bins": "A-1, B-1", "is_blind": "on"}
    assert kim.post("/counts/new/", form).status_code == 302
    assert kim.post("/counts/new/", form).status_code == 409
    assert kim.post("/counts/new/", {"location": "rotterdam"}).status_code == 422

    found = StockCount.objects.get()
    assert (found.bins.count(), found.lines.count(), found.requested_by) == (2, 2, "user:kim")


def test_the_list_filters_and_costs_the_same_for_one_and_three(
    shop, otto, django_assert_num_queries
):
    first = request(bins=["A-1"])
    otto.get("/counts/")
    with django_assert_num_queries(LIST_QUERIES):
        otto.get("/counts/")
    second = request(bins=["B-1"])
    put(shop, "jug", 1, "C-1")
    request(bins=["C-1"])
    with django_assert_num_queries(LIST_QUERIES):
        otto.get("/counts/")
    count(second, "B-1", cup=3)
    finish(second)

    assert first in text(otto.get("/counts/?view=todo"))
    assert second not in text(otto.get("/counts/?view=todo"))
    assert second in text(otto.get("/counts/?view=approved"))
    assert first not in text(otto.get("/counts/?location=leipzig&view=all"))
    assert otto.get("/counts/?cursor=nonsense").status_code == 200


def test_the_station_costs_the_same_for_one_line_and_three(shop, kim, django_assert_num_queries):
    number = request(bins=["A-1"])
    services.start_count(number=number, by=KIM, at=timezone.now())
    kim.get(f"/counts/{number}/station/?bin=A-1")
    with django_assert_num_queries(STATION_QUERIES):
        kim.get(f"/counts/{number}/station/?bin=A-1")
    count(number, "A-1", KIM, done=False, cup=1, tea=1)
    with django_assert_num_queries(STATION_QUERIES):
        kim.get(f"/counts/{number}/station/?bin=A-1")


def test_empty_pages_say_what_to_do(kim):
    assert "Nothing is being counted" in text(kim.get("/counts/"))
    assert "Nothing waits for a second person" in text(kim.get("/counts/requests/"))
