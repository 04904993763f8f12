"""Orders that Amazon itself places: what it buys, and what is sent to its customers for it."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from orders.adapters.amazon import Amazon
from orders.adapters.messages import Message, Unreadable

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def read(document):
    return Amazon().read(Message(json.dumps(document).encode(), {}, NOW))


def bought(**fields):
    """A purchase order as Retail Procurement answers with it."""
    item = {
        "itemSequenceNumber": "1",
        "amazonProductIdentifier": "B0748G1ABC",
        "vendorProductIdentifier": "0017817748000",
        "orderedQuantity": {"amount": 24, "unitOfMeasure": "Cases", "unitSize": 5},
        "netCost": {"amount": "94.97", "currencyCode": "EUR"},
        "listPrice": {"amount": "120.00", "currencyCode": "EUR"},
        **fields.pop("item", {}),
    }
    return {
        "purchaseOrderNumber": "4Z32PABC",
        "purchaseOrderState": fields.pop("state", "New"),
        "orderDetails": {
            "purchaseOrderDate": "2026-11-20T11:10:00Z",
            "purchaseOrderStateChangedDate": "2026-11-21T11:10:00Z",
            "purchaseOrderType": "RushOrder",
            "paymentMethod": "Invoice",
            "buyingParty": {"partyId": "ABCD"},
            "shipToParty": {"partyId": "XYZ1"},
            "shipWindow": "2026-11-26T07:00:00Z--2026-12-03T07:00:00Z",
            "items": [item],
            **fields,
        },
    }


def sent_for_amazon(status="NEW"):
    """A purchase order of Direct Fulfillment."""
    return {
        "purchaseOrderNumber": "2JK3S9VC",
        "orderDetails": {
            "customerOrderNumber": "123-ABC",
            "orderDate": "2026-11-20T13:51:00Z",
            "orderStatus": status,
            "shipmentDetails": {
                "isGift": True,
                "shipMethod": "UPS_2ND",
                "shipmentDates": {"promisedDeliveryDate": "2026-11-24T00:00:00Z"},
                "messageToCustomer": "Thank you",
            },
            "shipToParty": {
                "name": "Robin Vale",
                "attention": "Reception",
                "addressLine1": "123 XYZ Street",
                "city": "San Jose",
                "stateOrRegion": "CA",
                "postalCode": "94086",
                "countryCode": "USA",
            },
            "items": [
                {
                    "itemSequenceNumber": "00002",
                    "buyerProductIdentifier": "B07DFYF5AB",
                    "vendorProductIdentifier": "8806098286123",
                    "title": "Tea",
                    "orderedQuantity": {"amount": 2, "unitOfMeasure": "EACH"},
                    "netPrice": {"currencyCode": "USD", "amount": "700"},
                    "taxDetails": {
                        "taxLineItem": [
                            {"taxRate": "0.1", "type": "TOTAL",
                             "taxAmount": {"currencyCode": "USD", "amount": "140"}},
                        ]
                    },
                    "giftDetails": {"giftMessage": "For you"},
                }
            ],
        },
    }  # fmt: skip


def test_what_amazon_buys_is_an_order_that_is_paid_on_invoice():
    (report,) = read({"payload": bought()}).reports
    head, (item,) = report.parts["head"], report.parts["items"].items

    assert (report.order, report.as_of.day) == ("4Z32PABC", 21)
    assert (item.quantity, item.unit_price, item.sku) == (120, Decimal("94.97"), "0017817748000")
    assert (head.currency, head.captured, head.total) == ("EUR", 0, None)
    assert (head.payment_method, head.customer.name, head.tags) == (
        "Invoice", "Amazon ABCD", ("rushorder",)
    )  # fmt: skip
    assert head.deliver_by == datetime(2026, 12, 3, 7, tzinfo=UTC)
    assert head.metadata["shipToParty"] == "XYZ1"
    assert "address" not in report.parts


def test_what_is_sent_for_amazon_goes_to_its_customer():
    (report,) = read({"payload": {"orders": [sent_for_amazon()]}}).reports
    head, (item,) = report.parts["head"], report.parts["items"].items
    place = report.parts["address"].address

    assert (head.name, head.service, head.notes, head.tags) == (
        "123-ABC", "UPS_2ND", "Thank you", ("gift",)
    )  # fmt: skip
    assert (place.name, place.company, place.country) == ("Robin Vale", "Reception", "US")
    assert (item.quantity, item.unit_price, item.tax) == (2, Decimal(700), Decimal(140))
    assert item.said == {"Gift message": "For you"}


def test_every_form_that_amazon_answers_in_is_read():
    order = sent_for_amazon()
    for document in (order, [order], {"orders": [order]}, {"payload": {"orders": [order]}}):
        assert [report.order for report in read(document).reports] == ["2JK3S9VC"]


def test_the_further_state_is_the_later_one():
    said = [read(sent_for_amazon(state)).reports[0] for state in ("NEW", "SHIPPED", "CANCELLED")]
    assert sorted(said, key=lambda each: each.as_of) == said
    assert said[1].as_of - said[0].as_of < timedelta(seconds=1)
    assert said[1].parts["fulfilled"].units is None
    assert said[2].parts["cancellation"].units is None


def test_what_amazon_has_received_was_sent():
    assert read({"payload": bought(state="Closed")}).reports[0].parts["fulfilled"].units is None
    received = {"amount": 3, "unitOfMeasure": "Cases", "unitSize": 5}
    item = {"itemSequenceNumber": "1", "receivingStatus": {"receivedQuantity": received}}
    state = {
        "purchaseOrderNumber": "4Z32PABC",
        "lastUpdatedDate": "2026-11-25T00:00:00Z",
        "itemStatus": [item],
    }
    (report,) = read({"payload": {"ordersStatus": [state]}}).reports
    assert [(each.key, each.quantity) for each in report.parts["fulfilled"].units] == [("1", 15)]


def test_a_price_by_weight_is_said_and_waits_for_somebody():
    price = {"amount": "1.50", "currencyCode": "EUR", "unitOfMeasure": "POUNDS"}
    (report,) = read(bought(item={"netCost": price})).reports
    assert not report.parts["head"].is_ready
    assert report.parts["items"].items[0].unit_price == 0
    assert "1.50 EUR per POUNDS" in report.parts["head"].notes


def test_numbers_alone_are_no_orders_and_an_order_without_prices_is_refused():
    assert (
        "only lists numbers"
        in read({"payload": {"orders": [{"purchaseOrderNumber": "A"}]}}).ignored
    )
    with pytest.raises(Unreadable, match="no item of it has a price"):
        read(bought(item={"netCost": None, "listPrice": None}))
