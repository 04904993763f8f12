"""What the tea house's business customers ask for, are offered, order and owe."""

from datetime import datetime, timedelta
from decimal import Decimal

from b2b import services
from b2b.models import Company, Invoice, PurchaseOrder, Quote
from b2b.services import LineWish
from b2b.states import Source
from fulfillment.models import FulfillmentOrder
from fulfillment.services import dispatch, pick, release_work
from oms.core.actors import SYSTEM, Actor
from oms.core.demo import Demo

SELLS, SELLS_TOO = Actor("user", "sofia"), Actor("user", "rosa")
COLLECTS = Actor("user", "fiona")
BUYS, AGREES = Actor("user", "bram"), Actor("user", "anna")
BUYING = Actor("user", "purchasing")
Basket = dict[str, int]


def quotes(demo: Demo) -> None:
    """Requests and offers in every state; one offer is at its third version."""
    _requests(demo)
    _negotiated(demo)
    at = demo.now - timedelta(days=3)
    _offer("harbour", {"TEA-BLACK-1": (200, "4.60"), "CUP-MOON-S": (96, "6.50")}, at)
    _offer("harbour", {"TEA-HERBAL-2-1KG": (12, "46.00")}, at, until="draft")
    _offer("museum", {"SAMPLER-EXPORT": (300, "14.90")}, at, by=SELLS_TOO)  # asks for approval
    lost = _offer("harbour", {"POT-PORC-07-WHITE": (40, "26.50")}, at - timedelta(days=16))
    services.lose_quote(
        number=lost.number, reason="Bought from another house", by=SELLS, at=at - timedelta(days=4)
    )
    gone = _offer("linden", {"MUG-DAILY-WHITE": (48, "9.80")}, at, by=SELLS_TOO)
    services.withdraw_quote(
        number=gone.number, reason="The glaze is out of production", by=SELLS_TOO, at=demo.now
    )
    revised = _offer("harbour", {"TEA-GREEN-1-BAG": (120, "3.90")}, at)
    services.request_revision(
        number=revised.number, reason="Half now, half in spring?", by=BUYING, at=demo.now
    )
    past = demo.now - timedelta(days=50)
    _offer("vermeer", {"TEA-BLACK-1-1KG": (20, "38.00")}, past)
    services.expire_quotes(by=SYSTEM, at=demo.now)
    taken = _offer("vermeer", {"BISCUIT-OAT": (60, "4.20"), "CANDY-STICKS": (40, "3.50")}, at)
    services.accept_quote(number=taken.number, po_number="4500-21", by=AGREES, at=demo.now)


def _requests(demo: Demo) -> None:
    buyer = Company.objects.get(code="vermeer").buyers.get(user__username="bram")
    services.request_quote(
        company="vermeer",
        lines=[LineWish("TEA-GREEN-2", 120), LineWish("POT-PORC-10", 8, Decimal("33.00"))],
        note="For the opening in Leiden. Can you engrave the pots?",
        buyer=buyer,
        by=BUYS,
        at=demo.now - timedelta(hours=5),
    )
    for company, basket, note, days in (
        ("museum", {"SAMPLER-EXPORT": 150}, "For the spring exhibition, with our label.", 2),
        ("linden", {"GIFT-MATCHA": 30}, "As a present to our guests.", 8),
    ):
        at = demo.now - timedelta(days=days)
        asked = services.request_quote(
            company=company,
            lines=[LineWish(sku, units) for sku, units in basket.items()],
            note=note,
            by=BUYING,
            at=at,
        )
        if company == "museum":
            services.review_request(number=asked.number, by=SELLS_TOO, at=at)
        else:
            reason = "Matcha sets are out until spring"
            services.decline_request(number=asked.number, reason=reason, by=SELLS_TOO, at=at)


def _offer(
    company: str,
    lines: dict[str, tuple[int, str]],
    at: datetime,
    *,
    by: Actor = SELLS,
    until: str = "presented",
    number: str | None = None,
    note: str = "",
) -> Quote:
    quote = services.draft_quote(
        company=company,
        lines=[LineWish(sku, units, Decimal(price)) for sku, (units, price) in lines.items()],
        number=number,
        note=note,
        by=by,
        at=at,
    )
    if until == "draft":
        return quote
    return services.present_quote(number=quote.number, by=by, at=at + timedelta(minutes=20))


def _negotiated(demo: Demo) -> None:
    """Twice the company wanted it otherwise; the third version lies on the table."""
    at = demo.now - timedelta(days=12)
    note = "Monthly delivery to Delft and Leiden."
    quote = _offer("vermeer", {"TEA-GREEN-1": (240, "4.40")}, at, note=note)
    for days, reason, lines in (
        (9, "Could the cups be part of it?", {"TEA-GREEN-1": (240, "4.40"),
                                              "CUP-MOON-S": (60, "6.90")}),
        (5, "A little less for the cups, please.", {"TEA-GREEN-1": (240, "4.30"),
                                                    "CUP-MOON-S": (60, "6.40")}),
    ):  # fmt: skip
        at = demo.now - timedelta(days=days)
        services.request_revision(number=quote.number, reason=reason, by=AGREES, at=at)
        services.revise_quote(number=quote.number, by=SELLS, at=at + timedelta(hours=2))
        _offer("vermeer", lines, at + timedelta(hours=3), number=quote.number, note=note)


def purchase_orders(demo: Demo) -> None:
    """Purchase orders at every step; invoices paid, half paid, credited, open and overdue."""
    paid = _buy(demo, "vermeer", "4500-17", 35, {"TEA-GREEN-1": 24, "FILTER-100": 20})
    _pay(demo, _send(demo, paid, 33), paid.total_amount, "NL-2291", 6)
    owed = _buy(demo, "harbour", "HH-0088", 20, {"TEA-BLACK-1": 48, "HONEY-LINDEN": 24})
    _pay(demo, _send(demo, owed, 18), Decimal("100.00"), "NL-2318", 3)
    late = _buy(demo, "linden", "L-198", 24, {"TEA-BLACK-4-BAG": 20})
    _send(demo, late, 22)
    credited = _buy(demo, "museum", "MSD-71", 16, {"SAMPLER-EXPORT": 12})
    invoice = _send(demo, credited, 15)
    services.credit_invoice(
        invoice=invoice,
        amount=Invoice.objects.get(number=invoice).open_amount,
        reason="Delivered to the wrong door",
        by=COLLECTS,
        at=demo.now - timedelta(days=9),
    )
    open_one = _buy(demo, "harbour", "HH-0090", 8, {"MUG-DAILY-WHITE": 24, "TEA-GREEN-1-1KG": 6})
    _send(demo, open_one, 6)
    begun = _buy(demo, "vermeer", "4500-20", 2, {"TEA-BLACK-1-1KG": 10, "CUP-MOON-S": 12})
    for work in FulfillmentOrder.objects.filter(order=begun.order):
        at = demo.now - timedelta(days=1)
        release_work(number=work.number, by=SELLS, at=at)
        pick(number=work.number, by=SELLS, at=at)
    if begun.order is not None:
        services.follow_order(order=begun.order.number, by=COLLECTS, at=demo.now)
    split = _buy(demo, "harbour", "HH-0092", 3, {"CUP-MOON-S": 72})
    _leave(split, demo.now - timedelta(days=2), most=1)
    gone = _buy(demo, "vermeer", "4500-19", 1, {"HONEY-LINDEN": 12, "TEA-BLACK-1": 24})
    _leave(gone, demo.now - timedelta(hours=2))
    _buy(demo, "harbour", "HH-0093", 1, {"CUP-MOON-S": 24, "TEA-HERBAL-1": 12})
    _buy(demo, "linden", "L-204", 1, {"POT-GLASS-12": 10, "TEA-GREEN-1": 48})  # over its credit
    _buy(demo, "vermeer", "4500-22", 0, {"TEA-GREEN-1": 60}, price=Decimal("4.20"))
    whole = _buy(demo, "museum", "MSD-74", 4, {"GIFT-MATCHA": 12, "SAMPLER-EXPORT": 24})
    if whole.order is not None:
        services.hold_until_complete(order=whole.order.number, by=SYSTEM)
    _undecided(demo)


def _undecided(demo: Demo) -> None:
    """A draft, one that waits for a second person, one turned down, one called off."""
    buyer = Company.objects.get(code="vermeer").buyers.get(user__username="bram")
    for po_number, basket, submit in (
        ("4500-23", {"TEA-GREEN-1-1KG": 14}, True),  # more than Bram may spend alone
        ("", {"TEA-BLACK-4-BAG": 12, "HONEY-LINDEN": 6}, False),
    ):
        document = services.save_purchase_order(
            company="vermeer",
            po_number=po_number,
            lines=[LineWish(sku, units) for sku, units in basket.items()],
            source=Source.PORTAL,
            buyer=buyer,
            by=BUYS,
            at=demo.now - timedelta(hours=6),
        )
        if submit:
            services.submit_purchase_order(
                number=document.number, by=BUYS, at=demo.now - timedelta(hours=5)
            )
    refused = _buy(demo, "linden", "L-201", 11, {"TEA-GREEN-1": 30}, price=Decimal("2.90"))
    services.reject_purchase_order(
        number=refused.number,
        reason="That was last year's price",
        by=SELLS_TOO,
        at=demo.now - timedelta(days=10),
    )
    off = _buy(demo, "harbour", "HH-0091", 5, {"POT-PORC-07-WHITE": 6})
    services.cancel_purchase_order(
        number=off.number, reason="Ordered twice", by=SELLS, at=demo.now - timedelta(days=4)
    )


def _buy(
    demo: Demo,
    company: str,
    po_number: str,
    days: int,
    basket: Basket,
    price: Decimal | None = None,
) -> PurchaseOrder:
    at = demo.now - timedelta(days=days, hours=2)
    document = services.save_purchase_order(
        company=company,
        po_number=po_number,
        lines=[LineWish(sku, units, price) for sku, units in basket.items()],
        source=Source.API,
        by=BUYING,
        at=at,
    )
    return services.submit_purchase_order(number=document.number, by=BUYING, at=at)


def _send(demo: Demo, document: PurchaseOrder, days: int) -> str:
    """Send all of it; return the number of its invoice."""
    at = demo.now - timedelta(days=days)
    number = ""
    for shipment in _leave(document, at):
        number = services.issue_invoice(shipment=shipment, by=COLLECTS, at=at).number
    if document.order is not None:
        services.follow_order(order=document.order.number, by=COLLECTS, at=at)
    return number


def _leave(document: PurchaseOrder, at: datetime, most: int | None = None) -> list[str]:
    """Let its parcels go, `most` of them; return their numbers."""
    shipments = [
        dispatch(
            number=work.number,
            carrier="PostNL",
            tracking_number=f"3SB2B{work.number[3:].replace('-', '')}",
            by=SELLS,
            at=at,
        ).number
        for work in FulfillmentOrder.objects.filter(order=document.order).order_by("id")[:most]
    ]
    if document.order is not None:
        services.follow_order(order=document.order.number, by=COLLECTS, at=at)
    return shipments


def _pay(demo: Demo, invoice: str, amount: Decimal, reference: str, days: int) -> None:
    services.record_payment(
        invoice=invoice,
        amount=amount,
        reference=reference,
        by=COLLECTS,
        at=demo.now - timedelta(days=days),
    )
