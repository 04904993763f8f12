"""Who reacts to what.

Every effect that reaches from one app into another stands on this page, in the order in which
it runs, in the transaction in which the fact became true. `REACTIONS` is to facts what
`MIDDLEWARE` is to requests. What takes or returns stock stands last on its line: stock is locked
last.
"""

REACTIONS: dict[str, list[str]] = {
    "order.placed": [
        "orders.reactions.confirm_to_customer",
        "fulfillment.reactions.route",  # reserves stock in this same transaction
    ],
    "order.held": [
        "fulfillment.reactions.stop_work",
    ],
    "order.released": [
        "fulfillment.reactions.resume_work",  # allocates what the hold kept back
    ],
    "order.cancelled": [
        "orders.reactions.tell_customer_of_cancellation",
        "fulfillment.reactions.withdraw_work",  # returns the reserved units
    ],
    "fulfillment_order.released": [
        "fulfillment.reactions.make_packing_slip",
    ],
    "shipment.shipped": [
        "orders.reactions.tell_customer_of_shipment",
    ],
    "stock.received": [
        "fulfillment.reactions.fill_backorders",  # promises what just came in, oldest order first
    ],
    "return.requested": [
        "returns.reactions.tell_team_of_request",
    ],
    "return.approved": [
        "returns.reactions.tell_customer_of_approval",
    ],
    "return.declined": [
        "returns.reactions.tell_customer_of_refusal",
    ],
    "return.settled": [
        "returns.reactions.tell_customer_of_settlement",
    ],
    "refund.succeeded": [
        "orders.reactions.tell_customer_of_refund",
        "returns.reactions.close_when_refunded",
    ],
    "refund.failed": [
        "orders.reactions.tell_team_of_failed_refund",
    ],
}
