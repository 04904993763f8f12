"""The screens on which orders are changed, and holds are worked off."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core.actors import SYSTEM
from orders import services
from orders.models import Hold, Order, OrderChange, OrderLine
from orders.selectors import status_url
from tests.fulfillment.steps import only_work_of, packed
from tests.orders.pages import queries, reported, text


@pytest.fixture
def order(world):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    return world.place(tea=3, cup=1, paid=True)


@pytest.fixture
def desk(world):
    return world.browser(world.user("kim", role="support"))


def as_it_is(order, **other):
    """What the form sends when nothing is written over, but for `other`."""
    to = order.ship_to
    said = {
        "name": to.name,
        "line1": to.line1,
        "line2": to.line2,
        "postal_code": to.postal_code,
        "city": to.city,
        "region": to.region,
        "country": to.country,
        "service": order.service,
        "reason": "",
    }
    for line in OrderLine.objects.filter(order=order):
        said[f"quantity-{line.position}"] = line.asked
        said[f"price-{line.position}"] = f"{line.unit_price.normalize():f}"
    return said | {name.replace("_", "-"): value for name, value in other.items()}


def previewed(desk, order, **other):
    response = desk.post(f"/orders/{order.number}/change/", as_it_is(order, **other))
    assert response.status_code == 302, text(response)
    return response["Location"]


def test_the_order_is_written_over_previewed_and_changed_by_name_of_the_effect(world, desk, order):
    assert "Change order" in text(desk.get(f"/orders/{order.number}/"))
    page = previewed(desk, order, quantity_1=2, city="Ghent", reason="They called")

    told = text(desk.get(page))
    for words in (
        "Nothing has happened yet",
        "Ghent",
        "Change order, refund €10.00",
        "They called",
    ):
        assert words in told
    assert Order.objects.get().ship_to.city == "Antwerp"
    response = desk.post(page, follow=True)

    assert reported(response) == [f"{order.number} is changed."]
    assert "Order changed" in text(response)
    assert (Order.objects.get().ship_to.city, Order.objects.get().refunded_amount) == ("Ghent", 10)


def test_the_change_form_with_nothing_different_says_so(desk, order):
    response = desk.post(f"/orders/{order.number}/change/", as_it_is(order))

    assert response.status_code == 422
    assert "Nothing is different yet" in text(response)
    assert not OrderChange.objects.exists()


def test_a_line_is_added_by_its_sku_and_one_that_does_not_exist_is_refused_at_the_field(
    world, desk, order
):
    world.sku("pot")
    bad = as_it_is(order, new_sku_0="moon", new_quantity_0=1)
    refused = desk.post(f"/orders/{order.number}/change/", bad)
    assert refused.status_code == 422
    assert "There is no such SKU in the catalog." in text(refused)

    page = previewed(desk, order, new_sku_0="pot", new_quantity_0=2, new_price_0="7.50")
    assert "2 units of pot wait for stock" in text(desk.get(page))
    assert "Change order, €15.00 more" in text(desk.get(page))


def test_of_two_tabs_the_second_is_shown_what_happened_in_place(desk, order):
    first = previewed(desk, order, quantity_1=2)
    second = previewed(desk, order, quantity_1=1)
    desk.post(first)

    conflict = desk.post(second)

    assert conflict.status_code == 409
    assert "The order has changed since you looked" in text(conflict)
    assert "Change order, refund €10.00" in text(conflict)
    assert OrderLine.objects.get(sku_code="tea").quantity == 2
    desk.post(second)
    assert OrderLine.objects.get(sku_code="tea").quantity == 1


def test_what_the_warehouse_has_packed_meanwhile_is_said_with_its_reason(desk, order):
    page = previewed(desk, order, quantity_1=2)
    packed(only_work_of(order))

    response = desk.post(page)

    assert response.status_code == 409
    assert "This is not possible any more" in text(response)
    assert "3 are packed or shipped" in text(response)
    assert "Change order" not in text(response)


def test_a_discarded_change_leaves_the_order_as_it_is(desk, order):
    page = previewed(desk, order, quantity_1=2)

    response = desk.post(f"{page}discard/", follow=True)

    assert reported(response) == ["The change is discarded: the order stays as it is."]
    assert OrderChange.objects.get().status == "discarded"
    assert "Change order" not in text(desk.get(page))


@pytest.mark.parametrize("role", ["warehouse", "finance"])
def test_who_may_not_change_orders_is_refused(world, order, role):
    browser = world.browser(world.user("pat", role=role, at=["rotterdam"]))

    assert browser.get(f"/orders/{order.number}/change/").status_code == 403


def test_a_change_of_another_order_is_not_found(world, desk, order):
    page = previewed(desk, order, quantity_1=2)
    other = world.place(tea=1)

    assert desk.get(page.replace(order.number, other.number)).status_code == 404


# ── Holds ───────────────────────────────────────────────────────────────────────────────────


def held(world, *kinds, hours=0):
    order = world.place(tea=1)
    for kind in kinds:
        services.hold_order(number=order.number, kind=kind, reason=f"{kind}?", by=SYSTEM)
    at = timezone.now() - timedelta(hours=hours)
    Hold.objects.filter(order=order).update(set_at=at)
    return order


def numbers(response):
    return [row.hold.order.number for row in response.context["rows"]]


def test_each_kind_has_its_work_list_the_oldest_first_with_its_clock(world, desk):
    world.stock("tea", rotterdam=9)
    newer, older = held(world, "fraud"), held(world, "fraud", "address", hours=30)

    everything, fraud = desk.get("/orders/holds/"), desk.get("/orders/holds/?kind=fraud")

    assert numbers(everything) == [older.number, older.number, newer.number]
    assert numbers(fraud) == [older.number, newer.number]
    tabs = {tab["label"]: tab["count"] for tab in fraud.context["tabs"]}
    assert (tabs["All"], tabs["Fraud review"], tabs["Address"], tabs["Payment"]) == (3, 2, 1, 0)
    assert "26 h late" in text(fraud)
    assert "Late after 4 hours." in text(fraud)


def test_the_work_list_costs_the_same_for_one_hold_and_for_three(world, desk):
    world.stock("tea", rotterdam=9)
    costs = []
    for _ in range(2):
        held(world, "address")
        costs.append(queries(desk, "/orders/holds/"))
        held(world, "fraud", "payment")

    assert costs == [2, 2]


def test_several_holds_are_released_with_one_reason(world, desk):
    world.stock("tea", rotterdam=9)
    first, second = held(world, "address"), held(world, "address")
    chosen = {"hold": [f"{each.number}:address" for each in (first, second)], "kind": "address"}
    assert "Release 2 holds" in text(desk.post("/orders/holds/release/", chosen))

    response = desk.post("/orders/holds/release/", chosen | {"reason": "They wrote"}, follow=True)

    assert reported(response) == ["2 holds are released."]
    assert not Hold.objects.filter(released_at__isnull=True).exists()


def test_of_a_release_that_partly_fails_every_row_says_how_it_went(world, desk):
    world.stock("tea", rotterdam=9)
    first, second = held(world, "address"), held(world, "address")
    services.release_hold(number=second.number, kind="address", by=SYSTEM)
    chosen = [f"{first.number}:address", f"{second.number}:address", "SO-1:address"]

    page = text(desk.post("/orders/holds/release/", {"hold": chosen, "reason": "Checked"}))

    assert "1 of 3 holds are released" in page
    assert f"{second.number} has no address hold." in page
    assert "There is no such order." in page


def test_a_hold_of_a_kind_one_may_not_release_stays(world):
    world.stock("tea", rotterdam=9)
    order = held(world, "fraud")
    sales = world.browser(world.user("sam", role="sales"))

    assert "data-bulk-item" not in text(sales.get("/orders/holds/"))
    assert sales.get(f"/orders/{order.number}/release/fraud/").status_code == 403
    chosen = {"hold": [f"{order.number}:fraud"], "reason": "Fine"}
    assert "You may not release holds of this kind." in text(
        sales.post("/orders/holds/release/", chosen)
    )
    assert Hold.objects.get().released_at is None


def test_finance_releases_what_it_may_from_the_work_list_without_holding_orders_itself(world):
    world.stock("tea", rotterdam=9)
    order = held(world, "fraud", "manual")
    finance = world.browser(world.user("fin", role="finance"))
    chosen = {"hold": [f"{order.number}:fraud"]}

    assert "data-bulk-item" in text(finance.get("/orders/holds/"))
    assert "Release 1 hold" in text(finance.post("/orders/holds/release/", chosen))
    finance.post("/orders/holds/release/", chosen | {"reason": "Paid by bank"})
    finance.post("/orders/holds/release/", {"hold": [f"{order.number}:manual"], "reason": "Too"})

    assert Hold.objects.get(released_at__isnull=True).kind == "manual"


def test_a_kind_of_hold_nobody_knows_is_shown_and_can_be_released(world, desk):
    world.stock("tea", rotterdam=9)
    order = held(world, "address")
    Hold.objects.update(kind="moon_phase")

    assert "Moon phase" in text(desk.get("/orders/holds/?kind=moon_phase"))
    assert "Moon phase hold" in text(desk.get(f"/orders/{order.number}/"))
    desk.post(f"/orders/{order.number}/release/moon_phase/", {"reason": "Gone"})

    assert Hold.objects.get().released_at is not None


def test_a_warehouse_sees_the_holds_of_its_own_orders_only(world):
    world.stock("tea", rotterdam=9)
    order = held(world, "address")
    here = world.browser(world.user("pat", role="warehouse", at=["rotterdam"]))
    there = world.browser(world.user("lee", role="warehouse", at=["leipzig"]))

    assert numbers(here.get("/orders/holds/")) == [order.number]
    assert numbers(there.get("/orders/holds/")) == []


def test_the_banner_says_what_clears_a_hold_and_by_when(world, desk):
    world.stock("tea", rotterdam=9)
    order = held(world, "payment")

    page = text(desk.get(f"/orders/{order.number}/"))

    assert "Goes by itself as soon as the order is paid." in page
    assert "To be decided" in page


# ── The customer ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def customer(order):
    browser = Client()
    browser.get("/s/" + status_url(order).split("/s/", 1)[1])
    return browser


GHENT = {"name": "R. Vale", "line1": "Veldstraat 1", "city": "Ghent", "country": "be"}


def test_a_customer_sends_what_is_not_packed_somewhere_else(order, customer):
    form = text(customer.get(f"/s/order/{order.number}/address/"))
    assert "Molenstraat" not in form

    response = customer.post(f"/s/order/{order.number}/address/", GHENT, follow=True)

    assert "What has not left goes to the new address." in text(response)
    assert only_work_of(order).ship_to.city == "Ghent"
    assert OrderChange.objects.get().previewed_by == f"customer:{order.number}"


def test_a_customer_whose_order_is_packed_is_told_so(order, customer):
    packed(only_work_of(order))

    page = text(customer.get(f"/s/order/{order.number}/"))
    refused = customer.post(f"/s/order/{order.number}/address/", GHENT)

    assert "Change the address" not in page
    assert refused.status_code == 409
    assert "It is packed for the old address by now" in text(refused)
    assert Order.objects.get().ship_to.city == "Antwerp"


def test_somebody_without_the_link_cannot_change_the_address(order):
    assert Client().post(f"/s/order/{order.number}/address/", GHENT).status_code == 404


def test_the_preview_costs_the_same_for_one_line_and_for_three(world, desk):
    world.stock("tea", rotterdam=50)
    costs = []
    for units in ({"tea": 2}, {"tea": 2, "cup": 2, "pot": 2}):
        page = previewed(desk, world.place(**units), city="Ghent")
        with CaptureQueriesContext(connection) as caught:
            desk.get(page)
        costs.append(len(caught))

    assert costs[0] == costs[1]
