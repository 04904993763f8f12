"""Many orders in one request: as if they came one after the other, with a result each."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from inventory import services as inventory
from inventory.models import CartReservation
from inventory.selectors import forget_serving_locations
from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.core import books
from oms.core.actors import SYSTEM
from oms.core.errors import Refusal
from oms.core.models import EventRecord
from oms.customers.models import Customer
from orders import services
from orders.adapters.native.documents import read_order
from orders.models import Order, OrderLine
from tests.concurrency.racing import race
from tests.orders.books import NUMBER, told

pytestmark = pytest.mark.django_db
URL = "/api/v1/orders/bulk/"


def send(api, orders, key=None, **fields):
    return api.post(
        URL,
        {"orders": orders, **fields},
        format="json",
        headers={"Idempotency-Key": key or uuid.uuid4().hex},
    )


def statuses(answer):
    return [each["status"] for each in answer.json()["results"]]


def test_every_order_gets_its_number(world):
    world.stock("tea", rotterdam=10)
    api = world.api()

    answer = send(api, [world.order_body("1", tea=2), world.order_body("2", tea=3)])

    assert answer.status_code == 200
    first, second = answer.json()["results"]
    assert (first["external_id"], first["status"]) == ("1", "created")
    assert Order.objects.get(number=second["number"]).external_id == "2"
    assert world.available("tea") == {"rotterdam": 5}
    assert not books.verify()


def test_of_500_orders_the_one_that_is_bad_keeps_none_back(world):
    world.stock("tea", rotterdam=1000)
    api = world.api()
    orders = [world.order_body(f"{n}", tea=1) for n in range(1, 501)]
    orders[216] = {**orders[216], "currency": "EURO", "lines": [{"sku": "tea", "quantity": 0}]}

    answer = send(api, orders, key="batch-1")
    again = send(api, orders, key="batch-1")

    results = answer.json()["results"]
    assert [each["external_id"] for each in results] == [f"{n}" for n in range(1, 501)]
    assert {each["status"] for each in results if "number" in each} == {"created"}
    bad = results[216]
    assert (bad["status"], bad["problem"]["type"]) == ("refused", "/problems/invalid")
    assert {each["pointer"] for each in bad["problem"]["errors"]} == {
        "/orders/216/currency",
        "/orders/216/lines/0/quantity",
        "/orders/216/lines/0/unit_price",
    }
    assert Order.objects.count() == 499
    assert world.available("tea") == {"rotterdam": 501}
    assert again.content == answer.content
    assert again["Idempotent-Replayed"] == "true"
    assert not books.verify()


def test_an_order_that_was_sent_before_is_answered_as_it_stands(world):
    world.stock("tea", rotterdam=10)
    known = world.place("1", tea=2)
    body = world.order_body("1", tea=2)
    other = {**world.order_body("2", tea=1), "notes": "Ring twice"}
    world.place("2", tea=1)

    answer = send(world.api(), [body, other, world.order_body("3", tea=1)])

    first, second, third = answer.json()["results"]
    assert first == {"external_id": "1", "status": "replayed", "number": known.number}
    assert second["problem"]["type"] == "/problems/duplicate_order_differs"
    assert second["problem"]["differences"] == [
        {"field": "notes", "ours": "", "sent": "Ring twice"}
    ]
    assert third["status"] == "created"
    assert world.available("tea") == {"rotterdam": 6}


def test_an_order_that_stands_twice_in_a_request_is_placed_once(world):
    world.stock("tea", rotterdam=10)
    one = world.order_body("1", tea=2)

    answer = send(world.api(), [one, one, {**one, "notes": "Ring twice"}])

    first, second, third = answer.json()["results"]
    assert [first["status"], second["status"], third["status"]] == [
        "created", "replayed", "refused",
    ]  # fmt: skip
    assert second["number"] == first["number"]
    assert third["problem"]["type"] == "/problems/duplicate_order_differs"
    assert OrderLine.objects.get().quantity == 2
    assert world.available("tea") == {"rotterdam": 8}


def test_all_or_none_places_none_and_says_which_were_refused(world):
    world.stock("tea", rotterdam=10)
    api = world.api()
    good = world.order_body("1", tea=2)
    unknown = {**world.order_body("2", tea=1), "lines": [
        {"sku": "TEE", "quantity": 1, "unit_price": "1.00"}
    ]}  # fmt: skip
    bad = {**world.order_body("3", tea=1), "placed_at": "yesterday"}

    refused = send(api, [good, unknown], on_error="abort")
    unread = send(api, [good, bad], key="k", on_error="abort")
    mended = send(api, [good], key="k", on_error="abort")

    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/orders_refused"
    first, second = refused.json()["results"]
    assert first == {"external_id": "1", "status": "not_placed"}
    assert second["problem"]["type"] == "/problems/unknown_sku"
    assert (unread.status_code, unread.json()["type"]) == (400, "/problems/orders_invalid")
    assert unread.json()["results"][1]["problem"]["errors"][0]["pointer"] == "/orders/1/placed_at"
    assert mended.status_code == 200
    assert [order.external_id for order in Order.objects.all()] == ["1"]
    assert world.available("tea") == {"rotterdam": 8}


@pytest.mark.parametrize(
    "body",
    [
        {"orders": [{}] * 501},
        {"orders": []},
        {"orders": {"1": {}}},
        {},
        [],
        {"orders": [{}], "on_error": "stop"},
        {"orders": [{}], "mode": "skip"},
    ],
)
def test_what_is_no_list_of_up_to_500_orders_is_refused(world, body):
    answer = world.api().post(URL, body, format="json", headers={"Idempotency-Key": "k"})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not Order.objects.exists()


@pytest.mark.parametrize("key", [None, "", "a, b", "é", "k" * 256])
def test_a_request_without_a_good_key_is_refused(world, key):
    headers = {} if key is None else {"Idempotency-Key": key}

    answer = world.api().post(
        URL, {"orders": [world.order_body("1", tea=1)]}, format="json", headers=headers
    )

    assert answer.status_code == 400
    assert not Order.objects.exists()


def test_who_may_not_place_orders_places_none_at_once_either(world):
    orders = [world.order_body("1", tea=1)]

    assert send(world.api(scopes=["stock"]), orders).status_code == 403
    assert send(world.api(user=world.user("ops", role="operations")), orders).status_code == 403
    assert not Order.objects.exists()


def test_a_channel_that_refuses_shortages_refuses_only_the_orders_that_lack(world):
    world.channel(stock_policy="refuse")
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=100)

    answer = send(
        world.api(),
        [
            world.order_body("1", tea=3),
            world.order_body("2", cup=1, tea=3),
            world.order_body("3", tea=2),
            world.order_body("4", tea=1),
        ],
    )

    assert statuses(answer) == ["created", "refused", "created", "refused"]
    problem = answer.json()["results"][1]["problem"]
    assert (problem["type"], problem["available"]) == ("/problems/insufficient_stock", 2)
    assert world.available("tea") == {"rotterdam": 0}
    assert world.available("cup") == {"rotterdam": 100}
    assert Order.objects.count() == 2
    assert not Customer.objects.filter(external_id="c-2").exists()
    assert not EventRecord.objects.filter(payload__external_id="2").exists()
    assert not books.verify()


def test_statements_do_not_grow_with_the_orders(world):
    for code in ("tea", "cup", "pot"):
        world.stock(code, rotterdam=1000, leipzig=1000)
    api = world.api()
    send(api, [world.order_body("warm", tea=1)])

    counts = []
    for size in (1, 30):
        orders = [world.order_body(f"{size}-{n}", tea=1, cup=1, pot=1) for n in range(size)]
        with CaptureQueriesContext(connection) as seen:
            assert set(statuses(send(api, orders))) == {"created"}
        counts.append(len(seen))

    assert counts == [15, 15]


@st.composite
def requests(draw):
    """Orders for a few SKUs that are short, some known, twice, wrong, or taking over a cart."""
    orders = []
    for _ in range(draw(st.integers(1, 7))):
        units = draw(
            st.dictionaries(
                st.sampled_from(["tea", "cup", "gift", "soon", "none"]),
                st.integers(1, 4),
                min_size=1,
                max_size=3,
            )
        )
        orders.append(
            {
                "external_id": f"{draw(st.integers(1, 6))}",
                "who": draw(st.sampled_from(["a", "b", ""])),
                "phone": draw(st.sampled_from(["", "1", "2"])),
                "country": draw(st.sampled_from(["NL", "DE"])),
                "units": units,
                "own": draw(st.booleans()),
                "paid": draw(st.booleans()),
                "cart": draw(st.sampled_from(["", "", "", "live", "over", "unknown"])),
                "method": draw(st.sampled_from(["", "", "pickup"])),
            }
        )
    return orders


def body_of(said):
    address = {
        "NL": {"city": "Utrecht", "postal_code": "3511", "country": "NL"},
        "DE": {"city": "Dresden", "postal_code": "01067", "country": "DE"},
    }
    lines = [
        {"sku": sku, "quantity": count, "unit_price": "3.33"}
        for sku, count in said["units"].items()
    ]
    if said["own"]:
        lines[-1]["ship_to"] = {"name": "Own", "line1": "Elsewhere 1", **address["DE"]}
    body = {
        "external_id": said["external_id"],
        "placed_at": "2026-11-20T12:00:00+00:00",
        "currency": "EUR",
        "customer": {"name": f"Robin {said['who']}", "phone": said["phone"]},
        "shipping_address": {"name": "Robin", "line1": "Street 1", **address[said["country"]]},
        "lines": lines,
        "discount": "0.50",
        "reservation": said["cart"],
    }
    if said["who"]:
        body["customer"]["external_id"] = said["who"]
    if said["paid"]:
        body["payments"] = [
            {"method": "card", "status": "captured", "amount": "1.00", "reference": "ch"}
        ]
    if said["method"]:
        body["shipping"] = {"method": "pickup", "pickup_location": "leipzig"}
    return body


def one_by_one(wanted, channel, at):
    for order in wanted:
        try:
            with transaction.atomic():
                services.place_order(wanted=order, channel=channel, by=SYSTEM, at=at)
            yield "placed"
        except Refusal as refusal:
            yield (refusal.code, NUMBER.sub("", str(refusal)))


def at_once(wanted, channel, at):
    for each in services.place_orders(wanted=wanted, channel=channel, by=SYSTEM, at=at):
        is_refused = isinstance(each, Refusal)
        yield (each.code, NUMBER.sub("", str(each))) if is_refused else "placed"


def compare(world, said, policy):
    """What is left of orders placed one by one is left of them placed at once."""
    found = []
    for way in (one_by_one, at_once):
        with transaction.atomic():
            Channel.objects.filter(slug="shop").update(stock_policy=policy)
            wanted = [read_order(body_of(each)) for each in said]
            outcomes = list(way(wanted, world.principal(), AT))
            found.append((outcomes, told()))
            assert way is one_by_one or not books.verify()
            transaction.set_rollback(True)
        forget_serving_locations()
    (outcomes, one), (same_outcomes, other) = found
    assert same_outcomes == outcomes
    for name, rows in one.items():
        assert other[name] == rows, name


AT = datetime(2026, 11, 20, 13, tzinfo=UTC)


@pytest.fixture
def short_shop(world):
    """Little stock at two places, a kit, a SKU that is not out yet, and carts of which one is
    over."""
    world.stock("tea", rotterdam=6, leipzig=4)
    world.stock("cup", rotterdam=2, leipzig=7)
    world.stock("soon", rotterdam=1)
    world.kit("gift", price="20.00", tea=1, cup=2)
    release = timezone.localdate() + timedelta(days=20)
    Sku.objects.filter(code="soon").update(release_on=release)
    channel = world.channel()
    for key, sku in (("live", "tea"), ("over", "cup")):
        inventory.reserve_cart(
            channel_id=channel.pk,
            key=key,
            wish=inventory.CartWish({sku: 2}),
            by=SYSTEM,
            at=timezone.now(),
        )
    CartReservation.objects.filter(key="over").update(
        expires_at=timezone.now() - timedelta(minutes=1)
    )
    world.place("2", tea=1)
    forget_serving_locations()
    return world


SHOP_STAYS = settings(suppress_health_check=list(HealthCheck), deadline=None)


@settings(SHOP_STAYS, max_examples=6, derandomize=True, phases=[Phase.generate])
@given(said=requests(), policy=st.sampled_from(["backorder", "refuse"]))
def test_orders_at_once_leave_the_books_they_leave_one_by_one(short_shop, said, policy):
    compare(short_shop, said, policy)


@pytest.mark.full
@settings(SHOP_STAYS, max_examples=400)
@given(said=requests(), policy=st.sampled_from(["backorder", "refuse"]))
def test_any_orders_at_once_leave_the_books_they_leave_one_by_one(short_shop, said, policy):
    compare(short_shop, said, policy)


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_with_the_same_new_customer_make_one_and_place_all(world):
    world.stock("tea", rotterdam=100)
    api = world.api()

    def request(nth):
        orders = [
            {
                **world.order_body(f"{nth}-{number}", tea=1),
                "customer": {"external_id": f"c{number}", "name": f"Robin {nth}"},
            }
            for number in range(8)
        ]
        return lambda: statuses(send(api, orders))

    answers = race([request(nth) for nth in range(4)])

    assert answers == [["created"] * 8] * 4
    assert Customer.objects.count() == 8
    assert Order.objects.count() == 32
    assert world.available("tea") == {"rotterdam": 68}
    assert not books.verify()
