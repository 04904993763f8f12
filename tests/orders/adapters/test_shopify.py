"""What orders of Shopify become."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oms.customers.addresses import Address
from orders.adapters.messages import NotTheirs, Unreadable
from orders.adapters.parts import Cancellation, Fulfillment, Tax, Units
from orders.adapters.shopify import Shopify
from tests.orders.adapters.shopify import SECRET, line, message, money, order, parts, read
from tests.orders.adapters.totals import reached


def test_a_body_is_proven_by_its_signature_with_any_secret_in_force():
    Shopify().verify(message(order()), ["next", SECRET])
    for wrong in (
        message(order(), secret="other"),
        message(order(), **{"x-shopify-hmac-sha256": ""}),
        message(order(), **{"x-shopify-hmac-sha256": "é"}),
    ):
        with pytest.raises(NotTheirs):
            Shopify().verify(wrong, [SECRET])
    with pytest.raises(NotTheirs):
        Shopify().verify(message(b"{}", secret=""), [""])
    told = message(order())
    with pytest.raises(NotTheirs):
        Shopify().verify(type(told)(told.body + b" ", told.headers, told.received_at), [SECRET])


def test_the_outside_of_a_message_is_read_though_its_inside_is_not():
    told = message(b"not json", topic="orders/create", **{"x-shopify-webhook-id": "b54557e4"})

    outside = Shopify().envelope(told)

    assert (outside.id, outside.topic) == ("b54557e4", "orders/create")
    with pytest.raises(Unreadable):
        Shopify().read(told)


def test_an_order_is_read_alone_in_its_wrapper_and_in_a_list():
    alone = read(order(), topic="orders/create")

    assert alone == read(order())
    assert alone == read({"order": order(), "notice": "…"})
    assert alone == read({"orders": [order()]}) == read([order()])
    [report] = alone.reports
    assert report.order == "1001"
    assert report.as_of == datetime(2026, 11, 23, 9, 5, 0, 30, tzinfo=UTC)
    head, [item] = report.parts["head"], report.parts["items"].items
    assert (head.name, head.state, head.total, head.captured) == ("#1001", "paid", 9, 9)
    assert head.placed_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert (head.customer.name, head.customer.external_id) == ("Ada Byron", "7")
    assert (item.key, item.sku, item.listing, item.quantity) == ("11", "TEA-01", "71", 2)
    assert item.unit_price == Decimal("4.50")
    assert report.parts["address"].address == Address(
        name="Ada Byron",
        line1="Keizersgracht 1",
        city="Amsterdam",
        postal_code="1015 AA",
        country="NL",
    )


def test_a_price_with_tax_in_it_is_taken_apart():
    taxed = line(
        quantity=3, price="0.10", tax_lines=[{"title": "VAT", "price": "0.05", "rate": 0.21}]
    )

    said = parts(order(taxed, taxes_included=True, total_price="0.30"))

    [item] = said["items"].items
    assert (item.unit_price, item.tax) == (Decimal("0.083334"), Decimal("0.05"))
    assert item.taxes == (Tax("VAT", Decimal("0.05"), Decimal("0.21")),)
    assert reached(said) == Decimal("0.30")


def test_discounts_are_taken_from_their_shares_and_not_twice():
    shared = line(total_discount="1.00", discount_allocations=[{"amount": "1.00"}])
    old = line(12, total_discount="2.00")
    free = line(13, price="5.00", quantity=1, discount_allocations=[{"amount": "5.00"}])

    said = parts(order(shared, old, free, total_discounts="8.00", total_price="15.00"))

    assert [item.discount for item in said["items"].items] == [1, 2, 5]
    assert said["head"].discount == 0
    assert reached(said) == 15


def test_a_discount_of_a_document_without_shares_is_taken_off_the_order():
    lines = [{k: v for k, v in line(n).items() if k != "discount_allocations"} for n in (1, 2)]

    said = parts(order(*lines, total_discounts="3.00", total_price="15.00"))

    assert said["head"].discount == 3
    assert reached(said) == 15


def test_free_shipping_and_tax_on_it():
    free = {"title": "Post", "price": "4.95", "discount_allocations": [{"amount": "4.95"}]}
    express = {
        "title": "Express",
        "price": "6.05",
        "discounted_price": "6.05",
        "tax_lines": [{"title": "VAT", "price": "1.05"}],
    }

    on_top = parts(order(shipping_lines=[free, express], total_price="16.10"))
    within = parts(order(shipping_lines=[free, express], taxes_included=True, total_price="15.05"))

    assert (on_top["head"].shipping_amount, on_top["head"].shipping_tax) == (
        Decimal("6.05"),
        Decimal("1.05"),
    )
    assert within["head"].shipping_amount == 5
    assert within["head"].service == "Post"
    assert (reached(on_top), reached(within)) == (Decimal("16.10"), Decimal("15.05"))


def test_tax_that_only_the_order_states_is_spread_over_what_is_taxable():
    lines = line(1), line(2, taxable=False), line(3, quantity=1)

    said = parts(order(*lines, total_tax="1.00", total_price="23.50"))

    assert [item.tax for item in said["items"].items] == [Decimal("0.67"), 0, Decimal("0.33")]
    assert reached(said) == Decimal("23.50")


def test_tips_duties_and_fees_stand_among_the_items_when_the_total_counts_them():
    extras = {
        "total_tip_received": "2.00",
        "original_total_duties_set": money("3.00"),
        "original_total_additional_fees_set": money("1.00"),
    }

    counted = parts(order(total_price="15.00", **extras))
    uncounted = parts(order(total_price="9.00", **extras))
    tipped = parts(
        order(line(), line(12, price="2.00", quantity=1, tip_payment_gateway="x"),
              total_price="11.00", total_tip_received="2.00")
    )  # fmt: skip

    assert [(i.key, i.ships) for i in counted["items"].items] == [
        ("11", True),
        ("tip", False),
        ("duties", False),
        ("fees", False),
    ]
    assert [item.key for item in uncounted["items"].items] == ["11"]
    assert [(item.key, item.ships) for item in tipped["items"].items] == [
        ("11", True),
        ("12", False),
    ]
    assert [reached(each) for each in (counted, uncounted, tipped)] == [15, 9, 11]


def test_lines_without_sku_or_variant_and_lines_that_never_ship():
    custom = line(12, sku=None, variant_id=None, properties=[
        {"name": "Engraving", "value": "For\nMum"}, {"name": "_id", "value": "x"}
    ])  # fmt: skip
    card = line(13, gift_card=True)
    download = line(14, requires_shipping=False, price=0)

    items = parts(order(line(quantity=0), custom, card, download))["items"].items

    assert [(i.key, i.sku, i.listing, i.ships) for i in items] == [
        ("12", "", "", True),
        ("13", "TEA-01", "71", False),
        ("14", "TEA-01", "71", False),
    ]
    assert items[0].said == {"Engraving": "For\nMum"}


@pytest.mark.parametrize(
    ("status", "more", "authorized", "captured", "is_ready"),
    [
        ("pending", {}, 0, 0, False),
        ("authorized", {}, 9, 0, True),
        ("partially_paid", {"total_outstanding": "4.00"}, 0, 5, True),
        ("partially_paid", {}, None, None, True),
        ("paid", {}, 0, 9, True),
        ("paid", {"test": True}, 0, 9, False),
        ("partially_refunded", {}, 0, 9, True),
        ("refunded", {}, 0, 9, True),
        ("voided", {}, 0, 0, False),
        ("expired", {}, 0, 0, False),
    ],
)
def test_what_a_financial_status_means(status, more, authorized, captured, is_ready):
    head = parts(order(financial_status=status, **more))["head"]

    assert (head.authorized, head.captured, head.is_ready) == (authorized, captured, is_ready)


def test_an_order_is_in_the_currency_of_the_shop_and_says_what_the_customer_saw():
    head = parts(order(presentment_currency="JPY", total_price_set=money("9.00", "1431")))["head"]

    assert (head.currency, head.total) == ("EUR", 9)
    assert head.metadata["presentment"] == {"currency": "JPY", "total": "1431"}


def test_refunds_say_what_went_back_what_is_not_sent_and_what_came_back():
    refund = {
        "id": 509,
        "order_id": 1001,
        "created_at": "2026-11-23T11:00:00Z",
        "note": "broke",
        "refund_line_items": [
            {"line_item_id": 11, "quantity": 1, "restock_type": "return"},
            {"line_item_id": 12, "quantity": 2, "restock_type": "cancel"},
            {"line_item_id": 12, "quantity": 1, "restock_type": "no_restock"},
        ],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": 4.5, "currency": "EUR"},
            {"kind": "refund", "status": "failure", "amount": "9.00", "currency": "EUR"},
        ],
    }

    alone = parts(refund, topic="refunds/create")

    assert alone == parts({"refund": refund}) == parts(refund) == parts({"refunds": [refund]})
    told = alone["refund:509"]
    assert (told.amount, told.currency, told.reason) == (Decimal("4.5"), "EUR", "broke")
    assert told.returned == (Units("11", 1),)
    assert told.cancelled == (Units("12", 2),)
    assert told.paid == (Units("12", 1),)
    assert "cancellation:refund-509" not in alone
    assert parts(order(refunds=[refund]))["refund:509"] == told


def test_units_paid_back_that_had_not_left_by_then_are_not_sent_any_more():
    def paid_back(nth, hour, quantity):
        line = {"line_item_id": 12, "quantity": quantity, "restock_type": "no_restock"}
        created_at = f"2026-11-23T{hour}:00:00Z"
        return {"id": nth, "created_at": created_at, "refund_line_items": [line]}

    def sent(hour, quantity, status="success"):
        line = {"id": 12, "quantity": quantity}
        created_at = f"2026-11-23T{hour}:00:00Z"
        return {"id": hour, "created_at": created_at, "status": status, "line_items": [line]}

    def unsent(refunds, fulfillments):
        told = parts(order(refunds=refunds, fulfillments=fulfillments))
        return {
            key: told[key].units[0].quantity for key in told if key.startswith("cancellation:r")
        }

    assert unsent([paid_back(1, 11, 2)], []) == {"cancellation:refund-1": 2}
    assert unsent([paid_back(1, 11, 2)], [sent(10, 2)]) == {}
    assert unsent([paid_back(1, 11, 2)], [sent(10, 1)]) == {"cancellation:refund-1": 1}
    assert unsent([paid_back(1, 11, 2)], [sent(12, 1)]) == {"cancellation:refund-1": 2}
    assert unsent([paid_back(1, 11, 2)], [sent(10, 2, "cancelled")]) == {"cancellation:refund-1": 2}
    assert unsent([paid_back(2, 12, 2), paid_back(1, 11, 1)], [sent(10, 2)]) == {
        "cancellation:refund-2": 1
    }
    assert unsent([paid_back(1, 11, 2)], None) == {}


def test_a_refund_in_the_customers_currency_is_worth_what_its_lines_say_in_the_shops():
    refund = {
        "id": 509,
        "order_id": 1001,
        "refund_line_items": [
            {"line_item_id": 11, "quantity": 1, "subtotal_set": money("4.50", "715"),
             "total_tax_set": money("0.50", "79")},
        ],
        "order_adjustments": [
            {"kind": "shipping_refund", "amount": "-2.00", "amount_set": money("-2.00", "-318")}
        ],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": "1112", "currency": "JPY"}
        ],
    }  # fmt: skip

    told = parts(refund)["refund:509"]

    assert (told.amount, told.currency) == (7, "EUR")


def test_fulfillments_say_what_was_sent_and_what_was_taken_back():
    sent = {
        "id": 255,
        "order_id": 1001,
        "status": "success",
        "created_at": "2026-11-23T12:00:00Z",
        "updated_at": "2026-11-23T13:00:00Z",
        "tracking_company": "UPS",
        "tracking_numbers": ["1Z1", "1Z2"],
        "shipment_status": "delivered",
        "location_id": 65,
        "line_items": [line(quantity=1)],
    }

    [report] = read(sent, topic="fulfillments/update").reports
    back = parts({"fulfillment": {**sent, "status": "cancelled"}})

    assert report.as_of == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert report.parts["fulfillment:255"] == Fulfillment(
        units=(Units("11", 1),),
        at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
        carrier="UPS",
        tracking_numbers=("1Z1", "1Z2"),
        location="65",
        is_delivered=True,
    )
    assert back["fulfillment:255"].is_cancelled
    assert "sent nothing" in read({**sent, "status": "pending"}).ignored


def test_payments_are_known_by_their_transactions():
    def transaction(**said):
        return {"id": 5, "order_id": 1001, "kind": "sale", "status": "success", "amount": "9.00",
                "currency": "EUR", "gateway": "paypal", **said}  # fmt: skip

    assert parts(transaction())["payment:5"].state == "captured"
    assert parts(transaction(kind="authorization"))["payment:5"].state == "authorized"
    assert parts(transaction(id=6, kind="capture", parent_id=5))["payment:6"].state == "captured"
    assert parts(transaction(id=6, kind="void", parent_id=5))["payment:5"].state == "voided"
    assert "refunds/create" in read(transaction(kind="refund")).ignored
    assert "moved no money" in read(transaction(status="failure")).ignored
    assert len(read({"transactions": [transaction(), transaction(id=6)]}).reports) == 2


def test_cancelled_deleted_edited_and_asked_to_stop():
    cancelled = parts(order(cancelled_at="2026-11-23T12:00:00Z", cancel_reason="customer"))
    deleted = parts({"id": 1001}, topic="orders/delete")
    edited = parts(order(line(quantity=3, current_quantity=1), refunds=[
        {"id": 1, "refund_line_items": [{"line_item_id": 11, "quantity": 1}]}
    ]))  # fmt: skip
    asked = parts({"fulfillment_order": {
        "id": 8, "order_id": 1001, "assigned_location_id": 1,
        "request_status": "cancellation_requested",
        "line_items": [{"line_item_id": 11, "quantity": 2}],
    }})  # fmt: skip

    assert cancelled["cancellation"].units is None
    assert cancelled["cancellation"].reason == "customer"
    assert deleted == {"cancellation": Cancellation(reason="Deleted in Shopify")}
    assert edited["cancellation:removed"].units == (Units("11", 1),)
    assert asked["cancellation:8"].units == (Units("11", 2),)
    assert asked["cancellation:8"].is_asked


def test_of_two_documents_within_one_second_the_one_further_along_is_later():
    refund = {"id": 1, "refund_line_items": []}
    said = [
        order(financial_status="pending"),
        order(),
        order(fulfillments=[{"id": 1}]),
        order(financial_status="refunded", refunds=[refund], fulfillments=[{"id": 1}]),
        order(cancelled_at="2026-11-23T12:00:00Z"),
    ]

    moments = [read(each).reports[0].as_of for each in said]

    assert sorted(moments) == moments
    assert len(set(moments)) == 5


def test_pickup_company_and_other_scripts():
    said = parts(
        order(
            shipping_lines=[{"title": "Store West", "price": "0", "delivery_category": "pickup"}],
            shipping_address={
                "first_name": "花子", "last_name": "山田", "phone": "+81 3",
                "company": "株式会社\u202e",
                "address1": "1-1", "city": "東京", "country": "Japan", "province": "東京都",
                "latitude": "35.6", "longitude": 139.7,
            },
            customer=None,
            email=None,
        )
    )  # fmt: skip

    address, head = said["address"].address, said["head"]
    assert (address.name, address.company, address.country) == ("花子 山田", "株式会社", "JP")
    assert (address.latitude, address.longitude) == (35.6, 139.7)
    assert (head.service, head.pickup_location) == ("pickup", "Store West")
    assert head.customer.name == "花子 山田"
    assert parts(order(shipping_address=None))["address"].address is None


@pytest.mark.parametrize(
    ("document", "topic", "why"),
    [
        ({"id": 1, "line_items": []}, "draft_orders/create", "A draft is no order"),
        ({"draft_order": {"id": 1}}, "", "A draft is no order"),
        ({"order_edit": {"id": 1}}, "orders/edited", "orders/updated brings"),
        ({"id": 1, "title": "Tea"}, "products/update", "products/update"),
        ({"id": 1, "status": "in_transit"}, "fulfillment_events/create", "fulfillments/update"),
        ({"product": {"id": 1}}, "", "product"),
        ({}, "", "empty"),
        ([1, 2], "", "empty"),
        ({"order": {"id": 1, "name": "#1"}}, "", "Too little"),
    ],
)
def test_what_is_about_something_else_is_ignored_with_a_reason(document, topic, why):
    reading = read(document, topic=topic)

    assert reading.reports == ()
    assert why in reading.ignored


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"order": {"id": 1, "total_price": NaN}}',
        b"\xff",
        {"order": {"line_items": [{"variant_id": 447654529, "quantity": 1}]}},
        {"order": order(currency="EURO")},
        {"order": order(line(quantity=-1))},
        {"order": order(line(quantity=1.5))},
        {"order": order(line(quantity=None))},
        {"order": order(line(price="ten"))},
        {"order": order(line(price=None))},
        {"order": order(line_items="none")},
        {"order": order(total_price="1e99")},
        {"order": order(refunds=[1])},
        {"refund": {"id": 1, "refund_line_items": []}},
    ],
)
def test_what_cannot_be_an_order_is_unreadable(document):
    with pytest.raises(Unreadable):
        read(document)
