"""Each verb asks for its permission, at the place where the work is, by page and by API."""

import pytest
from django.contrib.auth.models import Group, Permission

from fulfillment.models import FulfillmentOrder
from tests.fulfillment.steps import only_work_of, packed, picked, units_of, work_of

VERBS = {
    "release": ("release", {}),
    "pick": ("pick", {}),
    "pack": ("pack", {}),
    "ship": ("ship", {}),
    "reject": ("reject", {"reason": "closed"}),
    "hold": ("release", {"reason": "Wet"}),
    "unhold": ("release", {}),
    "move": ("reject", {"location": "leipzig"}),
    "split": ("release", {"lines": [{"sku": "tea", "quantity": 1}]}),
    "merge": ("release", {"with": "FO-1-1"}),
    "hand-over": ("ship", {"code": "ABC"}),
}
PAGES = {
    "release": "release",
    "pick": "pick",
    "pick/scan": "pick",
    "pick/short": "pick",
    "pack": "pack",
    "pack/scan": "pack",
    "pack/close": "pack",
    "unpack": "pack",
    "ship": "ship",
    "hand-over": "ship",
    "reject": "reject",
    "hold": "release",
    "resume": "release",
    "move": "reject",
    "split": "release",
    "merge": "release",
}
ALL = {"release", "pick", "pack", "ship", "reject"}


@pytest.fixture
def work(world):
    world.stock("tea", rotterdam=9, leipzig=9)
    return only_work_of(world.place(tea=3))


def without(world, verb, name="kim", at="rotterdam"):
    """Somebody who may do everything in a warehouse but this."""
    user = world.user(name, at=[at])
    group = Group.objects.create(name=f"all but {verb}")
    kept = [f"{each}_fulfillmentorder" for each in {*ALL, "view"} - {verb}]
    group.permissions.set(Permission.objects.filter(codename__in=kept))
    user.groups.add(group)
    return user


def standing(work):
    return FulfillmentOrder.objects.get(pk=work.pk).status, units_of(work), len(work_of(work.order))


@pytest.mark.parametrize("command", VERBS)
def test_a_key_does_what_its_owner_may_and_no_more(world, work, command):
    verb, body = VERBS[command]
    before = standing(work)
    url = f"/api/v1/fulfillment-orders/{work.number}/{command}/"

    refused = world.api(user=without(world, verb)).post(url, body, format="json")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/permission_missing")
    assert refused.json()["permission"] == f"fulfillment.{verb}_fulfillmentorder"
    elsewhere = world.user("lee", role="warehouse", at=["leipzig"])
    assert world.api(user=elsewhere).post(url, body, format="json").status_code == 404

    assert standing(work) == before


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_for_the_permission_of_its_verb(world, work, page):
    before = standing(work)
    url = f"/fulfillment/{work.number}/{page}/"

    kim = world.browser(without(world, PAGES[page]))
    assert kim.post(url, {"reason": "closed", "code": "tea"}).status_code == 403
    lee = world.browser(world.user("lee", role="warehouse", at=["leipzig"]))
    assert lee.post(url, {"reason": "closed", "code": "tea"}).status_code == 404

    assert standing(work) == before


def test_a_partner_does_all_of_it_with_a_key_of_its_location(world, work):
    partner = world.api(user=world.user("kim", role="warehouse", at=["rotterdam"]))
    url = "/api/v1/fulfillment-orders/{}/{}/"

    def post(number, verb, body=None):
        answer = partner.post(url.format(number, verb), body or {}, format="json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    units = [{"sku": "tea", "quantity": 1}]
    assert post(work.number, "hold", {"reason": "Wet"})["hold"] == "Wet"
    assert post(work.number, "unhold")["hold"] is None
    new = post(work.number, "split", {"lines": units})["number"]
    merged = post(work.number, "merge", {"with": new})
    assert merged["lines"][0]["quantity"] == 3
    assert post(work.number, "release")["status"] == "released"
    assert post(work.number, "reject", {"lines": units, "reason": "none_here"})["units"] == 2
    assert post(work.number, "pick")["status"] == "picked"
    assert post(work.number, "pack")["status"] == "packed"
    assert post(work.number, "ship")["status"] == "shipped"
    assert world.available("tea") == {"leipzig": 8, "rotterdam": 0}


@pytest.mark.parametrize("begun", [picked, packed])
def test_a_store_packs_ships_and_rejects_as_a_warehouse_does(world, begun):
    world.location("shop", kind="store")
    world.stock("tea", shop=3)
    work = only_work_of(world.place(tea=2))
    begun(work)
    kim = world.browser(world.user("kim", role="warehouse", at=["shop"]))

    if begun is packed:
        kim.post(f"/fulfillment/{work.number}/ship/", {"option": "standard"})
        assert standing(work)[0] == "shipped"
    else:
        kim.post(f"/fulfillment/{work.number}/reject/", {"reason": "none_here"})
        assert standing(work)[0] == "rejected"
        assert world.available("tea") == {"shop": 0}
