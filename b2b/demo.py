"""Business customers of the tea house: cafés, hotels and a museum shop that buy on terms."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from b2b import services
from b2b.demo_documents import SELLS, purchase_orders, quotes
from b2b.models import Company
from b2b.services import PlaceOf
from b2b.states import AddressKind, BuyerRole
from oms.core.demo import Demo, give_password, password
from oms.core.models import User
from oms.customers.addresses import Address

LIST = "wholesale"
PRICES = (
    # SKU, from how many, price
    ("TEA-GREEN-1", 1, "5.20"),
    ("TEA-GREEN-1", 24, "4.80"),
    ("TEA-GREEN-1", 96, "4.40"),
    ("TEA-BLACK-1", 1, "5.40"),
    ("TEA-BLACK-1", 24, "4.95"),
    ("TEA-HERBAL-1", 1, "5.10"),
    ("TEA-GREEN-1-1KG", 1, "41.00"),
    ("TEA-BLACK-1-1KG", 1, "42.00"),
    ("TEA-BLACK-1-1KG", 10, "38.50"),
    ("TEA-HERBAL-2-1KG", 1, "48.00"),
    ("TEA-GREEN-1-BAG", 1, "4.10"),
    ("TEA-BLACK-4-BAG", 1, "6.40"),
    ("CUP-MOON-S", 1, "7.60"),
    ("CUP-MOON-S", 12, "6.90"),
    ("MUG-DAILY-INDIGO", 1, "10.20"),
    ("MUG-DAILY-WHITE", 1, "10.20"),
    ("POT-GLASS-12", 1, "23.60"),
    ("POT-PORC-07-WHITE", 1, "28.00"),
    ("FILTER-100", 1, "3.90"),
    ("HONEY-LINDEN", 1, "6.50"),
    ("CANDY-STICKS", 1, "3.60"),
    ("BISCUIT-OAT", 1, "4.40"),
    ("SAMPLER-EXPORT", 1, "19.50"),
    ("GIFT-MATCHA", 1, "41.00"),
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
    rep: str = "sofia"
    ship_complete: bool = False


CLIENTS = (
    Client(
        "vermeer",
        "Café Vermeer BV",
        30,
        "6000",
        Address("Café Vermeer", "Oude Delft 12", "Delft", "NL", postal_code="2611 BB"),
        approval_limit="1500",
    ),
    Client(
        "harbour",
        "Harbour Hotel Group",
        45,
        "9000",
        Address("Harbour Hotel", "Wilhelminakade 80", "Rotterdam", "NL", postal_code="3072 AP"),
    ),
    Client(
        "linden",
        "Teestube Linden GmbH",
        14,
        "300",
        Address("Teestube Linden", "Karl-Heine-Straße 54", "Leipzig", "DE", postal_code="04229"),
        rep="rosa",
    ),
    Client(
        "museum",
        "Museum Shop Delft",
        30,
        None,
        Address("Museum Shop Delft", "Agathaplein 1", "Delft", "NL", postal_code="2611 HR"),
        rep="rosa",
        ship_complete=True,
    ),
)  # fmt: skip


def companies(demo: Demo) -> None:
    """Four companies with prices, buyers, quotes and purchase orders; only where none are."""
    for name, full_name, role in (
        ("bram", "Bram Jansen", BuyerRole.BUYER),
        ("anna", "Anna Vermeer", BuyerRole.ADMIN),
        ("hugo", "Hugo Peeters", BuyerRole.BUYER),
    ):
        demo.sign_ins.append((f"buyer, {role}", name, password(name)))
        if not User.objects.filter(username=name).exists():
            first, _, last = full_name.partition(" ")
            user = User(
                username=name,
                email=f"{name}@{'harbour' if name == 'hugo' else 'vermeer'}.example",
                first_name=first,
                last_name=last,
            )
            user.save()
            give_password(user)
    if Company.objects.exists():
        return
    _terms(demo)
    quotes(demo)
    purchase_orders(demo)


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
            sales_rep=client.rep,
            ship_complete=client.ship_complete,
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
        company="harbour",
        user="hugo",
        role=BuyerRole.BUYER,
        spending_limit=None,
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
