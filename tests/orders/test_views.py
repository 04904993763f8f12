"""The order desk: what it shows, whom it lets act, and how it says no."""

import base64
import json

import pytest

from oms.core import keyset
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord, Job
from orders import services
from orders.models import Hold
from tests.orders.pages import desk as desk
from tests.orders.pages import queries, reported, text

LIST_QUERIES = 5
PAGE_QUERIES = 15


# ── The list ────────────────────────────────────────────────────────────────────────────────


def test_the_list_shows_customer_place_channel_units_state_and_total(world, desk):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=5, paid=True)

    page = text(desk.get("/orders/"))

    for words in (
        order.number,
        "Robin Vale",
        "Antwerp, BE",
        "Shop",
        "5 units",
        "2 backordered",
        "Paid",
        "€50.00",
    ):
        assert words in page


def test_the_list_costs_the_same_for_one_order_and_for_three(world, desk):
    world.stock("tea", rotterdam=1)
    world.place(tea=2)
    one = queries(desk, "/orders/")
    world.place(tea=2)
    world.place(tea=2)

    assert (one, queries(desk, "/orders/")) == (LIST_QUERIES, LIST_QUERIES)


def test_an_empty_shop_says_where_orders_come_from(desk):
    assert "No orders yet" in text(desk.get("/orders/"))


def test_each_view_shows_its_orders_and_no_others(world, desk):
    world.stock("tea", rotterdam=10)
    plain = world.place(tea=1)
    waiting = world.place(pot=1)
    held = world.place(tea=1)
    services.hold_order(number=held.number, kind="manual", reason="Call first", by=SYSTEM)
    over = world.place(tea=1)
    services.cancel_order(number=over.number, reason="Changed their mind", by=SYSTEM)

    shown = {
        view: {row.order.number for row in desk.get(f"/orders/?view={view}").context["rows"]}
        for view in ("open", "waiting", "held", "refunding", "completed", "cancelled", "all")
    }

    assert shown == {
        "open": {plain.number, waiting.number, held.number},
        "waiting": {waiting.number},
        "held": {held.number},
        "refunding": set(),
        "completed": set(),
        "cancelled": {over.number},
        "all": {plain.number, waiting.number, held.number, over.number},
    }


def test_the_tabs_count_what_they_show(world, desk):
    world.place(pot=1)
    held = world.place(tea=1)
    services.hold_order(number=held.number, kind="manual", reason="", by=SYSTEM)

    tabs = {tab["label"]: tab["count"] for tab in desk.get("/orders/").context["tabs"]}

    assert tabs["Open"] == 2
    assert tabs["Waiting for stock"] == 2
    assert tabs["On hold"] == 1
    assert tabs["All"] is None


def test_pages_lead_older_and_back_to_where_one_was(world, desk, monkeypatch):
    numbers = [world.place(tea=1).number for _ in range(5)][::-1]
    monkeypatch.setitem(keyset.page_of.__kwdefaults__, "size", 2)

    first = desk.get("/orders/").context["page"]
    second = desk.get("/orders/", {"cursor": first.older}).context["page"]
    third = desk.get("/orders/", {"cursor": second.older}).context["page"]
    back = desk.get("/orders/", {"cursor": third.newer}).context["page"]

    shown = [[order.number for order in page.rows] for page in (first, second, third, back)]
    assert shown == [numbers[:2], numbers[2:4], numbers[4:], numbers[2:4]]
    assert first.newer is None
    assert third.older is None
    assert back.newer is not None


def test_a_cursor_that_is_not_ours_shows_the_first_page(world, desk):
    order = world.place(tea=1)

    made_up = [["o", "x", 1], ["n", {"t": "2026-11-20T12:00:00Z"}, "y"], ["o", 1, 1], ["o", 1]]
    made_up += [["o", {"t": "2026-11-20T12:00:00Z"}, "\0"], ["o", {"t": 1}, 1], ["o", [], 10**30]]
    cursors = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode() for each in made_up]
    for cursor in ("x", "W10", "bm9uc2Vuc2U", "Ww" * 50, *cursors):
        response = desk.get("/orders/", {"cursor": cursor})
        assert [row.order.number for row in response.context["rows"]] == [order.number]


# ── One order ───────────────────────────────────────────────────────────────────────────────


def test_an_order_page_costs_the_same_for_one_line_and_for_three(world, desk):
    for sku in ("tea", "pot", "cup"):
        world.stock(sku, rotterdam=9)
    one = world.place(tea=2)
    three = world.place(tea=2, pot=1, cup=1)

    counted = [queries(desk, f"/orders/{order.number}/") for order in (one, three)]

    assert counted[0] == counted[1] <= PAGE_QUERIES


def test_an_order_page_tells_lines_money_customer_and_story(world, desk):
    world.stock("tea", rotterdam=3)
    order = world.place("W-58213", tea=5, paid=True)
    services.hold_order(number=order.number, kind="address", reason="No house number", by=SYSTEM)

    page = text(desk.get(f"/orders/{order.number}/"))

    for words in (
        "Shop, their number W-58213.",
        "Address hold: No house number",
        "Set by the system",
        "Release the address hold…",
        "robin@example.com",
        "Molenstraat 27",
        "Writes in English",
        "Placed: 5 units for €50.00",
        "2 units wait for stock",
        "/s/",
    ):
        assert words in page


def test_an_order_that_does_not_exist_is_not_found(desk):
    for path in ("", "cancel/", "hold/", "note/", "release/manual/"):
        assert desk.get(f"/orders/SO-1/{path}").status_code == 404
    assert desk.post("/orders/SO-1/resend-confirmation/").status_code == 404
    assert desk.post("/orders/SO-1/revoke-link/").status_code == 404


def test_a_kind_of_hold_that_does_not_exist_is_not_found(world, desk):
    order = world.place(tea=1)

    assert desk.get(f"/orders/{order.number}/release/nonsense/").status_code == 404


@pytest.mark.parametrize("path", ["", "cancel/", "hold/", "note/", "release/manual/"])
def test_who_is_not_signed_in_is_asked_to(world, client, path):
    order = world.place(tea=1)

    response = client.get(f"/orders/{order.number}/{path}")

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/orders/")


def test_the_warehouse_sees_orders_and_changes_none(world):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=1)
    floor = world.browser(world.user("lee", role="warehouse", at=["rotterdam"]))

    page = text(floor.get(f"/orders/{order.number}/"))

    assert f"<h1>{order.number}</h1>" in page
    assert "Cancel order…" not in page
    assert "Hold…" not in page
    for path in ("cancel/", "hold/", "note/", "release/address/"):
        assert floor.get(f"/orders/{order.number}/{path}").status_code == 403
    for path in ("resend-confirmation/", "revoke-link/"):
        assert floor.post(f"/orders/{order.number}/{path}").status_code == 403
    assert floor.get("/orders/new/").status_code == 403
    assert floor.post("/orders/bulk/", {"verb": "release"}).status_code == 403


def test_who_has_no_role_sees_no_orders(world):
    nobody = world.browser(world.user("nobody"))

    assert nobody.get("/orders/").status_code == 403


def test_setting_and_releasing_a_hold_keeps_who_and_why(world, desk):
    order = world.place(tea=1)

    desk.post(f"/orders/{order.number}/hold/", {"kind": "fraud", "reason": "Odd address"})
    hold = Hold.objects.get()
    desk.post(f"/orders/{order.number}/release/fraud/", {"reason": "They called"})
    hold_after = Hold.objects.get()

    assert (hold.kind, hold.reason, hold.set_by) == ("fraud", "Odd address", "user:kim")
    assert hold_after.released_by == "user:kim"
    told = EventRecord.objects.get(name="order.released")
    assert told.payload["reason"] == "They called"


def test_a_hold_without_a_reason_is_asked_for_one(world, desk):
    order = world.place(tea=1)

    response = desk.post(f"/orders/{order.number}/hold/", {"kind": "manual", "reason": ""})

    assert response.status_code == 422
    assert not Hold.objects.exists()


def test_a_second_hold_of_a_kind_is_refused_in_the_form(world, desk):
    order = world.place(tea=1)
    services.hold_order(number=order.number, kind="manual", reason="First", by=SYSTEM)

    response = desk.post(f"/orders/{order.number}/hold/", {"kind": "manual", "reason": "Second"})

    assert response.status_code == 409
    assert f"{order.number} has a manual hold already." in text(response)
    assert Hold.objects.count() == 1


def test_a_form_asked_for_by_a_dialog_comes_without_the_page(world, desk):
    order = world.place(tea=1)

    part = text(desk.get(f"/orders/{order.number}/hold/", headers={"HX-Request": "true"}))

    assert part.startswith(f"<h2>Hold {order.number}?</h2>")
    assert "<html" not in part


def test_a_note_stands_in_the_timeline(world, desk):
    order = world.place(tea=1)

    desk.post(f"/orders/{order.number}/note/", {"text": "Wants a gift card"})

    assert "Note: Wants a gift card" in text(desk.get(f"/orders/{order.number}/"))


def test_the_confirmation_can_be_sent_again_while_the_first_still_waits(world, desk):
    order = world.place(tea=1)

    response = desk.post(f"/orders/{order.number}/resend-confirmation/", follow=True)

    assert reported(response) == ["The confirmation goes to robin@example.com."]
    keys = Job.objects.filter(kind="mail").order_by("id").values_list("key", flat=True)
    assert keys[0] == f"order_placed:{order.number}"
    assert keys[1].startswith(f"order_placed:{order.number}:")
