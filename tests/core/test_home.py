"""The home page: each sees what is theirs, at a cost that does not grow."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core.actors import SYSTEM
from oms.core.jobs import AT_ONCE
from oms.core.models import Job
from oms.core.roles_sync import UnknownPermission, write_roles
from orders import services
from orders.models import Order, Refund

QUERIES = 12


def text(response):
    return response.content.decode()


def test_who_is_not_signed_in_is_asked_to(client, db):
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


def test_a_new_shop_says_what_to_do_first(world):
    page = text(world.browser(world.user("ada", role="administrator")).get("/"))

    assert "No orders yet" in page
    assert "Place one through the API" in page
    assert "Write down an order" in page


def test_who_has_no_role_is_told_who_can_change_that(world):
    page = text(world.browser(world.user("nobody")).get("/"))

    assert "Nothing is waiting for you" in page
    assert "An administrator can give you a role" in page


def test_figures_tell_todays_orders_holds_and_what_waits(world):
    world.stock("tea", rotterdam=1)
    world.place(tea=3)
    held = world.place(pot=2)
    services.hold_order(number=held.number, kind="address", reason="", by=SYSTEM)
    desk = world.browser(world.user("kim", role="support"))

    page = text(desk.get("/"))

    for words in (
        "Orders today",
        "Oldest held order",
        held.number,
        "1 address hold",
        "Oldest waiting order",
        "Backordered units",
        "in 2 orders",
    ):
        assert words in page


def test_today_stands_beside_what_is_usual_by_this_hour(world):
    world.stock("tea", rotterdam=50)
    for _ in range(4 * 2):
        world.place(tea=1)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Order.objects.update(placed_at=midnight - timedelta(days=7))

    page = text(world.browser(world.user("kim", role="support")).get("/"))

    assert f"Usually <b><bdi>2</bdi></b> by now on a {timezone.localdate():%A}" in page


def test_who_may_give_roles_finds_where_from_every_page(world):
    for role, is_led in (("administrator", True), ("operations", False), ("support", False)):
        page = text(world.browser(world.user(role, role=role)).get("/"))
        assert ('href="/admin/"' in page) is is_led, role


def test_the_administration_wears_the_sign_of_the_house(world):
    page = text(world.browser(world.user("ada", role="administrator")).get("/admin/"))

    assert "favicon" in page
    assert "Site administration | Order desk, administration</title>" in page


def test_the_funnel_leads_from_orders_to_parcels(world):
    world.stock("tea", rotterdam=5)
    world.place(tea=3)
    world.place(tea=3)
    held = world.place(pot=2)
    services.hold_order(number=held.number, kind="address", reason="", by=SYSTEM)

    page = world.browser(world.user("ola", role="operations")).get("/")

    [flow] = [card for card in page.context["main"] if card.template.endswith("_home_flow.html")]
    stages = {str(stage.label): stage for stage in flow.context["stages"]}
    assert {label: stage.orders for label, stage in stages.items() if stage.orders} == {
        "On hold": 1,
        "Waiting for stock": 2,
        "To release": 2,
    }
    assert stages["Waiting for stock"].url == "/orders/?view=waiting"
    assert stages["Waiting for stock"].oldest is not None


def test_each_role_is_shown_what_is_theirs(world):
    world.stock("tea", rotterdam=5, leipzig=9)
    world.place(tea=3)
    words = {
        "Orders today": {"sales", "support", "finance", "operations"},
        "Oldest waiting order": {"sales", "support", "finance", "operations"},
        "Refunds in doubt": {"finance", "operations"},
        "Waiting for a person": {"sales", "support", "finance", "operations"},
        "Work at your locations": {"warehouse"},
        'id="h-alerts"': {"warehouse", "sales", "support", "operations"},
    }
    pages = {
        role: text(world.browser(world.user(role, role=role, at=["leipzig"])).get("/"))
        for role in ("warehouse", "sales", "support", "finance", "operations")
    }

    for word, roles in words.items():
        assert {role for role, page in pages.items() if word in page} == roles, word


def test_refunds_on_their_way_are_shown_to_those_who_refund(world):
    order = world.place(tea=1, paid=True)
    services.cancel_order(number=order.number, reason="No", by=SYSTEM)
    Refund.objects.update(status="in_doubt")

    page = text(world.browser(world.user("fay", role="finance")).get("/"))

    assert "1 refund in doubt" in page
    assert "Money going back" in page


def test_the_warehouse_is_shown_the_work_of_its_own_locations(world):
    world.stock("tea", rotterdam=5)
    world.place(tea=3)

    def work(at):
        page = world.browser(world.user(f"kim-{at}", role="warehouse", at=[at])).get("/")
        [flow] = [each for each in page.context["main"] if "_home_flow" in each.template]
        return {str(stage.label): stage.orders for stage in flow.context["stages"] if stage.orders}

    assert work("rotterdam") == {"To release": 1}
    assert work("leipzig") == {}


def test_the_home_page_costs_the_same_for_one_order_and_for_three(world):
    desk = world.browser(world.user("kim", role="operations"))

    def cost():
        counted = []
        for address in ("/", "/preferences/"):
            desk.get(address)
            with CaptureQueriesContext(connection) as caught:
                desk.get(address)
            counted.append(len(caught))
        return counted[0] - counted[1]

    world.place(tea=1)
    one = cost()
    world.place(tea=1)
    world.place(tea=1)

    assert cost() == one <= QUERIES


def test_roles_hold_exactly_what_is_written(db, settings):
    for role, named in settings.ROLES.items():
        held = Group.objects.get(name=role).permissions.select_related("content_type")
        found = {f"{each.content_type.app_label}.{each.codename}" for each in held}
        assert found == set(named), role


def test_a_role_with_a_permission_that_does_not_exist_is_an_error(db, settings):
    settings.ROLES = {"baker": ["orders.bake_order"]}

    with pytest.raises(UnknownPermission, match=r"baker: orders\.bake_order"):
        write_roles()


# ── Work outside ────────────────────────────────────────────────────────────────────────────


def job(key="a", **fields):
    fields = {"kind": "mail", "due_at": AT_ONCE, "created_at": AT_ONCE, **fields}
    return Job.objects.create(key=key, **fields)


@pytest.fixture
def operator(world):
    return world.browser(world.user("ola", role="operations"))


def test_jobs_given_up_are_listed_with_why(operator):
    job("order_placed:SO-1", state="dead", last_error="550 No such mailbox", attempts=3)
    job("order_placed:SO-2")

    page = text(operator.get("/jobs/"))

    assert "Order placed, SO-1" in page
    assert "550 No such mailbox" in page
    assert "Order placed, SO-2" not in page
    assert "Order placed, SO-2" in text(operator.get("/jobs/?state=waiting"))


def test_a_job_is_tried_again_or_skipped(operator):
    again, never = job("a", state="dead", attempts=8), job("b", state="dead")

    operator.post(f"/jobs/{again.pk}/retry/")
    operator.post(f"/jobs/{never.pk}/skip/")

    again.refresh_from_db()
    never.refresh_from_db()
    assert (again.state, again.attempts, never.state) == ("waiting", 0, "skipped")


def test_a_job_that_is_done_says_so(operator):
    response = operator.post("/jobs/1/retry/", follow=True)

    [message] = response.context["messages"]
    assert str(message) == "This job is done, or never was."


def test_only_those_who_may_settle_jobs_see_them(world):
    waiting = job()
    desk = world.browser(world.user("kim", role="support"))

    assert desk.get("/jobs/").status_code == 403
    assert desk.post(f"/jobs/{waiting.pk}/skip/").status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_nothing_stuck_is_good_news(operator):
    assert "Nothing is given up" in text(operator.get("/jobs/"))
