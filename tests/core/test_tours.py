"""The guided tour: offered in a demo shop, told step by step, kept for the user."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from oms import composition
from oms.core import tours
from oms.core.demo import Demo
from oms.core.models import User
from oms.roles import ROLES
from oms.tours import TOURS

pytestmark = pytest.mark.django_db

GO, TOUR = "/tour/go/", "/tour/"


@pytest.fixture
def sam(world):
    """Somebody of support, in a demo shop."""
    world.user("sam", role="support")
    tours.offer(Demo(sign_ins=[("support", "sam", "")]))
    return world.browser(User.objects.get(username="sam"))


def seen(browser, page="/"):
    return browser.get(page).content.decode()


def kept(name="sam"):
    return User.objects.get(username=name).tour


def test_there_is_a_story_of_four_to_seven_steps_for_every_role_and_for_buyers():
    assert set(TOURS) == {*ROLES, "buyer"}
    for role, steps in TOURS.items():
        assert 4 <= len(steps) <= 7, role
        for step in steps:
            assert set(step) - {"part", "otherwise"} == {"title", "do", "see", "at"}
            assert step.get("part") in {None, *composition.PARTS}
            assert (":" in step["at"]) != ("otherwise" in step), step["title"]


def test_who_is_of_no_demo_shop_hears_nothing_of_it(world):
    browser = world.browser(world.user("kim", role="support"))

    assert TOUR not in seen(browser)
    assert browser.get(TOUR).status_code == 404
    assert browser.post(GO, {"step": "1"}).status_code == 404
    assert kept("kim") == {}
    assert Client().get(TOUR)["Location"] == "/accounts/login/?next=/tour/"


def test_it_is_offered_on_the_home_page_until_it_is_done(sam):
    assert "Take the tour" in seen(sam)

    sam.post(GO, {"step": "1"})
    assert "Take the tour" not in seen(sam)
    sam.post("/tour/leave/")
    assert "Go on with the tour" in seen(sam)
    for nth in range(2, len(TOURS["support"]) + 2):
        sam.post(GO, {"step": str(nth)})

    assert "the tour" not in seen(sam)
    assert "You have done all steps" in seen(sam, TOUR)


def test_a_step_opens_its_page_which_says_what_to_do_and_leads_to_the_next(sam):
    answer = sam.post(GO, {"step": "1"})
    assert answer["Location"] == "/orders/"
    page = seen(sam, "/orders/")
    assert TOURS["support"][0]["title"] in page
    assert '<button class="btn btn-sm btn-outline-secondary" name="step" value="2">' in page
    assert "Its page" not in page
    assert "Its page" in seen(sam, "/returns/")

    answer = sam.post(GO, {"step": "2"})
    assert answer["Location"] == "/orders/?view=waiting"
    assert kept()["done"] == [1]


def test_progress_is_there_again_after_signing_in_anew(sam, world):
    sam.post(GO, {"step": "1"})
    sam.post(GO, {"step": "2"})

    again = world.browser(User.objects.get(username="sam"))

    assert "1 of 6 done" in seen(again, TOUR)
    assert TOURS["support"][1]["title"] in seen(again, "/inbox/")


def test_who_jumps_has_not_done_what_was_left_out(sam):
    sam.post(GO, {"step": "1"})
    sam.post(GO, {"step": "5"})
    sam.post(GO, {"step": "6"})

    assert kept()["done"] == [5]
    assert "Go on with step 1" in seen(sam, TOUR)


def test_looking_changes_nothing_and_nonsense_leads_to_the_beginning_or_the_end(sam):
    before = kept()
    seen(sam, TOUR)
    assert kept() == before
    assert sam.get(GO).status_code == 405

    assert sam.post(GO, {"step": "first"})["Location"] == "/orders/"
    assert sam.post(GO, {"step": "99"})["Location"] == TOUR
    assert kept()["done"] == []


def test_a_document_is_shown_where_there_is_one(sam, world):
    world.stock("tea", rotterdam=0)
    order = world.place("1", paid=True, tea=1)

    assert sam.post(GO, {"step": "2"})["Location"] == f"/orders/{order.number}/"


def test_a_second_demo_leaves_what_was_begun(sam):
    sam.post(GO, {"step": "3"})
    tours.offer(Demo(sign_ins=[("support", "sam", "")]))
    assert kept()["nth"] == 3


def test_steps_of_a_part_that_is_left_out_are_not_told(sam, settings):
    settings.MODULES_LEFT_OUT = composition.PARTS["returns"]

    titles = [step.title for step in tours.steps_of("support")]

    assert "Decide a return" not in titles
    assert len(titles) == len(TOURS["support"]) - 1
    assert "0 of 5 done" in seen(sam, TOUR)


def test_the_tour_costs_no_query_on_other_pages(sam, django_assert_num_queries):
    group = Group.objects.get(name="support")
    sam.post(GO, {"step": "1"})
    with django_assert_num_queries(0):
        told = tours.tour_of(User(username="x", tour={"role": group.name, "nth": 2}))
    assert told is not None
    assert told.step is not None
    assert told.step.nth == 2
