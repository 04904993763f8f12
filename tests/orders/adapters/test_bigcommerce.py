"""BigCommerce's documents, invented after what its reference promises of them."""

import json
import os
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms.core.money import exponent
from oms.messaging.rules import signing
from orders.adapters.bigcommerce import BigCommerce
from orders.adapters.messages import Message, NotTheirs, Stale, Unreadable
from orders.adapters.parts import Fetch, Report
from tests.orders.adapters.sums import line_total, outcome, total

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PAYLOADS = os.environ.get("CHANNEL_PAYLOADS", "")


def read(document):
    return BigCommerce().read(Message(json.dumps(document).encode(), {}, NOW))


def order(**changed):
    return {
        "id": 250,
        "customer_id": 11,
        "date_created": "Fri, 20 Nov 2026 10:00:00 +0000",
        "date_modified": "Fri, 20 Nov 2026 12:00:00 +0000",
        "status_id": 11,
        "subtotal_ex_tax": "30.0000",
        "subtotal_inc_tax": "32.4000",
        "subtotal_tax": "2.4000",
        "shipping_cost_ex_tax": "5.0000",
        "shipping_cost_inc_tax": "5.4000",
        "shipping_cost_tax": "0.4000",
        "handling_cost_ex_tax": "1.0000",
        "handling_cost_inc_tax": "1.0000",
        "wrapping_cost_ex_tax": "2.0000",
        "wrapping_cost_inc_tax": "2.2000",
        "wrapping_cost_tax": "0.2000",
        "total_inc_tax": "41.0000",
        "total_tax": "3.0000",
        "discount_amount": "0.0000",
        "coupon_discount": "0.0000",
        "payment_method": "Credit Card",
        "payment_status": "captured",
        "refunded_amount": "0.0000",
        "store_credit_amount": "0.0000",
        "gift_certificate_amount": "0.0000",
        "currency_code": "EUR",
        "default_currency_code": "USD",
        "customer_message": "Ring twice",
        "customer_locale": "de-AT",
        "billing_address": {
            "first_name": "Ann",
            "last_name": "Lee",
            "street_1": "1 Main St",
            "city": "Austin",
            "state": "Texas",
            "zip": "78751",
            "country": "United States",
            "email": "ann@shop.example",
        },
        "products": {"url": "https://api.bigcommerce.com/…", "resource": "/orders/250/products"},
    } | changed


def product(**changed):
    return {
        "id": 15,
        "order_id": 250,
        "product_id": 77,
        "variant_id": 78,
        "order_address_id": 39,
        "name": "Mug",
        "sku": "MUG",
        "type": "physical",
        "quantity": 3,
        "total_ex_tax": "30.0000",
        "total_inc_tax": "32.4000",
        "quantity_shipped": 0,
        "product_options": [{"display_name": "Color", "display_value": "Green"}],
        "wrapping_name": "Paper",
        "wrapping_message": "Happy birthday",
    } | changed


def address(**changed):
    return {
        "id": 39,
        "order_id": 250,
        "first_name": "Tom",
        "last_name": "Lee",
        "company": "",
        "street_1": "5 Elm St",
        "street_2": "Flat 2",
        "city": "Waco",
        "state": "Texas",
        "zip": "76701",
        "country_iso2": "US",
        "shipping_method": "Flat Rate",
    } | changed


def together(*documents):
    reports = [report for document in documents for report in read(document).reports]
    assert {report.order for report in reports} == {"250"}
    return Report("250", {key: part for each in reports for key, part in each.parts.items()})


def test_an_order_is_the_same_joined_or_in_pieces():
    apart = together(order(), [product()], [address()])
    joined = together(
        {"order": order(), "products": [product()], "shipping_addresses": [address()]}
    )

    for known in (apart, joined):
        head, (mug,) = known.parts["head"], known.parts["items"].items
        assert total(known) == head.total == head.captured == Decimal("41.00")
        assert (head.currency, head.notes, head.customer.language) == ("USD", "Ring twice", "de")
        assert (mug.sku, mug.listing, mug.ships) == ("MUG", "78", True)
        assert mug.said == {
            "Color": "Green",
            "Gift wrapping": "Paper",
            "Gift message": "Happy birthday",
        }
        place = known.parts["address"]
        assert (place.address.line2, place.address.country) == ("Flat 2", "US")
        assert known.parts["billing"].address.country == "US"
        assert head.service or place.service == "Flat Rate"


def test_products_know_which_of_several_addresses_they_go_to():
    known = together(
        order(
            products=[product(), product(id=16, order_address_id=40)],
            shipping_addresses=[address(), address(id=40, first_name="Sue")],
        )
    )
    ship_to = [each.ship_to for each in known.parts["items"].items]
    assert [known.parts[key].address.name for key in ship_to] == ["Tom Lee", "Sue Lee"]
    one = together(order(products=[product()], shipping_addresses=[address()]))
    assert one.parts["items"].items[0].ship_to == ""


@pytest.mark.parametrize(
    ("tax", "stated"), [("3.0000", "36.0000"), ("2.6000", "35.6000")], ids=["after", "before"]
)
def test_discounts_count_with_the_tax_that_they_spare(tax, stated):
    spare = order(
        discount_amount="2.0000", coupon_discount="3.0000", total_tax=tax, total_inc_tax=stated
    )
    known = together(spare, [product()], [{"coupon_id": 1, "order_id": 250, "code": "FIVE"}])
    assert total(known) == known.parts["head"].total
    assert known.parts["said:coupons"].words == {"Coupon": "FIVE"}


def test_a_total_that_does_not_add_up_stays_as_stated():
    known = together(order(total_inc_tax="50.0000"), [product()])
    assert (known.parts["head"].total, total(known)) == (Decimal("50.00"), Decimal("41.00"))


@pytest.mark.parametrize(
    ("status", "is_ready", "also"),
    [
        (0, False, set()),
        (1, False, set()),
        (2, True, {"fulfilled"}),
        (3, True, set()),
        (4, False, set()),
        (5, False, {"cancellation"}),
        (6, False, {"cancellation"}),
        (7, False, set()),
        (8, True, set()),
        (9, True, set()),
        (10, True, {"fulfilled"}),
        (11, True, set()),
        (12, False, set()),
        (13, False, set()),
        (14, True, set()),
    ],
)
def test_every_status_says_whether_to_begin(status, is_ready, also):
    known = together(order(status_id=status))
    assert known.parts["head"].is_ready == is_ready
    assert set(known.parts) == {"head", "billing"} | also


def test_a_status_that_is_not_documented_is_refused():
    with pytest.raises(Unreadable, match="none that BigCommerce documents: 15"):
        read(order(status_id=15))


@pytest.mark.parametrize(
    ("changed", "authorized", "captured", "method"),
    [
        ({"payment_status": "authorized"}, "41", "0", "Credit Card"),
        ({"payment_status": "", "payment_method": "Bank Deposit"}, "0", "41", "Bank Deposit"),
        ({"payment_status": "", "status_id": 7}, "0", "0", "Credit Card"),
        ({"payment_status": "authorized", "store_credit_amount": "10.0000"}, "31", "10",
         "Credit Card, Store credit"),
        ({"payment_status": "", "status_id": 7, "gift_certificate_amount": "41.0000"}, "0", "41",
         "Credit Card, Gift certificate"),
    ],
)  # fmt: skip
def test_what_was_paid_and_how(changed, authorized, captured, method):
    head = together(order(**changed)).parts["head"]
    assert (head.authorized, head.captured) == (Decimal(authorized), Decimal(captured))
    assert head.payment_method == method


def test_refunds_say_which_units_will_not_be_sent():
    refund = {
        "id": 3,
        "order_id": 250,
        "created": "2026-11-21T10:00:00Z",
        "reason": "Broken",
        "total_amount": 21.6,
        "items": [{"item_type": "PRODUCT", "item_id": 15, "quantity": 2}],
        "payments": [{"amount": 21.6, "is_declined": False}, {"amount": 0.6, "is_declined": True}],
    }
    joined = together(order(products=[product(quantity_shipped=2)], refunds={"data": [refund]}))
    part = joined.parts["refund:3"]
    assert (part.amount, part.currency, part.reason) == (Decimal("21.0"), "USD", "Broken")
    assert [(each.key, each.quantity) for each in part.cancelled] == [("15", 1)]
    apart = together({"data": [refund], "meta": {}}).parts["refund:3"]
    assert (apart.amount, apart.currency, apart.cancelled) == (Decimal("21.0"), "", ())
    assert together(order(refunded_amount="21.0000")).parts["refunded"].amount == 21


def test_shipments_and_digital_products():
    shipment = {
        "id": 6,
        "order_id": 250,
        "order_address_id": 39,
        "date_created": "Sat, 21 Nov 2026 10:00:00 +0000",
        "tracking_number": "EJ1",
        "shipping_provider": "usps",
        "items": [{"order_product_id": 15, "quantity": 1}],
    }
    sent = together([shipment]).parts["fulfillment:6"]
    assert (sent.carrier, sent.tracking_numbers, sent.units[0].key) == ("usps", ("EJ1",), "15")
    digital = together(
        order(shipping_address_count=0), [product(type="digital", order_address_id=0)]
    )
    assert digital.parts["address"].address is None
    assert not digital.parts["items"].items[0].ships


def webhook(scope, **data):
    return {"scope": scope, "data": data, "created_at": 1561479335, "producer": "stores/x"}


def test_a_webhook_says_only_what_to_fetch():
    for name in ("created", "updated", "statusUpdated", "archived", "refund/created"):
        reading = read(webhook(f"store/order/{name}", type="order", id=250))
        assert (reading.reports, reading.fetches) == ((), (Fetch("order", "250"),))
    gone = read(webhook("store/shipment/deleted", type="shipment", id=12, orderId=251))
    assert gone.fetches == (Fetch("order", "251"),)
    assert gone.reports[0].parts["fulfillment:12"].is_cancelled
    for other in ("store/product/created", "store/order/message/created"):
        assert read(webhook(other, id=1)).ignored == f"{other} is not about orders."
    with pytest.raises(Unreadable, match="It names no order"):
        read(webhook("store/order/created", id="../../x"))


def test_a_webhook_is_proven_by_the_client_secret():
    body = json.dumps(webhook("store/order/created", id=250)).encode()

    def signed(at):
        return signing.headers(
            message_id="m", timestamp=int(at.timestamp()), body=body, secrets_in_force=[b"client"]
        )

    BigCommerce().verify(Message(body, signed(NOW), NOW), ["client"])
    with pytest.raises(NotTheirs):
        BigCommerce().verify(Message(body, signed(NOW), NOW), ["another"])
    with pytest.raises(Stale):
        BigCommerce().verify(Message(body, signed(NOW.replace(hour=17)), NOW), ["client"])
    envelope = BigCommerce().envelope(Message(body, signed(NOW), NOW))
    assert (envelope.id, envelope.topic) == ("m", "store/order/created")


@pytest.mark.parametrize(
    "document",
    [
        {"status": 404, "title": "Not found", "type": "x"},
        [{"status": 404, "message": "Not found"}],
        {"data": [], "errors": [{"order_id": 1, "status": 422, "error": "Too much"}]},
    ],
)
def test_an_answer_that_says_no_is_put_aside_in_bigcommerces_words(document):
    told = read(document).ignored
    assert re.match(r"BigCommerce refused what was asked of it: 4\d\d \w+", told)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(1, 99_999), st.integers(0, 10**7), st.integers(0, 10**6)),
        min_size=1, max_size=4,
    ),
    st.integers(0, 10**5), st.sampled_from(["USD", "JPY", "KWD"]), st.booleans(),
)  # fmt: skip
def test_every_order_comes_to_what_bigcommerce_states(lines, sending, code, is_joined):
    unit = Decimal(1).scaleb(-exponent(code))
    bought = [
        product(
            id=n + 1,
            quantity=units,
            total_ex_tax=f"{net * unit:.4f}",
            total_inc_tax=f"{(net + tax) * unit:.4f}",
        )
        for n, (units, net, tax) in enumerate(lines)
    ]
    goods = sum(net + tax for _, net, tax in lines)
    head = order(
        default_currency_code=code,
        subtotal_inc_tax=f"{goods * unit:.4f}",
        shipping_cost_ex_tax=f"{sending * unit:.4f}",
        shipping_cost_inc_tax=f"{sending * unit:.4f}",
        handling_cost_ex_tax="0", handling_cost_inc_tax="0",
        wrapping_cost_ex_tax="0", wrapping_cost_inc_tax="0",
        total_inc_tax=f"{(goods + sending) * unit:.4f}",
    )  # fmt: skip
    known = together({**head, "products": bought}) if is_joined else together(head, bought)

    assert total(known) == known.parts["head"].total
    for item, (_, net, tax) in zip(known.parts["items"].items, lines, strict=True):
        assert line_total(item, code) == (net + tax) * unit


@pytest.mark.skipif(not PAYLOADS, reason="CHANNEL_PAYLOADS names no folder with payloads")
@pytest.mark.parametrize("folder", ["bigcommerce", "bigcommerce_webhooks"])
def test_every_real_payload_is_read_or_refused_in_words(folder):
    for path in sorted(Path(PAYLOADS).glob(f"{folder}/*")):
        assert outcome(BigCommerce(), path)
