"""The staff screens: who may do what, where, and what a refusal looks like."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.core import jobs
from orders.models import OrderLine, Refund
from returns.models import Inspection, ReturnAuthorization, ReturnLine
from tests.fakes.gateway import gateway as gateway

PAGES = ["", "approve/", "decline/", "cancel/", "receive/", "inspect/", "settle/"]


@pytest.fixture
def desk_user(world):
    return world.browser(world.user("kim", "operations"))


@pytest.fixture
def graded(desk, shipped):
    """A return of two units, both graded."""
    number = desk.request(shipped(tea=3), tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)
    desk.inspect(number, tea=2)
    return ReturnAuthorization.objects.get(number=number)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(world, desk, shipped, rows, desk_user):
    desk_user.get("/returns/")
    for _ in range(rows):
        desk.request(shipped(tea=1), tea=1)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = desk_user.get("/returns/")

    assert page.status_code == 200
    assert page.content.count(b'class="doc"') == rows
    returns = [q for q in asked.captured_queries if "returns_" in q["sql"]]
    assert len(returns) == 5


def test_views_and_search_narrow_the_list(desk, shipped, desk_user):
    first, second = shipped(tea=1), shipped(tea=1)
    one, two = desk.request(first, tea=1).number, desk.request(second, tea=1).number
    desk.approve(two)

    assert one in desk_user.get("/returns/?view=requested").content.decode()
    assert two not in desk_user.get("/returns/?view=requested").content.decode()
    found = desk_user.get(f"/returns/?search={second.number.lower()}").content.decode()
    assert two in found
    assert one not in found
    assert "No return matches" in desk_user.get("/returns/?search=nothing").content.decode()


def test_a_desk_takes_a_return_all_the_way(world, desk, shipped, desk_user):
    order = shipped(tea=3)
    [placed] = order.lines.all()
    chosen = {"order": order.number, f"units-{placed.pk}": "2", f"reason-{placed.pk}": "damaged"}
    assert (
        "Choose a reason" in desk_user.get(f"/returns/new/?order={order.number}").content.decode()
    )
    made = desk_user.post("/returns/new/", chosen)
    document = ReturnAuthorization.objects.get()
    at = f"/returns/{document.number}/"
    assert (made.status_code, made.url) == (302, at)

    desk_user.post(f"{at}approve/", {"reason": ""})
    counted = desk_user.post(f"{at}receive/", {"code": "bc-tea", "units-tea": "1"})
    assert "2 of 2" in counted.content.decode()
    assert ReturnLine.objects.get().received == 0
    desk_user.post(f"{at}receive/", {"code": "", "units-tea": "2"})
    rows = {
        "grades-TOTAL_FORMS": "2",
        "grades-INITIAL_FORMS": "0",
        "grades-0-sku": "tea",
        "grades-0-quantity": "1",
        "grades-0-condition": "new",
        "grades-0-disposition": "restock",
        "grades-1-sku": "tea",
        "grades-1-quantity": "1",
        "grades-1-condition": "damaged",
        "grades-1-disposition": "scrap",
    }
    desk_user.post(f"{at}inspect/", {**rows, "step": "grade"})
    assert Inspection.objects.count() == 2
    assert world.available("tea") == {"rotterdam": 1}
    line = ReturnLine.objects.get()
    amounts = {f"amount-{line.pk}": "20.00"}
    shown = desk_user.post(f"{at}settle/", {**amounts, "step": "preview"}).content.decode()
    assert "Refund <bdi>€20.00</bdi>" in shown
    assert not Refund.objects.exists()
    desk_user.post(f"{at}settle/", {**amounts, "step": "confirm"})

    document.refresh_from_db()
    assert document.status == "settled"
    assert Refund.objects.get().amount == 20
    page = desk_user.get(at).content.decode()
    assert "RF-1001" in page
    assert "Settled" in page


def test_a_unit_of_another_order_is_told_apart_when_scanned(desk, shipped, desk_user):
    number = desk.request(shipped(tea=1), tea=1).number
    desk.approve(number)

    wrong = desk_user.post(f"/returns/{number}/receive/", {"code": "bc-cup", "units-tea": "0"})
    full = desk_user.post(f"/returns/{number}/receive/", {"code": "TEA", "units-tea": "1"})

    assert "Not in this return" in wrong.content.decode()
    assert "Already complete" in full.content.decode()


def test_a_refusal_is_shown_on_the_form_and_keeps_what_was_typed(graded, desk_user):
    at = f"/returns/{graded.number}/settle/"
    line = ReturnLine.objects.get()

    too_much = desk_user.post(at, {f"amount-{line.pk}": "30.01", "step": "confirm"})
    stale = desk_user.post(at, {f"amount-{line.pk}": "20.00", "step": "confirm", "version": "1"})

    assert too_much.status_code == 422
    assert "more than can still be refunded" in too_much.content.decode()
    assert 'value="30.01"' in too_much.content.decode()
    assert stale.status_code == 409
    assert "changed by someone else" in stale.content.decode()
    assert not Refund.objects.exists()


@pytest.mark.parametrize("version", ["²", "9" * 5000])
def test_a_version_that_is_no_number_breaks_no_page(graded, desk_user, version):
    line = ReturnLine.objects.get()
    said = {f"amount-{line.pk}": "20.00", "step": "confirm", "version": version}

    assert desk_user.post(f"/returns/{graded.number}/settle/", said).status_code == 302


def test_units_taken_in_twice_from_one_page_are_taken_in_once(desk, shipped, desk_user):
    number = desk.request(shipped(tea=4), tea=4).number
    desk.approve(number)
    at = f"/returns/{number}/receive/"
    page = desk_user.get(at).content.decode()
    [version] = re.findall(r'name="version" value="(\d+)"', page)
    said = {"units-tea": "2", "step": "receive", "version": version}

    answers = [desk_user.post(at, said) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert "changed by someone else" in answers[1].content.decode()
    assert ReturnLine.objects.get().received == 2


def test_who_works_at_one_location_starts_no_return_for_an_order_of_another(world, shipped):
    world.location("ghent")
    order = shipped(tea=1)
    wim = world.user("wim", role="warehouse", at=["ghent"])
    wim.user_permissions.add(Permission.objects.get(codename="request_returnauthorization"))
    here = world.user("ria", role="warehouse", at=["rotterdam"])
    here.user_permissions.add(*wim.user_permissions.all())
    line = order.lines.get()
    said = {"order": order.number, f"units-{line.pk}": "1", f"reason-{line.pk}": "damaged"}

    assert world.browser(wim).post("/returns/new/", said).status_code == 422
    assert not ReturnAuthorization.objects.exists()
    assert world.browser(here).post("/returns/new/", said).status_code == 302


def test_a_grade_on_an_older_picture_is_refused(graded, desk_user):
    rows = {
        "grades-TOTAL_FORMS": "1",
        "grades-INITIAL_FORMS": "0",
        "grades-0-sku": "tea",
        "grades-0-quantity": "1",
        "grades-0-condition": "damaged",
        "grades-0-disposition": "scrap",
        "version": "1",
    }

    answer = desk_user.post(f"/returns/{graded.number}/inspect/", {**rows, "step": "grade"})

    assert answer.status_code == 409
    assert "changed by someone else" in answer.content.decode()
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize("grades", ["x", "-1", "99999999999999999999", ""])
def test_a_broken_form_is_answered_not_crashed_on(graded, desk_user, grades):
    for step in ("more", "grade"):
        answer = desk_user.post(
            f"/returns/{graded.number}/inspect/",
            {"grades-TOTAL_FORMS": grades, "grades-INITIAL_FORMS": "0", "step": step},
        )
        assert answer.status_code in {200, 409, 422}
    assert Inspection.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("warehouse", {"", "receive/", "inspect/"}),
        ("support", {"", "approve/", "decline/", "cancel/"}),
        ("finance", {"", "approve/", "decline/", "cancel/", "settle/"}),
        ("sales", {""}),
    ],
)
def test_each_role_opens_its_own_pages(world, graded, role, allowed):
    browser = world.browser(world.user("bo", role, at=["rotterdam"]))

    opened = {
        page for page in PAGES if browser.get(f"/returns/{graded.number}/{page}").status_code == 200
    }

    assert opened == allowed
    assert browser.get("/returns/new/").status_code == (200 if role == "support" else 403)


def test_a_warehouse_sees_what_comes_back_to_it_and_nothing_else(world, graded):
    world.location("leipzig")
    there = world.browser(world.user("bo", "warehouse", at=["leipzig"]))

    assert graded.number not in there.get("/returns/?view=all").content.decode()
    for page in ("", "receive/", "inspect/"):
        assert there.get(f"/returns/{graded.number}/{page}").status_code == 404


def test_nobody_comes_in_without_signing_in(client, graded):
    for page in PAGES:
        assert client.get(f"/returns/{graded.number}/{page}").status_code == 302
    assert client.get("/returns/").status_code == 302


def test_money_that_did_not_go_back_is_told_plainly(world, graded, desk, desk_user):
    desk.settle(graded.number)
    Refund.objects.update(status="rejected", last_error="card_declined: The card is closed.")

    page = desk_user.get(f"/returns/{graded.number}/").content.decode()

    assert "Refund RF-1001 failed" in page
    assert "The card is closed." in page


def test_what_a_gateway_declined_is_granted_again_once(world, gateway, desk, shipped, desk_user):
    world.channel("shop", payment_gateway="stripe")
    gateway.capture("ch_1", 2000)
    gateway.misbehave = lambda: "decline"
    settled = desk.all_the_way(shipped(tea=2), tea=2)
    jobs.drain("refund")
    gateway.misbehave = lambda: "nothing"
    again = f"/returns/{settled.number}/refund-again/RF-1001/"

    assert "Try the gateway again" in desk_user.get(f"/returns/{settled.number}/").content.decode()
    desk_user.post(again)
    desk_user.post(again)
    jobs.drain("refund")

    assert [each.status for each in Refund.objects.order_by("id")] == ["rejected", "succeeded"]
    page = desk_user.get(f"/returns/{settled.number}/").content.decode()
    assert "Try the gateway again" not in page
    settled.refresh_from_db()
    assert settled.status == "closed"
    assert OrderLine.objects.get().refunded_amount == 20
    warehouse = world.browser(world.user("bo", "warehouse", at=["rotterdam"]))
    assert warehouse.post(again).status_code == 403
