"""What happens at Amazon to an order: notifications, money given back, refusals."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oms.messaging.rules import signing
from orders.adapters.amazon import Amazon
from orders.adapters.messages import Message, NotTheirs, Unreadable
from orders.adapters.parts import Fetch

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


def test_a_refusal_of_amazon_is_told_in_its_words():
    pair = {"request": {}, "response": {"errors": [{"code": "InvalidInput", "message": "Bad id"}]}}
    with pytest.raises(Unreadable, match="Amazon refused what was asked of it: InvalidInput: Bad"):
        read(pair)
    for nothing in ([], "x", {"hello": 1}, {"payload": {"AmazonOrderId": ORDER, "Odd": 1}}):
        with pytest.raises(Unreadable):
            read(nothing)


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
