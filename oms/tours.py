"""The guided tours of the demo shop: what a colleague of the trade would show you first.

Beside `roles.py`, which says what a role may do, this says how its day goes. A step has a title,
what to `do`, what you will `see`, and where: `at` is a page (`name`, its arguments and a query), or
the dotted path of a function that finds a document for the user, with the page `otherwise` when
there is none. A step with a `part` is told only where that part is (`PARTS` in `composition.py`).
"""

TOURS: dict[str, tuple[dict[str, str], ...]] = {
    "warehouse": (
        {
            "title": "See what has to leave today",
            "do": "Read the tabs from left to right: they are the way of a parcel.",
            "see": "Only work of your own locations, and by when each has to be out of the door.",
            "at": "fulfillment:queue",
        },
        {
            "title": "Give work to the floor",
            "do": "Look at the bins and the units, then press Release to the floor.",
            "see": "It is Released now. Its packing slip is made while you walk to the shelf.",
            "at": "fulfillment.tour.to_release",
            "otherwise": "fulfillment:queue?step=release",
        },
        {
            "title": "Pick by scanning",
            "do": "Scan, or type the SKU that stands in small letters and press Enter, once a unit."
            " Try a wrong one, too.",
            "see": "Green and a high tone for the right thing, red for the wrong one, and what is"
            " left to pick. Short pick… is for a shelf with fewer than promised.",
            "at": "fulfillment.tour.to_pick",
            "otherwise": "fulfillment:queue?step=pick",
        },
        {
            "title": "Pack what you picked",
            "do": "Type each SKU once a unit, choose a box, then press Close package.",
            "see": "The smallest box that holds everything, and a package that closes only when"
            " what is inside was scanned.",
            "at": "fulfillment.tour.to_pack",
            "otherwise": "fulfillment:queue?step=pack",
        },
        {
            "title": "Send it",
            "do": "Open a packed one, or stay with the one you packed. Take the suggested service"
            " and press Ship the package.",
            "see": "What each service costs and when it arrives. The customer is told by a letter.",
            "at": "fulfillment.tour.to_ship",
            "otherwise": "fulfillment:queue?step=ship",
        },
        {
            "title": "Take in what comes back",
            "part": "returns",
            "do": "Type the SKUs that are in the parcel, or how many, then press Take these in.",
            "see": "What was announced beside what is in your hand. Grading comes after.",
            "at": "returns.tour.to_receive",
            "otherwise": "returns:list",
        },
        {
            "title": "Take in a delivery",
            "part": "supply",
            "do": "Count what the supplier brought and press Take these in. Less than announced is"
            " fine.",
            "see": "Orders that waited for these units get theirs first, oldest order first.",
            "at": "inventory.tour.delivery",
            "otherwise": "inventory:supply",
        },
    ),
    "sales": (
        {
            "title": "Begin at your desk",
            "part": "b2b",
            "do": "Look at what waits for you: purchase orders, requests, quotes.",
            "see": "Your own accounts only, the oldest work first.",
            "at": "b2b:desk",
        },
        {
            "title": "Answer a request",
            "part": "b2b",
            "do": "Read what they ask for, then press Make a quote. Leave a price empty for the"
            " usual one, or write your own; keep it, then present it.",
            "see": "Their usual price beside yours. A large discount asks a colleague first.",
            "at": "b2b.tour.request",
            "otherwise": "b2b:requests",
        },
        {
            "title": "Follow a negotiation",
            "part": "b2b",
            "do": "Read the versions from the bottom up.",
            "see": "Three offers, and what the company asked for each. Changed prices are marked.",
            "at": "b2b.tour.negotiated",
            "otherwise": "b2b:quotes",
        },
        {
            "title": "Decide an order with a wrong price",
            "part": "b2b",
            "do": "Press Answer the lines: take their price, give yours, or turn the line down.",
            "see": "Why it waits for you, our price beside theirs. Orders without a question are"
            " taken by themselves.",
            "at": "b2b.tour.to_accept",
            "otherwise": "b2b:purchase-orders",
        },
        {
            "title": "Write down an order on the phone",
            "part": "b2b",
            "do": "Choose a company. F2 looks a SKU up, Enter goes on; rows of a spreadsheet can be"
            " pasted.",
            "see": "Their price and the stock for every line, while you type. Nothing is ordered"
            " until you submit it.",
            "at": "b2b:new-purchase-order",
        },
        {
            "title": "Read the figures",
            "part": "reports",
            "do": "Press Sales rep above the figures, then a span such as 30 days.",
            "see": "What everybody sold, with the file for a spreadsheet.",
            "at": "reports:report sales",
        },
    ),
    "support": (
        {
            "title": "Find an order while they are on the phone",
            "do": "Press Ctrl K anywhere, or the magnifying glass, and type a name: try Dubois.",
            "see": "Orders, people and SKUs in one list. Enter opens the first.",
            "at": "orders:list",
        },
        {
            "title": "Say why nothing has come",
            "do": "Read Where they are, then Waiting for stock.",
            "see": "Which units wait, the day they are expected, and that every location was looked"
            " at. Status page is what the customer sees.",
            "at": "orders.tour.waiting_for_stock",
            "otherwise": "orders:list?view=waiting",
        },
        {
            "title": "Settle a doubt about the address",
            "do": "Press Release with a reason… and write what the customer told you.",
            "see": "What the hold stops, and until when somebody has to decide. The reason is kept"
            " in the timeline.",
            "at": "orders.tour.doubtful_address",
            "otherwise": "orders:holds",
        },
        {
            "title": "Change an order that has not left",
            "do": "Write another number of units over one, then press See what would happen.",
            "see": "What it does to stock, work and money, before anything is done. You can still"
            " leave it.",
            "at": "orders.tour.to_change",
            "otherwise": "orders:list",
        },
        {
            "title": "Decide a return",
            "part": "returns",
            "do": "Read why they send it back, then press Approve the return.",
            "see": "Where it goes back to. The customer is written to, the warehouse expects it.",
            "at": "returns.tour.to_decide",
            "otherwise": "returns:list",
        },
        {
            "title": "Help when a card fails",
            "part": "subscriptions",
            "do": "See when the payment is tried again; Try the payment again does it now.",
            "see": "A subscription with its deliveries, and the order that waits until it is paid.",
            "at": "orders.tour.payment_failed",
            "otherwise": "orders:subscriptions",
        },
    ),
    "finance": (
        {
            "title": "See what is owed and what is stuck",
            "do": "Look at the cards on Home, then come back here by Next.",
            "see": "Refunds on their way, orders that wait for money, invoices past their day.",
            "at": "core:home",
        },
        {
            "title": "Look at an order that is not paid",
            "do": "Read the hold: it waits for a bank transfer.",
            "see": "The goods are kept for it, nothing is packed, and it goes on by itself when the"
            " money is in.",
            "at": "orders.tour.unpaid",
            "otherwise": "orders:holds",
        },
        {
            "title": "Give money back for a return",
            "part": "returns",
            "do": "Look at the amounts and press See what would happen.",
            "see": "What was paid for just these units, less what went back before. Nothing moves"
            " until you say so on the next page.",
            "at": "returns.tour.to_settle",
            "otherwise": "returns:list?view=settle",
        },
        {
            "title": "Decide an order over the limit",
            "part": "b2b",
            "do": "Compare the order with the credit that is left. Release it with a reason, or"
            " leave it.",
            "see": "Only this order was held: smaller ones of the company go on.",
            "at": "b2b.tour.over_credit",
            "otherwise": "b2b:credit-holds",
        },
        {
            "title": "Take in a payment",
            "part": "b2b",
            "do": "Press Record a payment and write down a part of the amount.",
            "see": "What stays open, and that credit is free again by as much.",
            "at": "b2b.tour.overdue",
            "otherwise": "b2b:invoices",
        },
        {
            "title": "Close the month",
            "part": "reports",
            "do": "Read the sales of each month, then download the file.",
            "see": "Sales by month and currency; the file holds the same figures to the cent.",
            "at": "reports:report sales",
        },
    ),
    "purchasing": (
        {
            "title": "Begin with what runs out",
            "part": "alerts",
            "do": "Read the evidence, then follow Where to go on.",
            "see": "How many are left, how many go in a week, and when a delivery could be here.",
            "at": "oms.alerts.tour.runs_out",
            "otherwise": "alerts:list",
        },
        {
            "title": "See who waits",
            "part": "supply",
            "do": "Look which SKUs customers wait for, the longest wait first.",
            "see": "What is waited for, what is coming and when, and what nobody has ordered yet.",
            "at": "inventory:shortages",
        },
        {
            "title": "Look at the proposals",
            "part": "supply",
            "do": "Press Propose now.",
            "see": "One order for each supplier and location, worked out from reorder points and"
            " packs. Again proposes nothing twice.",
            "at": "inventory:supply?view=proposed",
        },
        {
            "title": "Order it",
            "part": "supply",
            "do": "Read Why so many, change a quantity if you like, press Approve, then Send.",
            "see": "The supplier gets the order as a PDF with a link to answer.",
            "at": "inventory.tour.proposal",
            "otherwise": "inventory:supply",
        },
        {
            "title": "Read a supplier's answer",
            "part": "supply",
            "do": "Look at What the supplier says.",
            "see": "Two days for one line. Customers who wait read the day that is theirs by their"
            " place in line.",
            "at": "inventory.tour.answered",
            "otherwise": "inventory:supply",
        },
        {
            "title": "Judge a supplier",
            "part": "supply",
            "do": "Look at what they supply, then at how they kept their word.",
            "see": "Costs, packs and lead times, how much came on its day, and how much was turned"
            " away.",
            "at": "inventory.tour.supplier",
            "otherwise": "inventory:suppliers",
        },
    ),
    "operations": (
        {
            "title": "See the whole house in a minute",
            "do": "Follow From order to parcel from top to bottom.",
            "see": "Where orders stand and since when, and how far each location is with its day.",
            "at": "core:home",
        },
        {
            "title": "Take what is late",
            "part": "alerts",
            "do": "Read the evidence. Take it, snooze it, or settle it with what came of it.",
            "see": "Why the house thinks that this order waits too long. Settled ones teach how"
            " often it is right.",
            "at": "oms.alerts.tour.waits_long",
            "otherwise": "alerts:list",
        },
        {
            "title": "Clear what is on hold",
            "do": "Select some orders and release them together.",
            "see": "All holds by kind, and for each whether it was released or why it was not.",
            "at": "orders:holds",
        },
        {
            "title": "Ask why it comes from there",
            "do": "Open Why under Fulfillment.",
            "see": "Every location with its distance, freight and stock, and why it was taken or"
            " not: here an order had to be split.",
            "at": "orders.tour.partly_sent",
            "otherwise": "orders:list",
        },
        {
            "title": "Have orders picked in one walk",
            "do": "Choose which orders, then press Show what it would be.",
            "see": "How many orders, units and stops the wave would have, before it is made.",
            "at": "fulfillment:wave-new",
        },
        {
            "title": "Know what happens by itself",
            "do": "Read it like a story: when this, then that.",
            "see": "Every reaction and every letter, in the order of a customer's journey.",
            "at": "messaging:automation",
        },
        {
            "title": "Judge the month",
            "part": "reports",
            "do": "Press 30 days, then read Hours to leave and Promises kept for each location.",
            "see": "How fast parcels leave, and what share was on time.",
            "at": "reports:report fulfillment",
        },
    ),
    "administrator": (
        {
            "title": "Let somebody in",
            "do": "Open a person: groups are the roles. View site, on top, leads back to the tour.",
            "see": "All who may sign in, staff and buyers. Roles give verbs, locations say where.",
            "at": "admin:core_user_changelist",
        },
        {
            "title": "Connect a shop",
            "do": "Open the channel and look at its settings. View site, on top, leads back.",
            "see": "Where orders come from. A channel's key sees the orders of that channel only.",
            "at": "admin:channels_channel_changelist",
        },
        {
            "title": "Write letters in your words",
            "do": "Change a sentence and press Preview.",
            "see": "The letter as it will go out, and everything it can say, on the right.",
            "at": "messaging:letter order.shipped",
        },
        {
            "title": "Tell other systems",
            "part": "webhooks",
            "do": "Open an endpoint and read its deliveries.",
            "see": "What was sent, what was answered, what is tried again. Each can be replayed.",
            "at": "webhooks:list",
        },
        {
            "title": "Say what counts as late",
            "part": "alerts",
            "do": "Look at a threshold; how often alerts were right stands beside it.",
            "see": "The numbers by which the house raises an alert.",
            "at": "alerts:thresholds",
        },
        {
            "title": "Look after what goes wrong",
            "do": "Look whether there is anything; Retry does it once more.",
            "see": "Letters, refunds and papers that could not be done. Empty is the good news.",
            "at": "core:jobs",
        },
    ),
    "buyer": (
        {
            "title": "Begin at your overview",
            "do": "See what waits for you and what is under way.",
            "see": "Your company's orders, quotes and invoices, nobody else's.",
            "at": "buying:overview",
        },
        {
            "title": "Fill a sheet from the catalog",
            "do": "Write units beside a few articles and press Put into the order.",
            "see": "Your own prices, cheaper from a quantity on, and what we have.",
            "at": "buying:order-catalog",
        },
        {
            "title": "Order the same again",
            "do": "Press Order again beside an order, then look it over.",
            "see": "The same articles at today's prices. Nothing is ordered until you hand it in.",
            "at": "buying:orders?view=all",
        },
        {
            "title": "See an order that needs a second person",
            "do": "Read why it waits. Who may approve finds the button here.",
            "see": "The limit it is over, and that we begin as soon as somebody agrees.",
            "at": "b2b.tour.to_approve",
            "otherwise": "buying:orders",
        },
        {
            "title": "Answer a quote",
            "do": "Accept all or a part of it, or ask for something else.",
            "see": "What is offered beside your usual price. Earlier versions stay to be read.",
            "at": "b2b.tour.offered",
            "otherwise": "buying:quotes",
        },
        {
            "title": "Get an invoice",
            "do": "Download the PDF.",
            "see": "What is open and by when. All invoices, and the credit you have left, are under"
            " Invoices.",
            "at": "b2b.tour.invoice",
            "otherwise": "buying:invoices",
        },
    ),
}
