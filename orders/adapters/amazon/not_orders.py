"""What Amazon also answers with and is of no use here, by a field that only such answers have."""

_OUTBOUND = (
    "An order of Multi-Channel Fulfillment is one of ours, taken in another channel, that Amazon "
    "sends from its stock: as an order of this channel it would be counted twice."
)
_OF_OUTBOUND = "It tells what Amazon's Multi-Channel Fulfillment could do: no order of a customer."
_SHIPPING = (
    "Rates, labels and claims of Amazon Shipping are not about an order. That a parcel left comes "
    "with the order."
)
_TRACKING = "Where a parcel is, is followed with its carrier; that it left comes with the order."
_LABELS = (
    "Labels that are bought through Amazon send nothing: that a parcel left comes with the order."
)
_PLACES = "Places from which Amazon has goods sent are not about an order."
_FIGURES = "Figures about Subscribe & Save are not about an order: its deliveries come as orders."
_RECEIPT = "It is a receipt for something that was sent to Amazon."
_PAID = "What Amazon pays the seller is not about an order."
_VENDOR = "Labels and shipments that a vendor announced to Amazon are ours already."

NOT_ORDERS = {
    "packageShipLabelList": "Labels of Amazon's external fulfillment are not about an order.",
    "recommendedShippingOption": "Offers of carriers are not about an order.",
    "shippingOptions": "Offers of carriers are not about an order.",
    "document": "An invoice or label as a file is not about an order.",
    "invoice": "An invoice as a file is not about an order.",
    "invoices": "Invoices of Amazon itself are not about an order.",
    "invoiceHeader": "An invoice of Amazon itself is not about an order.",
    "responses": "Answers about stock are not about an order.",
    "FinancialEventGroupList": "Settlements with Amazon are not about an order.",
    "balances": "Balances with Amazon are not about an order.",
    "summaries": "Sums of what Amazon owes are not about an order.",
    "paymentMethods": "Ways in which Amazon pays the seller are not about an order.",
    "payoutReferenceId": _PAID,
    "payouts": _PAID,
    "fulfillmentOrders": _OUTBOUND,
    "fulfillmentOrder": _OUTBOUND,
    "sellerFulfillmentOrderId": _OUTBOUND,
    "fulfillmentPreviews": _OF_OUTBOUND,
    "reasonCodeDetails": _OF_OUTBOUND,
    "features": _OF_OUTBOUND,
    "featureName": _OF_OUTBOUND,
    "offerResults": _OF_OUTBOUND,
    "deliveryOffers": _OF_OUTBOUND,
    "plannedShipments": _OF_OUTBOUND,
    "packageNumber": _TRACKING,
    "trackingDetail": _TRACKING,
    "eventHistory": _TRACKING,
    "ShippingServiceList": _LABELS,
    "ShipmentAdditionalFields": _LABELS,
    "ItemLevelFields": _LABELS,
    "packageDocumentDetailList": _SHIPPING,
    "collectionsFormDocument": _SHIPPING,
    "accessPointsMap": _SHIPPING,
    "serviceRates": _SHIPPING,
    "eligibleRates": _SHIPPING,
    "rates": _SHIPPING,
    "labelStream": _SHIPPING,
    "labelResults": _SHIPPING,
    "accountId": _SHIPPING,
    "claimId": _SHIPPING,
    "shipmentId": _SHIPPING,
    "supplySources": _PLACES,
    "supplySourceId": _PLACES,
    "metrics": _FIGURES,
    "offers": _FIGURES,
    "transactionId": _RECEIPT,
    "transportLabels": _VENDOR,
    "shipments": _VENDOR,
    "shippingLabels": _VENDOR,
    "packingSlips": _VENDOR,
    "customerInvoices": _VENDOR,
}
