"""Business customers of the tea house: cafés, hotels and a museum shop that buy on terms."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from b2b import services
from b2b.models import Company, PurchaseOrder
from b2b.services import LineWish, PlaceOf
from b2b.states import AddressKind, BuyerRole, Source
from fulfillment.models import FulfillmentOrder
from fulfillment.services import dispatch
from oms.core.actors import Actor
from oms.core.demo import Demo, password
from oms.core.models import User
from oms.customers.addresses import Address

REP = "sofia"
SELLS = Actor("user", REP)
COLLECTS = Actor("user", "fiona")
LIST = "wholesale"
PRICES = (
    # SKU, from how many, price
    ("TEA-GREEN-1", 1, "5.20"),
    ("TEA-GREEN-1", 24, "4.80"),
    ("TEA-GREEN-1", 96, "4.40"),
    ("TEA-BLACK-1", 1, "5.40"),
    ("TEA-BLACK-1", 24, "4.95"),
    ("TEA-HERBAL-1", 1, "5.10"),
    ("CUP-MOON-S", 1, "7.60"),
    ("CUP-MOON-S", 12, "6.90"),
    ("POT-GLASS-12", 1, "23.60"),
    ("FILTER-100", 1, "3.90"),
    ("HONEY-LINDEN", 1, "6.50"),
)


@dataclass(frozen=True)
class Client:
    """A company of the demo; `terms` days, `credit` None for no limit."""

    code: str
    name: str
    terms: int
    credit: str | None
    address: Address
    approval_limit: str | None = None


CLIENTS = (
    Client(
        "vermeer",
        "Café Vermeer BV",
        30,
        "2500",
        Address("Café Vermeer", "Oude Delft 12", "Delft", "NL", postal_code="2611 BB"),
        approval_limit="1500",
    ),
    Client(
        "harbour",
        "Harbour Hotel Group",
        45,
        "4000",
        Address("Harbour Hotel", "Wilhelminakade 80", "Rotterdam", "NL", postal_code="3072 AP"),
    ),
    Client(
        "linden",
        "Teestube Linden GmbH",
        14,
        "300",
        Address("Teestube Linden", "Karl-Heine-Straße 54", "Leipzig", "DE", postal_code="04229"),
    ),
)  # fmt: skip


def companies(demo: Demo) -> None:
    """Three companies with prices, buyers, quotes and purchase orders; only where none are."""
    for name, full_name, role in (
        ("bram", "Bram Jansen", BuyerRole.BUYER),
        ("anna", "Anna Vermeer", BuyerRole.ADMIN),
    ):
        demo.sign_ins.append((f"buyer, {role}", name, password(name)))
        if not User.objects.filter(username=name).exists():
            first, _, last = full_name.partition(" ")
            user = User(
                username=name, email=f"{name}@vermeer.example", first_name=first, last_name=last
            )
            user.set_password(password(name))
            user.save()
    if Company.objects.exists():
        return
    _terms(demo)
    _quotes(demo)
    _purchase_orders(demo)


def _terms(demo: Demo) -> None:
    begun = demo.now - timedelta(days=40)
    services.save_price_list(code=LIST, name="Wholesale", currency="EUR", by=SELLS, at=begun)
    for sku, quantity, price in PRICES:
        services.set_price(
            price_list=LIST,
            sku=sku,
            unit_price=Decimal(price),
            min_quantity=quantity,
            by=SELLS,
            at=begun,
        )
    for client in CLIENTS:
        limit = client.approval_limit
        services.create_company(
            code=client.code,
            name=client.name,
            email=f"purchasing@{client.code}.example",
            terms_days=client.terms,
            credit_limit=Decimal(client.credit) if client.credit else None,
            approval_limit=Decimal(limit) if limit else None,
            price_list=LIST,
            sales_rep=REP,
            addresses=[PlaceOf(AddressKind.SHIP, "Main", client.address)],
            by=SELLS,
            at=begun,
        )
    services.add_buyer(
        company="vermeer",
        user="bram",
        role=BuyerRole.BUYER,
        spending_limit=Decimal("400"),
        by=SELLS,
        at=begun,
    )
    services.add_buyer(
        company="vermeer",
        user="anna",
        role=BuyerRole.ADMIN,
        spending_limit=None,
        by=SELLS,
        at=begun,
    )


def _quotes(demo: Demo) -> None:
    """One request that waits, one offer on the table."""
    bram = Actor("user", "bram")
    buyer = Company.objects.get(code="vermeer").buyers.get(user__username="bram")
    services.request_quote(
        company="vermeer",
        lines=[LineWish("TEA-GREEN-2", 120), LineWish("POT-PORC-10", 8, Decimal("33.00"))],
        note="For the opening in Leiden. Can you engrave the pots?",
        buyer=buyer,
        by=bram,
        at=demo.now - timedelta(hours=5),
    )
    offered = demo.now - timedelta(days=3)
    quote = services.draft_quote(
        company="harbour",
        lines=[
            LineWish("TEA-BLACK-1", 200, Decimal("4.60")),
            LineWish("CUP-MOON-S", 96, Decimal("6.50")),
        ],
        note="Free delivery to all three houses.",
        by=SELLS,
        at=offered,
    )
    services.present_quote(number=quote.number, by=SELLS, at=offered)


def _purchase_orders(demo: Demo) -> None:
    """One is paid, one invoiced, one on its way, and two wait for somebody to look."""
    paid = _buy(demo, "vermeer", "4500-17", 35, {"TEA-GREEN-1": 24, "FILTER-100": 20})
    invoice = _send(demo, paid, 33)
    services.record_payment(
        invoice=invoice,
        amount=paid.total_amount,
        reference="NL-2291",
        by=COLLECTS,
        at=demo.now - timedelta(days=6),
    )
    owed = _buy(demo, "harbour", "HH-0088", 20, {"TEA-BLACK-1": 48, "HONEY-LINDEN": 24})
    _send(demo, owed, 18)
    _buy(demo, "harbour", "HH-0093", 1, {"CUP-MOON-S": 24, "TEA-HERBAL-1": 12})
    _buy(demo, "linden", "L-204", 1, {"POT-GLASS-12": 10, "TEA-GREEN-1": 48})
    _buy(demo, "vermeer", "4500-22", 0, {"TEA-GREEN-1": 60}, price=Decimal("4.20"))


def _buy(
    demo: Demo,
    company: str,
    po_number: str,
    days: int,
    basket: dict[str, int],
    price: Decimal | None = None,
) -> PurchaseOrder:
    at = demo.now - timedelta(days=days, hours=2)
    document = services.save_purchase_order(
        company=company,
        po_number=po_number,
        lines=[LineWish(sku, units, price) for sku, units in basket.items()],
        source=Source.API,
        by=Actor("user", "purchasing"),
        at=at,
    )
    return services.submit_purchase_order(
        number=document.number, by=Actor("user", "purchasing"), at=at
    )


def _send(demo: Demo, document: PurchaseOrder, days: int) -> str:
    """Send all of it; return the number of its invoice."""
    at = demo.now - timedelta(days=days)
    number = ""
    for work in FulfillmentOrder.objects.filter(order=document.order):
        shipment = dispatch(
            number=work.number,
            carrier="PostNL",
            tracking_number=f"3SB2B{work.number[3:].replace('-', '')}",
            by=SELLS,
            at=at,
        )
        number = services.issue_invoice(shipment=shipment.number, by=COLLECTS, at=at).number
    if document.order is not None:
        services.follow_order(order=document.order.number, by=COLLECTS, at=at)
    return number
