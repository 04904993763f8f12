"""Amazon's documents, invented after what the Selling Partner API promises of them."""

import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms.core.money import exponent
from orders.adapters.amazon import Amazon
from orders.adapters.messages import Message, Unreadable
from orders.adapters.parts import Fetch, Report, everything_ordered
from tests.orders.adapters.sums import line_total, outcome, total

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ORDER = "902-1845936-5435065"
PAYLOADS = os.environ.get("CHANNEL_PAYLOADS", "")


def read(document):
    return Amazon().read(Message(json.dumps(document).encode(), {}, NOW))


def order(**changed):
    return {
        "AmazonOrderId": ORDER,
        "PurchaseDate": "2026-11-20T10:00:00Z",
        "LastUpdateDate": "2026-11-20T11:00:00Z",
        "OrderStatus": "Unshipped",
        "FulfillmentChannel": "MFN",
        "OrderTotal": {"CurrencyCode": "USD", "Amount": "32.40"},
        "PaymentMethod": "Other",
        "PaymentMethodDetails": ["CreditCard"],
        "MarketplaceId": "ATVPDKIKX0DER",
        "ShipmentServiceLevelCategory": "Expedited",
        "LatestShipDate": "2026-11-22T00:00:00Z",
        "LatestDeliveryDate": "2026-11-25T00:00:00Z",
        "IsPrime": "true",
        "BuyerInfo": {"BuyerEmail": "x@marketplace.amazon.com", "BuyerName": "Ann"},
    } | changed


def money(value, code="USD"):
    return {"CurrencyCode": code, "Amount": str(value)}


def item(key="1", quantity=2, price="20.00", code="USD", **changed):
    return {
        "ASIN": "B00X",
        "SellerSKU": "TEA-01",
        "OrderItemId": key,
        "Title": "Tea",
        "QuantityOrdered": quantity,
        "QuantityShipped": 0,
        "ItemPrice": money(price, code),
    } | changed


def items(*each):
    return {"payload": {"AmazonOrderId": ORDER, "OrderItems": list(each)}}


def together(*documents):
    reports = [report for document in documents for report in read(document).reports]
    assert {report.order for report in reports} == {ORDER}
    return Report(ORDER, {key: part for each in reports for key, part in each.parts.items()})


def test_an_order_whose_parts_arrive_apart_comes_to_its_stated_total():
    known = together(
        {"payload": order()},
        items(
            item(
                ItemTax=money("1.60"),
                PromotionDiscount=money("2.00"),
                PromotionDiscountTax=money("0.20"),
                ShippingPrice=money("6.00"),
                ShippingTax=money("0.50"),
                ShippingDiscount=money("1.00"),
                TaxCollection={"Model": "MarketplaceFacilitator"},
                BuyerInfo={
                    "GiftWrapPrice": money("3.50"),
                    "GiftWrapTax": money("0.30"),
                    "GiftWrapLevel": "Classic",
                    "GiftMessageText": "For you!",
                },
            ),
            item(key="2", quantity=1, price="3.70"),
        ),
    )

    head = known.parts["head"]
    assert total(known) == head.total == head.captured == Decimal("32.40")
    assert head.deliver_by == datetime(2026, 11, 25, tzinfo=UTC)
    assert (head.service, head.tags, head.is_ready) == ("Expedited", ("prime",), True)
    tea, wrapping, other = known.parts["items"].items
    assert line_total(tea, "USD") == Decimal("19.40")
    assert tea.taxes[0].title == "Tax, collected by Amazon"
    assert tea.said == {"Gift message": "For you!", "Gift wrapping": "Classic"}
    assert (wrapping.key, wrapping.ships, other.ships) == ("1:gift_wrap", False, True)
    assert line_total(wrapping, "USD") == Decimal("3.80")


def test_gift_wrapping_that_is_told_apart_is_charged_once():
    gift = {"OrderItemId": "1", "GiftMessageText": "Yes", "GiftWrapPrice": money("2.00")}
    apart = {"payload": {"AmazonOrderId": ORDER, "OrderItems": [gift]}}
    whole = items(item(price="30.40", BuyerInfo={"GiftWrapPrice": money("2.00")}))

    for documents in ([items(item(price="30.40")), apart], [whole, apart], [apart, whole]):
        known = together({"payload": order()}, *documents)
        assert total(known) == Decimal("32.40")
        assert known.parts["said:1"].words["Gift message"] == "Yes"


def test_in_europe_and_japan_the_tax_is_in_the_price():
    bought = item(
        quantity=3,
        price="100.00",
        code="EUR",
        ItemTax=money("15.97", "EUR"),
        PromotionDiscount=money("10.00", "EUR"),
        PromotionDiscountTax=money("1.60", "EUR"),
        ShippingPrice=money("4.00", "EUR"),
        ShippingTax=money("0.64", "EUR"),
    )
    known = together(
        {"payload": order(OrderTotal=money("94.00", "EUR"), MarketplaceId="A1PA6795UKMFR9")},
        items(bought),
    )

    (tea,) = known.parts["items"].items
    assert total(known) == Decimal("94.00")
    assert (line_total(tea, "EUR"), tea.tax) == (Decimal("90.00"), Decimal("14.37"))


def test_yen_have_no_cents_and_cash_is_not_yet_paid():
    stated = order(
        OrderTotal=money("1330", "JPY"), PaymentMethod="COD", MarketplaceId="A1VC38T7YXB528"
    )
    bought = item(quantity=7, price="1000", code="JPY", CODFee=money("330", "JPY"))
    known = together({"payload": stated}, items(bought))

    assert total(known) == known.parts["head"].total == 1330
    assert known.parts["head"].captured == 0


def test_a_pending_order_waits_without_items_or_total():
    pending = order(OrderStatus="Pending")
    del pending["OrderTotal"]
    (report,) = read({"payload": {"Orders": [pending]}}).reports

    head = report.parts["head"]
    assert (head.is_ready, head.total, head.captured, head.currency) == (False, None, 0, "USD")
    assert set(report.parts) == {"head"}


def test_what_amazon_sends_itself_makes_no_work():
    known = together({"payload": order(FulfillmentChannel="AFN", OrderStatus="Shipped")})
    assert known.parts["head"].fulfilled_elsewhere
    assert known.parts["fulfilled"].units is None


def test_cancelled_units_are_no_items_and_shipped_ones_are_counted():
    known = together(
        items(
            item(key="1", quantity=0),
            item(key="2", quantity=3, QuantityShipped=1),
        )
    )
    assert [each.key for each in known.parts["items"].items] == ["2"]
    assert [(each.key, each.quantity) for each in known.parts["fulfilled"].units] == [("2", 1)]
    assert "items" not in together(items(item(quantity=0)), {"payload": order()}).parts
    cancelled = together({"payload": order(OrderStatus="Canceled")})
    assert cancelled.parts["cancellation"].units is None
    assert not cancelled.parts["head"].is_ready


def test_a_buyer_asks_and_the_seller_decides():
    asked = item(
        BuyerRequestedCancel={
            "IsBuyerRequestedCancel": "true",
            "BuyerCancelReason": "Found cheaper",
        }
    )
    part = together(items(asked, item(key="2"))).parts["cancellation:asked"]
    assert (part.is_asked, part.reason) == (True, "Found cheaper")
    assert [(each.key, each.quantity) for each in part.units] == [("1", 2)]


def test_an_address_without_a_street_hides_none_that_is_known():
    masked = {"City": "SEATTLE", "PostalCode": "98121", "CountryCode": "US"}
    (report,) = read({"payload": order(ShippingAddress=masked)}).reports
    assert "address" not in report.parts
    assert report.parts["head"].metadata["DestinationTown"] == "98121 SEATTLE US"

    whole = masked | {"Name": "Ann", "AddressLine2": "Flat 2", "AddressLine3": "Block C"}
    said = read({"payload": {"AmazonOrderId": ORDER, "ShippingAddress": whole}})
    address = said.reports[0].parts["address"].address
    assert (address.line1, address.line2, address.country) == ("Flat 2", "Block C", "US")
    apart = read({"payload": {"AmazonOrderId": ORDER, "ShippingAddress": masked}})
    assert (apart.reports, bool(apart.ignored)) == ((), True)


def test_a_prescription_that_is_being_checked_holds_the_order_back():
    def status(state):
        said = {"Status": state, "RejectionReason": {"RejectionReasonDescription": "Too young"}}
        payload = {
            "AmazonOrderId": ORDER,
            "RegulatedInformation": {"Fields": [{"FieldLabel": "Name", "FieldValue": "Rufus"}]},
            "RegulatedOrderVerificationStatus": said,
        }
        return read({"payload": payload}).reports[0].parts["said:regulated"]

    assert [status(each).waits for each in ("Pending", "Rejected", "Approved")] == [
        True, True, False
    ]  # fmt: skip
    assert status("Pending").words["Name"] == "Rufus"


def test_a_page_of_items_among_several_is_fetched_whole():
    page = items(item())
    page["payload"]["NextToken"] = "more"
    reading = read(page)
    assert (reading.reports, reading.fetches) == ((), (Fetch("order", ORDER),))


WHOLE = {
    "orderId": "202-1", "createdTime": "2026-11-20T10:00:00Z",
    "lastUpdatedTime": "2026-11-20T12:00:00Z", "programs": ["PRIME"],
    "salesChannel": {"marketplaceId": "A1F83G8C2ARO7P"},
    "buyer": {"buyerName": "Ann", "buyerPurchaseOrderNumber": "PO-1"},
    "recipient": {"deliveryAddress": {
        "name": "Ann", "addressLine1": "1 High St", "addressLine2": "Flat 2", "city": "Leeds",
        "postalCode": "LS1", "countryCode": "GB"}},
    "proceeds": {"grandTotal": {"amount": "50.00", "currencyCode": "GBP"}},
    "fulfillment": {
        "fulfillmentStatus": "PARTIALLY_SHIPPED", "fulfilledBy": "MERCHANT",
        "shipByWindow": {"latestDateTime": "2026-11-22T00:00:00Z"}},
    "orderItems": [{
        "orderItemId": "1", "quantityOrdered": 4,
        "product": {"asin": "B1", "sellerSku": "TEA-01", "title": "Tea",
                    "price": {"unitPrice": {"amount": "12.00", "currencyCode": "GBP"}}},
        "proceeds": {
            "proceedsTotal": {"amount": "50.00", "currencyCode": "GBP"},
            "breakdowns": [
                {"type": "ITEM", "subtotal": {"amount": "48.00"}},
                {"type": "SHIPPING", "subtotal": {"amount": "5.00"}},
                {"type": "GIFT_WRAP", "subtotal": {"amount": "2.00"}},
                {"type": "DISCOUNT", "subtotal": {"amount": "-5.00"}, "detailedBreakdowns": [
                    {"subtype": "SHIPPING", "value": {"amount": "-1.00"}}]},
                {"type": "TAX", "subtotal": {"amount": "8.00"}, "detailedBreakdowns": [
                    {"subtype": "ITEM", "value": {"amount": "7.00"}},
                    {"subtype": "SHIPPING", "value": {"amount": "1.00"}}]}]},
        "cancellation": {"cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "Late"}},
        "fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 2,
                        "packing": {"giftOption": {"giftMessage": "Hi"}}}}],
    "packages": [
        {"packageReferenceId": "P1", "carrier": "Royal Mail", "trackingNumber": "RR1",
         "shipTime": "2026-11-20T11:00:00Z", "packageStatus": {"status": "DELIVERED"},
         "packageItems": [{"orderItemId": "1", "quantity": 1}]},
        {"packageReferenceId": "P2", "packageStatus": {"status": "PENDING"}},
        {"packageReferenceId": "P3", "packageStatus": {"status": "CANCELLED"}}],
}  # fmt: skip


def test_a_whole_order_of_2026_says_everything_at_once():
    (report,) = read({"order": WHOLE}).reports
    head, (tea, wrapping) = report.parts["head"], report.parts["items"].items

    assert total(report) == head.total == Decimal("50.00")
    assert (tea.said["Gift message"], wrapping.ships) == ("Hi", False)
    assert head.deliver_by == datetime(2026, 11, 22, tzinfo=UTC)
    assert report.parts["address"].address.line2 == "Flat 2"
    sent = report.parts["fulfillment:P1"]
    assert (sent.carrier, sent.tracking_numbers, sent.is_delivered) == (
        "Royal Mail",
        ("RR1",),
        True,
    )
    assert report.parts["fulfillment:P3"].is_cancelled
    assert "fulfillment:P2" not in report.parts
    assert report.parts["fulfilled"].units[0].quantity == 1
    left_out = report.parts["cancellation:1"]
    assert (left_out.units[0].quantity, left_out.reason, left_out.is_asked) == (1, "Late", False)


def test_an_order_in_two_currencies_is_refused():
    mixed = json.loads(json.dumps(WHOLE))
    mixed["proceeds"]["grandTotal"]["currencyCode"] = "EUR"
    with pytest.raises(Unreadable, match="several currencies: EUR, GBP"):
        read({"orders": [mixed]})


@st.composite
def orders(draw):
    """An order as Amazon would tell of it, with the total that Amazon would state."""
    code = draw(st.sampled_from(["USD", "EUR", "JPY", "GBP"]))
    unit = Decimal(1).scaleb(-exponent(code))
    cents = st.integers(0, 10**6).map(lambda n: n * unit)
    stated, told = Decimal(0), []
    for key in range(draw(st.integers(1, 4))):
        prices = {}
        for price, tax, off, off_tax in (
            ("ItemPrice", "ItemTax", "PromotionDiscount", "PromotionDiscountTax"),
            ("ShippingPrice", "ShippingTax", "ShippingDiscount", "ShippingDiscountTax"),
        ):
            full, less = draw(cents), draw(cents)
            less = min(full, less)
            on_full, on_less = (
                (each * draw(st.integers(0, 25)) / 100).quantize(unit) for each in (full, less)
            )
            values = {price: full, tax: on_full, off: less, off_tax: on_less}
            prices |= {name: money(value, code) for name, value in values.items()}
            stated += full - less + (on_full - on_less if code == "USD" else 0)
        told.append(
            item(key=str(key), quantity=draw(st.integers(1, 99_999)), price="0", code=code) | prices
        )
    return order(OrderTotal=money(stated, code)), told


@settings(max_examples=25)
@given(orders())
def test_every_order_comes_to_what_amazon_states(told):
    head, bought = told
    known = together({"payload": head}, items(*bought))
    assert total(known) == known.parts["head"].total
    assert all(each.tax >= 0 for each in everything_ordered(known.parts).items)


@pytest.mark.skipif(not PAYLOADS, reason="CHANNEL_PAYLOADS names no folder with payloads")
@pytest.mark.parametrize("folder", ["orders", "notifications", "finances", "external_fulfillment"])
def test_every_real_payload_is_read_or_refused_in_words(folder):
    for path in sorted(Path(PAYLOADS).glob(f"amazon_{folder}/*")):
        assert outcome(Amazon(), path)
