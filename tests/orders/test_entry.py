"""Orders written down by hand: placed like any other, and what is wrong is said by the field."""

import pytest

from oms.core.models import EventRecord
from orders.models import Order


def text(response):
    return response.content.decode()


@pytest.fixture
def sales(world):
    return world.browser(world.user("sam", role="sales"))


def entry(client, **changes):
    form = client.get("/orders/new/").context["form"]
    body = {
        "channel": "shop",
        "currency": "eur",
        "name": "Robin Vale",
        "email": "robin@example.com",
        "line1": "Molenstraat 27",
        "postal_code": "2000",
        "city": "Antwerp",
        "country": "be",
        "external_id": form.initial["external_id"],
        "placed_at": form.initial["placed_at"],
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-sku": "tea",
        "form-0-quantity": "2",
        "form-0-unit_price": "4.50",
    }
    return {**body, **changes}


def test_an_order_written_down_is_placed_like_any_other(world, sales):
    world.channel("shop")
    world.stock("tea", rotterdam=5)

    response = sales.post("/orders/new/", entry(sales), follow=True)

    order = Order.objects.get()
    assert response.redirect_chain == [(f"/orders/{order.number}/", 302)]
    assert (order.currency, order.total_amount, order.ship_to.country) == ("EUR", 9, "BE")
    assert world.available("tea") == {"rotterdam": 3}
    assert EventRecord.objects.get(name="order.placed").actor == "user:sam"


def test_sent_twice_it_is_still_one_order(world, sales):
    world.channel("shop")
    world.sku("tea")
    body = entry(sales)

    sales.post("/orders/new/", body)
    sales.post("/orders/new/", body)

    assert Order.objects.count() == 1


def test_without_a_price_the_catalogs_is_taken(world, sales):
    world.channel("shop")
    world.sku("tea", price="3.25")

    sales.post("/orders/new/", entry(sales, **{"form-0-unit_price": ""}))

    assert Order.objects.get().total_amount == 6.5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"form-0-sku": "nonsense"}, "There is no such SKU in the catalog."),
        ({"form-0-quantity": ""}, "How many?"),
        ({"form-0-quantity": "0"}, "greater than or equal to 1"),
        ({"form-0-sku": ""}, "Which SKU?"),
        ({"form-0-unit_price": ""}, "The catalog has no price for it: give one."),
        ({"form-0-sku": "", "form-0-quantity": "", "form-0-unit_price": ""}, "at least one line"),
        ({"currency": "XYQ"}, "This is no currency."),
        ({"country": "Belgium"}, "two letters"),
        ({"name": ""}, "This field is required."),
        ({"placed_at": "yesterday"}, "Open this form anew."),
    ],
)
def test_what_is_wrong_is_said_by_the_field_and_nothing_is_placed(world, sales, changes, words):
    world.channel("shop")
    world.sku("tea")

    response = sales.post("/orders/new/", entry(sales, **changes))

    assert response.status_code == 422
    assert words in text(response)
    assert not Order.objects.exists()


def test_asking_for_more_lines_keeps_what_was_written(world, sales):
    world.channel("shop")

    response = sales.post("/orders/new/", entry(sales, step="more"))

    lines = response.context["lines"]
    assert len(lines.forms) == 10
    assert lines.forms[0]["sku"].value() == "tea"
    assert 'value="Molenstraat 27"' in text(response)
    assert not Order.objects.exists()
