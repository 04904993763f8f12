"""Shelves as staff see them: what makes up a figure, bins, lots, and the scanner's pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment.services import dispatch
from inventory import services
from inventory.models import Bin, Lot, Movement, Quant, StockLevel, Zone
from inventory.selectors import find_lots, lying
from oms.core.actors import SYSTEM
from oms.core.books import verify
from tests.importing import Files
from tests.inventory.test_moving import put

SCAN = "/inventory/scan/"


def text(response):
    return response.content.decode()


@pytest.fixture
def office(world):
    return world.browser(world.user("ola", role="operations"))


@pytest.fixture
def floor(world):
    world.location("rotterdam")
    return world.browser(world.user("lee", role="warehouse", at=["rotterdam"]))


def rows():
    found = Quant.objects.order_by("state", "bin", "lot")
    return [(each.state, each.bin, each.lot, each.quantity) for each in found]


def laid_out(world):
    """A receiving zone with R-1 and a picking zone with A-1 at Rotterdam."""
    place = world.location("rotterdam")
    zones = [Zone.objects.create(location=place, code="R", kind="receiving")]
    zones.append(Zone.objects.create(location=place, code="P", position=1))
    for zone, code in zip(zones, ("R-1", "A-1"), strict=True):
        Bin.objects.create(location=place, zone=zone, code=code)


def test_the_page_of_a_sku_says_what_makes_up_its_figures(world, office):
    put(world, 5, "A", "L1")
    put(world, 2, "B")
    order = world.place(tea=4)
    services.hold_units(
        location="rotterdam", sku="tea", quantity=1, state="damaged", reason="fell down", bin="B",
        by=SYSTEM, at=timezone.now(),
    )  # fmt: skip

    response = office.get("/inventory/tea/")

    [found] = response.context["lying"]
    assert sum(each.quantity for each in found.quants) == found.level.on_hand == 7
    assert sum(each.quantity for each in found.claims) == found.level.reserved == 4
    number = order.number.replace("SO-", "FO-") + "-1"
    assert f'<a href="/fulfillment/{number}/">{number}</a>' in text(response)
    assert "7 on hand, less 4 reserved and 1 held: 2 available" in text(response)
    assert "fell down" in text(response)


def test_it_costs_the_same_with_one_bin_and_with_many(world, office):
    def cost():
        office.get("/inventory/tea/")
        with CaptureQueriesContext(connection) as caught:
            office.get("/inventory/tea/")
        return len(caught)

    put(world, 5, "A", "L1")
    one = cost()
    for bin in ("B", "C"):
        put(world, 5, bin, "L1")
        put(world, 1, bin, "L1", at="leipzig")
    world.place("1", tea=1)
    world.place("2", tea=1)

    assert cost() == one


def test_the_ledger_is_narrowed_by_kind_bin_and_lot(world, office):
    put(world, 5, "A", "L1")
    put(world, 5, "B", "L2")
    world.place(tea=1)

    def shown(query):
        page = office.get(f"/inventory/tea/?{query}").context["page"]
        return [(move.kind, move.bin) for move in page]

    assert shown("kind=receive") == [("receive", "B"), ("receive", "A")]
    assert shown("bin=A") == [("receive", "A")]
    assert shown("lot=L2") == [("receive", "B")]
    assert "No movement matches" in text(office.get("/inventory/tea/?bin=Z"))


def test_units_are_moved_and_held_from_the_page_of_their_sku(world, floor):
    put(world, 5, "A")
    form = {"location": "rotterdam", "bin": "A", "lot": "", "state": "available", "quantity": 2}

    for _ in range(2):
        floor.post("/inventory/tea/move/", {**form, "key": "1", "to_bin": "B"})
        floor.post("/inventory/tea/hold/", {**form, "key": "2", "hold": "damaged", "reason": "wet"})
    held = {**form, "state": "damaged"}
    floor.post("/inventory/tea/free/", {**held, "key": "3", "quantity": 1, "reason": "dry"})
    answer = floor.post("/inventory/tea/scrap/", {**held, "key": "4", "quantity": 9, "reason": "x"})

    assert answer.status_code == 409
    assert "9 asked for, 1 free in bin A" in text(answer)
    assert rows() == [("available", "A", "", 2), ("available", "B", "", 2), ("damaged", "A", "", 1)]
    assert verify() == []


def test_another_location_is_not_there_and_a_reader_may_not_move(world, floor):
    put(world, 5, "A", at="leipzig")
    form = {"location": "leipzig", "bin": "A", "lot": "", "state": "available", "quantity": 1}
    sales = world.browser(world.user("sal", role="sales"))

    assert (
        floor.post("/inventory/tea/move/", {**form, "key": "1", "to_bin": "B"}).status_code == 404
    )
    for page in (
        "/inventory/put-away/?location=leipzig",
        "/inventory/bins/?location=leipzig",
        "/inventory/bins/leipzig/new/",
        f"{SCAN}move/?location=leipzig",
    ):
        assert floor.get(page).status_code == 404
    for page in (
        "/inventory/tea/move/",
        SCAN,
        "/inventory/put-away/",
        "/inventory/bins/leipzig/new/",
    ):
        assert sales.get(page).status_code == 403
    assert rows() == [("available", "A", "", 5)]


def test_what_came_in_is_put_away_where_its_like_lies(world, floor):
    laid_out(world)
    put(world, 2, "A-1")
    put(world, 3, "")
    put(world, 1, "R-1", sku="cup")
    StockLevel.objects.filter(sku__code="cup").update(bin="R-1")

    page = floor.get("/inventory/put-away/").context["page"]

    assert [(row.level.sku.code, row.bin, row.quantity, row.target) for row in page] == [
        ("cup", "R-1", 1, ""),
        ("tea", "R-1", 3, "A-1"),
    ]
    assert "Put away, 2 wait" in text(floor.get(SCAN))


def test_the_lists_of_the_shelves_cost_the_same_for_one_row_and_for_three(world, office):
    laid_out(world)
    soon = timezone.localdate() + timedelta(days=5)

    def cost(url):
        office.get(url)
        with CaptureQueriesContext(connection) as caught:
            assert office.get(url).status_code == 200
        return len(caught)

    put(world, 3, "R-1", "L1", expires_on=soon)
    lot = Lot.objects.get().pk
    pages = [
        "/inventory/put-away/?location=rotterdam",
        "/inventory/bins/?location=rotterdam",
        "/inventory/lots/",
        f"/inventory/lots/{lot}/",
        f"{SCAN}put-away/?location=rotterdam",
    ]
    before = [cost(page) for page in pages]
    for number in (2, 3):
        put(world, 3, "R-1", f"L{number}", expires_on=soon)
        put(world, 3, "", "L1", at="ghent")
        put(world, 3, "A-1", "L1")
        put(world, 1, "R-1", sku=f"cup{number}")

    assert [cost(page) for page in pages] == before


def test_a_bin_is_kept_renamed_when_empty_and_retired(world, floor):
    laid_out(world)
    put(world, 2, "A-1")
    here = "/inventory/bins/rotterdam/"

    floor.post(f"{here}new/", {"code": "A-2", "zone": "P", "position": 2})
    full = floor.post(
        f"{here}bin/A-1/", {"code": "A-9", "zone": "P", "position": 1, "is_active": "on"}
    )
    gone = floor.post(f"{here}bin/A-2/", {"code": "A-3", "zone": "", "position": 3})
    twice = floor.post(f"{here}new/", {"code": "A-1", "zone": "P", "position": 2})

    assert (full.status_code, gone.status_code, twice.status_code) == (409, 302, 409)
    assert "2 units lie in A-1. Move them first." in text(full)
    kept = Bin.objects.order_by("code").values_list("code", "zone__code", "position", "is_active")
    assert list(kept) == [("A-1", "P", 0, True), ("A-3", None, 3, False), ("R-1", "R", 0, True)]


def test_a_zone_is_laid_out_and_changed(world, floor):
    here = "/inventory/bins/rotterdam/zones/"
    said = {"code": "P", "name": "", "kind": "picking", "position": 0}

    assert floor.post(f"{here}new/", said).status_code == 302
    assert floor.post(f"{here}new/", said).status_code == 409
    assert floor.post(f"{here}P/", {**said, "code": "Q", "name": "Front"}).status_code == 302

    assert list(Zone.objects.values_list("code", "name")) == [("Q", "Front")]


def test_bins_leave_and_come_back_as_the_same_file(world, office, tmp_path):
    laid_out(world)
    table = b"".join(office.get("/inventory/bins.csv").streaming_content).decode()
    assert '"rotterdam","P","picking","A-1",0,"yes"' in table

    assert "2 unchanged" in Files(tmp_path).bring_in("bins", table)
    more = "location,zone,zone_kind,bin,position\nrotterdam,Q,quarantine,,9\nrotterdam,Q,,Q-1,1\n"
    assert "2 added" in Files(tmp_path).bring_in("bins", more)
    assert Bin.objects.get(code="Q-1").zone.kind == "quarantine"
    assert Zone.objects.get(code="Q").position == 9
    put(world, 1, "A-1")
    bad = "location,bin,is_active\nrotterdam,A-1,no\nnowhere,A-1,yes\nrotterdam,,yes\n"
    said = Files(tmp_path).bring_in("bins", bad)
    assert "units lie in A-1: move them first" in said
    assert "there is no location nowhere" in said
    assert "name a bin or a zone" in said


def test_all_that_lies_somewhere_is_taken_along_as_a_table(world, floor):
    put(world, 2, "A", "L1")
    put(world, 2, "A", at="leipzig")

    table = b"".join(floor.get("/inventory/stock-by-bin.csv").streaming_content).decode()

    assert table.splitlines()[1:] == ['"rotterdam","tea","A","L1","","available",2,""']


def test_lots_are_listed_by_what_is_the_matter_with_them(world, office):
    today = timezone.localdate()
    put(world, 1, "A", "soon", expires_on=today + timedelta(days=20))
    put(world, 1, "A", "later", expires_on=today + timedelta(days=60))
    put(world, 1, "A", "over", expires_on=today - timedelta(days=1))
    put(world, 1, "A", "plain")
    services.block_lot(sku="tea", lot="plain", reason="recall", by=SYSTEM, at=timezone.now())

    def shown(query):
        return [lot.code for lot in office.get(f"/inventory/lots/?{query}").context["page"]]

    assert shown("") == ["soon"]
    assert shown("days=90") == ["soon", "later"]
    assert shown("view=expired") == ["over"]
    assert shown("view=blocked") == ["plain"]
    assert shown("view=all&search=tea") == ["plain", "over", "later", "soon"]
    assert ("quarantine", "A", "over", 1) in rows()


def test_the_page_of_a_lot_says_where_it_went_and_lets_it_be_blocked(world, office, floor):
    put(world, 5, "A", "L1")
    order = world.place(tea=2)
    [work] = world.works(order)
    dispatch(number=work.number, by=SYSTEM, at=timezone.now())
    lot = Lot.objects.get()
    number = order.number.replace("SO-", "SH-") + "-1"

    page = office.get(f"/inventory/lots/{lot.pk}/")
    assert page.context["documents"] == {"went": [{"reference": number, "units": 2}], "came": []}
    assert f'<a href="/fulfillment/shipments/{number}/">' in text(page)
    assert floor.post(f"/inventory/lots/{lot.pk}/block/", {"reason": "x"}).status_code == 403
    office.post(f"/inventory/lots/{lot.pk}/block/", {"reason": "recall"})
    assert "Nothing of this lot is sold" in text(office.get(f"/inventory/lots/{lot.pk}/"))
    assert rows() == [("quarantine", "A", "L1", 3)]
    office.post(f"/inventory/lots/{lot.pk}/block/", {"reason": "fine", "free_units": "on"})
    assert rows() == [("available", "A", "L1", 3)]
    ola = page.wsgi_request.user
    assert [each.url for each in find_lots("L", ola)] == [f"/inventory/lots/{lot.pk}/"]


def carried(page):
    """What travels on with the next scan."""
    hand = page.context["hand"]
    return {
        "location": hand.place.code,
        "key": hand.key,
        "bin": hand.bin,
        "quant": hand.quant.pk if hand.quant else "",
        "quantity": hand.quantity or "",
    }


def scan(client, task, page, **said):
    return client.post(f"{SCAN}{task}/", {**carried(page), **said})


def test_a_scanner_moves_units_from_bin_to_bin(world, floor):
    put(world, 5, "A-1")
    page = floor.get(f"{SCAN}move/")

    wrong = scan(floor, "move", page, code="Z")
    page = scan(floor, "move", page, code="a-1")
    page = scan(floor, "move", page, code="bc-tea")
    many = scan(floor, "move", page, code="6")
    page = scan(floor, "move", page, code="4")
    last = carried(page)
    page = scan(floor, "move", page, code="B-1")

    assert wrong.status_code == many.status_code == 422
    assert "There is no bin Z here." in text(wrong)
    assert "4 of tea are in B-1." in text(page)
    again = floor.post(f"{SCAN}move/", {**last, "code": "B-1"})
    assert again.status_code in (200, 422)
    assert rows() == [("available", "A-1", "", 1), ("available", "B-1", "", 4)]


def test_a_scanner_says_which_lot_and_holds_or_scraps(world, floor):
    put(world, 2, "A", "L1")
    put(world, 2, "A", "L2")
    page = floor.get(f"{SCAN}hold/")

    page = scan(floor, "hold", page, code="A")
    page = scan(floor, "hold", page, code="tea")
    assert page.context["hand"].step == "which"
    page = scan(floor, "hold", page, quant=page.context["hand"].choices[1].pk)
    page = scan(floor, "hold", page, code="1")
    silent = scan(floor, "hold", page, outcome="damaged", reason="")
    page = scan(floor, "hold", page, outcome="damaged", reason="torn")

    assert silent.status_code == 422
    assert "1 of tea: Damaged." in text(page)
    assert rows() == [
        ("available", "A", "L1", 2),
        ("available", "A", "L2", 1),
        ("damaged", "A", "L2", 1),
    ]
    page = scan(floor, "hold", page, code="A")
    page = scan(floor, "hold", page, code="L1")
    page = scan(floor, "hold", page, code="2")
    page = scan(floor, "hold", page, outcome="scrap", reason="eaten")
    assert Movement.objects.get(kind="scrap").reason == "eaten"


def test_a_scanner_puts_away_to_where_it_is_told(world, floor):
    laid_out(world)
    put(world, 2, "A-1")
    put(world, 3, "")
    page = floor.get(f"{SCAN}put-away/")

    page = scan(floor, "put-away", page, code="bc-tea")
    page = scan(floor, "put-away", page, code="3")
    assert page.context["hand"].target == "A-1"
    wrong = scan(floor, "put-away", page, code="nowhere")
    page = scan(floor, "put-away", page, code="A-1")

    assert "There is no bin nowhere at rotterdam." in text(wrong)
    assert rows() == [("available", "A-1", "", 5)]
    assert lying.put_away_count(world.location("rotterdam").pk) == 0


def test_lots_that_expire_are_one_page_after_another(world, office):
    day = timezone.localdate() + timedelta(days=1)
    sku, place = world.sku("tea"), world.location("rotterdam")
    arrivals = [
        services.Arrival(sku, place, 1, "A", f"L{nth:02}", day + timedelta(days=nth // 10))
        for nth in range(53)
    ]
    services.receive(arrivals=arrivals, reference="d", by=SYSTEM, at=timezone.now())

    first = office.get("/inventory/lots/?days=90").context["page"]
    second = office.get(f"/inventory/lots/?days=90&cursor={first.older}").context["page"]
    back = office.get(f"/inventory/lots/?days=90&cursor={second.newer}").context["page"]

    codes = [lot.code for lot in (*first, *second)]
    assert codes == [f"L{nth:02}" for nth in range(53)]
    assert len(second) == 3
    assert [lot.code for lot in back] == codes[:50]
