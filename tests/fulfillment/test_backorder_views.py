"""The queue as people see it, and what they may do with it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fulfillment.models import FulfillmentOrder, QueuePolicy, Reallocation
from fulfillment.selectors import cut
from fulfillment.services import set_queue_policy
from fulfillment.states import QueueRule
from inventory import services as inventory
from inventory.selectors import serving_locations
from oms.core.actors import SYSTEM
from orders.models import Order, OrderLine
from orders.selectors import status_url
from orders.services import hold_order
from tests.fulfillment.steps import picked

QUEUE = "/backorders/sku/tea/"
MOVE = QUEUE + "move/"


def placed_on(day):
    return {"placed_at": f"2026-11-{day:02}T12:00:00+00:00"}


def day(ahead):
    return timezone.localdate() + timedelta(days=ahead)


def commit(order, *parts, sku="tea"):
    given = [inventory.Part(units, on) for units, on in parts]
    inventory.commit_replenishment(
        number=order.number, answers=[inventory.Answer(sku, given)], by=SYSTEM, at=timezone.now()
    )


@pytest.fixture
def sam(world):
    return world.browser(world.user("sam", role="support"))


@pytest.fixture
def ola(world):
    return world.browser(world.user("ola", role="operations"))


def page(browser, url, status=200):
    answer = browser.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def table(browser, query=""):
    """The queue as the file tells it, a list of rows without the moment."""
    answer = b"".join(browser.get(f"/backorders/file/?sku=tea{query}").streaming_content)
    rows = [line.replace('"', "").split(",") for line in answer.decode().splitlines()]
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def told(browser, query=""):
    return [
        (row["position"], row["of"], row["order"], row["expected_on"], row["passed_over"])
        for row in table(browser, query)
    ]


def test_each_place_says_what_it_waits_for_and_until_when(world, sam):
    world.stock("tea", rotterdam=0)
    first = world.place(tea=3, fields=placed_on(1))
    held = world.place(tea=2, fields=placed_on(2))
    third = world.place(tea=4, fields=placed_on(3))
    hold_order(number=held.number, kind="fraud", reason="", by=SYSTEM)
    commit(world.ordered_from_supplier(tea=10), (5, day(3)), (2, day(9)))

    assert told(sam) == [
        ("1", "3", first.number, day(3).isoformat(), ""),
        ("2", "3", held.number, "", "Held: Fraud review"),
        ("3", "3", third.number, day(9).isoformat(), ""),
    ]
    shown = page(sam, QUEUE)
    assert "not while it is held" in shown
    assert f'<time datetime="{day(9).isoformat()}">' in shown
    assert "3 places, 9 units" in shown

    of_order = page(sam, f"/orders/{third.number}/")
    assert "3 of 3 in line" in of_order
    assert "Who waits for it" in page(sam, "/inventory/tea/")


def test_the_list_shows_what_is_waited_for_and_can_be_searched(world, sam):
    world.place(tea=3, fields=placed_on(2))
    world.place(cup=1, fields=placed_on(1))

    shown = page(sam, "/backorders/")
    assert shown.index(">cup<") < shown.index(">tea<")
    assert "Nothing is coming" in shown
    assert ">cup<" not in page(sam, "/backorders/?search=te")
    assert "Nobody waits here" in page(sam, "/backorders/?search=x")
    assert "Nobody waits here" in page(sam, "/backorders/?channel=nobody")


@pytest.mark.parametrize(("url", "queries"), [("/backorders/", 17), (QUEUE, 21)])
def test_the_questions_asked_do_not_grow(world, sam, django_assert_num_queries, url, queries):
    world.stock("tea", rotterdam=0)
    world.place(tea=1)
    page(sam, url)
    for more in (0, 2):
        for _ in range(more):
            world.place(tea=1)
            world.place(f"web-{more}-{_}", channel="market", cup=1)
        serving_locations()
        with django_assert_num_queries(queries):
            page(sam, url)


def test_who_works_at_one_location_sees_what_it_can_serve_and_no_names(world):
    world.stock("tea", rotterdam=0, ghent=0)
    pickup = {"shipping": {"method": "pickup"}, "metadata": {"pickup_location": "ghent"}}
    collected = world.place(tea=1, fields={**placed_on(1), **pickup})
    other = world.place(tea=1, fields=placed_on(2))
    rio = world.browser(world.user("rio", role="warehouse", at=["rotterdam"]))
    gus = world.browser(world.user("gus", role="warehouse", at=["ghent"]))

    assert told(rio) == [("1", "1", other.number, "", "")]
    assert [row[2] for row in told(gus)] == [collected.number, other.number]
    assert told(gus)[0][4] == "Collected at Ghent"
    shown = page(rio, QUEUE)
    assert "Robin Vale" not in shown
    assert f"/orders/{other.number}/" not in shown
    assert "Give it units" not in shown
    assert rio.get(MOVE).status_code == 403
    assert rio.get(QUEUE + "policy/").status_code == 403


def test_a_channel_shows_its_own_places_in_the_line_of_all(world, sam):
    world.place(tea=1, fields=placed_on(1))
    theirs = world.place(channel="market", tea=1, fields=placed_on(2))

    assert told(sam, "&channel=market") == [("2", "2", theirs.number, "", "")]


def test_a_long_queue_is_turned_page_by_page():
    rows = list("abcde")
    first = cut(rows, str, size=2)
    second = cut(rows, str, cursor=first.older, size=2)
    third = cut(rows, str, cursor=second.older, size=2)
    assert [list(each) for each in (first, second, third)] == [["a", "b"], ["c", "d"], ["e"]]
    assert (first.newer, third.older) == (None, None)
    assert list(cut(rows, str, cursor=third.newer, size=2)) == ["c", "d"]
    assert list(cut(rows, str, cursor=second.newer, size=2)) == ["a", "b"]
    assert list(cut(rows, str, cursor="after:gone", size=2)) == ["a", "b"]
    assert list(cut([], str)) == []


def test_a_rule_is_previewed_and_then_kept(world, ola):
    world.stock("tea", rotterdam=0)
    for n in range(1, 4):
        world.place(tea=2, fields=placed_on(n))
    last = Order.objects.order_by("placed_at").last()
    ola.post(f"/orders/{last.number}/priority/", {"priority": "7", "reason": "Wedding"})
    commit(world.ordered_from_supplier(tea=6), (6, day(3)))

    shown = page(ola, QUEUE + "policy/?rule=priority")
    assert '3 → <span class="fw-semibold">1</span>' in shown
    assert not QueuePolicy.objects.exists()

    answer = ola.post(QUEUE + "policy/", {"rule": "priority"})
    assert answer.url == QUEUE
    assert told(ola)[0][2] == last.number
    assert QueuePolicy.objects.get().set_by == "user:ola"

    ola.post(QUEUE + "policy/", {"rule": "usual"})
    assert not QueuePolicy.objects.exists()
    assert ola.post(QUEUE + "policy/", {"rule": "by mood"}).status_code == 422
    ola.post("/backorders/policy/", {"rule": "fair_share"})
    assert "(as usual)" in page(ola, QUEUE)


def test_support_sets_no_rule(world, sam):
    world.sku("tea")
    assert sam.post(QUEUE + "policy/", {"rule": "priority"}).status_code == 403
    assert sam.post("/backorders/policy/", {"rule": "priority"}).status_code == 403
    assert not QueuePolicy.objects.exists()


def test_a_priority_has_a_reason_and_a_right(world, sam):
    order = world.place(tea=1)
    url = f"/orders/{order.number}/priority/"
    assert sam.post(url, {"priority": "3", "reason": ""}).status_code == 422
    assert sam.post(url, {"priority": "10", "reason": "x"}).status_code == 422
    kim = world.browser(world.user("kim", role="finance"))
    assert kim.post(url, {"priority": "3", "reason": "x"}).status_code == 403
    assert Order.objects.get().priority == 0

    sam.post(url, {"priority": "3", "reason": "Wedding"})
    assert Order.objects.get().priority == 3
    assert "Priority 3, before 0" in page(sam, f"/orders/{order.number}/")


@pytest.fixture
def two(world):
    world.stock("tea", rotterdam=2)
    has = world.place(tea=2, fields=placed_on(1))
    waits = world.place(tea=2, fields=placed_on(2))
    commit(world.ordered_from_supplier(tea=5), (5, day(4)))
    return has, waits


def asked(has, waits, **more):
    work = FulfillmentOrder.objects.get(order=has)
    return {
        "work": work.number,
        "taker": waits.number,
        "units": "2",
        "reason": "promised_day",
        "note": "By phone",
        **more,
    }


def test_units_are_moved_after_a_look_at_whose_day_moves(world, sam, two):
    has, waits = two
    shown = page(sam, f"{MOVE}?taker={waits.number}")
    assert f"{has.number} has 2 at Rotterdam" in shown
    assert 'value="2"' in shown

    looked = sam.post(MOVE, asked(has, waits))
    assert looked.status_code == 200
    assert "Move 2 units" in looked.content.decode()
    assert looked.content.decode().count(day(4).isoformat()) == 2
    assert not Reallocation.objects.exists()

    done = sam.post(MOVE, asked(has, waits, confirm="1"))
    moved = Reallocation.objects.get()
    assert done.url == reverse("fulfillment:reallocation", args=[moved.number])
    assert (moved.moved_by, moved.note) == ("user:sam", "By phone")
    assert [(line.allocated, line.backordered) for line in OrderLine.objects.order_by("id")] == [
        (0, 2),
        (2, 0),
    ]
    shown = page(sam, done.url)
    assert f"Give them back to {has.number}" in shown
    assert moved.number in page(sam, "/backorders/moves/")
    assert "given to another order" in page(sam, f"/orders/{has.number}/")
    assert "of another order" in page(sam, f"/orders/{waits.number}/")

    sam.post(done.url + "undo/")
    assert Reallocation.objects.get().undone_by == "user:sam"
    assert "Give them back" not in page(sam, done.url)


def test_what_is_picked_offers_no_way_back(world, sam, two):
    has, waits = two
    sam.post(MOVE, asked(has, waits, confirm="1"))
    moved = Reallocation.objects.get()
    picked(moved.taken_by)
    url = f"/backorders/moves/{moved.number}/"

    assert "cannot be undone any more" in page(sam, url)
    sam.post(url + "undo/")
    assert not Reallocation.objects.get().is_undone


def test_a_move_that_cannot_be_is_refused_on_the_form(world, sam, two):
    has, waits = two
    assert sam.post(MOVE, asked(has, waits, units="3")).status_code == 409
    assert sam.post(MOVE, asked(has, waits, units="0")).status_code == 422
    assert sam.post(MOVE, asked(has, waits, work="FO-1-1")).status_code == 422
    assert sam.post(MOVE, asked(has, waits, reason="other", note="")).status_code == 422
    assert not Reallocation.objects.exists()


def test_strangers_move_nothing_and_see_no_moves(world, sam, two):
    has, waits = two
    sam.post(MOVE, asked(has, waits, confirm="1"))
    moved = Reallocation.objects.get()
    kim = world.browser(world.user("kim", role="warehouse", at=["rotterdam"]))
    assert kim.get("/backorders/moves/").status_code == 403
    assert kim.post(f"/backorders/moves/{moved.number}/undo/").status_code == 403
    assert sam.get("/backorders/moves/RA-1/").status_code == 404
    assert not Reallocation.objects.get().is_undone


def test_the_customers_day_follows_the_queue(world, client, ola):
    world.stock("tea", rotterdam=0)
    world.place(tea=5, fields=placed_on(1))
    late = world.place(tea=1, fields=placed_on(2))
    commit(world.ordered_from_supplier(tea=6), (5, day(3)), (1, day(9)))
    link = status_url(late).removeprefix("http://localhost:8000")

    assert day(9).isoformat() in client.get(link, follow=True).content.decode()
    ola.post(f"/orders/{late.number}/priority/", {"priority": "1", "reason": "Wedding"})
    set_queue_policy(rule=QueueRule.PRIORITY, sku="tea", by=SYSTEM, at=timezone.now())
    assert day(3).isoformat() in client.get(link, follow=True).content.decode()
