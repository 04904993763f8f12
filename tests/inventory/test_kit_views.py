"""Kits on screen and in files."""

import pytest

from oms.catalog.models import KitComponent, Sku
from tests.importing import Files


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture
def kim(world):
    return world.browser(world.user("kim", role="purchasing"))


@pytest.fixture
def shop(world):
    world.kit("gift", tea=2, cup=1)
    world.stock("tea", rotterdam=5, leipzig=4)
    world.stock("cup", rotterdam=7)
    return world


def content(kit="gift"):
    rows = KitComponent.objects.filter(kit__code=kit).order_by("position")
    return dict(rows.values_list("component__code", "quantity"))


@pytest.mark.parametrize("kits", [1, 3])
def test_the_list_of_kits_costs_the_same_however_many(shop, kim, kits, django_assert_num_queries):
    for n in range(1, kits):
        shop.kit(f"gift-{n}", tea=n, spoon=1)
    kim.get("/inventory/kits/")

    with django_assert_num_queries(15):
        page = kim.get("/inventory/kits/")

    assert page.context["rows"][0].sku.code == "gift"
    assert page.context["rows"][0].offer.available == 4
    assert len(page.context["rows"]) == kits


def test_kits_are_found_by_what_is_in_them(shop, kim):
    shop.kit("set", spoon=1)
    found = kim.get("/inventory/kits/?search=spo").context["rows"]
    assert [row.sku.code for row in found] == ["set"]
    assert kim.get("/inventory/kits/?search=x").context["rows"] == []


def test_the_page_of_a_kit_shows_its_components_and_where_it_can_be_made(shop, kim):
    page = kim.get("/inventory/gift/")

    told = [(part.component.code, offer.available) for part, offer in page.context["components"]]
    assert told == [("tea", 9), ("cup", 7)]
    assert "Receive units" not in page.content.decode()
    here = shop.browser(shop.user("anna", role="warehouse", at=["leipzig"]))
    assert here.get("/inventory/gift/").context["row"].offer.available == 0


def test_a_kit_is_made_and_changed_on_screen(shop, kim):
    shop.sku("box")
    rows = {"component-0": "tea", "units-0": "3", "component-1": "cup"}
    answer = kim.post("/inventory/kits/new/", {"sku": "box", **rows})
    assert answer["Location"] == "/inventory/box/"
    assert content("box") == {"tea": 3, "cup": 1}

    page = kim.get("/inventory/box/kit/")
    assert 'value="3"' in page.content.decode()
    kim.post("/inventory/box/kit/", {"component-0": "cup", "units-0": "2"})
    assert content("box") == {"cup": 2}
    edits = kim.get("/inventory/box/").context["edits"]
    assert [(each.by, each.components) for each in edits] == [
        ("kim", {"cup": 2}),
        ("kim", {"cup": 1, "tea": 3}),
    ]

    kim.post("/inventory/box/kit/", {"dissolve": "1"})
    assert not Sku.objects.get(code="box").is_kit


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"sku": "box"}, 422, "Name at least one component."),
        ({"sku": "box", "units-0": "2"}, 422, "Which SKU?"),
        ({"sku": "box", "component-0": "tea", "component-1": "tea"}, 422, "It stands above"),
        ({"sku": "box", "component-0": "nothing"}, 409, "Not in the catalog: nothing."),
        ({"sku": "box", "component-0": "gift"}, 409, "a kit is made of SKUs that are no kits"),
        ({"sku": "tea", "component-0": "box"}, 409, "tea is part of gift"),
        ({"sku": "spoon", "component-0": "box"}, 409, "was, kept as stock"),
    ],
)
def test_what_makes_no_kit_is_said_by_the_field_and_nothing_changes(shop, kim, said, status, words):
    shop.sku("box"), shop.stock("spoon", rotterdam=1)

    answer = kim.post("/inventory/kits/new/", said)

    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert KitComponent.objects.count() == 2


def test_a_kit_that_orders_ask_for_stays_one(shop, kim):
    shop.place(gift=1)

    page = kim.post("/inventory/gift/kit/", {"dissolve": "1"}, follow=True)

    assert "Open orders ask for gift" in page.content.decode()
    assert content() == {"tea": 2, "cup": 1}


def test_who_may_not_keep_kits_sees_them_and_no_more(shop):
    anna = shop.browser(shop.user("anna", role="support"))
    assert anna.get("/inventory/kits/").status_code == 200
    assert "Make a kit" not in anna.get("/inventory/kits/").content.decode()
    for url in ("/inventory/kits/new/", "/inventory/gift/kit/"):
        assert anna.get(url).status_code == 403
    assert anna.get("/inventory/tea/kit/").status_code == 403


def test_a_sku_that_is_no_kit_has_no_such_page(shop, kim):
    assert kim.get("/inventory/tea/kit/").status_code == 404


HEAD = "kit,component,quantity\n"


def test_kits_come_in_by_file_and_go_out_as_the_same(shop, kim, files):
    shop.sku("box")
    text = HEAD + "box,cup,2\nbox,tea,1\ngift,tea,3\n"
    assert "2 would be changed" in files.bring_in("kits", text, "--dry-run")
    assert content() == {"tea": 2, "cup": 1}

    assert "2 changed" in files.bring_in("kits", text)
    assert (content("box"), content()) == ({"cup": 2, "tea": 1}, {"tea": 3})
    assert "2 unchanged" in files.bring_in("kits", text)

    told = b"".join(kim.get("/inventory/kits.csv").streaming_content).decode()
    assert told.replace('"', "").replace("\r", "") == text


def test_bad_rows_of_kits_are_named_and_the_kit_stays(shop, files):
    shop.sku("box")
    told = files.bring_in(
        "kits",
        HEAD + "box,cup,1\nbox,cup,2\nset,tea,1\ngift,nothing,1\ngift,tea,0\n",
        "--skip-bad-rows",
    )
    assert "line 3: component: stands on line 2 already." in told
    assert "line 4: kit: Not in the catalog: set." in told
    assert "line 6: quantity: 0 is not between 1 and 999." in told
    assert "line 5: kit: another row of it is bad." in told
    assert content() == {"tea": 2, "cup": 1}
