"""Our news arrives at Amazon, BigCommerce and custom stores once, whatever becomes of replies."""

import copy
from dataclasses import replace
from decimal import Decimal

import pytest

from oms.channels.connection import Connection
from oms.core.jobs import GiveUp, TryLater
from orders.adapters.amazon.writing import AmazonWriter
from orders.adapters.bigcommerce.writing import BigCommerceWriter
from orders.adapters.shipstation.writing import ShipStationWriter
from orders.adapters.writing import Declined, Dropped, MoneyBack, Sent, Stocked
from tests.fakes.channel_api import AmazonApi, BigCommerceApi, StoreApi
from tests.orders.adapters.test_amazon import WHOLE
from tests.orders.adapters.test_bigcommerce import order, product

BUSY = (429, {"Retry-After": "33"}, b"{}")
SENT = Sent(
    order="250", number="SH-77", units={"15": 2, "16": 1}, carrier="UPS", tracking_number="1Z1",
    shipped_at="2026-11-23T10:00:00+00:00", name="ABC250",
)  # fmt: skip
PACKED = Sent(
    order="202-1", number="SH-77", units={"1": 2}, carrier="Royal Mail", service="Tracked 48",
    tracking_number="RR9", shipped_at="2026-11-23T10:00:00+00:00",
)  # fmt: skip


def serve(api, settings, adapter, credentials, **options):
    settings.OUTBOUND_ALLOWED_HOSTS = [api.host]
    if adapter == "amazon":
        options |= {"token_url": f"{api.url}/auth/o2/token", "seller_id": "A1"}
    return Connection("shop", adapter, api.url, options, credentials)


@pytest.fixture
def shop(settings):
    products = [product(), product(id=16, order_address_id=40)]
    api = BigCommerceApi(orders={"250": order()}, pieces={"250/products": products})
    with api.serving():
        yield api, serve(api, settings, "bigcommerce", {"access_token": api.token})


@pytest.fixture
def amazon(settings):
    api = AmazonApi(orders={"202-1": copy.deepcopy({**WHOLE, "packages": []})})
    credentials = {"client_id": "c", "client_secret": "s3cret", "refresh_token": "Atzr|x"}
    with api.serving():
        yield api, serve(api, settings, "amazon", credentials, marketplace_id="A1F83G8C2ARO7P")


@pytest.fixture
def store(settings):
    api = StoreApi()
    with api.serving():
        yield api, serve(api, settings, "shipstation", {"username": "store", "password": "s3cret"})


def made(api, path):
    return [each for each in api.seen if each.method == "POST" and each.path.endswith(path)]


def test_bigcommerce_gets_a_shipment_for_each_address_once(shop):
    api, connection = shop
    first = BigCommerceWriter().tell_sent(connection, SENT)
    again = BigCommerceWriter().tell_sent(connection, SENT)

    assert first == again == ["6", "7"]
    shipments = api.pieces["250/shipments"]
    assert [each["order_address_id"] for each in shipments] == [39, 40]
    assert shipments[0]["items"] == [{"order_product_id": 15, "quantity": 2}]
    assert shipments[0]["tracking_carrier"] == "ups"


def test_a_shipment_whose_answer_was_lost_is_found_and_not_made_again(shop):
    api, connection = shop
    api.troubles.extend([None, None, "lose"])
    with pytest.raises(Exception, match="no answer"):
        BigCommerceWriter().tell_sent(connection, SENT)
    assert BigCommerceWriter().tell_sent(connection, SENT) == ["6", "7"]
    assert len(api.pieces["250/shipments"]) == 2


def test_bigcommerce_is_waited_for_and_its_refusal_is_told(shop):
    api, connection = shop
    api.troubles.append(BUSY)
    with pytest.raises(TryLater) as later:
        BigCommerceWriter().tell_sent(connection, SENT)
    assert later.value.seconds == 33
    too_many = Sent(order="250", number="SH-78", units={"15": 9})
    with pytest.raises(GiveUp):
        BigCommerceWriter().tell_sent(connection, too_many)
    with pytest.raises(GiveUp, match="knows no address for line 99"):
        BigCommerceWriter().tell_sent(connection, Sent("250", "SH-79", {"99": 1}))


def test_bigcommerce_gives_money_back_once_under_our_number(shop):
    api, connection = shop
    back = MoneyBack("250", "RF-1", Decimal("5.00"), "USD", "Broken")
    writer = BigCommerceWriter()
    assert writer.find_refund(connection, back) is None
    given = writer.give_back(connection, back)

    assert (given.id, given.amount, given.is_moved) == ("1", Decimal("5.0"), True)
    assert writer.find_refund(connection, back) == given
    assert api.pieces["250/payment_actions"][0]["reason"] == "RF-1 Broken"
    with pytest.raises(Declined, match="More than was paid"):
        writer.give_back(connection, MoneyBack("250", "RF-2", Decimal("50.00"), "USD"))
    assert len(api.pieces["250/payment_actions"]) == 1


def test_bigcommerce_hears_what_will_not_come_and_what_may_be_sold(shop):
    api, connection = shop
    writer = BigCommerceWriter()
    assert writer.tell_dropped(connection, Dropped("250", "SO-1-C1", {"15": 1})) == []
    assert api.orders["250"]["status_id"] == 11
    writer.tell_dropped(connection, Dropped("250", "SO-1-C3", {"15": 3}, whole=True))
    assert api.orders["250"]["status_id"] == 5
    levels = [Stocked("MUG", 4), Stocked("NONE", 1), Stocked("TEA", -2)]
    assert writer.set_stock(connection, levels) == ["NONE"]
    assert api.stock == {78: 4, 79: 0}


def test_amazon_hears_of_a_package_once(amazon):
    api, connection = amazon
    assert AmazonWriter().tell_sent(connection, PACKED) == ["77"]
    assert AmazonWriter().tell_sent(connection, PACKED) == ["77"]

    (package,) = api.orders["202-1"]["packages"]
    assert package["orderItems"] == [{"orderItemId": "1", "quantity": 2}]
    assert (package["carrierCode"], package["trackingNumber"]) == ("Royal Mail", "RR9")
    (confirmed,) = made(api, "/shipmentConfirmation")
    assert confirmed.json()["marketplaceId"] == "A1F83G8C2ARO7P"


def test_a_confirmation_whose_answer_was_lost_is_found(amazon):
    api, connection = amazon
    AmazonWriter().set_stock(connection, [Stocked("TEA-01", 7)])
    api.troubles.extend([None, "lose"])
    with pytest.raises(Exception, match="no answer"):
        AmazonWriter().tell_sent(connection, PACKED)
    assert AmazonWriter().tell_sent(connection, PACKED) == ["77"]
    assert len(made(api, "/shipmentConfirmation")) == 1


def test_a_seller_of_orders_v0_confirms_without_asking_the_other_interface(amazon):
    api, connection = amazon
    api.v0["202-9"] = {"AmazonOrderId": "202-9"}
    connection = replace(connection, options={**connection.options, "orders_api": "v0"})
    for _ in range(2):
        assert AmazonWriter().tell_sent(connection, replace(PACKED, order="202-9")) == ["77"]
    assert list(api.v0["202-9"]["packages"]) == ["77"]
    assert not [each for each in api.seen if "/2026-01-01/" in each.path]


def test_amazon_is_waited_for_and_its_refusals_are_told(amazon):
    api, connection = amazon
    writer = AmazonWriter()
    writer.set_stock(connection, [])
    api.troubles.append(BUSY)
    with pytest.raises(TryLater) as later:
        writer.tell_sent(connection, PACKED)
    assert later.value.seconds == 33
    with pytest.raises(GiveUp, match="No such order"):
        writer.tell_sent(connection, Sent("404", "SH-1", {"1": 1}, tracking_number="1"))
    with pytest.raises(GiveUp, match="tracking number"):
        writer.tell_sent(connection, Sent("202-1", "SH-2", {"1": 1}))
    with pytest.raises(GiveUp, match="Seller Central"):
        writer.tell_dropped(connection, Dropped("202-1", "SO-1-C1", {"1": 1}))
    with pytest.raises(Declined, match="Seller Central"):
        writer.give_back(connection, MoneyBack("202-1", "RF-1", Decimal(1), "GBP"))
    assert writer.set_stock(connection, [Stocked("TEA-01", 7), Stocked("UNKNOWN", 1)]) == [
        "UNKNOWN"
    ]
    assert api.stock == {"TEA-01": 7}


def test_a_custom_store_is_notified_of_a_parcel(store):
    api, connection = store
    ShipStationWriter().tell_sent(connection, SENT)

    ((query, body),) = api.notices
    assert query == {
        "action": "shipnotify", "order_number": "ABC250", "carrier": "UPS",
        "tracking_number": "1Z1",
    }  # fmt: skip
    assert b"<LineItemID>15</LineItemID><Quantity>2</Quantity>" in body
    assert b"<LabelCreateDate>11/23/2026 10:00</LabelCreateDate>" in body
    api.troubles.append(BUSY)
    with pytest.raises(TryLater):
        ShipStationWriter().tell_sent(connection, SENT)
    api.troubles.append((404, {}, b"No such order"))
    with pytest.raises(GiveUp, match="404: No such order"):
        ShipStationWriter().tell_sent(connection, SENT)
