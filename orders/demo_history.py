"""What the tea house sold in the last half year: shops' orders, and wholesale of before that."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random

from oms.catalog.demo import BARCODES
from oms.catalog.models import Sku
from oms.channels.demo import EXPORT, MARKET, SOCIAL, principal
from oms.channels.principals import ChannelPrincipal
from oms.core.actors import Actor
from oms.core.batch import in_one_go
from oms.core.demo import SLUG, Demo
from oms.customers.addresses import Address
from oms.customers.models import Customer
from oms.customers.services import CustomerDetails
from orders.demo_baskets import basket, paid
from orders.demo_people import Person, person
from orders.models import Order
from orders.rules.wanted import NewOrder
from orders.services.recording import record_past_order

DAYS = 182
PEOPLE = 260
PREFIX = "P-"
"""How the external ids of the shops' past orders begin."""
CANCELLED = 0.03
WEEK = (1, 0.9, 0.8, 0.9, 1.1, 1.3, 1.5)
RARE = {"TRAY-OAK", "POT-CLAY-03-SAND", "BOOK-JOURNEY", "GIFT-CARD", "GIFT-CARD-10"}
"""Not in the shops' baskets: what no longer sells, and what is not sent."""
HITS = ("TEA-GREEN-1", "TEA-BLACK-4", "TEA-HERBAL-2", "TEA-BLACK-1", "FILTER-100", "HONEY-LINDEN")
"""What sells best, the best first."""
SCARCE = {"KETTLE-GOOSE", "GIFT-MATCHA", "TEA-WHITE-1"}


@dataclass(frozen=True)
class Past:
    """An order of a café or hotel, and how long ago it was."""

    external_id: str
    name: str
    city: str
    country: str
    days_ago: int
    basket: dict[str, int]


WHOLESALE = (
    Past("H-201", "Café Linde", "Leipzig", "DE", 190, {"TRAY-OAK": 60, "CUP-GLASS-2": 240}),
    Past("H-202", "Hotel De Kade", "Ghent", "BE", 165, {"TRAY-OAK": 72, "CUP-GLASS-2": 240}),
    Past("H-203", "Harbor Tea Rooms", "Boston", "US", 128, {"CUP-GLASS-2": 96, "TEA-BLACK-2": 40}),
    Past("H-204", "Maison Aubépine", "Rouen", "FR", 40, {"CUP-GLASS-2": 48, "TEA-BLACK-1": 90}),
    Past("H-205", "Teestube am Dom", "Köln", "DE", 152, {"POT-CLAY-03-SAND": 110}),
    Past("H-206", "Museum Shop Delft", "Delft", "NL", 117, {"BOOK-JOURNEY": 120, "TRAY-OAK": 24}),
)  # fmt: skip


def history(demo: Demo) -> None:
    """Bring over what was sold and delivered before; only once."""
    shop = principal(SLUG)
    if Order.objects.filter(channel=shop.pk, external_id=WHOLESALE[0].external_id).exists():
        return
    skus = {sku.code: sku for sku in Sku.objects.filter(barcode__startswith=BARCODES)}
    for past in WHOLESALE:
        _record(_wholesale(past, demo, skus), shop)
    found = list(_retail(demo, skus))
    Customer.objects.bulk_create(
        [
            Customer(
                origin=channel.slug,
                external_id=wanted.customer.external_id,
                name=wanted.customer.name,
                email=wanted.customer.email,
                language=wanted.customer.language,
                created_at=wanted.placed_at,
            )
            for wanted, channel in found
        ],
        ignore_conflicts=True,
    )
    in_one_go(partial(_record_all, found))


def _record_all(found: Iterable[tuple[NewOrder, ChannelPrincipal]]) -> None:
    for wanted, channel in found:
        _record(wanted, channel)


def _record(wanted: NewOrder, channel: ChannelPrincipal) -> None:
    """Keep one as it ended: what was never paid for was cancelled."""
    record_past_order(
        wanted=wanted,
        status="completed" if wanted.payments else "cancelled",
        channel=channel,
        by=Actor.channel(channel.slug),
        at=wanted.placed_at,
    )


def _retail(demo: Demo, skus: dict[str, Sku]) -> Iterator[tuple[NewOrder, ChannelPrincipal]]:
    """Draw the shops' orders, day by day: more of them as time goes, most on Sundays."""
    dice = Random("half a year")  # noqa: S311 (drawn again alike, not kept secret)
    others = [sku for code, sku in sorted(skus.items()) if code not in {*RARE, *SCARCE, *HITS}]
    dice.shuffle(others)
    wares = [*(skus[code] for code in HITS), *others]
    favor = [1 / (rank + 6) for rank in range(len(wares))]
    channels = {slug: principal(slug) for slug in (SLUG, MARKET, SOCIAL, EXPORT)}
    nth = 0
    for days_ago in range(DAYS, 0, -1):
        day = demo.now - timedelta(days=days_ago)
        busy = (1.6 + 2.1 * (1 - days_ago / DAYS)) * WEEK[day.weekday()]
        for _ in range(_around(busy, dice)):
            nth += 1
            who = person(dice.randrange(PEOPLE))
            slug = _channel_of(who, dice)
            chosen = dict.fromkeys(dice.choices(wares, favor, k=dice.choice((1, 1, 2, 2, 3, 4))))
            units = {sku: dice.choice((1, 1, 1, 2, 2, 3)) for sku in chosen}
            at = day.replace(hour=dice.randint(6, 21), minute=dice.randrange(60))
            wanted = basket(f"{PREFIX}{1000 + nth}", who, units, at, slug)
            yield (wanted if dice.random() < CANCELLED else paid(wanted)), channels[slug]


def _around(mean: float, dice: Random) -> int:
    """Draw a count with this mean, as independent arrivals make it."""
    limit, product, count = math.exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count


def _channel_of(who: Person, dice: Random) -> str:
    if who.address.country == "US":
        return EXPORT
    return dice.choices((SLUG, MARKET, SOCIAL), (6, 3, 1))[0]


def _wholesale(past: Past, demo: Demo, skus: dict[str, Sku]) -> NewOrder:
    asked = {skus[code]: units for code, units in past.basket.items()}
    who = Person(
        CustomerDetails(name=past.name, external_id=f"b-{past.external_id}"),
        Address(past.name, "1 Market Square", past.city, past.country),
    )
    at = demo.now - timedelta(days=past.days_ago)
    return paid(basket(past.external_id, who, asked, at, SLUG), "invoice")
