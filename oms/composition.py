"""Who contributes what to pages and commands that span the house, by dotted path.

Beside `reactions.py` (what happens next) and `roles.py` (who may do what), this is the third page
of the roof: it names rooms and imports none.
"""

from typing import Any

# What `PARTS_OFF` may leave out, and the modules each part lives in (`oms/core/parts.py`).
PARTS: dict[str, tuple[str, ...]] = {
    "alerts": ("oms.alerts",),
    "returns": ("returns",),
    "b2b": ("b2b",),
    "subscriptions": (
        "orders.views.subscriptions",
        "orders.api.subscriptions",
        "orders.reactions_subscriptions",
        "orders.letters_subscriptions",
        "orders.selectors.find_subscriptions",
        "orders.demo_subscriptions",
        "orders.tasks.SUBSCRIPTIONS",
    ),
    "supply": (
        "inventory.views.delivery",
        "inventory.views.replenishment",
        "inventory.views.suppliers",
        "inventory.views.vendor",
        "inventory.reactions.write_order_to_supplier",
        "inventory.reactions.write_shortfall_to_supplier",
        "inventory.reactions.tell_team_of_commitment",
        "inventory.reactions.tell_supplier_of_cancellation",
        "inventory.tasks.PROPOSING",
        "inventory.tasks.SHORTAGES",
        "inventory.letters",
        "inventory.imports.Suppliers",
        "inventory.selectors.find_replenishment",
        "inventory.demo_supply",
        "inventory.demo_life.supply",
    ),
    "webhooks": (
        "oms.messaging.views.webhooks",
        "oms.messaging.views.webhook_acts",
        "oms.messaging.api.views.WebhookEndpointViewSet",
        "oms.messaging.demo_webhooks",
    ),
    "reports": ("oms.reporting",),
}

JOBS = {
    "routine": "oms.core.routines.ROUTINE",
    "mail": "oms.messaging.tasks.MAIL",
    "sms": "oms.messaging.tasks.SMS",
    "chat": "oms.messaging.tasks.CHAT",
    "webhook": "oms.messaging.tasks.WEBHOOK",
    "packing_slip": "fulfillment.tasks.PACKING_SLIP",
    "paper": "fulfillment.tasks_paper.PAPER",
    "release_letters": "fulfillment.tasks.RELEASE_LETTERS",
    "backorders": "fulfillment.tasks.BACKORDERS",
    "back_test": "fulfillment.tasks_back_tests.BACK_TEST",
    "inbound": "orders.tasks_inbound.INBOUND",
    "file": "oms.channels.tasks.FILE",
    "channel_shipment": "orders.tasks_channels.SHIPMENT",
    "channel_cancellation": "orders.tasks_channels.CANCELLATION",
    "channel_stock": "orders.tasks_channels.STOCK",
    "fetch": "orders.tasks_fetching.FETCH",
    "look": "orders.tasks_fetching.LOOK",
    "refund": "orders.tasks.REFUND",
    "charge": "orders.tasks.CHARGE",
    "company_order": "b2b.tasks.COMPANY_ORDER",
    "credit_room": "b2b.tasks.CREDIT_ROOM",
    "invoice": "b2b.tasks.INVOICE",
}

# What the ticker does itself, every two seconds: nothing that could be slow.
EVERY_TICK: tuple[str, ...] = ("oms.messaging.services.relaying.relay",)

# Whose a fact is: functions from threads (document numbers) to the channel they belong to.
EVENT_CHANNELS: tuple[str, ...] = (
    "orders.selectors.channels_of",
    "orders.selectors.subscription_channels",
    "inventory.selectors.channels_told",
)

# What comes round by itself (`oms/core/routines.py`).
ROUTINES: dict[str, str] = {
    "webhooks": "oms.messaging.tasks.CLEAR_WEBHOOKS",
    "messages": "oms.channels.tasks.PURGING",
    "replenishment": "inventory.tasks.PROPOSING",
    "shortages": "inventory.tasks.SHORTAGES",
    "lots": "inventory.tasks.KEEPING_APART",
    "releases": "fulfillment.tasks.RELEASES",
    "waiting_limits": "fulfillment.tasks.WAITING_LIMITS",
    "promises": "fulfillment.tasks.PROMISES",
    "papers": "fulfillment.tasks_paper.PURGING",
    "carts": "inventory.tasks.EXPIRING_CARTS",
    "availability": "inventory.tasks.TELLING",
    "subscriptions": "orders.tasks.SUBSCRIPTIONS",
    "unpaid": "orders.tasks.UNPAID",
    "following": "orders.tasks.FOLLOWING",
    "customers": "orders.tasks.MATCHING",
    "looks": "orders.tasks_fetching.LOOKS",
    "quotes": "b2b.tasks.EXPIRE_QUOTES",
    "ship_complete": "b2b.tasks.SHIP_COMPLETE",
    "alerts": "oms.alerts.tasks.LOOK_FOR_ALERTS",
}

# What alerts are about, in the order of their tabs (`oms/alerts/kinds.py`).
ALERTS = {
    "stock_out": "orders.alerts.STOCK_OUT",
    "low_stock": "inventory.alerts.LOW_STOCK",
    "waiting_order": "orders.alerts.WAITING_ORDER",
    "unfinished_order": "orders.alerts_channels.UNFINISHED_ORDER",
    "slow_seller": "orders.alerts.SLOW_SELLER",
    "return_rate": "returns.alerts.RETURN_RATE",
}

# The sections on the left, in their groups; those of the first group stand alone.
NAVIGATION: tuple[dict[str, Any], ...] = (
    {"label": "Home", "url": "core:home", "icon": "i-house"},
    {
        "label": "Alerts",
        "url": "alerts:list",
        "part": "alerts",
        "icon": "i-bolt",
        "permission": "alerts.view_alert",
        "count": "oms.alerts.selectors.open_count",
    },
    {
        "label": "Orders",
        "group": "Sales",
        "url": "orders:list",
        "icon": "i-receipt",
        "permission": "orders.view_order",
        "count": "orders.selectors.open_count",
    },
    {
        "label": "Customers",
        "group": "Sales",
        "url": "people:list",
        "icon": "i-people",
        "permission": "customers.view_customer",
    },
    {
        "label": "On hold",
        "group": "Sales",
        "url": "orders:holds",
        "icon": "s-pause",
        "permission": "orders.view_order",
    },
    {
        "label": "Unknown SKUs",
        "group": "Sales",
        "url": "orders:unknown-skus",
        "icon": "i-search",
        "permission": "orders.view_order",
    },
    {
        "label": "Behind their channel",
        "group": "Sales",
        "url": "orders:channel-orders",
        "icon": "s-warn",
        "permission": "orders.view_order",
    },
    {
        "label": "Channels",
        "group": "Sales",
        "url": "channels:list",
        "icon": "i-globe",
        "permission": "channels.view_channel",
    },
    {
        "label": "Backorders",
        "group": "Sales",
        "url": "fulfillment:backorders",
        "icon": "i-clock",
        "permission": "inventory.view_stocklevel",
    },
    {
        "label": "Subscriptions",
        "group": "Sales",
        "url": "orders:subscriptions",
        "part": "subscriptions",
        "icon": "i-refresh",
        "permission": "orders.view_subscription",
        "count": "orders.selectors.late_count",
    },
    {
        "label": "Returns",
        "group": "Sales",
        "url": "returns:list",
        "part": "returns",
        "icon": "i-return",
        "permission": "returns.view_returnauthorization",
        "count": "returns.selectors.open_count",
    },
    {
        "label": "Business",
        "group": "Sales",
        "url": "b2b:desk",
        "icon": "i-company",
        "part": "b2b",
        "permission": "b2b.view_company",
        "count": "b2b.home.open_count",
    },
    {
        "label": "Fulfillment",
        "group": "Warehouse",
        "url": "fulfillment:queue",
        "icon": "i-truck",
        "permission": "fulfillment.view_fulfillmentorder",
        "count": "fulfillment.selectors.work_count",
    },
    {
        "label": "Waves",
        "group": "Warehouse",
        "url": "fulfillment:waves",
        "icon": "i-list",
        "permission": "fulfillment.view_fulfillmentorder",
    },
    {
        "label": "Routing rules",
        "group": "Warehouse",
        "url": "fulfillment:routing",
        "icon": "i-tree",
        "permission": "fulfillment.view_routingversion",
    },
    {
        "label": "Inventory",
        "group": "Warehouse",
        "url": "inventory:stock",
        "icon": "i-box",
        "permission": "inventory.view_stocklevel",
    },
    {
        "label": "Counts",
        "group": "Warehouse",
        "url": "inventory:counts",
        "icon": "i-list",
        "permission": "inventory.view_stockcount",
    },
    {
        "label": "Shelf work",
        "group": "Warehouse",
        "url": "inventory:scan",
        "icon": "i-scan",
        "permission": "inventory.move_stock",
    },
    {
        "label": "Transfers",
        "group": "Warehouse",
        "url": "inventory:transfers",
        "icon": "i-swap",
        "permission": "inventory.view_transfer",
        "count": "inventory.selectors.transfer_count",
    },
    {
        "label": "Supply",
        "group": "Warehouse",
        "url": "inventory:supply",
        "part": "supply",
        "icon": "i-stock",
        "permission": "inventory.view_replenishmentorder",
        "count": "inventory.selectors.supply_count",
    },
    {
        "label": "Reports",
        "group": "Insight",
        "url": "reports:list",
        "part": "reports",
        "icon": "i-chart",
        "permission": "core.view_reports",
    },
    {
        "label": "Messages",
        "group": "System",
        "url": "messaging:messages",
        "icon": "i-mail",
        "permission": "messaging.view_message",
    },
    {
        "label": "From channels",
        "group": "System",
        "url": "archive:list",
        "icon": "i-download",
        "permission": "channels.view_inboundmessage",
    },
    {
        "label": "Automation",
        "group": "System",
        "url": "messaging:automation",
        "icon": "i-tree",
        "permission": "messaging.view_message",
    },
    {
        "label": "Webhooks",
        "group": "System",
        "url": "webhooks:list",
        "part": "webhooks",
        "icon": "i-send",
        "permission": "messaging.view_webhookendpoint",
    },
    {
        "label": "Files",
        "group": "System",
        "url": "files:list",
        "icon": "i-upload",
        "permission": (
            "core.import_files",
            "inventory.change_supplier",
            "fulfillment.change_carriage",
            "b2b.change_pricelist",
        ),
    },
    {
        "label": "Jobs",
        "group": "System",
        "url": "core:jobs",
        "icon": "i-gear",
        "permission": "core.settle_job",
    },
    {
        "label": "Administration",
        "group": "System",
        "url": "admin:index",
        "icon": "i-people",
        "permission": "core.change_user",
    },
)

# Who has pages of their own instead of ours, and where they begin.
SHELL_ELSEWHERE: tuple[str, ...] = ("b2b.home.portal",)

SHELL_LOCATIONS = "inventory.selectors.locations_of"
HOME_LOCATIONS = "inventory.selectors.working_location_ids"
LOCATION_CODES = "inventory.reports.location_codes"

# The letters that staff may reword and switch (`oms/messaging/letters/kinds.py`).
LETTERS = (
    "orders.letters.LETTERS",
    "fulfillment.letters.LETTERS",
    "inventory.letters.LETTERS",
    "orders.letters_subscriptions.LETTERS",
    "returns.letters.LETTERS",
    "b2b.letters.LETTERS",
    "oms.alerts.letters.LETTERS",
)

SHELL_NOTICES = {"url": "messaging:inbox", "count": "oms.messaging.selectors.unread_count"}

# Who is told when a notice is about one location.
PEOPLE_AT = "inventory.selectors.people_at"

FINDERS = (
    "orders.selectors.find",
    "orders.selectors.find_subscriptions",
    "fulfillment.selectors.find",
    "fulfillment.selectors.waves.find_waves",
    "returns.selectors.find",
    "inventory.selectors.find",
    "inventory.selectors.find_lots",
    "inventory.selectors.find_replenishment",
    "inventory.selectors.find_transfer",
    "b2b.home.find",
)

METRICS = ("orders.selectors.metrics", "oms.messaging.selectors.metrics")

HOME_CARDS = (
    "fulfillment.home.cards",
    "orders.home.cards",
    "returns.home.cards",
    "oms.alerts.home.cards",
    "b2b.home.cards",
)

IMPORTERS = {
    "locations": "inventory.imports.Locations",
    "products": "oms.catalog.imports.Products",
    "kits": "oms.catalog.imports.Kits",
    "bins": "inventory.imports_bins.Bins",
    "stock": "inventory.imports.Stock",
    "suppliers": "inventory.imports.Suppliers",
    "replenishment_orders": "inventory.imports_replenishment.ReplenishmentOrders",
    "customers": "oms.customers.imports.Customers",
    "rates": "fulfillment.imports.Rates",
    "companies": "b2b.imports.Companies",
    "price_lists": "b2b.imports.PriceLists",
    "purchase_orders": "b2b.imports_purchasing.PurchaseOrders",
    "orders": "orders.imports.Orders",
    "channel_skus": "orders.imports_skus.ChannelSkus",
}

INVARIANTS = (
    "oms.core.invariants.INVARIANTS",
    "oms.messaging.invariants.INVARIANTS",
    "inventory.invariants.INVARIANTS",
    "orders.invariants.INVARIANTS",
    "fulfillment.invariants.INVARIANTS",
    "returns.invariants.INVARIANTS",
    "b2b.invariants.INVARIANTS",
)

REPORTS = {
    "sales": "orders.figures.SALES",
    "fulfillment": "fulfillment.figures.FULFILLMENT",
    "promises": "fulfillment.figures_promises.PROMISES",
    "return-rate": "returns.figures.RETURN_RATE",
    "low-stock": "inventory.figures.LOW_STOCK",
    "slow-sellers": "orders.figures.SLOW_SELLERS",
}
# What reports can also be read by, from apps above those that own the numbers.
REPORT_KEYS: dict[str, tuple[str, ...]] = {
    "sales": ("b2b.figures.REP", "b2b.figures.COMPANY"),
}

BENCHMARKS: dict[str, str] = {
    "intake": "orders.benchmarks.INTAKE",
    "bulk": "orders.benchmarks_bulk.BULK",
    "stock": "inventory.benchmarks.STOCK",
    "sourcing": "fulfillment.benchmarks.SOURCING",
    "journey": "fulfillment.benchmarks_journey.JOURNEY",
    "slips": "fulfillment.benchmarks_slips.SLIPS",
}

ORDER_PARTS = {
    "fulfillment_orders": "fulfillment.api.parts.FulfillmentOrdersOfOrder",
}

# Which orders somebody sees who works at some locations only.
ORDERS_AT_LOCATIONS = "fulfillment.selectors.with_work_at"

# Where a document is read, by how its number begins: page, permission, part.
DOCUMENT_PAGES: dict[str, tuple[str, str, str]] = {
    "IF": ("files:import", "core.import_files", ""),
    "IM": ("archive:message", "channels.view_inboundmessage", ""),
    "SO": ("orders:detail", "orders.view_order", ""),
    "FO": ("fulfillment:detail", "fulfillment.view_fulfillmentorder", ""),
    "SH": ("fulfillment:shipment", "fulfillment.view_shipment", ""),
    "RMA": ("returns:detail", "returns.view_returnauthorization", "returns"),
    "RO": ("inventory:replenishment", "inventory.view_replenishmentorder", "supply"),
    "CR": ("inventory:cart", "inventory.view_cartreservation", ""),
    "RA": ("fulfillment:reallocation", "fulfillment.view_reallocation", ""),
    "WV": ("fulfillment:wave", "fulfillment.view_fulfillmentorder", ""),
    "PR": ("fulfillment:paper", "fulfillment.view_fulfillmentorder", ""),
    "TR": ("inventory:transfer", "inventory.view_transfer", ""),
}

# What orders wait for, by SKU: buying counts it.
WAITING_UNITS = "orders.selectors.units_waiting"

# The services that parcels can go with, for who says which of them a channel allows.
SERVICE_CHOICES = "fulfillment.selectors.service_choices"

# Customers who are no people: of their keys, those that are never one with another.
NEVER_MERGED = ("b2b.selectors.customers_of_companies",)

PAYMENT_GATEWAYS = {
    "manual": "orders.gateways.Manual",
    "channel": "orders.gateways_channel.ThroughTheChannel",
    "stripe": "orders.gateways_stripe.Stripe",
}

DEMO = (
    "oms.catalog.demo.products",
    "oms.catalog.demo_kits.kits",
    "oms.channels.demo.channels",
    "inventory.demo.places",
    "fulfillment.demo_carriers.carriers",
    "inventory.demo.stock",
    "inventory.demo.staff",
    "orders.demo_history.history",
    "fulfillment.demo_history.shipped",
    "returns.demo_history.returned",
    "oms.core.demo.measure",
    "returns.demo_history.broken_glasses",
    "oms.messaging.demo_webhooks.webhooks",
    "orders.demo.orders",
    "fulfillment.demo.warehouse",
    "fulfillment.demo_carriers.pickups",
    "returns.demo.returns",
    "orders.demo_kits.kits",
    "orders.demo_releases.releases",
    "returns.demo_kits.kits",
    "orders.demo_changes.changes",
    "orders.demo_channels.shops",
    "orders.demo_channels.people",
    "inventory.demo_supply.supply",
    "inventory.demo_counts.counts",
    "inventory.demo_transfers.transfers",
    "inventory.demo_shelves.shelves",
    "oms.alerts.demo.alerts",
    "orders.demo_subscriptions.subscriptions",
    "b2b.demo.companies",
    "fulfillment.demo_backorders.backorders",
    "fulfillment.demo_routing.rules",
    "fulfillment.demo_waves.waves",
    "oms.messaging.demo_webhooks.deliveries",
    "orders.demo.links",
    "orders.demo_subscriptions.links",
    "inventory.demo_supply.links",
    "oms.core.tours.offer",
)

# What happens in a demo shop that lives (`demo --live`), a little every second.
DEMO_LIFE = (
    "orders.demo_life.buy",
    "orders.demo_life.decide",
    "b2b.demo_life.order",
    "fulfillment.demo_life.work",
    "fulfillment.demo_life.carry",
    "returns.demo_life.send_back",
    "returns.demo_life.look_at",
    "inventory.demo_life.supply",
    "inventory.demo_life.count",
    "orders.demo_life.arrive",
)
