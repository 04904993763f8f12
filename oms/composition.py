"""Who contributes what to pages and commands that span the house, by dotted path.

Beside `reactions.py` (what happens next) and `roles.py` (who may do what), this is the third page
of the roof: it names rooms and imports none.
"""

# What `PARTS_OFF` may leave out, and the modules each part lives in (`oms/core/parts.py`).
PARTS: dict[str, tuple[str, ...]] = {
    "alerts": ("oms.alerts",),
    "returns": ("returns",),
    "b2b": ("b2b",),
}

JOBS = {
    "routine": "oms.core.routines.ROUTINE",
    "mail": "oms.messaging.tasks.MAIL",
    "packing_slip": "fulfillment.tasks.PACKING_SLIP",
    "backorders": "fulfillment.tasks.BACKORDERS",
    "refund": "orders.tasks.REFUND",
}

# What the ticker does itself, every two seconds: nothing that could be slow.
EVERY_TICK: tuple[str, ...] = ("oms.messaging.services.relaying.relay",)

# Whose a fact is: functions from threads (document numbers) to the channel they belong to.
EVENT_CHANNELS: tuple[str, ...] = ("orders.selectors.channels_of",)

# What comes round by itself (`oms/core/routines.py`).
ROUTINES: dict[str, str] = {}

NAVIGATION: tuple[dict[str, str], ...] = (
    {"label": "Home", "url": "core:home", "icon": "i-house"},
    {
        "label": "Orders",
        "url": "orders:list",
        "icon": "i-receipt",
        "permission": "orders.view_order",
        "count": "orders.selectors.open_count",
    },
    {
        "label": "Fulfillment",
        "url": "fulfillment:queue",
        "icon": "i-truck",
        "permission": "fulfillment.view_fulfillmentorder",
        "count": "fulfillment.selectors.work_count",
    },
    {
        "label": "Inventory",
        "url": "inventory:stock",
        "icon": "i-box",
        "permission": "inventory.view_stocklevel",
    },
    {
        "label": "Returns",
        "url": "returns:list",
        "part": "returns",
        "icon": "i-return",
        "permission": "returns.view_returnauthorization",
        "count": "returns.selectors.open_count",
    },
    {
        "label": "Work outside",
        "url": "core:jobs",
        "icon": "i-gear",
        "permission": "core.settle_job",
    },
)

SHELL_LOCATIONS = "inventory.selectors.locations_of"
HOME_LOCATIONS = "inventory.selectors.working_location_ids"

SHELL_NOTICES = {"url": "messaging:inbox", "count": "oms.messaging.selectors.unread_count"}

# Who is told when a notice is about one location.
PEOPLE_AT = "inventory.selectors.people_at"

FINDERS = (
    "orders.selectors.find",
    "fulfillment.selectors.find",
    "returns.selectors.find",
    "inventory.selectors.find",
)

METRICS = ("orders.selectors.metrics",)

HOME_CARDS = (
    "fulfillment.home.cards",
    "orders.home.cards",
    "returns.home.cards",
)

IMPORTERS = {
    "locations": "inventory.imports.Locations",
    "products": "oms.catalog.imports.Products",
    "stock": "inventory.imports.Stock",
    "customers": "oms.customers.imports.Customers",
    "orders": "orders.imports.Orders",
}

INVARIANTS = (
    "oms.core.invariants.INVARIANTS",
    "inventory.invariants.INVARIANTS",
    "orders.invariants.INVARIANTS",
    "fulfillment.invariants.INVARIANTS",
    "returns.invariants.INVARIANTS",
)

BENCHMARKS: dict[str, str] = {
    "intake": "orders.benchmarks.INTAKE",
}

ORDER_PARTS = {
    "fulfillment_orders": "fulfillment.api.parts.FulfillmentOrdersOfOrder",
}

# Which orders somebody sees who works at some locations only.
ORDERS_AT_LOCATIONS = "fulfillment.selectors.with_work_at"

PAYMENT_GATEWAYS = {
    "manual": "orders.gateways.Manual",
    "stripe": "orders.gateways_stripe.Stripe",
}

DEMO = (
    "oms.catalog.demo.products",
    "oms.channels.demo.channels",
    "inventory.demo.places",
    "inventory.demo.stock",
    "inventory.demo.staff",
    "orders.demo.orders",
    "fulfillment.demo.warehouse",
    "returns.demo.returns",
)
