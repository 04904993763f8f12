"""Stock as staff see it: their own locations, every movement, and refusals in the form."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import selectors
from inventory.models import Location, Movement, StockLevel
from oms.core import keyset


def text(response):
    return response.content.decode()


@pytest.fixture
def office(world):
    return world.browser(world.user("ola", role="operations"))


@pytest.fixture
def floor(world):
    return world.browser(world.user("lee", role="warehouse", at=["rotterdam"]))


def levels(response):
    return [(level.sku.code, level.location.code) for level in response.context["page"].rows]


def test_the_list_shows_what_lies_where(world, office):
    world.stock("tea", rotterdam=5, leipzig=2)
    world.place(tea=1)

    response = office.get("/inventory/")

    assert sorted(levels(response)) == [("tea", "leipzig"), ("tea", "rotterdam")]
    assert "<bdi>5</bdi>" in text(response)


def test_a_warehouse_sees_its_own_locations_only(world, floor):
    world.stock("tea", rotterdam=5, leipzig=2)

    assert levels(floor.get("/inventory/")) == [("tea", "rotterdam")]
    assert levels(floor.get("/inventory/?location=leipzig")) == []
    assert [level.location.code for level in floor.get("/inventory/tea/").context["levels"]] == [
        "rotterdam"
    ]
    moved = {move.level.location.code for move in floor.get("/inventory/tea/").context["page"]}
    assert moved == {"rotterdam"}


def test_a_warehouse_without_a_location_is_told_who_can_change_that(world):
    world.stock("tea", rotterdam=5)
    nowhere = world.browser(world.user("lou", role="warehouse"))

    response = nowhere.get("/inventory/")

    assert levels(response) == []
    assert "You are not assigned to a location" in text(response)


def test_the_location_switcher_narrows_the_list(world, office):
    world.stock("tea", rotterdam=5, leipzig=2)
    office.post("/switch-location/", {"location": "leipzig", "next": "/inventory/"})

    assert levels(office.get("/inventory/")) == [("tea", "leipzig")]


def test_stock_is_found_by_sku_name_and_barcode(world, office):
    world.sku("tea", name="Sencha loose leaf")
    world.stock("tea", rotterdam=1)
    world.stock("pot", rotterdam=1)

    for search in ("te", "tea", "Sencha", "sencha", "bc-tea"):
        assert levels(office.get("/inventory/", {"search": search})) == [("tea", "rotterdam")]
    assert "No stock matches" in text(office.get("/inventory/?search=nonsense"))


def test_the_list_costs_the_same_for_one_level_and_for_three(world, office):
    def cost(url):
        office.get(url)
        with CaptureQueriesContext(connection) as caught:
            office.get(url)
        return len(caught)

    world.stock("tea", rotterdam=1)
    one, one_sku = cost("/inventory/"), cost("/inventory/tea/")
    world.stock("tea", leipzig=1, ghent=1)

    assert cost("/inventory/") == one
    assert cost("/inventory/tea/") == one_sku


def test_pages_run_through_all_levels_in_order(world, office, monkeypatch):
    monkeypatch.setitem(keyset.page_of.__kwdefaults__, "size", 2)
    for code in ("cup", "pot", "tea"):
        world.stock(code, rotterdam=1)

    first = office.get("/inventory/")
    second = office.get("/inventory/", {"cursor": first.context["page"].older})
    back = office.get("/inventory/", {"cursor": second.context["page"].newer})

    assert [sku for sku, _ in levels(first)] == ["cup", "pot"]
    assert [sku for sku, _ in levels(second)] == ["tea"]
    assert [sku for sku, _ in levels(back)] == ["cup", "pot"]


def test_the_ledger_tells_every_movement_newest_first(world, office):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=2)

    response = office.get("/inventory/tea/")

    kinds = [move.kind for move in response.context["page"].rows]
    assert kinds == ["reserve", "receive"]
    assert order.number.replace("SO-", "FO-") in text(response)


def test_a_sku_that_does_not_exist_is_not_found(office):
    for path in ("", "adjust/", "receive/"):
        assert office.get(f"/inventory/nonsense/{path}").status_code == 404


def test_adjusting_corrects_the_books(world, office):
    world.stock("tea", rotterdam=5)

    office.post(
        "/inventory/tea/adjust/",
        {"location": "rotterdam", "quantity_delta": "-2", "reason": "Broken"},
    )

    assert world.on_hand("tea") == {"rotterdam": 3}
    moved = Movement.objects.get(kind="adjust")
    assert (moved.reason, moved.actor) == ("Broken", "user:ola")


def test_units_that_are_spoken_for_cannot_be_adjusted_away(world, office):
    world.stock("tea", rotterdam=5)
    world.place(tea=4)

    response = office.post(
        "/inventory/tea/adjust/",
        {"location": "rotterdam", "quantity_delta": "-2", "reason": "Broken"},
    )

    assert response.status_code == 409
    assert "-2 would leave fewer than are reserved" in text(response)
    assert world.on_hand("tea") == {"rotterdam": 5}


def test_receiving_puts_units_on_the_shelf_and_promises_them(world, office):
    world.stock("tea", rotterdam=0)
    order = world.place(tea=2)

    office.post(
        "/inventory/tea/receive/",
        {"location": "rotterdam", "quantity": "5", "reference": "DN-77", "bin": "A-1"},
    )

    assert world.on_hand("tea") == {"rotterdam": 5}
    assert world.available("tea") == {"rotterdam": 3}
    assert order.lines.get().backordered == 0


@pytest.mark.parametrize(
    ("page", "body"),
    [
        ("adjust", {"location": "rotterdam", "quantity_delta": "0", "reason": "x"}),
        ("adjust", {"location": "rotterdam", "quantity_delta": "1", "reason": ""}),
        ("adjust", {"location": "nowhere", "quantity_delta": "1", "reason": "x"}),
        ("receive", {"location": "rotterdam", "quantity": "0"}),
        ("receive", {"location": "rotterdam", "quantity": "many"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_moves(world, office, page, body):
    world.stock("tea", rotterdam=5)

    response = office.post(f"/inventory/tea/{page}/", body)

    assert response.status_code == 422
    assert world.on_hand("tea") == {"rotterdam": 5}


def test_a_warehouse_moves_stock_at_its_own_locations_only(world, floor):
    world.stock("tea", rotterdam=5, leipzig=5)
    body = {"location": "leipzig", "quantity_delta": "1", "reason": "Found"}

    response = floor.post("/inventory/tea/adjust/", body)

    assert response.status_code == 422
    assert world.on_hand("tea") == {"leipzig": 5, "rotterdam": 5}


def test_who_may_look_but_not_move_is_refused(world):
    world.stock("tea", rotterdam=5)
    desk = world.browser(world.user("kim", role="support"))

    assert desk.get("/inventory/tea/").status_code == 200
    for page in ("adjust", "receive"):
        assert desk.get(f"/inventory/tea/{page}/").status_code == 403


def test_the_palette_finds_skus(world):
    world.sku("tea", name="Sencha")
    kim = world.user("kim", role="support")

    [found] = selectors.find("senc", kim)

    assert (found.label, found.detail, found.url) == ("tea", "Sencha", "/inventory/tea/")
    assert selectors.find("senc", world.user("nobody")) == []


def test_locations_are_those_one_works_at(world):
    world.location("rotterdam")
    world.location("leipzig")
    Location.objects.create(code="old", name="Old", country="NL", is_active=False)

    lee = world.user("lee", role="warehouse", at=["rotterdam"])
    kim = world.user("kim", role="support")

    assert selectors.locations_of(lee) == [("rotterdam", "Rotterdam")]
    assert selectors.locations_of(kim) == [("leipzig", "Leipzig"), ("rotterdam", "Rotterdam")]
    assert selectors.visible_location_ids(kim) is None
    assert selectors.visible_location_ids(world.user("nobody")) == []
    rotterdam = Location.objects.get(code="rotterdam").pk
    assert selectors.working_location_ids(lee, "rotterdam") == [rotterdam]
    assert selectors.working_location_ids(lee, "leipzig") == []
    assert selectors.working_location_ids(kim, "nowhere") == []


def test_the_ledger_of_many_places_is_one_page_after_another_and_back(world):
    for _ in range(3):
        world.stock("tea", rotterdam=1, leipzig=1)
    every = list(Movement.objects.order_by("-id").values_list("id", flat=True))
    level_ids = list(StockLevel.objects.values_list("id", flat=True))

    def page(cursor=""):
        return keyset.page_of(
            selectors.ledger_of(sku="tea", location_ids=None),
            cursor=cursor,
            keys=("id",),
            size=2,
            narrowed=selectors.first_of_each_level(level_ids),
        )

    def ids(found):
        return [move.pk for move in found]

    first = page()
    second = page(first.older)
    third = page(second.older)
    assert [*ids(first), *ids(second), *ids(third)] == every
    assert (first.newer, third.older) == (None, None)
    assert ids(page(third.newer)) == ids(second)
    assert ids(page(second.newer)) == ids(first)
