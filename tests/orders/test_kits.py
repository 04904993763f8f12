"""An order for kits: carried out as their components, told as kits, the money of both the same."""

from decimal import ROUND_DOWN, Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import InsufficientStock
from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.money import exponent, rounded
from orders.errors import TooManyLines
from orders.models import Order, OrderKit, OrderLine
from orders.rules.kits import shared_out, weights
from orders.services import unpacking
from orders.services.cancelling import cancel_order
from tests.fulfillment.steps import packed, shipped
from tests.importing import Files

KEYS = iter(range(10_000))


@pytest.fixture
def books(db):
    """Whatever a test did, the books are clean after it."""
    yield
    assert [str(found) for found in verify()] == []


@pytest.fixture
def api(books, world):
    """A gift of two packs of tea for 9.00 and a cup for 6.00: base prices 3 to 1."""
    world.sku("tea", price=Decimal("4.50"), currency="EUR")
    world.sku("cup", price=Decimal("3.00"), currency="EUR")
    world.kit("gift", tea=2, cup=1)
    return world.api("shop")


def post(api, body, key=None):
    return api.post(
        "/api/v1/orders/",
        body,
        format="json",
        headers={"Idempotency-Key": key or f"kit-{next(KEYS)}"},
    )


def body_of(world, external_id="1", quantity=3, price="10.00", **named):
    body = world.order_body(external_id, gift=quantity, price=price)
    body["lines"][0].update(external_id="L1", **named)
    return body


def lines_of(order):
    return {
        line.sku_code: (line.quantity, str(line.total_amount), line.allocated, line.backordered)
        for line in OrderLine.objects.filter(order__number=order["number"])
    }


def test_a_kit_becomes_lines_of_its_components_with_their_shares_of_its_price(world, api):
    world.stock("tea", rotterdam=10)
    world.stock("cup", rotterdam=10)
    body = body_of(world, discount="1.00", tax="6.09")
    body["lines"].append({"sku": "cup", "quantity": 1, "unit_price": "4.00"})

    order = post(api, body).json()

    assert order["total"] == "39.09"
    [kit] = order["kits"]
    assert (kit["sku"], kit["position"], kit["quantity"], kit["external_id"]) == (
        "gift",
        1,
        3,
        "L1",
    )
    assert (kit["unit_price"], kit["discount"], kit["tax"]) == ("10", "1.00", "6.09")
    assert kit["total"] == "35.09"
    told = [
        (line["sku"], line["quantity"], line["discount"], line["tax"], line["total"], line["kit"])
        for line in order["lines"]
    ]
    assert told == [
        ("tea", 6, "0.75", "4.57", "26.32", 1),
        ("cup", 3, "0.25", "1.52", "8.77", 1),
        ("cup", 1, "0.00", "0.00", "4.00", None),
    ]
    assert [line["external_id"] for line in order["lines"]] == ["L1", "L1", ""]
    assert world.available("tea") == {"rotterdam": 4}
    assert api.get(f"/api/v1/orders/{order['number']}/").json()["kits"] == order["kits"]


def test_without_base_prices_the_price_is_shared_by_units(world):
    world.kit("box", tea=2, cup=1)
    order = world.place(box=1, price="10.00")

    amounts = [line.total_amount for line in order.lines.order_by("position")]
    assert amounts == [Decimal("6.67"), Decimal("3.33")]


def test_a_currency_without_decimals_is_shared_in_whole_yen(world, api):
    world.stock("tea", rotterdam=10)
    body = body_of(world, quantity=1, price="1001", tax="100")
    body["currency"] = "JPY"

    order = post(api, body).json()

    assert [(line["total"], line["tax"]) for line in order["lines"]] == [
        ("826", "75"),
        ("275", "25"),
    ]
    assert order["total"] == "1101"


def test_the_same_order_sent_again_is_known_and_another_is_told_where_it_differs(world, api):
    first = post(api, body_of(world)).json()

    again = post(api, body_of(world))
    other = post(api, body_of(world, quantity=4))

    assert (again.status_code, again.json()["number"]) == (200, first["number"])
    assert again.json()["kits"] == first["kits"]
    assert other.status_code == 409
    assert other.json()["differences"] == [{"field": "lines[0].quantity", "ours": "3", "sent": "4"}]
    assert OrderKit.objects.count() == 1


def test_a_kit_made_otherwise_since_changes_no_order(world, api):
    first = post(api, body_of(world)).json()
    world.kit("gift", cup=5)

    assert post(api, body_of(world)).status_code == 200
    assert lines_of(first).keys() == {"tea", "cup"}
    assert lines_of(post(api, body_of(world, "2")).json()) == {"cup": (15, "30.000", 0, 15)}


def test_components_come_from_where_they_lie(world, api):
    world.stock("tea", rotterdam=6)
    world.stock("cup", leipzig=3)

    order = post(api, body_of(world)).json()

    assert {work["location"] for work in order["fulfillment_orders"]} == {"rotterdam", "leipzig"}
    assert order["kits"][0]["allocated"] == 3


def test_a_component_that_is_short_waits_and_comes_later(world, api):
    world.stock("tea", rotterdam=6)
    world.stock("cup", rotterdam=1)
    order = post(api, body_of(world)).json()
    [kit] = order["kits"]
    assert (kit["allocated"], kit["backordered"]) == (1, 2)

    first = Order.objects.get(number=order["number"])
    for work in world.works(first):
        shipped(work)
    told = api.get(f"/api/v1/orders/{first.number}/").json()
    assert (told["fulfillment_status"], told["kits"][0]["shipped"]) == ("partly_fulfilled", 1)

    world.stock("cup", rotterdam=5)
    for work in world.works(first):
        if work.status == "open":
            shipped(work)
    told = api.get(f"/api/v1/orders/{first.number}/").json()
    assert (told["fulfillment_status"], told["kits"][0]["shipped"]) == ("fulfilled", 3)
    assert told["kits"][0]["backordered"] == 0


def test_a_channel_that_refuses_shortage_names_the_component(world, api):
    world.channel("strict", stock_policy="refuse")
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)

    with pytest.raises(InsufficientStock, match="tea: 6 requested, 5 available"):
        world.place("1", channel="strict", gift=3)
    assert not Order.objects.exists()


def test_kits_are_cancelled_whole_or_component_by_component(world, api):
    world.stock("tea", rotterdam=10)
    world.stock("cup", rotterdam=10)
    order = post(api, body_of(world)).json()
    url = f"/api/v1/orders/{order['number']}/cancel/"

    def cancel(sku, quantity):
        said = {"reason": "No", "lines": [{"sku": sku, "quantity": quantity}]}
        return api.post(url, said, format="json")

    told = cancel("gift", 1).json()
    assert [line["cancelled"] for line in told["lines"]] == [2, 1]
    assert (told["kits"][0]["cancelled"], told["cancelled_amount"]) == (1, "10.00")

    told = cancel("cup", 1).json()
    assert [line["cancelled"] for line in told["lines"]] == [2, 2]
    assert (told["kits"][0]["cancelled"], told["cancelled_amount"]) == (1, "12.50")

    refused = cancel("gift", 3)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too_many_to_cancel")
    cancel_order(number=order["number"], reason="No", by=SYSTEM)
    told = api.get(f"/api/v1/orders/{order['number']}/").json()
    assert (told["status"], told["kits"][0]["cancelled"]) == ("cancelled", 3)
    assert told["cancelled_amount"] == "30.00"
    assert world.available("tea") == {"rotterdam": 10}


def test_units_of_a_plain_line_are_cancelled_before_those_of_a_kit(world, api):
    body = body_of(world, quantity=1)
    body["lines"].append({"sku": "cup", "quantity": 1, "unit_price": "4.00"})
    order = post(api, body).json()

    said = {"reason": "No", "lines": [{"sku": "cup", "quantity": 1}]}
    told = api.post(f"/api/v1/orders/{order['number']}/cancel/", said, format="json").json()

    assert [line["cancelled"] for line in told["lines"]] == [0, 0, 1]


def test_an_order_with_more_lines_than_fit_is_refused(world, api, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_LINES", 1)

    refused = post(api, body_of(world))

    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/too_many_lines")
    assert not Order.objects.exists()
    with pytest.raises(TooManyLines):
        world.place(gift=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kits", [1, 3])
def test_kits_cost_an_order_one_more_query_however_many(world, api, kits):
    codes = [f"gift{n}" for n in range(kits)]
    for code in codes:
        world.kit(code, tea=2, cup=1, spoon=3)
    world.stock("tea", rotterdam=50)
    world.stock("cup", rotterdam=50)
    world.stock("spoon", rotterdam=50)
    post(api, world.order_body("warm", gift0=1))
    body = world.order_body("1001", paid=True, **dict.fromkeys(codes, 1))

    with CaptureQueriesContext(connection) as queries:
        assert post(api, body).status_code == 201

    assert len(queries) - 2 == 9


@pytest.mark.parametrize("orders", [1, 3])
def test_a_page_of_orders_with_kits_costs_the_same(world, api, orders, django_assert_num_queries):
    for n in range(orders):
        post(api, body_of(world, str(n)))
    api.get("/api/v1/orders/")

    with django_assert_num_queries(6):
        assert len(api.get("/api/v1/orders/").json()["results"]) == orders


def test_what_is_in_a_box_of_a_kit_is_not_cancelled(world, api):
    world.stock("tea", rotterdam=6)
    order = post(api, body_of(world)).json()
    [work] = world.works(Order.objects.get(number=order["number"]))
    packed(work)

    cancel_order(number=order["number"], reason="No", by=SYSTEM)

    told = api.get(f"/api/v1/orders/{order['number']}/").json()
    assert [line["cancelled"] for line in told["lines"]] == [0, 3]
    assert (told["status"], told["kits"][0]["cancelled"]) == ("open", 0)


@pytest.mark.parametrize(
    ("parts", "borne"),
    [
        ([(2, Decimal("4.50"), "EUR"), (1, Decimal("3.00"), "EUR")], ["9.00", "3.00"]),
        ([(2, Decimal("4.50"), "EUR"), (1, Decimal(0), "EUR")], ["9.00", "0"]),
        ([(2, Decimal("4.50"), "EUR"), (1, None, "")], ["2", "1"]),
        ([(2, Decimal("4.50"), "EUR"), (1, Decimal("3.00"), "USD")], ["2", "1"]),
        ([(2, Decimal(0), "EUR"), (1, Decimal(0), "EUR")], ["2", "1"]),
    ],
)
def test_base_prices_bear_the_price_where_all_have_one_in_one_currency(parts, borne):
    assert [str(each) for each in weights(parts)] == borne


AMOUNTS = st.integers(0, 90_000)


@given(
    currency=st.sampled_from(["JPY", "EUR", "BHD"]),
    quantity=st.integers(1, 1_000_000),
    millionths=st.integers(0, 10**9),
    less=st.integers(0, 100),
    rate=st.integers(0, 25),
    parts=st.lists(st.tuples(st.integers(1, 99), st.none() | AMOUNTS), min_size=1, max_size=6),
)
def test_shares_add_up_to_the_kit_and_each_is_what_its_price_says(
    currency, quantity, millionths, less, rate, parts
):
    goods = quantity * Decimal(millionths).scaleb(-6)
    smallest = Decimal(1).scaleb(-exponent(currency))
    discount = (goods * less / 100).quantize(smallest, ROUND_DOWN)
    tax = rounded((goods - discount) * rate / 100, currency)
    total = rounded(goods - discount + tax, currency)
    units = [quantity * each for each, _ in parts]

    shares = shared_out(
        total=total,
        discount=discount,
        tax=tax,
        units=units,
        weights=weights([(count, base and Decimal(base), "EUR") for count, base in parts]),
        currency=currency,
    )

    assert sum(share.total for share in shares) == total
    assert sum(share.tax for share in shares) == tax
    for share, count in zip(shares, units, strict=True):
        exact = count * share.unit_price - share.discount + share.tax
        assert rounded(exact, currency) == share.total
        assert share.unit_price >= 0
        assert share.total >= 0


def test_kits_come_in_by_file_as_open_orders_and_as_history(world, api, tmp_path):
    world.stock("tea", rotterdam=10)
    world.stock("cup", rotterdam=10)
    head = "external_id,placed_at,currency,name,country,sku,quantity,unit_price,status\n"
    rows = [
        f"{number},2026-10-01T09:00:00+02:00,EUR,Robin Vale,BE,gift,2,10.00,{status}\n"
        for number, status in enumerate(("open", "completed", "cancelled"), start=1)
    ]
    text = head + "".join(rows)

    told = Files(tmp_path).bring_in("orders", text, "--channel", "shop")
    assert "3 added" in told
    assert "3 known" in Files(tmp_path).bring_in("orders", text, "--channel", "shop")

    kits = {
        order["external_id"]: order["kits"][0]
        for order in api.get("/api/v1/orders/").json()["results"]
    }
    assert [kits[number]["allocated"] for number in "123"] == [2, 2, 0]
    assert [kits[number]["delivered"] for number in "123"] == [0, 2, 0]
    assert [kits[number]["cancelled"] for number in "123"] == [0, 0, 2]


def test_a_cart_keeps_what_kits_are_made_of_and_the_order_takes_it_over(world, api):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    world.channel("shop")
    Channel.objects.filter(slug="shop").update(cart_minutes=30)
    said = {"key": "cart-1", "lines": [{"sku": "gift", "quantity": 2}]}
    kept = api.post(
        "/api/v1/stock/reservations/", said, format="json", headers={"Idempotency-Key": "cart-1"}
    )
    assert kept.status_code == 201
    assert {line["sku"]: line["quantity"] for line in kept.json()["lines"]} == {"tea": 4, "cup": 2}

    order = post(api, {**body_of(world, quantity=2), "reservation": "cart-1"}).json()

    assert order["kits"][0]["allocated"] == 2
    assert (world.available("tea"), world.available("cup")) == ({"rotterdam": 1}, {"rotterdam": 3})


def test_a_sales_rep_writes_kits_down(world, api):
    world.sku("gift")
    Sku.objects.filter(code="gift").update(price=Decimal("11.00"), currency="EUR")
    world.channel("shop")
    browser = world.browser(world.user("rita", role="sales"))
    form = browser.get("/orders/new/").context["form"]
    said = {
        **{name: form[name].value() for name in ("external_id", "placed_at", "currency")},
        "channel": "shop",
        "name": "Robin Vale",
        "line1": "Molenstraat 27",
        "city": "Antwerp",
        "country": "BE",
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "0",
        "form-0-sku": "gift",
        "form-0-quantity": "2",
    }

    assert browser.post("/orders/new/", said).status_code == 302

    assert OrderKit.objects.get().total_amount == 22
    assert {line.sku_code for line in OrderLine.objects.all()} == {"tea", "cup"}
