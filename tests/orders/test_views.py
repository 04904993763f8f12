"""The order desk: what it shows, whom it lets act, and how it says no."""

import base64
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.core import keyset
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord, Job
from orders import services
from orders.models import Hold, Order
from orders.states import OrderStatus

LIST_QUERIES = 5
PAGE_QUERIES = 15


@pytest.fixture
def desk(world):
    return world.browser(world.user("kim", role="support"))


def queries(client, url):
    """The queries of a page beyond those of every page: who is asking, and what surrounds it."""
    counted = []
    for address in (url, "/preferences/"):
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            response = client.get(address)
        assert response.status_code == 200
        counted.append(len(caught))
    return counted[0] - counted[1]


def text(response):
    return response.content.decode()


def reported(response):
    return [str(message) for message in response.context["messages"]]


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


# ── Several at once ─────────────────────────────────────────────────────────────────────────


def test_releasing_several_reports_each(world, desk):
    held, free = world.place(tea=1), world.place(tea=1)
    for kind in ("manual", "address"):
        services.hold_order(number=held.number, kind=kind, reason="", by=SYSTEM)

    response = desk.post(
        "/orders/bulk/",
        {"verb": "release", "number": [held.number, free.number], "query": "view=held"},
        follow=True,
    )

    assert response.redirect_chain == [("/orders/?view=held", 302)]
    assert reported(response) == [f"{free.number}: nothing holds it.", "2 holds are released."]
    assert not Hold.objects.filter(released_at__isnull=True).exists()


def test_holding_several_asks_why_then_holds_those_it_can(world, desk):
    held, free = world.place(tea=1), world.place(tea=1)
    services.hold_order(number=held.number, kind="manual", reason="", by=SYSTEM)
    chosen = {"verb": "hold", "number": [held.number, free.number]}

    asked = desk.post("/orders/bulk/", chosen)
    done = desk.post("/orders/bulk/", {**chosen, "kind": "manual", "reason": "Recall"}, follow=True)

    assert "Hold 2 orders?" in text(asked)
    assert reported(done) == [
        f"{held.number} has a manual hold already.",
        "1 order is on hold.",
    ]
    assert Hold.objects.get(order=free).reason == "Recall"


def test_choosing_none_says_so(desk):
    response = desk.post("/orders/bulk/", {"verb": "release"}, follow=True)

    assert reported(response) == ["Choose at least one order first."]


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


# ── Cancelling ──────────────────────────────────────────────────────────────────────────────


def test_cancelling_shows_what_would_happen_and_does_nothing_yet(world, desk):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3, paid=True)
    before = list(EventRecord.objects.values_list("id", flat=True))

    response = desk.post(
        f"/orders/{order.number}/cancel/",
        {"line-1": "2", "reason": "Too many", "step": "preview"},
    )

    page = text(response)
    for words in (
        f"Cancel 2 units of {order.number}?",
        "It goes on with the rest",
        "2 units of tea are free for others again in Rotterdam",
        "<bdi>€20.00</bdi> goes back to the customer.",
        "robin@example.com is told",
        "Cancel 2 units",
    ):
        assert words in page
    assert world.available("tea") == {"rotterdam": 2}
    assert list(EventRecord.objects.values_list("id", flat=True)) == before
    assert Order.objects.get().cancelled_amount == 0


def test_confirming_cancels_what_was_previewed(world, desk):
    world.stock("tea", rotterdam=5)
    order = world.place(tea=3, paid=True)

    response = desk.post(
        f"/orders/{order.number}/cancel/",
        {"line-1": "2", "reason": "Too many", "step": "confirm"},
        follow=True,
    )

    assert reported(response) == ["What you chose is cancelled."]
    assert order.lines.get().cancelled == 2
    assert world.available("tea") == {"rotterdam": 4}
    assert EventRecord.objects.get(name="order.cancelled").payload["reason"] == "Too many"


def test_more_units_than_can_be_cancelled_are_refused_by_the_field(world, desk):
    order = world.place(tea=3)

    response = desk.post(
        f"/orders/{order.number}/cancel/", {"line-1": "4", "reason": "x", "step": "confirm"}
    )

    assert response.status_code == 422
    assert "Only 3 can be cancelled" in text(response)
    assert order.lines.get().cancelled == 0


def test_no_units_and_no_reason_are_asked_for(world, desk):
    order = world.place(tea=3)

    no_units = desk.post(f"/orders/{order.number}/cancel/", {"line-1": "0", "reason": "x"})
    no_reason = desk.post(f"/orders/{order.number}/cancel/", {"line-1": "1", "reason": ""})

    assert (no_units.status_code, no_reason.status_code) == (422, 422)
    assert "Say of at least one line" in text(no_units)


def test_a_refusal_by_the_service_is_shown_in_the_form(world, desk, monkeypatch):
    order = world.place(tea=1)

    def packed_meanwhile(**kwargs):
        raise services.cancelling.NothingToCancel(number=order.number)

    monkeypatch.setattr(services, "cancel_order", packed_meanwhile)

    response = desk.post(
        f"/orders/{order.number}/cancel/", {"line-1": "1", "reason": "x", "step": "confirm"}
    )

    assert response.status_code == 409
    assert f"Nothing of {order.number} is left to cancel" in text(response)
    assert Order.objects.get().status == OrderStatus.OPEN


def test_a_cancelled_order_offers_no_cancelling(world, desk):
    order = world.place(tea=1)
    services.cancel_order(number=order.number, reason="", by=SYSTEM)

    assert "Cancel order…" not in text(desk.get(f"/orders/{order.number}/"))
    assert "Nothing is left to cancel" in text(desk.get(f"/orders/{order.number}/cancel/"))
