"""Shops that were connected this week, each with its own worries: what cannot be read, SKUs nobody
knows, totals that differ, addresses that are withheld, and a channel that says what cannot be."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from oms.channels.demo import SOCIAL
from oms.channels.errors import SignatureInvalid
from oms.channels.models import Channel, InboundMessage, InboundTraffic
from oms.channels.services import Terms, add_key, add_secret, agree, open_channel, rotate_key
from oms.channels.services.keys import PREFIX
from oms.channels.states import Adapter, InboundState, Traffic
from oms.core.demo import BY, DESK, Demo
from oms.customers.models import CustomerMatch, CustomerMerge
from oms.customers.rules import EMAIL
from oms.customers.services import merge_customers
from orders.demo_documents import (
    Buyer,
    Ware,
    amazon,
    native,
    shipstation,
    shopify,
    woocommerce,
    woocommerce_refund,
    written,
)
from orders.services import match_customers, match_sku
from orders.services.processing import process_message
from orders.services.receiving import receive

SHOP, WOO, AMAZON, STORES = "tea-house-shopify", "teeladen-berlin", "amazon-de", "partner-stores"
GREEN = Ware("TEA-GREEN-1", 2, "6.50", "Sencha, 100 g")
FRACTION = "SENCHA-LOOSE"
MARTA = Buyer("Marta", "Nowak", "marta.nowak@example.com",
              "Prinsengracht 263", "1016 GV", "Amsterdam", "NL")  # fmt: skip
JONAS = Buyer("Jonas", "Weber", "jonas@example.com", "Karl-Liebknecht-Straße 8", "04107", "Leipzig",
              "DE", "+49 341 5550182")  # fmt: skip
J_WEBER = replace(JONAS, first="J.", email="weber.leipzig@example.com", street="Markt 4")
INES = Buyer("Inès", "Laurent", "ines.laurent@example.com",
             "12 Rue des Carmes", "75005", "Paris", "FR")  # fmt: skip
GRACE = Buyer("Grace", "Miller", "grace@example.com", "88 Court Street", "11201", "Brooklyn", "US")
ELISE = Buyer("Elise", "Maes", "elise.maes@example.com", "Vlaanderenstraat 19", "9000", "Ghent",
              "BE")  # fmt: skip
HANNA = Buyer("Hanna", "Krüger", "hanna.krueger@example.com",
              "Gneisenaustraße 44", "10961", "Berlin", "DE")  # fmt: skip
WITHHELD = Buyer("Lea", "Brandt", "x7q2@marketplace.amazon.de", city="Köln", country="DE")
NOURA = Buyer("نورة", "السبيعي", "noura@example.com",
              "شارع الخليج العربي، مبنى ١٢", "13001", "مدينة الكويت", "KW")  # fmt: skip
WANG = Buyer("王", "小明", "wang.xiaoming@example.com",
             "朝阳区建国路88号", "100022", "北京", "CN")  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A message: how many hours ago, under which topic, and what it says of that moment."""

    hours: float
    topic: str
    says: Callable[[datetime], Any]


@dataclass(frozen=True)
class Shop:
    """A channel with what it sent; `strangers` posted as it and could not prove it."""

    slug: str
    name: str
    adapter: str
    messages: tuple[Sent, ...]
    terms: dict[str, Any] = field(default_factory=dict)
    seconds: float = 2
    """How long its messages take to be carried out."""
    strangers: int = 0


def _woo(nth: int, hours: float, buyer: Buyer, *wares: Ware, topic: str = "order.created") -> Sent:
    return Sent(hours, topic, lambda at: woocommerce(nth, buyer, wares, at))


def _shopify(nth: int, hours: float, buyer: Buyer, *wares: Ware, states: str = "") -> Sent:
    return Sent(hours, "orders/create", lambda at: shopify(nth, buyer, wares, at, states))


def _own(name: str, hours: float, buyer: Buyer, currency: str, *wares: Ware) -> Sent:
    return Sent(hours, "", lambda at: native(name, buyer, wares, at, currency))


SHOPS = (
    Shop(SHOP, "Tea House on Shopify", Adapter.SHOPIFY, (
        _shopify(1, 30, MARTA, replace(GREEN, price="12.50", said={
            "Gift note": "For the two of you. Enjoy!"})),
        _shopify(2, 7, JONAS, Ware("GRUENTEE-100", 1, "12.50", "Grüner Tee, 100 g")),
        _shopify(3, 3, INES, Ware("GIFT-MATCHA", 1, "12.50"), states="19.90"),
    ), terms={"auto_confirm": False}),
    Shop(WOO, "Teeladen Berlin", Adapter.WOOCOMMERCE, (
        _woo(1, 170, HANNA, replace(GREEN, units=1)),
        _woo(7, 140, MARTA, Ware("TEE-ZITRONE", 2, "6.90", "Zitronenverbene, 60 g")),
        _woo(2, 122, J_WEBER, Ware("TEA-BLACK-4", 1, "7.20", "Darjeeling First Flush, 100 g")),
        Sent(75, "order.refunded", lambda at: woocommerce_refund(
            9_198, "14.40", "Ordered before the shop was connected", at)),
        _woo(3, 52, ELISE, Ware("BIO-SENCHA-250G-DOSE", 2, "18.90", "Bio-Sencha in der Dose")),
        _woo(4, 26, HANNA, Ware("BIO-SENCHA-250G-DOSE", 1, "18.90", "Bio-Sencha in der Dose"),
             Ware("", 1, "24.00", "Geschenkkarte mit Wunschtext")),
        Sent(20, "order.refunded", lambda at: woocommerce_refund(
            9_202, "72.00", "Entered a digit too many", at)),
        _woo(5, 6, MARTA, Ware(FRACTION, 0.25, "48.00", "Sencha, lose, je kg")),
        Sent(5.5, "product.updated", lambda _: {"id": 61, "name": "Sencha", "regular_price": "7"}),
        _woo(6, 2, JONAS, Ware(FRACTION, 1.5, "48.00", "Sencha, lose, je kg")),
    ), seconds=340, strangers=3),
    Shop(AMAZON, "Amazon.de", Adapter.AMAZON, (
        Sent(49, "order", lambda at: amazon("303-5501823-9917734", WITHHELD, [
            Ware("TEA-HERBAL-1", 3, "5.90", "Kamille, ganze Blüten, 80 g")], at)),
        Sent(4, "order", lambda at: amazon("028-1184460-2239157", WITHHELD, [
            Ware("AMZ-EU-FBM-TEEKANNE-GLAS-1200ML-MIT-SIEB-UND-STOEVCHEN-2ER-SET", 1, "39.00",
                 "Teekanne aus Glas, 1200 ml, mit Sieb und Stövchen, zwei im Set")], at)),
    ), terms={"letters_off": ("order.confirmation", "order.shipped"), "unpaid_hours": 72}),
    Shop(STORES, "Partner stores", Adapter.SHIPSTATION, (
        Sent(44, "orders", lambda at: shipstation("PS-2041", GRACE, [
            Ware("4006381333931", 6, "6.10", "Sencha, display carton")], at)),
        Sent(9, "orders", lambda _: b"<Orders><Order><OrderID>PS-2042</OrderID><OrderTot"),
    ), terms={"hold_until_paid": True, "requests_per_minute": 60}),
)  # fmt: skip
SOCIAL_ORDERS = (
    _own("IG-77031", 27, NOURA, "KWD", Ware("TEA-WHITE-2", 2, "3.125")),
    _own("IG-77040", 11, WANG, "EUR", Ware("CUP-MOON-S", 2, "14.00"), Ware("龙井茶-特级", 1, "21")),
)


def shops(demo: Demo) -> None:
    """Connect the shops and take in what they send; each only where it is not there yet."""
    for shop in SHOPS:
        if not Channel.objects.filter(slug=shop.slug).exists():
            _connect(shop, demo)
    if not InboundMessage.objects.filter(channel__slug=SOCIAL).exists():
        _post(SOCIAL, add_key(slug=SOCIAL, name="Feed of Instagram", by=BY), SOCIAL_ORDERS, demo)
        _as_if_then(SOCIAL, 1.4)


def _connect(shop: Shop, demo: Demo) -> None:
    began = demo.now - timedelta(days=9)
    opened = open_channel(slug=shop.slug, name=shop.name, adapter=shop.adapter, by=BY, at=began)
    agree(channel=shop.slug, terms=Terms(name=shop.name, **shop.terms), by=BY, at=began)
    _post(shop.slug, opened.key, shop.messages, demo)
    for _nth in range(shop.strangers):
        with suppress(SignatureInvalid):
            receive(channel=shop.slug, body=b"{}", headers={}, at=demo.now)
    _as_if_then(shop.slug, shop.seconds)
    if shop.slug == WOO:
        add_secret(channel=WOO, overlap=timedelta(days=7), by=BY, at=demo.now)
        match_sku(channel=WOO, code="TEE-ZITRONE", sku="TEA-HERBAL-3", by=DESK, at=demo.now)
    if shop.slug == SHOP:
        rotate_key(prefix=opened.key[:PREFIX], by=BY, at=demo.now)


def _post(slug: str, key: str, messages: tuple[Sent, ...], demo: Demo) -> None:
    """Post each message at the door of its channel, as of then, and carry it out."""
    for nth, sent in enumerate(messages, 1):
        at = demo.now - timedelta(hours=sent.hours)
        headers = {
            "authorization": f"Bearer {key}",
            "x-shopify-topic": sent.topic,
            "x-shopify-webhook-id": f"demo-{nth}",
            "x-wc-webhook-topic": sent.topic,
            "x-wc-webhook-delivery-id": f"{nth}",
            "webhook-id": f"demo-{nth}",
        }
        kept = receive(channel=slug, body=written(sent.says(at)), headers=headers, at=at)
        if put_down := process_message(number=kept.number, attempt=1):
            put_down()


def _as_if_then(slug: str, seconds: float) -> None:
    """Have the messages of a channel look as if they had come, and been carried out, back then."""
    came = InboundMessage.objects.filter(channel__slug=slug)
    came.update(processed_at=F("received_at") + timedelta(seconds=seconds))
    counts: Counter[tuple[int, datetime, str]] = Counter()
    for channel, at, state in came.values_list("channel", "received_at", "state"):
        hour = at.replace(minute=0, second=0, microsecond=0)
        counts[channel, hour, Traffic.ACCEPTED] += 1
        if state == InboundState.QUARANTINED:
            counts[channel, hour, Traffic.QUARANTINED] += 1
    moved = InboundTraffic.objects.filter(channel__slug=slug)
    moved.filter(kind__in=[Traffic.ACCEPTED, Traffic.QUARANTINED]).delete()
    InboundTraffic.objects.bulk_create(
        InboundTraffic(channel_id=channel, hour=hour, kind=kind, slot=0, count=count)
        for (channel, hour, kind), count in counts.items()
    )


def people(demo: Demo) -> None:
    """Propose who is one person, and join the one whom the desk has looked at already."""
    if CustomerMerge.objects.exists():
        return
    while match_customers(at=demo.now):
        pass
    match = CustomerMatch.objects.filter(
        first__email=MARTA.email, second__email=MARTA.email, evidence__contains=[EMAIL]
    ).first()
    if match:
        merge_customers(
            kept=match.first_id,
            other=match.second_id,
            evidence=match.evidence,
            by=DESK,
            at=demo.now,
        )
