"""Orders of the tea house, each with the fate that the warehouse and the desks give it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from oms.catalog.models import Sku
from oms.channels.demo import SOCIAL, principal
from oms.core.actors import Actor
from oms.core.demo import DESK, SLUG, Demo
from oms.core.money import rounded
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import selectors, services
from orders.models import Order
from orders.rules.pricing import price
from orders.rules.wanted import NewLine, NewOrder, NewPayment

PEOPLE = (
    ("Robin Vale", "Molenstraat 27", "Antwerp", "", "2000", "BE", "en"),
    ("Mila Janssen", "Oudegracht 110", "Utrecht", "", "3511 AW", "NL", "nl"),
    ("Jonas Weber", "Karl-Liebknecht-Straße 8", "Leipzig", "", "04107", "DE", "de"),
    ("Claire Dubois", "Rue des Carmes 14", "Rouen", "", "76000", "FR", "fr"),
    ("Grace Miller", "88 Court Street", "Brooklyn", "NY", "11201", "US", "en"),
    ("Tomás Silva", "Rua das Flores 52", "Porto", "", "4050-262", "PT", "en"),
    ("Anna Kowalska", "Długa 16", "Kraków", "", "31-146", "PL", "en"),
    ("Henry Clarke", "12 Castle Street", "Bristol", "", "BS1 3XD", "GB", "en"),
    ("Ida Holm", "Vesterbrogade 33", "Copenhagen", "", "1620", "DK", "en"),
    ("Marcus Reed", "400 Pine Avenue", "Boston", "MA", "02118", "US", "en"),
    ("Sanne Bakker", "Witte de Withstraat 9", "Rotterdam", "", "3012 BK", "NL", "nl"),
    ("Lukas Gruber", "Getreidegasse 21", "Salzburg", "", "5020", "AT", "de"),
    ("Noor Haddad", "Kanaalstraat 61", "Utrecht", "", "3531 CB", "NL", "nl"),
    ("Elise Maes", "Vlaanderenstraat 19", "Ghent", "", "9000", "BE", "nl"),
    ("Pauline Roux", "Rue Nationale 88", "Lille", "", "59000", "FR", "fr"),
    ("Frank Becker", "Gottschedstraße 3", "Leipzig", "", "04109", "DE", "de"),
)


@dataclass(frozen=True)
class Story:
    """An order and what becomes of it."""

    fate: str
    days_ago: float
    person: int
    basket: dict[str, int]
    pays: str = "all"
    """`all`, `half`, `nothing`, or `later`: reserved on the card only."""
    channel: str = SLUG

    @property
    def at(self) -> timedelta:
        return timedelta(days=self.days_ago)


STORIES = (
    Story("return_closed", 34, 12, {"MUG-DAILY-INDIGO": 2}, channel=SOCIAL),
    Story("refund_failed", 33, 13, {"POT-PORC-07-SAGE": 1}, channel=SOCIAL),
    Story("return_declined", 31, 7, {"TEA-FRUIT-1": 3}),
    Story("return_inspected", 30, 11, {"BOWL-CHA-INDIGO": 1, "WHISK-MATCHA": 1}),
    Story("delivered", 29, 0, {"POT-CAST-08": 1, "TEA-GREEN-1": 2}),
    Story("delivered", 27, 4, {"TEA-BLACK-4": 3, "TIN-100": 1}),
    Story("refunded", 26, 1, {"CUP-MOON-S": 4, "CUP-MOON-L": 2}),
    Story("delivered", 25, 2, {"TEA-HERBAL-1": 1, "TEA-HERBAL-2": 1, "HONEY-LINDEN": 1}),
    Story("refunded", 24, 9, {"POT-GLASS-12": 1, "WARMER-GLASS": 1}),
    Story("return_part", 23, 1, {"CUP-GLAZE-ROSE": 4}),
    Story("delivered", 22, 7, {"SAMPLER-12": 1}),
    Story("cancelled", 21, 3, {"TRAY-OAK": 1}),
    Story("return_cancelled", 21, 6, {"KETTLE-STOVE-12": 1}),
    Story("delivered", 20, 5, {"BOOK-TEA": 1, "TEA-OOLONG-2": 1}),
    Story("return_received", 19, 10, {"COZY-WOOL": 1, "CLOTH-LINEN": 2}),
    Story("delivered", 18, 6, {"TEA-WHITE-2": 2}),
    Story("part_refunded", 17, 8, {"CUP-GLASS-2": 3}),
    Story("delivered", 16, 11, {"GIFT-STARTER": 1}),
    Story("return_approved", 14, 0, {"SCALE-POCKET": 1, "FILTER-100": 2}),
    Story("return_requested", 12, 4, {"CUP-TRAVEL": 2}),
    Story("delivered", 11, 2, {"TEA-BLACK-1": 2, "MILK-JUG": 1, "SUGAR-BOWL": 1}),
    Story("return_requested", 10, 7, {"TIMER-SAND": 1}),
    Story("backordered", 9, 4, {"GIFT-MATCHA": 1}),
    Story("in_transit", 6, 1, {"POT-PORC-10": 1, "CUP-SAUCER-6": 1}),
    Story("in_transit", 5, 9, {"TEA-GREEN-4": 2, "TEA-GREEN-5": 1}),
    Story("exception", 5, 6, {"HONEY-ACACIA": 3, "BISCUIT-ALMOND": 2}),
    Story("shipped", 4, 10, {"STRAIN-FINE": 1, "TEA-HERBAL-4": 2}),
    Story("shipped", 3.5, 5, {"WHISK-MATCHA": 1, "SCOOP-BAMBOO": 1}),
    Story("part_shipped", 3.2, 0, {"KETTLE-GOOSE": 4, "TEA-OOLONG-1": 1}),
    Story("shipped", 3, 8, {"TEA-BLACK-2": 1, "CANDY-KANDIS": 1}),
    Story("part_cancelled", 2.8, 11, {"TIN-250": 4, "TEA-BLACK-5": 2}),
    Story("short_picked", 2.7, 8, {"TEA-BLACK-13": 6, "HONEY-CHESTNUT": 2}),
    Story("packed", 2.5, 0, {"POT-CLAY-05": 1}),
    Story("packed", 2.2, 4, {"TEA-HERBAL-3": 3, "STRAIN-BALL": 1}),
    Story("picked", 2, 7, {"TRAY-BAMBOO": 1, "CUP-MOON-L": 2}),
    Story("picked", 1.8, 1, {"TEA-GREEN-2": 1, "TEA-GREEN-3": 1, "TEA-GREEN-6": 1}),
    Story("rejected", 1.9, 2, {"CANDLE-BEES": 2}),
    Story("work_held", 1.7, 0, {"SAMPLER-GREEN": 1, "CARAFE-ICE-15": 1}),
    Story("picking", 1.6, 3, {"CUP-MOON-S": 3, "TEA-OOLONG-3": 1}),
    Story("picking", 1.5, 9, {"BOWL-MATCHA": 2, "HONEY-ACACIA": 1}),
    Story("released", 1.4, 5, {"TEA-BLACK-3": 2}),
    Story("released", 1.3, 10, {"CLOTH-LINEN": 3, "GIFT-CARD": 1}),
    Story("released", 1.2, 6, {"TEA-BLACK-6": 1, "MILK-JUG": 1}),
    Story("held_fraud", 1.1, 9, {"POT-CAST-08": 6, "GIFT-CARD": 8}),
    Story("held_address", 1, 11, {"TEA-WHITE-3": 1}),
    Story("held_payment", 0.9, 8, {"GIFT-STARTER": 2}, "nothing"),
    Story("held_manual", 0.85, 13, {"GIFT-WINTER": 12}),
    Story("let_go", 0.8, 0, {"TEA-HERBAL-5": 2, "FILTER-100": 1}),
    Story("backordered", 0.7, 2, {"TEA-WHITE-1": 9}),
    Story("cancelled", 0.6, 4, {"BOOK-TEA": 2}, "nothing"),
    Story("placed", 0.55, 14, {"TIN-WASHI-100-ROSE": 2}, "later", SOCIAL),
    Story("placed", 0.52, 15, {"GIFT-OFFICE": 3}, "half"),
    Story("placed", 0.5, 1, {"TEA-HERBAL-6": 1, "HONEY-LINDEN": 2}),
    Story("placed", 0.4, 3, {"SAMPLER-12": 2}),
    Story("placed", 0.3, 7, {"POT-GLASS-12": 1, "TEA-GREEN-1": 1}),
    Story("placed", 0.2, 9, {"CUP-TRAVEL": 1}, "nothing"),
    Story("placed", 0.1, 5, {"TEA-BLACK-4": 4}),
    Story("placed", 0.05, 10, {"GIFT-MATCHA": 1, "TEA-GREEN-1": 1}),
)
FIRST = 1001
HELD = {
    "held_fraud": ("fraud", "Card from another country, many gift cards"),
    "held_address": ("address", "The house number is missing"),
    "held_payment": ("payment", "Waiting for the bank transfer"),
    "held_manual": ("manual", "A label with their name is being made"),
    "let_go": ("manual", "The customer asked us to wait a day"),
}


def orders(demo: Demo) -> None:
    """Place the orders, and do what the desks do with them; only where there are none yet."""
    channels = {slug: principal(slug) for slug in {story.channel for story in STORIES}}
    if Order.objects.filter(channel__slug__in=channels, external_id=f"W-{FIRST}").exists():
        return
    codes = {code for story in STORIES for code in story.basket}
    skus = Sku.objects.in_bulk(codes, field_name="code")
    for nth, story in enumerate(STORIES, start=FIRST):
        at = demo.now - story.at
        wanted = _order(f"W-{nth}", story, demo, skus)
        placed = services.place_order(
            wanted=wanted, channel=channels[story.channel], by=Actor.channel(story.channel), at=at
        )
        demo.placed[wanted.external_id] = placed.number
        if story.fate in HELD:
            kind, reason = HELD[story.fate]
            services.hold_order(number=placed.number, kind=kind, reason=reason, by=DESK)
        if story.fate == "let_go":
            services.release_hold(number=placed.number, kind="manual", by=DESK)
        if story.fate == "cancelled":
            services.cancel_order(
                number=placed.number, reason="Ordered twice", by=DESK, at=at + timedelta(hours=2)
            )
        if story.fate == "part_cancelled":
            [line, *_] = placed.lines
            services.cancel_order(
                number=placed.number,
                reason="One tin less",
                units={line.pk: 1},
                by=DESK,
                at=at + timedelta(hours=1),
            )


def stories(demo: Demo) -> list[tuple[str, Story]]:
    """Return the orders placed just now, by number, with their stories."""
    return [
        (demo.placed[f"W-{nth}"], story)
        for nth, story in enumerate(STORIES, start=FIRST)
        if f"W-{nth}" in demo.placed
    ]


def links(demo: Demo) -> None:
    """Say where a customer sees an order that is on its way."""
    nth = [story.fate for story in STORIES].index("in_transit") + FIRST
    if order := Order.objects.filter(external_id=f"W-{nth}").first():
        demo.links.append((f"Order {order.number}, as its customer", selectors.status_url(order)))


def _order(external_id: str, story: Story, demo: Demo, skus: dict[str, Sku]) -> NewOrder:
    name, line1, city, region, postal_code, country, language = PEOPLE[story.person]
    email = f"{name.split()[0].lower()}@example.com".replace("á", "a")
    lines = []
    for code, units in story.basket.items():
        unit_price = skus[code].price or Decimal(0)
        tax = rounded(unit_price * units * Decimal("0.21"), "EUR")
        lines.append(NewLine(code, units, unit_price, tax=tax))
    address = Address(
        name=name,
        line1=line1,
        city=city,
        region=region,
        postal_code=postal_code,
        country=country,
    )

    def order(*payments: NewPayment) -> NewOrder:
        return NewOrder(
            external_id=external_id,
            placed_at=demo.now - story.at,
            currency="EUR",
            customer=CustomerDetails(
                name=name, external_id=f"c-{story.person + 1}", email=email, language=language
            ),
            ship_to=address,
            lines=tuple(lines),
            service="standard",
            shipping_amount=Decimal("4.95"),
            shipping_tax=Decimal("1.04"),
            payments=payments,
        )

    total = price(order()).total
    reference = f"ch_{external_id}"
    if story.pays == "nothing":
        return order()
    if story.pays == "later":
        return order(NewPayment("card", "authorized", total, reference=reference))
    part = total if story.pays == "all" else rounded(total / 2, "EUR")
    return order(NewPayment("card", "captured", part, reference=reference))
