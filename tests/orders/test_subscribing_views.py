"""The subscription desk, and the subscriber's own page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders import services
from orders.models import Cycle, Order, Subscription
from orders.selectors import subscription_url

LIST_QUERIES = 3
UPCOMING_QUERIES = 9
PAGE_QUERIES = 7


@pytest.fixture
def desk(world):
    return world.browser(world.user("kim", role="support"))


def queries(client, url):
    """The queries of a page beyond those of every page."""
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


def begun(world, **fields):
    day = timezone.localdate() + timedelta(days=10)
    return world.subscription(starts_on=day, at=timezone.now(), tea=2, **fields)


def due_now(world, **fields):
    """A subscription with its first delivery placed."""
    found = world.subscription(
        at=timezone.now() - timedelta(hours=30),
        starts_on=(timezone.now() - timedelta(hours=30)).date(),
        tea=2,
        **fields,
    )
    services.attend(number=found.number, at=timezone.now())
    return found


def address(number, verb=""):
    return f"/subscriptions/{number}/" + (f"{verb}/" if verb else "")


# ── Staff ───────────────────────────────────────────────────────────────────────────────────


def test_the_list_says_who_gets_what_how_often_and_when_next(world, desk):
    subscription = begun(world, every=2, unit="week")

    page = text(desk.get("/subscriptions/"))

    for words in (subscription.number, "Robin Vale", "Every 2 weeks", "2 units", "€20.00"):
        assert words in page


def test_the_palette_finds_a_subscription_for_those_who_may_see_it(world, desk):
    subscription = begun(world)

    for said in (subscription.number, subscription.number.lower(), "robin@example.com"):
        assert subscription.number in text(desk.get("/find/", {"q": said})), said
    wim = world.browser(world.user("wim", role="warehouse"))
    assert subscription.number not in text(wim.get("/find/", {"q": "robin@example.com"}))


def test_the_list_costs_the_same_for_one_subscription_and_for_three(world, desk):
    begun(world)
    one = queries(desk, "/subscriptions/")
    begun(world)
    begun(world)
    assert (one, queries(desk, "/subscriptions/")) == (LIST_QUERIES, LIST_QUERIES)


@pytest.mark.parametrize("view", ["active", "late", "stuck", "paused", "ended", "all", "nonsense"])
def test_every_view_of_the_list_opens(world, desk, view):
    begun(world)
    assert desk.get(f"/subscriptions/?view={view}").status_code == 200


def test_a_subscription_is_found_by_its_number_and_by_address(world, desk):
    subscription = begun(world)
    for search in (subscription.number, subscription.number[4:], "Robin@example.com"):
        assert subscription.number in text(desk.get("/subscriptions/", {"search": search})), search
    assert "No subscription matches" in text(desk.get("/subscriptions/?search=SUB-9"))


def test_what_is_to_come_adds_up_and_names_what_stock_will_not_do(world, desk):
    world.stock("tea", rotterdam=3)
    begun(world)
    begun(world)

    page = text(desk.get("/subscriptions/upcoming/"))

    for words in ("2 deliveries", "€40.00", "Stock will not do for 1 SKU"):
        assert words in page


def test_what_is_to_come_costs_the_same_for_one_and_for_three(world, desk):
    world.stock("tea", rotterdam=3)
    begun(world)
    one = queries(desk, "/subscriptions/upcoming/")
    begun(world)
    begun(world)
    again = queries(desk, "/subscriptions/upcoming/")
    assert (one, again) == (UPCOMING_QUERIES, UPCOMING_QUERIES)


def test_a_page_shows_what_came_what_comes_and_the_story(world, desk):
    world.stock("tea", rotterdam=3)
    subscription = due_now(world)

    page = text(desk.get(address(subscription.number)))

    order = Order.objects.get()
    for words in (order.number, "What comes each time", "Next delivery", "Begun: 2 units"):
        assert words in page


def test_a_page_costs_the_same_however_much_came(world, desk):
    world.stock("tea", rotterdam=9)
    subscription = due_now(world, every=1, unit="day")
    one = queries(desk, address(subscription.number))
    services.attend(number=subscription.number, at=timezone.now() + timedelta(days=2))
    assert Cycle.objects.filter(order__isnull=False).count() == 2
    assert (one, queries(desk, address(subscription.number))) == (PAGE_QUERIES, PAGE_QUERIES)


def test_staff_begin_pause_resume_skip_change_and_cancel(world, desk):
    world.sku("tea", price="4.50", currency="EUR")
    world.channel()
    form = {
        "channel": "shop", "name": "Kim Oak", "email": "kim.oak@example.com", "line1": "Kaai 1",
        "city": "Ghent", "country": "be", "every": "1", "unit": "month",
        "starts_on": (timezone.localdate() + timedelta(days=9)).isoformat(),
        "time_zone": "Europe/Brussels", "currency": "eur", "price_policy": "agreed",
        "tax_rate": "21", "method": "card", "sku-1": "tea", "units-1": "2",
    }  # fmt: skip
    answer = desk.post("/subscriptions/new/", form)
    assert answer.status_code == 302, answer.content
    subscription = Subscription.objects.get()
    number = subscription.number

    assert desk.post(address(number, "skip")).status_code == 302
    assert Cycle.objects.get(index=1).status == "skipped"
    assert desk.post(address(number, "unskip")).status_code == 302
    assert list(Cycle.objects.values_list("index", "status")) == [(1, "planned")]
    until = (timezone.localdate() + timedelta(days=40)).isoformat()
    assert desk.post(address(number, "pause"), {"until": until}).status_code == 302
    assert desk.post(address(number, "resume")).status_code == 302
    three = {"quantity-1": "3", "scope": "always"}
    assert desk.post(address(number, "content"), three).status_code == 302
    assert subscription.lines.get().quantity == 3
    moved = {**form, "line1": "Kaai 2", "scope": "once"}
    assert desk.post(address(number, "address"), moved).status_code == 302
    assert Cycle.objects.get(index=1).ship_to.line1 == "Kaai 2"
    assert desk.post(address(number, "rhythm"), {"every": "2", "unit": "week"}).status_code == 302
    paid = {"payer": "cus_1", "reference": "pm_1", "method": "card"}
    assert desk.post(address(number, "account"), paid).status_code == 302
    assert desk.post(address(number, "cancel"), {"reason": "Moved away"}).status_code == 302
    subscription.refresh_from_db()
    assert (subscription.status, subscription.payer_reference, subscription.unit) == (
        "cancelled",
        "cus_1",
        "week",
    )


@pytest.mark.parametrize("verb", ["pause", "cancel", "content", "address", "rhythm", "account"])
def test_every_form_opens_and_says_what_is_missing(world, desk, verb):
    subscription = begun(world)
    assert desk.get(address(subscription.number, verb)).status_code == 200
    bad = {"until": "yesterday", "quantity-1": "-1", "every": "0"}
    answer = desk.post(address(subscription.number, verb), bad)
    assert answer.status_code in {422, 302 if verb == "pause" else 422}


def test_a_pause_into_the_past_is_refused_on_the_form(world, desk):
    subscription = begun(world)
    answer = desk.post(address(subscription.number, "pause"), {"until": "2020-01-01"})
    assert answer.status_code == 409
    assert "must be a day of the next two years" in text(answer)
    subscription.refresh_from_db()
    assert subscription.status == "active"


def test_finance_records_a_payment_and_the_order_goes_on(world):
    world.stock("tea", rotterdam=3)
    subscription = due_now(world)
    finance = world.browser(world.user("fay", role="finance"))
    order = Order.objects.get()
    assert order.holds.get().kind == "payment"
    url = address(subscription.number, "deliveries/1/payment")
    assert url in text(finance.get(address(subscription.number)))

    assert finance.get(url).status_code == 200
    too_much = {"amount": "21", "method": "bank"}
    assert finance.post(url, too_much).status_code == 409
    answer = finance.post(url, {"amount": "20", "method": "bank", "reference": "BT-7"})

    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.payment_status, order.holds.get().released_at is not None) == ("paid", True)
    assert Cycle.objects.get(index=1).status == "paid"


def test_who_may_only_look_cannot_act(world):
    subscription = begun(world)
    finance = world.browser(world.user("fay", role="finance"))
    assert finance.get(address(subscription.number)).status_code == 200
    for verb in ("pause", "skip", "cancel", "content", "resume"):
        assert finance.post(address(subscription.number, verb)).status_code == 403
    picker = world.browser(world.user("pim", role="warehouse"))
    assert picker.get("/subscriptions/").status_code == 403


# ── The subscriber ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def visit(world):
    """Open a subscriber's page by the link of the letters."""

    def open_page(subscription):
        visitor = Client()
        path = "/s/" + subscription_url(subscription).split("/s/", 1)[1]
        answer = visitor.get(path)
        assert answer.status_code == 302
        assert path not in answer["location"]
        return visitor

    return open_page


def own(number, verb=""):
    return f"/s/subscription/{number}/" + (f"{verb}/" if verb else "")


def test_the_link_opens_the_page_and_a_revoked_one_does_not(world, visit):
    subscription = begun(world)
    visitor = visit(subscription)
    page = visitor.get(own(subscription.number))
    assert page.status_code == 200
    assert "Molenstraat" not in text(page)
    assert page["Cache-Control"] == "no-store"

    services.revoke_subscription_link(
        number=subscription.number, by=services.SUBSCRIPTIONS, at=timezone.now()
    )

    assert visitor.get(own(subscription.number)).status_code == 404
    assert visitor.post(own(subscription.number, "skip")).status_code == 404


@pytest.mark.parametrize("verb", ["", "pause", "content", "address", "rhythm", "cancel"])
def test_a_stranger_learns_nothing(world, verb):
    subscription = begun(world)
    assert Client().get(own(subscription.number, verb)).status_code == 404
    assert Client().get("/s/subscription/open/forged.token").status_code == 404


def test_a_customer_pauses_resumes_skips_changes_and_cancels(world, visit):
    subscription = begun(world)
    number, visitor = subscription.number, visit(subscription)
    for verb in ("pause", "content", "address", "rhythm", "cancel"):
        assert visitor.get(own(number, verb)).status_code == 200

    assert visitor.post(own(number, "skip")).status_code == 302
    assert "is skipped" in text(visitor.get(own(number)))
    assert visitor.post(own(number, "unskip")).status_code == 302
    until = (timezone.localdate() + timedelta(days=20)).isoformat()
    assert visitor.post(own(number, "pause"), {"until": until}).status_code == 302
    assert "is paused" in text(visitor.get(own(number)))
    assert visitor.post(own(number, "resume")).status_code == 302
    more = {"quantity-1": "4", "scope": "once"}
    assert visitor.post(own(number, "content"), more).status_code == 302
    assert Cycle.objects.get().lines.get().quantity == 4
    assert visitor.post(own(number, "cancel"), {"reason": ""}).status_code == 302
    subscription.refresh_from_db()
    assert subscription.status == "cancelled"
    assert "has ended" in text(visitor.get(own(number)))


def test_too_late_is_said_with_until_when_it_could_be_changed(world, visit):
    subscription = begun(world)
    cycle = Cycle.objects.get()
    cycle.due_at = timezone.now() + timedelta(hours=2)
    cycle.save()
    visitor = visit(subscription)

    answer = visitor.post(own(subscription.number, "skip"), follow=True)
    changed = visitor.post(
        own(subscription.number, "content"), {"quantity-1": "1", "scope": "once"}
    )

    assert "could be changed until" in text(answer)
    assert (changed.status_code, "could be changed until" in text(changed)) == (409, True)
    cycle.refresh_from_db()
    assert cycle.status == "planned"
    assert datetime.now(UTC) < cycle.due_at
