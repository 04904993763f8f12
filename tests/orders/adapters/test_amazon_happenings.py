"""What happens at Amazon to an order: notifications, money given back, refusals."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oms.messaging.rules import signing
from orders.adapters.accounts import once
from orders.adapters.amazon import Amazon
from orders.adapters.messages import Message, NotTheirs, Unreadable
from orders.adapters.parts import Fetch, Refund

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ORDER = "902-1845936-5435065"


def read(document):
    return Amazon().read(Message(json.dumps(document).encode(), {}, NOW))


def notification(**summary):
    return {
        "NotificationType": "ORDER_CHANGE",
        "EventTime": "2026-11-20T12:00:00Z",
        "Payload": {"OrderChangeNotification": {"AmazonOrderId": ORDER, "Summary": summary}},
        "NotificationMetadata": {"NotificationId": "n-1"},
    }


def test_a_notification_says_what_to_look_at_and_what_the_buyer_asks():
    asked = notification(
        OrderItems=[{"OrderItemId": "1", "Quantity": 10, "IsBuyerRequestedCancel": True}]
    )
    wrapped = [
        asked,
        {"Type": "Notification", "TopicArn": "arn:x", "Message": json.dumps(asked)},
        {"detail-type": "ORDER_CHANGE", "detail": asked},
        {"Records": [{"messageId": "m", "body": json.dumps(asked)}]},
    ]
    for each in wrapped:
        reading = read(each)
        assert reading.fetches == (Fetch("order", ORDER),)
        (report,) = reading.reports
        assert report.as_of == datetime(2026, 11, 20, 12, tzinfo=UTC)
        assert report.parts["cancellation:asked"].units[0].quantity == 10
    gone = read(notification(OrderStatus="Canceled"))
    assert gone.reports[0].parts["cancellation"].units is None
    assert read(notification(OrderStatus="Shipped")).reports == ()
    other = read({"notificationType": "FEED_PROCESSING_FINISHED"})
    assert other.ignored == "FEED_PROCESSING_FINISHED is not about orders."


def test_money_given_back_in_finances_is_a_refund_of_the_order():
    def charge(kind, value):
        return {
            "ChargeType": kind,
            "ChargeAmount": {"CurrencyCode": "USD", "CurrencyAmount": value},
        }

    adjusted = {
        "OrderItemId": "1",
        "OrderAdjustmentItemId": "77",
        "ItemChargeAdjustmentList": [charge("Principal", -20.1), charge("Tax", -1.6)],
        "ItemFeeAdjustmentList": [{"FeeAmount": {"CurrencyCode": "USD", "CurrencyAmount": 3}}],
        "PromotionAdjustmentList": [
            {"PromotionAmount": {"CurrencyCode": "USD", "CurrencyAmount": 2.0}}
        ],
    }
    event = {
        "AmazonOrderId": ORDER,
        "PostedDate": "2026-11-22T10:00:00Z",
        "ShipmentItemAdjustmentList": [adjusted],
    }
    (report,) = read({"payload": {"FinancialEvents": {"RefundEventList": [event]}}}).reports
    refund = report.parts["refund:77"]
    assert (refund.amount, refund.currency, refund.returned) == (Decimal("19.70"), "USD", ())


def test_a_refund_among_transactions_is_what_the_buyer_got():
    def part(kind, value, *below):
        return {
            "breakdownType": kind,
            "breakdownAmount": {"currencyAmount": value, "currencyCode": "USD"},
            "breakdowns": list(below),
        }

    transaction = {
        "transactionType": "Refund",
        "postedDate": "2026-11-22T10:00:00Z",
        "totalAmount": {"currencyAmount": -17.0, "currencyCode": "USD"},
        "relatedIdentifiers": [
            {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": ORDER},
            {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "r-1"},
        ],
        "breakdowns": [
            part("Sales", -20.0, part("ProductCharges", -18.5), part("Tax", -1.5)),
            part("AmazonFees", 3.0, part("Commission", 3.0)),
        ],
    }
    (report,) = read({"payload": {"transactions": [transaction]}}).reports
    assert report.parts["refund:r-1"].amount == Decimal("20.00")


def given_back(**books):
    """Refunds of 20.00 as the books of Amazon tell them, posted on these days at noon."""
    return {
        f"refund:{book} {day}": Refund(
            Decimal("20.00"), "USD", at=datetime(2026, 11, day, 12, tzinfo=UTC), book=book
        )
        for book, days in books.items()
        for day in days
    }


def test_a_refund_that_both_interfaces_tell_of_is_one():
    names = {f"refund:20.00 USD:{number}" for number in (1, 2)}
    assert once(given_back(events=[3])).keys() == {"refund:20.00 USD:1"}
    assert once(given_back(transactions=[3])).keys() == {"refund:20.00 USD:1"}
    assert once(given_back(events=[3], transactions=[3])).keys() == {"refund:20.00 USD:1"}
    assert once(given_back(events=[3, 5], transactions=[5])).keys() == names
    assert once(given_back(events=[3], transactions=[5])).keys() == names
    other = {"refund:9": Refund(Decimal("20.00"), "USD")}
    assert once({**given_back(events=[3]), **other}).keys() == {"refund:20.00 USD:1", "refund:9"}


def test_an_answer_that_says_no_is_put_aside_in_amazons_words():
    pair = {"request": {}, "response": {"errors": [{"code": "InvalidInput", "message": "Bad id"}]}}
    assert read(pair).ignored == "Amazon refused what was asked of it: InvalidInput: Bad id."


def test_what_holds_no_order_is_put_aside_and_what_names_one_waits_for_somebody():
    for nothing in ([], {"hello": 1}, {"payload": {"features": []}}, {"orders": []}):
        reading = read(nothing)
        assert reading.ignored
        assert not reading.reports
    for order in ("x", {"payload": {"AmazonOrderId": ORDER, "Odd": 1}}, {"orderId": ORDER}):
        with pytest.raises(Unreadable):
            read(order)


def test_what_forwards_a_notification_proves_itself():
    body = json.dumps(notification()).encode()
    headers = signing.headers(
        message_id="m", timestamp=int(NOW.timestamp()), body=body, secrets_in_force=[b"forwarder"]
    )
    Amazon().verify(Message(body, headers, NOW), ["forwarder"])
    with pytest.raises(NotTheirs):
        Amazon().verify(Message(body + b" ", headers, NOW), ["forwarder"])
    assert Amazon().envelope(Message(body, headers, NOW)).topic == "ORDER_CHANGE"
    assert Amazon().envelope(Message(b"{", headers, NOW)).topic == ""
