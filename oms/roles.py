"""Who may do what: roles and their permissions, written into groups after every migration.

A role gives verbs; which locations someone works at is said by `inventory.LocationAssignment`.
`EVERYWHERE` roles see all locations, the others those they are assigned to.
"""

VIEW = [
    "orders.view_order",
    "fulfillment.view_fulfillmentorder",
    "fulfillment.view_shipment",
    "inventory.view_stocklevel",
    "inventory.view_location",
    "returns.view_returnauthorization",
    "fulfillment.view_routingversion",
]
WORK = [
    "fulfillment.release_fulfillmentorder",
    "fulfillment.pick_fulfillmentorder",
    "fulfillment.pack_fulfillmentorder",
    "fulfillment.ship_fulfillmentorder",
    "fulfillment.reject_fulfillmentorder",
    "inventory.move_stock",
    "inventory.keep_bins",
    "inventory.view_stockcount",
    "inventory.run_stockcount",
    "inventory.view_adjustmentrequest",
    "returns.receive_returnauthorization",
    "returns.inspect_returnauthorization",
]
WAVES = ["fulfillment.plan_wave"]
QUALITY = ["inventory.block_lot"]
SECOND_PERSON = [
    "inventory.view_stockcount",
    "inventory.view_adjustmentrequest",
    "inventory.decide_adjustmentrequest",
]
COUNT_LEAD = [
    *SECOND_PERSON,
    "inventory.approve_stockcount",
    "inventory.view_adjustmentlimit",
    "inventory.add_adjustmentlimit",
    "inventory.change_adjustmentlimit",
    "inventory.delete_adjustmentlimit",
]
BACKORDERS = [
    "fulfillment.reallocate_units",
    "fulfillment.view_reallocation",
    "orders.prioritize_order",
]
QUEUE_LEAD = ["fulfillment.set_queuepolicy"]
RATES = ["fulfillment.change_carriage"]
ROUTING = ["fulfillment.edit_routing"]
DESK = [
    "orders.cancel_order",
    "orders.change_order",
    "orders.follow_channelorder",
    "orders.hold_order",
]
FRAUD = ["orders.release_fraud_hold"]
RETURN_DESK = ["returns.request_returnauthorization", "returns.approve_returnauthorization"]
MONEY = ["orders.refund_order", "orders.record_payment", "returns.settle_returnauthorization"]
SUBSCRIPTIONS = ["orders.view_subscription", "orders.manage_subscription"]
B2B_VIEW = [
    "b2b.view_company",
    "b2b.view_pricelist",
    "b2b.view_quoterequest",
    "b2b.view_quote",
    "b2b.view_purchaseorder",
    "b2b.view_invoice",
    "b2b.view_creditaccount",
]
B2B_SELL = ["b2b.draft_quote", "b2b.enter_purchaseorder", "b2b.accept_purchaseorder"]
B2B_MONEY = [
    "b2b.view_every_company",
    "b2b.pay_invoice",
    "b2b.credit_invoice",
    "b2b.change_creditlimit",
    "b2b.release_credithold",
    "b2b.view_creditentry",
]
B2B_LEAD = [
    "b2b.change_company",
    "b2b.change_pricelist",
    "b2b.approve_quote",
    "b2b.approve_purchaseorder",
]
B2B = [*B2B_VIEW, *B2B_SELL, *B2B_MONEY, *B2B_LEAD]
STOCK_ALERTS = ["alerts.view_alert", "alerts.view_stock_alerts"]
SALES_ALERTS = ["alerts.view_alert", "alerts.view_sales_alerts", "alerts.settle_alert"]
ORDER_ALERTS = ["alerts.view_alert", "alerts.view_order_alerts", "alerts.settle_alert"]
ALERTS = [
    "alerts.view_alert",
    "alerts.view_stock_alerts",
    "alerts.view_sales_alerts",
    "alerts.view_return_alerts",
    "alerts.view_order_alerts",
    "alerts.settle_alert",
    "alerts.tune_watch",
]

REPORTS = ["core.view_reports"]
FILES = ["core.import_files"]
PROMISES = [
    "inventory.set_calendar",
    "inventory.view_channelbuffer",
    "inventory.change_channelbuffer",
    "catalog.keep_kits",
    "inventory.view_cartreservation",
    "inventory.end_cartreservation",
    "catalog.set_release_date",
]
SUPPLY_IN = ["inventory.view_replenishmentorder", "inventory.receive_replenishmentorder"]
SUPPLY = [
    *SUPPLY_IN,
    "inventory.view_supplier",
    "inventory.change_supplier",
    "inventory.plan_replenishmentorder",
    "inventory.approve_replenishmentorder",
    "inventory.send_replenishmentorder",
]

TRANSFERS = [
    "inventory.view_transfer",
    "inventory.plan_transfer",
    "inventory.ship_transfer",
    "inventory.receive_transfer",
]
MESSAGES = ["messaging.view_message", "messaging.resend_message"]
LETTERS = ["messaging.edit_letters"]
INBOUND_VIEW = ["channels.view_inboundmessage"]
INBOUND = [*INBOUND_VIEW, "channels.reprocess_inboundmessage"]
PEOPLE = ["customers.view_customer", "customers.merge_customer"]
CHANNELS = ["channels.view_channel", "channels.change_channel"]

ROLES: dict[str, list[str]] = {
    "warehouse": [*VIEW, *WORK, *WAVES, *STOCK_ALERTS, *SUPPLY_IN, *TRANSFERS],
    "purchasing": [
        "inventory.view_stocklevel",
        "inventory.view_location",
        *SUPPLY,
        "inventory.view_transfer",
        "inventory.plan_transfer",
        *PROMISES,
        *STOCK_ALERTS,
        *ORDER_ALERTS,
        *REPORTS,
    ],
    "sales": [
        *VIEW,
        *REPORTS,
        *DESK,
        *SUBSCRIPTIONS,
        *SALES_ALERTS,
        *B2B_VIEW,
        *B2B_SELL,
        "customers.view_customer",
        "orders.place_order",
    ],
    "support": [
        *VIEW,
        *DESK,
        *BACKORDERS,
        *SUBSCRIPTIONS,
        *FRAUD,
        *RETURN_DESK,
        *MESSAGES,
        *INBOUND_VIEW,
        *ORDER_ALERTS,
        "alerts.view_return_alerts",
        *PEOPLE,
        "channels.view_channel",
    ],
    "finance": [
        *VIEW,
        *SECOND_PERSON,
        *REPORTS,
        *MONEY,
        *FRAUD,
        *B2B_VIEW,
        *B2B_MONEY,
        "orders.view_subscription",
        "returns.approve_returnauthorization",
    ],
    "operations": [
        "messaging.view_webhookendpoint",
        *VIEW,
        *REPORTS,
        *FILES,
        *WORK,
        *WAVES,
        *SUPPLY,
        *PROMISES,
        *TRANSFERS,
        *RATES,
        *ROUTING,
        *COUNT_LEAD,
        *QUALITY,
        *DESK,
        *BACKORDERS,
        *QUEUE_LEAD,
        *SUBSCRIPTIONS,
        *RETURN_DESK,
        *MONEY,
        *ALERTS,
        *FRAUD,
        *B2B,
        *MESSAGES,
        *INBOUND,
        *LETTERS,
        *CHANNELS,
        *PEOPLE,
        "orders.place_order",
        "core.settle_job",
    ],
    "administrator": [
        "messaging.view_webhookendpoint",
        "messaging.change_webhookendpoint",
        *VIEW,
        *REPORTS,
        *FILES,
        *WORK,
        *WAVES,
        *SUPPLY,
        *PROMISES,
        *TRANSFERS,
        *RATES,
        *ROUTING,
        *COUNT_LEAD,
        *QUALITY,
        *DESK,
        *BACKORDERS,
        *QUEUE_LEAD,
        *SUBSCRIPTIONS,
        *RETURN_DESK,
        *MONEY,
        *ALERTS,
        *FRAUD,
        *B2B,
        *MESSAGES,
        *INBOUND,
        *LETTERS,
        "orders.place_order",
        "core.settle_job",
        "core.view_user",
        "core.change_user",
        "core.add_user",
        *CHANNELS,
        *PEOPLE,
        "channels.add_channel",
        "channels.view_apikey",
        "channels.change_apikey",
    ],
}

EVERYWHERE = ["sales", "support", "finance", "purchasing", "operations", "administrator"]
