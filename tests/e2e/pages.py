"""The pages there are for staff, and what each asks for."""

from django.conf import settings

from tests.e2e.shop import LED

STAFF = "staff"
DOCUMENT, WORK, RETURN = "/orders/{}/", "/fulfillment/{}/", "/returns/{}/"


def kinds_of_pages(shop):
    """Each kind of page once, with the permission it asks for."""
    orders, works, returns = shop.orders, shop.works, shop.returns
    see_work, see_stock = "fulfillment.view_fulfillmentorder", "inventory.view_stocklevel"
    approve, give = "returns.approve_returnauthorization", "fulfillment.release_fulfillmentorder"
    return {
        "/": "",
        "/find/?q=vale": "",
        "/preferences/": "",
        "/jobs/": "core.settle_job",
        "/inbox/": "",
        "/messages/": "messaging.view_message",
        "/automation/": "messaging.view_message",
        "/channels/messages/": "channels.view_inboundmessage",
        "/messages/letters/": "messaging.edit_letters",
        "/messages/letters/order.shipped/": "messaging.edit_letters",
        "/components/": STAFF,
        "/alerts/": "alerts.view_alert",
        "/alerts/thresholds/": "alerts.tune_watch",
        "/webhooks/": "messaging.view_webhookendpoint",
        "/channels/": "channels.view_channel",
        "/channels/new/": "channels.add_channel",
        "/channels/keys/": "channels.view_apikey",
        "/channels/shop/": "channels.view_channel",
        "/channels/shop/settings/": "channels.change_channel",
        "/channels/shop/connection/": "channels.change_apikey",
        "/channels/shop/keys/new/": "channels.change_apikey",
        "/channels/shop/secrets/new/": "channels.change_apikey",
        "/customers/": "customers.view_customer",
        "/customers/matches/": "customers.view_customer",
        "/reports/": "core.view_reports",
        **{f"/reports/{name}/": "core.view_reports" for name in settings.REPORTS},
        "/orders/": "orders.view_order",
        "/orders/holds/": "orders.view_order",
        "/orders/unknown-skus/": "orders.view_order",
        "/orders/channel-skus/": "orders.view_order",
        "/orders/channel-orders/": "orders.view_order",
        "/orders/repeats/": "orders.view_order",
        "/subscriptions/": "orders.view_subscription",
        "/orders/new/": "orders.place_order",
        DOCUMENT.format(orders["waiting"]): "orders.view_order",
        DOCUMENT.format(orders["open"]) + "cancel/": "orders.cancel_order",
        DOCUMENT.format(orders["open"]) + "hold/": "orders.hold_order",
        DOCUMENT.format(orders["open"]) + "note/": "orders.hold_order",
        DOCUMENT.format(orders["held"]) + "release/fraud/": "orders.release_fraud_hold",
        DOCUMENT.format(orders["waiting"]) + "priority/": "orders.prioritize_order",
        "/backorders/": see_stock,
        "/backorders/sku/tea/": see_stock,
        "/backorders/policy/": "fulfillment.set_queuepolicy",
        "/backorders/sku/tea/policy/?rule=fair_share": "fulfillment.set_queuepolicy",
        "/backorders/sku/tea/move/": "fulfillment.reallocate_units",
        "/backorders/moves/": "fulfillment.view_reallocation",
        "/inventory/": see_stock,
        "/inventory/tea/": see_stock,
        "/inventory/tea/adjust/": "inventory.move_stock",
        "/inventory/tea/receive/": "inventory.move_stock",
        "/inventory/tea/reorder/": "inventory.plan_replenishmentorder",
        "/inventory/buffers/": "inventory.view_channelbuffer",
        "/inventory/buffers/set/": "inventory.change_channelbuffer",
        "/inventory/kits/": see_stock,
        "/inventory/kits/new/": "catalog.keep_kits",
        "/inventory/carts/": "inventory.view_cartreservation",
        "/inventory/tea/release/": "catalog.set_release_date",
        "/inventory/scan/": "inventory.move_stock",
        "/inventory/scan/move/?location=rotterdam": "inventory.move_stock",
        "/inventory/put-away/": "inventory.move_stock",
        "/inventory/bins/": see_stock,
        "/inventory/lots/": see_stock,
        "/counts/": "inventory.view_stockcount",
        "/counts/new/": "inventory.run_stockcount",
        "/counts/plan/?location=rotterdam": "inventory.run_stockcount",
        "/counts/requests/": "inventory.view_adjustmentrequest",
        "/transfers/": "inventory.view_transfer",
        "/transfers/new/": "inventory.plan_transfer",
        "/supply/": "inventory.view_replenishmentorder",
        "/supply/shortages/": "inventory.view_replenishmentorder",
        "/supply/suppliers/": "inventory.view_supplier",
        "/supply/suppliers/new/": "inventory.change_supplier",
        "/fulfillment/": see_work,
        "/fulfillment/shipments/": "fulfillment.view_shipment",
        f"/fulfillment/shipments/{shop.shipments['delivered']}/": "fulfillment.view_shipment",
        WORK.format(works["open"]): see_work,
        WORK.format(works["open"]) + "hold/": give,
        WORK.format(works["open"]) + "split/": give,
        WORK.format(works["open"]) + "move/": "fulfillment.reject_fulfillmentorder",
        WORK.format(works["open"]) + "reject/": "fulfillment.reject_fulfillmentorder",
        WORK.format(works["released"]) + "pick/": "fulfillment.pick_fulfillmentorder",
        WORK.format(works["picking"]) + "pick/short/": "fulfillment.pick_fulfillmentorder",
        WORK.format(works["picked"]) + "pack/": "fulfillment.pack_fulfillmentorder",
        WORK.format(works["packed"]) + "ship/": "fulfillment.ship_fulfillmentorder",
        "/fulfillment/waves/": see_work,
        "/fulfillment/waves/new/": "fulfillment.plan_wave",
        "/fulfillment/papers/": see_work,
        "/fulfillment/pickups/": see_work,
        "/fulfillment/services/": see_work,
        "/fulfillment/services/new/": "fulfillment.change_carriage",
        "/files/stock/": "core.import_files",
        "/files/rates/": "fulfillment.change_carriage",
        "/fulfillment/boxes/new/": "fulfillment.change_carriage",
        "/returns/": "returns.view_returnauthorization",
        "/returns/new/": "returns.request_returnauthorization",
        f"/returns/new/?order={orders['delivered']}": "returns.request_returnauthorization",
        RETURN.format(returns["requested"]): "returns.view_returnauthorization",
        RETURN.format(returns["requested"]) + "approve/": approve,
        RETURN.format(returns["requested"]) + "decline/": approve,
        RETURN.format(returns["approved"]) + "cancel/": approve,
        RETURN.format(returns["approved"]) + "receive/": "returns.receive_returnauthorization",
        RETURN.format(returns["received"]) + "inspect/": "returns.inspect_returnauthorization",
        RETURN.format(returns["inspected"]) + "settle/": "returns.settle_returnauthorization",
    }


def states_of_pages(shop):
    """The pages that look otherwise in another state."""
    views = ("waiting", "held", "refunding", "completed", "cancelled", "all")
    steps = ("release", "pick", "picking", "pack", "ship", "shipped", "hold")
    desks = ("requested", "inspect", "settle", "all")
    return [
        *(f"/orders/?view={view}" for view in views),
        "/orders/?search=nobody",
        *(f"/fulfillment/?step={step}" for step in steps),
        *(f"/returns/?view={desk}" for desk in desks),
        "/jobs/?state=waiting",
        *(DOCUMENT.format(shop.orders[state]) for state in (*LED, "held", "cancelled", "settled")),
        *(WORK.format(shop.works[state]) for state in (*LED, "held")),
        *(RETURN.format(number) for number in shop.returns.values()),
    ]


def business_pages(shop):
    """The pages of the sales desk, with the permission each asks for."""
    found = shop.business
    quote, order = "/b2b/quotes/{}/", "/b2b/purchase-orders/{}/"
    request, invoice = (
        f"/b2b/quote-requests/{found['request']}/",
        f"/b2b/invoices/{found['invoice']}/",
    )
    return {
        "/b2b/": "b2b.view_company",
        "/b2b/companies/": "b2b.view_company",
        "/b2b/companies/new/": "b2b.change_company",
        "/b2b/companies/vermeer/": "b2b.view_company",
        "/b2b/companies/vermeer/change/": "b2b.change_company",
        "/b2b/companies/vermeer/address/": "b2b.change_company",
        "/b2b/companies/vermeer/buyer/": "b2b.change_company",
        "/b2b/companies/vermeer/credit/": "b2b.change_creditlimit",
        "/b2b/price-lists/": "b2b.view_pricelist",
        "/b2b/price-lists/wholesale/": "b2b.view_pricelist",
        "/b2b/price-lists/wholesale/price/": "b2b.change_pricelist",
        "/b2b/quote-requests/": "b2b.view_quoterequest",
        request: "b2b.view_quoterequest",
        request + "decline/": "b2b.draft_quote",
        "/b2b/quotes/": "b2b.view_quote",
        "/b2b/quotes/new/": "b2b.draft_quote",
        quote.format(found["drafted"]): "b2b.view_quote",
        quote.format(found["drafted"]) + "edit/": "b2b.draft_quote",
        quote.format(found["drafted"]) + "present/": "b2b.draft_quote",
        quote.format(found["presented"]): "b2b.view_quote",
        quote.format(found["presented"]) + "accept/": "b2b.enter_purchaseorder",
        "/b2b/purchase-orders/": "b2b.view_purchaseorder",
        "/b2b/purchase-orders/new/": "b2b.enter_purchaseorder",
        "/b2b/purchase-orders/new/?company=vermeer": "b2b.enter_purchaseorder",
        order.format(found["submitted"]): "b2b.view_purchaseorder",
        order.format(found["submitted"]) + "accept/": "b2b.accept_purchaseorder",
        order.format(found["submitted"]) + "reject/": "b2b.accept_purchaseorder",
        order.format(found["invoiced"]): "b2b.view_purchaseorder",
        "/b2b/invoices/": "b2b.view_invoice",
        invoice: "b2b.view_invoice",
        invoice + "payment/": "b2b.pay_invoice",
        invoice + "credit/": "b2b.credit_invoice",
        "/b2b/credit-holds/": "b2b.view_creditaccount",
        f"/b2b/credit-holds/{found['held']}/release/": "b2b.release_credithold",
    }
