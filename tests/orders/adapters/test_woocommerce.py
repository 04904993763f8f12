"""What orders of WooCommerce become."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oms.customers.addresses import Address
from orders.adapters.messages import Message, NotTheirs, Unreadable
from orders.adapters.parts import Cancellation, Fulfillment, Refund, Tax, Units
from orders.adapters.woocommerce import WooCommerce
from tests.orders.adapters.totals import reached
from tests.orders.adapters.woocommerce import NOW, SECRET, line, message, order, parts, read


def test_a_body_is_proven_by_its_signature():
    WooCommerce().verify(message(order()), ["next", SECRET])
    for wrong in (message(order(), secret="other"), Message(b"{}", {}, NOW)):
        with pytest.raises(NotTheirs):
            WooCommerce().verify(wrong, [SECRET])


def test_trying_out_a_webhook_is_answered_though_nobody_signed_it():
    ping = Message(b"webhook_id=142", {}, NOW)

    WooCommerce().verify(ping, [SECRET])

    assert WooCommerce().envelope(ping).topic == "ping"
    assert "tries out" in WooCommerce().read(ping).ignored
    for wrong in (
        Message(b"webhook_id=142&order=1", {}, NOW),
        Message(b"webhook_id=142", {"x-wc-webhook-signature": "x"}, NOW),
    ):
        with pytest.raises(NotTheirs):
            WooCommerce().verify(wrong, [SECRET])


def test_an_order_is_read_alone_in_a_list_and_in_a_batch():
    alone = read(order(), topic="order.updated")

    assert alone == read(order()) == read([order()])
    batch = read({"create": [order()], "update": [{"id": 1, "error": {}}], "delete": [order(id=5)]})
    assert batch.reports[0] == alone.reports[0]
    assert batch.reports[1].parts["cancellation"].units is None
    [report] = alone.reports
    head, [item] = report.parts["head"], report.parts["items"].items
    assert (report.order, head.name, head.state, head.total) == ("727", "#727", "processing", 9)
    assert (head.captured, head.is_ready, head.payment_method) == (9, True, "bacs")
    assert head.placed_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert (head.customer.name, head.customer.external_id) == ("Ada Byron", "")
    assert (item.key, item.sku, item.listing, item.name) == ("315", "TEA-01", "93", "Tea & Green")
    assert report.parts["address"].address == Address(
        name="Ada Byron",
        line1="Keizersgracht 1",
        city="Amsterdam",
        postal_code="1015 AA",
        country="NL",
        company="Byron & Co",
        phone="+31 6",
    )
    assert report.parts["cancellation"] == Cancellation(units=())


def test_coupons_fees_and_shipping():
    said = parts(
        order(
            line(subtotal="10.00", total="8.00", total_tax="0.72"),
            line(316, subtotal="5.00", total="0.00", quantity=1),
            fee_lines=[
                {"id": 1, "name": "Gift wrap", "total": "2.00", "total_tax": "0.18"},
                {"id": 2, "name": "Loyalty", "total": "-1.00", "total_tax": "-0.09"},
            ],
            shipping_lines=[
                {"method_id": "flat_rate", "method_title": "Flat &amp; fast", "total": "4.00"},
                {"method_id": "flat_rate", "method_title": "Other", "total": "1.00"},
            ],
            shipping_total="5.00",
            shipping_tax="0.45",
            total="15.26",
        )
    )

    first, free, wrap = said["items"].items
    assert (first.unit_price, first.discount, first.tax) == (5, 2, Decimal("0.72"))
    assert (free.unit_price, free.discount) == (5, 5)
    assert (wrap.key, wrap.name, wrap.unit_price, wrap.ships) == ("fee:1", "Gift wrap", 2, False)
    assert said["head"].discount == Decimal("1.09")
    assert said["head"].service == "Flat & fast"
    assert reached(said) == Decimal("15.26")


def test_cents_that_the_lines_are_off_are_dealt_out_as_the_shop_adds_them_up():
    taxed = [
        line(n, quantity=1, subtotal=net, total=net, price=float(net), total_tax=tax, taxes=[
            {"id": 75, "total": exact}
        ])
        for n, net, tax, exact in
        [(1, "15.00", "1.13", "1.125"), (2, "3.00", "0.23", "0.225"), (3, "12.00", "0.90", "0.9")]
    ]  # fmt: skip
    gross = [
        line(n, quantity=1, subtotal="2.07", total="2.07", price=2.0661157, total_tax="0.43",
             taxes=[{"id": 75, "total": "0.4338843"}])
        for n in (1, 2)
    ] + [line(3, quantity=1, subtotal="4.55", total="4.55", price=4.545, total_tax="0.46",
              taxes=[{"id": 75, "total": "0.455"}])]  # fmt: skip

    on_top = parts(order(*taxed, total="32.25"))
    within = parts(order(*gross, total="10.00", prices_include_tax=True))
    wrong = parts(order(*taxed, total="31.00"))

    assert [item.tax for item in on_top["items"].items] == [
        Decimal("1.13"),
        Decimal("0.22"),
        Decimal("0.90"),
    ]
    assert reached(on_top) == Decimal("32.25")
    assert reached(within) == 10
    assert [item.discount for item in within["items"].items] == [0, 0, 0]
    assert reached(wrong) == Decimal("32.26")


def test_several_taxes_are_named_by_the_order():
    labels = [
        {"rate_id": 1, "label": "State", "rate_percent": 6},
        {"rate_id": 2, "rate_code": "US-CITY", "label": ""},
    ]
    taxes = [{"id": 1, "total": "0.54"}, {"id": 2, "total": "0.10"}, {"id": 3, "total": ""}]

    [item] = parts(order(line(taxes=taxes, total_tax="0.64"), tax_lines=labels))["items"].items

    assert item.taxes == (
        Tax("State", Decimal("0.54"), Decimal("0.06")),
        Tax("US-CITY", Decimal("0.10")),
    )


def test_an_order_paid_in_part_by_gift_cards_comes_to_its_total():
    said = parts(order(total="4.00", gift_cards=[{"id": 1, "code": "X", "amount": 5}]))

    assert said["head"].discount == 5
    assert reached(said) == 4


@pytest.mark.parametrize(
    ("status", "is_ready", "is_off", "is_sent"),
    [
        ("pending", False, False, False),
        ("on-hold", False, False, False),
        ("failed", False, False, False),
        ("processing", True, False, False),
        ("wc-processing", True, False, False),
        ("packed-by-plugin", True, False, False),
        ("completed", True, False, True),
        ("cancelled", True, True, False),
        ("refunded", True, True, False),
        ("trash", True, True, False),
    ],
)
def test_what_a_status_means(status, is_ready, is_off, is_sent):
    said = parts(order(status=status))

    assert said["head"].is_ready is is_ready
    assert (said["cancellation"].units is None) is is_off
    assert ("fulfillment:completed" in said) is is_sent
    assert said.get("fulfillment:completed") in (None, Fulfillment(units=None))


def test_money_is_there_when_the_shop_says_when_it_came():
    assert parts(order(date_paid_gmt=None))["head"].captured == 0
    assert parts(order(date_paid_gmt=None, date_paid="2026-11-23T09:01:00"))["head"].captured == 9


def test_of_two_documents_within_one_second_the_one_further_along_is_later():
    ranked = ["pending", "on-hold", "processing", "completed", "refunded"]

    moments = [read(order(status=status)).reports[0].as_of for status in ranked]

    assert sorted(moments) == moments
    assert len(set(moments)) == len(ranked)


def test_refunds_are_summed_by_the_order_and_told_apart_by_themselves():
    refund = {
        "id": 726,
        "date_created_gmt": "2026-11-23T20:07:11",
        "amount": "10.00",
        "reason": "Broken",
        "refunded_by": 1,
        "refunded_payment": False,
        "line_items": [
            {"id": 9, "quantity": -1, "meta_data": [{"key": "_refunded_item_id", "value": "315"}]},
            {"id": 8, "quantity": 0, "meta_data": []},
        ],
        "_links": {"up": [{"href": "https://example.com/wp-json/wc/v3/orders/723"}]},
    }

    [report] = read(refund).reports
    summed = parts(order(refunds=[{"id": 1, "reason": "", "total": "-2.50"},
                                  {"id": 2, "reason": "Broken", "total": "-1.00"}]))  # fmt: skip

    at = datetime(2026, 11, 23, 20, 7, 11, tzinfo=UTC)
    assert (report.order, report.as_of) == ("723", at)
    assert report.parts == {
        "refund:726": Refund(Decimal(10), "", at, "Broken", unsaid=(Units("315", 1),))
    }
    assert read([{**refund, "_links": {}, "parent_id": 723}]).reports == (report,)
    assert summed["refunded"] == Refund(Decimal("3.50"), "EUR", reason="Broken")


def test_deleted_restored_and_brought_back():
    assert parts({"id": 727}, topic="order.deleted") == {
        "cancellation": Cancellation(reason="Deleted in WooCommerce")
    }
    assert parts(order(), topic="order.restored")["cancellation"].units == ()


def test_pickup_digital_goods_and_an_address_left_out():
    pickup = {"method_id": "pickup_location", "method_title": "Pickup", "total": "0", "meta_data": [
        {"key": "pickup_location", "value": "Store West"}]}  # fmt: skip

    collected = parts(order(shipping_lines=[pickup]))["head"]
    digital = parts(order(needs_processing=False, shipping={"first_name": ""}))
    billed = parts(order(shipping={}, shipping_lines=[{"method_id": "flat_rate", "total": "0"}]))

    assert (collected.service, collected.pickup_location) == ("pickup", "Store West")
    assert not digital["items"].items[0].ships
    assert digital["address"].address is None
    assert billed["address"].address.line1 == "Billing 1"


def test_what_was_chosen_on_a_line_is_kept():
    chosen = line(quantity=1, variation_id=23, meta_data=[
        {"key": "pa_color", "value": "black", "display_key": "Color", "display_value": "Black"},
        {"key": "_reduced_stock", "value": "1"},
        {"key": "gift", "value": {"a": 1}},
    ])  # fmt: skip

    [item] = parts(order(line(quantity=0), chosen))["items"].items

    assert (item.said, item.listing) == ({"Color": "Black"}, "23")


@pytest.mark.parametrize(
    ("document", "topic", "why"),
    [
        ({"id": 1}, "customer.created", "Customers come"),
        ({"id": 1}, "product.updated", "Products are kept"),
        ({"id": 1}, "coupon.deleted", "Coupons come"),
        ({"action": "x", "arg": 5}, "action.woocommerce_order_refunded", "order.updated brings"),
        ({"id": 1, "name": "Tea"}, "", "id, name"),
        ([], "", "empty"),
        (order(status="checkout-draft"), "order.created", "not finished"),
        ({"id": 1, "order_key": "x"}, "", "Too little"),
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
        b"webhook_id=",
        b"null",
        {"order": {"id": 1, "line_items": []}},
        order(id=None),
        order(currency="EURO"),
        order(line(quantity=0.5)),
        order(line(total="x")),
        {"id": 1, "amount": "1", "refunded_by": 1},
        {"create": [{"line_items": [], "billing": {}}]},
    ],
)
def test_what_cannot_be_an_order_is_unreadable(document):
    with pytest.raises(Unreadable):
        read(document)
