"""Who reacts to what.

Every effect that reaches from one app into another stands on this page, in the order in which
it runs, in the transaction in which the fact became true. `REACTIONS` is to facts what
`MIDDLEWARE` is to requests. What takes or returns stock stands last on its line: stock is locked
last.
"""

REACTIONS: dict[str, list[str]] = {
    "kit.changed": [
        "inventory.reactions.refuse_kit_of_kept_stock",
        "orders.reactions.refuse_kit_of_open_orders",
    ],
    "order.placed": [
        "orders.reactions.hold_as_asked",
        "orders.reactions.hold_as_agreed",
        "b2b.reactions.hold_if_over_credit",
        "orders.reactions.confirm_to_customer",
        "orders.reactions_subscriptions.hold_delivery_until_paid",
        "fulfillment.reactions.route",  # reserves stock in this same transaction
    ],
    "order.held": [
        "fulfillment.reactions.stop_work",
        "b2b.reactions.tell_rep_of_credit_hold",
    ],
    "order.released": [
        "b2b.reactions.reserve_when_released",
        "orders.reactions.finish_what_is_not_sent",
        "fulfillment.reactions.resume_work",  # allocates what the hold kept back
    ],
    "order.changed": [
        "b2b.reactions.restate_credit",
        "orders.reactions.tell_customer_of_change",
        "fulfillment.reactions.change_work",  # units taken off leave, the rest goes elsewhere
        "orders.reactions.refund_what_is_not_due",
        "fulfillment.reactions.route_added_units",  # reserves stock in this same transaction
        "orders.reactions.release_completed_address",  # routes what had nowhere to go
    ],
    "order.cancelled": [
        "b2b.reactions.free_credit",
        "orders.reactions.tell_customer_of_cancellation",
        "orders.reactions_subscriptions.drop_delivery",
        "orders.reactions_channels.tell_channel_of_cancellation",
        "fulfillment.reactions.withdraw_work",  # returns the reserved units
    ],
    "order.sent_elsewhere": [
        "fulfillment.reactions.follow_what_was_sent",  # what a channel says has left, leaves
    ],
    "order.left_before": [
        "fulfillment.reactions.drop_work",
    ],
    "order.returns_elsewhere": [
        "returns.reactions.expect_what_comes_back",
    ],
    "order.arrived_elsewhere": [
        "fulfillment.reactions.follow_what_arrived",
    ],
    "payment.captured": [
        "orders.reactions_subscriptions.settle_delivery",
        "orders.reactions.release_when_paid",
        "orders.reactions.finish_what_is_not_sent",
    ],
    "fulfillment_order.released": [
        "fulfillment.reactions.make_packing_slip",
        "b2b.reactions.follow_work",
    ],
    "fulfillment_order.rejected": ["fulfillment.reactions.follow_in_waves"],
    "fulfillment_order.reduced": ["fulfillment.reactions.follow_in_waves"],
    "fulfillment_order.moved": ["fulfillment.reactions.leave_waves"],
    "fulfillment_order.ready_for_pickup": [
        "fulfillment.reactions.tell_customer_it_is_ready",
    ],
    "shipment.shipped": [
        "orders.reactions.tell_customer_of_shipment",
        "b2b.reactions.follow_shipment",
        "orders.reactions_channels.tell_channel_of_shipment",
    ],
    "stock.received": [
        "fulfillment.reactions.fill_backorders",  # promises what came in, in the order of the queue
    ],
    "sku.release_moved": [
        "inventory.reactions.know_release_dates",
        "fulfillment.reactions.tell_customers_of_release",
    ],
    "stock.available": [
        "orders.reactions_channels.tell_channel_of_stock",
    ],
    "stock.freed": [
        "fulfillment.reactions.offer_units_of_carts",
    ],
    "replenishment.sent": [
        "inventory.reactions.write_order_to_supplier",
    ],
    "replenishment.reminded": [
        "inventory.reactions.write_shortfall_to_supplier",
    ],
    "replenishment.committed": [
        "inventory.reactions.tell_team_of_commitment",
    ],
    "replenishment.cancelled": [
        "inventory.reactions.tell_supplier_of_cancellation",
    ],
    "transfer.requested": [
        "inventory.reactions.tell_source_of_transfer",
    ],
    "transfer.shipped": [
        "inventory.reactions.tell_target_of_transfer",
    ],
    "alert.opened": [
        "inventory.reactions.report_shortage",
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
        "b2b.reactions.follow_refund",
    ],
    "subscription.created": [
        "orders.reactions_subscriptions.welcome_subscriber",
    ],
    "subscription.noticed": [
        "orders.reactions_subscriptions.announce_delivery",
    ],
    "subscription.renewed": [
        "orders.reactions_subscriptions.confirm_delivery",
    ],
    "subscription.paid": [
        "orders.reactions_subscriptions.confirm_charge",
    ],
    "subscription.past_due": [
        "orders.reactions_subscriptions.tell_customer_of_failed_payment",
    ],
    "subscription.suspended": [
        "orders.reactions_subscriptions.tell_customer_of_suspension",
    ],
    "subscription.cancelled": [
        "orders.reactions_subscriptions.tell_customer_of_end",
    ],
    "refund.failed": [
        "orders.reactions.tell_team_of_failed_refund",
    ],
    "buyer.invited": [
        "b2b.reactions.invite_buyer",
    ],
    "quote_request.submitted": [
        "b2b.reactions.tell_rep_of_request",
    ],
    "quote_request.declined": [
        "b2b.reactions.tell_company_of_refusal",
    ],
    "quote.presented": [
        "b2b.reactions.send_quote",
    ],
    "quote.approval_needed": [
        "b2b.reactions.ask_for_quote_approval",
    ],
    "quote.revision_requested": [
        "b2b.reactions.tell_rep_of_revision",
    ],
    "quote.accepted": [
        "b2b.reactions.tell_rep_of_acceptance",
    ],
    "purchase_order.submitted": [
        "b2b.reactions.tell_rep_of_issues",
    ],
    "purchase_order.approval_needed": [
        "b2b.reactions.ask_company_for_approval",
    ],
    "purchase_order.accepted": [
        "b2b.reactions.confirm_purchase_order",
    ],
    "purchase_order.rejected": [
        "b2b.reactions.tell_company_of_rejection",
    ],
    "credit_note.issued": [
        "b2b.reactions.send_credit_note",
    ],
}
