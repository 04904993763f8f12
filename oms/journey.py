"""What happens, in words, in the order of the customer's journey.

Beside `reactions.py`, which says what happens next. The automation page shows both to staff; a fact
that is not named here stands under "Also", by its name.
"""

JOURNEY: dict[str, dict[str, str]] = {
    "The order": {
        "order.placed": "An order is placed",
        "payment.captured": "Money comes in",
        "order.held": "An order is held",
        "order.released": "A hold is released",
        "order.changed": "An order is changed",
        "order.cancelled": "An order, or a part of it, is cancelled",
        "order.routed": "Work is given to a location",
        "order.backordered": "Units of an order wait for stock",
        "order.completed": "An order is complete",
    },
    "Its way to the door": {
        "fulfillment_order.released": "Work goes to the warehouse floor",
        "fulfillment_order.picked": "Work is picked",
        "fulfillment_order.packed": "Work is packed",
        "fulfillment_order.rejected": "A location turns work down",
        "fulfillment_order.ready_for_pickup": "An order waits in a store for its customer",
        "shipment.shipped": "A parcel leaves",
        "shipment.tracking_updated": "A carrier tells where a parcel is",
        "shipment.delivered": "A parcel arrives",
    },
    "Coming back": {
        "return.requested": "Somebody wants to send something back",
        "return.approved": "A return is approved",
        "return.declined": "A return is declined",
        "return.received": "A return arrives",
        "return.inspected": "A return is inspected",
        "return.settled": "A return is settled",
        "refund.succeeded": "Money went back",
        "refund.failed": "Money could not go back",
    },
    "Again and again": {
        "subscription.created": "A subscription begins",
        "subscription.noticed": "The next delivery of a subscription comes near",
        "subscription.renewed": "A subscription places its next order",
        "subscription.paid": "A delivery of a subscription is paid",
        "subscription.past_due": "The payment of a subscription fails",
        "subscription.suspended": "The last try to collect a payment fails",
        "subscription.cancelled": "A subscription ends",
    },
    "Companies": {
        "buyer.invited": "Somebody may buy for a company",
        "quote_request.submitted": "A company asks for an offer",
        "quote_request.declined": "A request for an offer is declined",
        "quote.approval_needed": "A quote needs approval",
        "quote.presented": "A quote is presented",
        "quote.revision_requested": "A company wants a quote to be different",
        "quote.accepted": "A quote is accepted",
        "purchase_order.submitted": "A purchase order comes in",
        "purchase_order.approval_needed": "A purchase order needs approval",
        "purchase_order.accepted": "A purchase order is accepted",
        "purchase_order.rejected": "A purchase order is rejected",
        "invoice.issued": "An invoice is issued",
        "credit_note.issued": "A credit note is issued",
    },
    "Stock and supply": {
        "stock.received": "Units arrive in stock",
        "stock.low": "Stock runs low",
        "stock.out": "Stock is used up",
        "alert.opened": "Something is found that somebody should look at",
        "replenishment.sent": "An order goes to a supplier",
        "replenishment.reminded": "A supplier is reminded",
        "replenishment.committed": "A supplier says what comes when",
        "replenishment.cancelled": "An order to a supplier is cancelled",
    },
}
