"""A channel keeps units while its customer pays: they are an order's then, or free again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment.services import serve_waiting
from inventory import services
from inventory.errors import (
    CartDiffers,
    CartEnded,
    CartOrdered,
    CartsNotTaken,
    CartTooLong,
    InsufficientStock,
    LocationNotFound,
    TooManyCarts,
    UnknownCart,
)
from inventory.models import CartReservation, Movement, Reservation, StockLevel
from inventory.tasks import expire_carts
from oms.catalog.errors import UnknownSku
from oms.channels.models import Channel
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import EventRecord, Job
from orders.models import Order
from tests.inventory.carts import SHOP, URL, change, expire, keep, time_is_over


def reserved():
    return sum(StockLevel.objects.values_list("reserved", flat=True))


def in_cart(kept):
    return {(each.sku, each.location): each.quantity for each in kept.units}


@pytest.fixture
def strict(world):
    world.channel("shop", stock_policy="refuse")
    return world


def test_what_is_kept_for_a_cart_is_free_for_nobody_else(strict):
    strict.stock("tea", rotterdam=10)

    kept = keep(strict, tea=3)

    assert in_cart(kept) == {("tea", "rotterdam"): 3}
    assert strict.available("tea") == {"rotterdam": 7}
    with pytest.raises(InsufficientStock, match="tea: 8 requested, 7 available"):
        strict.place("1", tea=8)
    with pytest.raises(InsufficientStock, match="tea: 8 requested, 7 available"):
        keep(strict, "c-2", tea=8)
    assert verify() == []


def test_res_04_a_reservation_is_exactly_what_was_asked_or_stays_as_it_was(world):
    world.stock("tea", rotterdam=10)
    keep(world, tea=3)

    change(world, tea=7)
    assert reserved() == 7
    change(world, tea=2)
    assert reserved() == 2
    with pytest.raises(InsufficientStock, match="tea: 11 requested, 10 available"):
        change(world, tea=11)

    assert reserved() == 2
    moves = Movement.objects.filter(reserved_delta__gt=0) | Movement.objects.filter(
        reserved_delta__lt=0
    )
    assert list(moves.order_by("id").values_list("kind", "reserved_delta")) == [
        ("reserve", 3),
        ("reserve", 4),
        ("release", -5),
    ]
    assert verify() == []


def test_a_change_takes_units_out_and_others_in_at_once(world):
    world.stock("tea", rotterdam=4)
    world.stock("cup", rotterdam=1)
    keep(world, tea=4)

    kept = change(world, tea=1, cup=1)

    assert in_cart(kept) == {("tea", "rotterdam"): 1, ("cup", "rotterdam"): 1}
    assert (world.available("tea"), world.available("cup")) == ({"rotterdam": 3}, {"rotterdam": 0})
    assert in_cart(change(world, tea=2)) == {("tea", "rotterdam"): 2}
    assert world.available("cup") == {"rotterdam": 1}
    assert verify() == []


def test_an_order_takes_its_cart_over(strict):
    strict.stock("tea", rotterdam=3)
    keep(strict, tea=3)

    order = strict.place("1", tea=3, fields={"reservation": "c-1"})

    cart = CartReservation.objects.get()
    assert (cart.status, cart.order_number) == ("ordered", order.number)
    assert order.lines.get().allocated == 3
    assert strict.available("tea") == {"rotterdam": 0}
    assert sum(Reservation.objects.values_list("quantity", flat=True)) == 3
    assert verify() == []


def test_the_same_order_sent_again_is_the_same_order(strict):
    strict.stock("tea", rotterdam=3)
    keep(strict, tea=3)
    first = strict.place("1", tea=3, fields={"reservation": "c-1"})

    assert strict.place("1", tea=3, fields={"reservation": "c-1"}).number == first.number
    with pytest.raises(CartOrdered, match=f"became order {first.number}"):
        strict.place("2", tea=1, fields={"reservation": "c-1"})
    assert Order.objects.count() == 1


def test_an_order_goes_from_where_it_is_nearest_whatever_its_cart_kept(strict):
    strict.stock("tea", rotterdam=3, newark=3)
    keep(strict, tea=3, location="newark")

    order = strict.place("1", tea=3, fields={"reservation": "c-1"})

    assert [work.location.code for work in strict.works(order)] == ["rotterdam"]
    assert strict.available("tea") == {"newark": 3, "rotterdam": 0}
    assert verify() == []


def test_what_a_cart_has_is_its_orders_though_the_buffer_is_raised_meanwhile(strict):
    strict.stock("tea", rotterdam=5)
    keep(strict, tea=4)
    services.set_channel_buffer(channel="shop", sku="tea", units=3, by=SYSTEM, at=timezone.now())
    StockLevel.objects.update(safety_stock=5)

    with pytest.raises(InsufficientStock, match="tea: 5 requested, 4 available"):
        strict.place("1", tea=5, fields={"reservation": "c-1"})
    assert CartReservation.objects.get().status == "open"
    order = strict.place("2", tea=4, fields={"reservation": "c-1"})

    assert order.lines.get().allocated == 4
    assert verify() == []


def test_buffer_and_safety_stock_are_kept_back_from_carts(world):
    world.stock("tea", rotterdam=5, leipzig=5)
    StockLevel.objects.filter(location__code="leipzig").update(safety_stock=4)
    services.set_channel_buffer(channel=world.channel().slug, units=2, by=SYSTEM, at=timezone.now())

    with pytest.raises(InsufficientStock, match="tea: 5 requested, 4 available"):
        keep(world, tea=5)
    assert not CartReservation.objects.exists()
    assert in_cart(keep(world, tea=4, country="DE", postal_code="04109")) == {
        ("tea", "rotterdam"): 4
    }


def test_units_are_kept_near_to_where_they_go_or_where_it_is_said(world):
    world.stock("tea", rotterdam=5, leipzig=5)
    world.stock("cup", rotterdam=1)

    near = keep(world, "near", tea=2, country="DE", postal_code="04109")
    there = keep(world, "there", tea=2, location="rotterdam")
    both = keep(world, "both", tea=2, cup=1, country="DE", postal_code="04109")
    spread = keep(world, "spread", tea=3, country="DE", postal_code="04109")

    assert in_cart(near) == {("tea", "leipzig"): 2}
    assert in_cart(there) == {("tea", "rotterdam"): 2}
    assert in_cart(both) == {("tea", "rotterdam"): 2, ("cup", "rotterdam"): 1}
    assert in_cart(spread) == {("tea", "leipzig"): 3}
    with pytest.raises(InsufficientStock, match="tea: 2 requested, 1 available"):
        keep(world, "more", tea=2, location="rotterdam")
    with pytest.raises(LocationNotFound):
        keep(world, "nowhere", tea=1, location="paris")
    with pytest.raises(UnknownSku):
        keep(world, "nothing", coal=1)
    assert verify() == []


def test_units_are_given_back_when_the_time_is_over_and_those_who_wait_get_them(world):
    world.stock("tea", rotterdam=2)
    keep(world, tea=2)
    waiting = world.place("1", tea=1)
    assert waiting.lines.get().backordered == 1
    assert expire() == 0

    time_is_over()
    assert not expire_carts()

    cart = CartReservation.objects.get()
    assert (cart.status, cart.end_reason) == ("expired", "Its time is over")
    assert world.available("tea") == {"rotterdam": 2}
    assert EventRecord.objects.filter(name="stock.freed").count() == 1
    [job] = Job.objects.filter(kind="backorders")
    serve_waiting(sku_ids=job.payload["sku_ids"], by=SYSTEM, at=timezone.now())
    assert world.available("tea") == {"rotterdam": 1}
    assert expire() == 0
    assert verify() == []


def test_what_is_over_does_not_count_though_nobody_gave_it_back_yet(strict):
    strict.stock("tea", rotterdam=5)
    keep(strict, tea=5)
    asked = strict.api("shop")

    def told():
        [found] = asked.get("/api/v1/availability/?sku=tea").json()["results"]
        return found["reserved"], found["promisable"]

    assert told() == (5, 0)
    time_is_over()
    assert told() == (0, 5)

    order = strict.place("1", tea=2)
    assert order.lines.get().allocated == 2
    assert CartReservation.objects.get().status == "expired"
    assert strict.available("tea") == {"rotterdam": 3}
    keep(strict, "c-2", tea=3)
    time_is_over("c-2")
    assert in_cart(keep(strict, "c-3", tea=3)) == {("tea", "rotterdam"): 3}
    assert verify() == []


def test_an_order_whose_cart_is_over_is_placed_from_what_is_free_or_refused(strict):
    strict.stock("tea", rotterdam=3)
    keep(strict, tea=3)
    time_is_over()
    expire()
    keep(strict, "rival", tea=1)

    with pytest.raises(InsufficientStock, match="tea: 3 requested, 2 available"):
        strict.place("1", tea=3, fields={"reservation": "c-1"})
    order = strict.place("2", tea=2, fields={"reservation": "c-1"})

    assert order.lines.get().allocated == 2
    assert CartReservation.objects.get(key="c-1").status == "expired"
    assert verify() == []


def test_an_order_that_names_no_known_cart_is_refused(strict):
    strict.stock("tea", rotterdam=3)
    keep(strict, "theirs", channel="other", tea=1)

    for key in ("never", "theirs"):
        with pytest.raises(UnknownCart, match=key):
            strict.place("1", tea=1, fields={"reservation": key})
    assert not Order.objects.exists()
    assert reserved() == 1


def test_what_the_order_does_not_ask_for_is_offered_to_those_who_wait(world):
    world.stock("tea", rotterdam=3)
    keep(world, tea=3)
    world.place("waits", tea=2)

    world.place("1", tea=1, fields={"reservation": "c-1"})

    assert world.available("tea") == {"rotterdam": 2}
    assert Job.objects.filter(kind="backorders").count() == 1
    assert verify() == []


def test_a_cart_that_is_over_may_be_reserved_for_again(world):
    world.stock("tea", rotterdam=3)
    first = keep(world, tea=2)
    time_is_over()
    with pytest.raises(CartEnded, match="expired"):
        change(world, tea=1)

    again = keep(world, tea=3)

    assert again.cart.number == first.cart.number
    assert again.cart.status == "open"
    assert reserved() == 3
    time_is_over()
    expire()
    assert in_cart(keep(world, tea=1)) == {("tea", "rotterdam"): 1}
    assert reserved() == 1
    assert verify() == []


def test_the_same_wish_changes_nothing_and_another_is_refused(world):
    world.stock("tea", rotterdam=9)
    until = keep(world, tea=2).cart.expires_at

    assert keep(world, tea=2).cart.expires_at == until
    with pytest.raises(CartDiffers):
        keep(world, tea=3)
    with pytest.raises(CartDiffers):
        keep(world, tea=2, location="rotterdam")
    assert reserved() == 2


def test_the_limits_of_a_channel(world):
    world.stock("tea", rotterdam=9)
    world.channel("shop")
    Channel.objects.update(cart_minutes=20, most_carts=2)

    with pytest.raises(CartTooLong, match="21 minutes asked for"):
        keep(world, tea=1, minutes=21)
    kept = keep(world, tea=1, minutes=20)
    assert (kept.cart.expires_at - kept.cart.opened_at).total_seconds() == 1200
    keep(world, "c-2", tea=1)
    with pytest.raises(TooManyCarts, match="2 carts"):
        keep(world, "c-3", tea=1)
    time_is_over("c-2")
    keep(world, "c-3", tea=1)
    with pytest.raises(CartTooLong):
        change(world, tea=1, minutes=21)
    Channel.objects.update(cart_minutes=0)
    with pytest.raises(CartsNotTaken):
        keep(world, "c-4", tea=1)
    assert reserved() == 3


def test_through_the_api(world):
    world.stock("tea", rotterdam=10)
    shop, other = world.api("shop"), world.api("other")
    body = {"key": "cart~7", "lines": [{"sku": "tea", "quantity": 2}], "minutes": 5}
    once = {"HTTP_IDEMPOTENCY_KEY": "k-1"}

    made = shop.post(URL, body, format="json", **once)
    assert made.status_code == 201
    assert made.json()["lines"] == [
        {"sku": "tea", "quantity": 2, "locations": [{"location": "rotterdam", "quantity": 2}]}
    ]
    assert shop.post(URL, body, format="json", **once)["Idempotent-Replayed"] == "true"
    again = shop.post(URL, body, format="json", HTTP_IDEMPOTENCY_KEY="k-2")
    assert (again.status_code, again.json()) == (200, made.json())

    read = shop.get(f"{URL}cart~7/")
    assert (read.status_code, read.json()) == (200, made.json())
    put = shop.put(f"{URL}cart~7/", {"lines": body["lines"] * 2}, format="json")
    assert put.json()["lines"][0]["quantity"] == 4
    assert put.json()["expires_at"] == made.json()["expires_at"]
    refused = shop.put(f"{URL}cart~7/", {"lines": [{"sku": "tea", "quantity": 11}]}, format="json")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("insufficient_stock")
    assert refused.json()["available"] == 10

    for answer in (
        other.get(f"{URL}cart~7/"),
        other.put(f"{URL}cart~7/", {"lines": body["lines"]}, format="json"),
        other.delete(f"{URL}cart~7/"),
    ):
        assert answer.status_code == 404
    assert other.get(URL).json()["results"] == []
    assert reserved() == 4

    assert shop.delete(f"{URL}cart~7/").status_code == 204
    assert shop.delete(f"{URL}cart~7/").status_code == 204
    assert shop.get(f"{URL}cart~7/").json()["status"] == "released"
    assert reserved() == 0


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"key": "a/b"}, "/key"),
        ({"lines": []}, "/lines"),
        ({"lines": [{"sku": "tea", "quantity": 0}]}, "/lines/0/quantity"),
        ({"lines": [{"sku": "tea", "quantity": 1}] * 101}, "/lines"),
        ({"minutes": 0}, "/minutes"),
        ({"until": "noon"}, "/until"),
        ({"location": "rotterdam", "ship_to": {"country": "NL"}}, "/ship_to"),
    ],
)
def test_what_the_api_does_not_understand_keeps_nothing(world, said, pointer):
    world.stock("tea", rotterdam=10)
    body = {"key": "c-1", "lines": [{"sku": "tea", "quantity": 1}], **said}

    answer = world.api("shop").post(URL, body, format="json", HTTP_IDEMPOTENCY_KEY="k")

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert reserved() == 0


def test_a_persons_key_and_one_that_may_not_order_reserve_nothing(world):
    person = world.user("kim", "operations")
    body = {"key": "c-1", "lines": [{"sku": "tea", "quantity": 1}]}
    for client in (world.api(user=person), world.api("shop", scopes=["stock"])):
        answer = client.post(URL, body, format="json", HTTP_IDEMPOTENCY_KEY="k")
        assert answer.status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_carts_takes_the_same_queries_for_any_number(world, count):
    world.stock("tea", rotterdam=10)
    for number in range(count):
        keep(world, f"c-{number}", tea=1)
    shop = world.api("shop")
    shop.get(URL)

    with CaptureQueriesContext(connection) as counted:
        found = shop.get(URL).json()["results"]

    assert len(found) == count
    assert len(counted) == 3


def test_books_tell_of_a_cart_that_claims_other_units(world):
    world.stock("tea", rotterdam=5)
    keep(world, tea=2)
    Reservation.objects.update(quantity=1)

    assert {each.invariant for each in verify()} == {"cart_reservations", "stock_reservations"}


def test_staff_give_a_cart_back_with_a_reason(world):
    world.stock("tea", rotterdam=5)
    cart = keep(world, tea=2).cart

    services.give_cart_back(
        channel_id=cart.channel_id, key="c-1", reason="Stuck", by=SHOP, at=timezone.now()
    )

    cart.refresh_from_db()
    assert (cart.status, cart.end_reason, cart.ended_by) == ("released", "Stuck", "channel:shop")
    assert reserved() == 0


def test_of_a_kit_its_components_are_kept_and_the_order_has_them(strict):
    strict.stock("tea", rotterdam=4)
    strict.stock("cup", rotterdam=2)
    strict.kit("set", tea=2, cup=1)

    kept = keep(strict, set=2)

    assert in_cart(kept) == {("tea", "rotterdam"): 4, ("cup", "rotterdam"): 2}
    assert keep(strict, set=2).units == kept.units
    with pytest.raises(InsufficientStock):
        strict.place("1", tea=1)
    order = strict.place("2", set=2, fields={"reservation": "c-1"})
    assert sum(line.allocated for line in order.lines.all()) == 6
    assert verify() == []
