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
]
WORK = [
    "fulfillment.release_fulfillmentorder",
    "fulfillment.pick_fulfillmentorder",
    "fulfillment.pack_fulfillmentorder",
    "fulfillment.ship_fulfillmentorder",
    "fulfillment.reject_fulfillmentorder",
    "inventory.move_stock",
    "returns.receive_returnauthorization",
    "returns.inspect_returnauthorization",
]
DESK = ["orders.cancel_order", "orders.hold_order"]
RETURN_DESK = ["returns.request_returnauthorization", "returns.approve_returnauthorization"]
MONEY = ["orders.refund_order", "returns.settle_returnauthorization"]
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

ROLES: dict[str, list[str]] = {
    "warehouse": [*VIEW, *WORK],
    "sales": [*VIEW, *DESK, *B2B_VIEW, *B2B_SELL, "orders.place_order"],
    "support": [*VIEW, *DESK, *RETURN_DESK],
    "finance": [*VIEW, *MONEY, *B2B_VIEW, *B2B_MONEY, "returns.approve_returnauthorization"],
    "operations": [
        *VIEW,
        *WORK,
        *DESK,
        *RETURN_DESK,
        *MONEY,
        *B2B,
        "orders.place_order",
        "core.settle_job",
    ],
    "administrator": [
        *VIEW,
        *WORK,
        *DESK,
        *RETURN_DESK,
        *MONEY,
        *B2B,
        "orders.place_order",
        "core.settle_job",
        "core.view_user",
        "core.change_user",
        "core.add_user",
        "channels.view_channel",
        "channels.change_channel",
        "channels.add_channel",
    ],
}

EVERYWHERE = ["sales", "support", "finance", "operations", "administrator"]
