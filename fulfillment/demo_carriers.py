"""Who carries the tea house's parcels, what they take, and what customers collect themselves."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from fulfillment import services
from fulfillment.models import CarrierService, FulfillmentOrder
from fulfillment.selectors import location_id_of
from fulfillment.services import NewRate, Reach, ServiceTerms
from inventory.models import StockLevel
from oms.channels.models import Channel
from oms.core.demo import BY, SLUG, Demo
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import services as orders
from orders.models import Order
from orders.rules.wanted import NewLine, NewOrder, NewPayment

SIX_DAYS = (0, 1, 2, 3, 4, 5)
SERVICES = (
    ServiceTerms(
        code="postnl-parcel", carrier="PostNL", name="Parcel", methods=("standard",),
        transit_days=2, weekdays=SIX_DAYS, max_weight_g=23_000, fuel_percent=Decimal("4.5"),
    ),
    ServiceTerms(
        code="dhl-paket", carrier="DHL", name="Paket", methods=("standard",), transit_days=2,
        weekdays=SIX_DAYS, max_weight_g=31_500, cm3_per_kg=5000,
    ),
    ServiceTerms(
        code="dhl-express", carrier="DHL", name="Express", methods=("express",), transit_days=1,
        cutoff_time=time(14, 30), max_weight_g=30_000, cm3_per_kg=5000,
        fuel_percent=Decimal("18.25"),
    ),
    ServiceTerms(
        code="ups-ground", carrier="UPS", name="Ground", methods=("standard",), transit_days=4,
        max_weight_g=68_000, cm3_per_kg=5000, fuel_percent=Decimal("12.5"),
    ),
    ServiceTerms(
        code="ups-next-day", carrier="UPS", name="Next Day Air", methods=("express",),
        transit_days=1, cutoff_time=time(17, 0), max_weight_g=68_000, cm3_per_kg=5000,
    ),
)  # fmt: skip
NEAR = ("NL", "BE", "DE", "FR", "AT", "DK")
# service, from country, to country, days, amounts up to 1, 5 and 20 kg, each further kg, currency
SHEETS = (
    ("postnl-parcel", "NL", "NL", 1, "4.35", "5.10", "8.40", None, "EUR"),
    ("postnl-parcel", "NL", "BE", 1, "5.60", "7.20", "11.80", None, "EUR"),
    ("postnl-parcel", "NL", "", 5, "14.50", "21.00", "42.00", None, "EUR"),
    *(("dhl-paket", "DE", to, 2, "6.90", "8.70", "13.90", "1.10", "EUR") for to in NEAR),
    ("dhl-paket", "DE", "", 5, "15.90", "22.50", "44.00", "2.40", "EUR"),
    *(("dhl-express", "NL", to, 1, "18.50", "26.00", "48.00", "2.90", "EUR") for to in NEAR),
    *(("dhl-express", "DE", to, 1, "18.50", "26.00", "48.00", "2.90", "EUR") for to in NEAR),
    ("dhl-express", "NL", "", 3, "39.00", "58.00", "119.00", "5.80", "EUR"),
    ("ups-ground", "US", "US", 4, "8.20", "11.60", "19.90", "0.80", "USD"),
    ("ups-next-day", "US", "US", 1, "29.00", "41.50", "78.00", "3.20", "USD"),
)  # fmt: skip
BREAKS = (1000, 5000, 20_000)
BOXES = (("S", 250, 200, 100, 90), ("M", 350, 250, 150, 160), ("L", 500, 350, 250, 320))


def carriers(demo: Demo) -> None:
    """Three carriers with their rates, and the boxes; only where nobody entered any."""
    if CarrierService.objects.exists():
        return
    for terms in SERVICES:
        services.keep_service(terms=terms, by=BY, at=demo.now)
    rates = [
        NewRate(
            reach=Reach(service, country, origin_country=origin),
            up_to_weight_g=grams,
            amount=Decimal(amount),
            currency=currency,
            per_kg_amount=Decimal(per_kg) if per_kg and grams == BREAKS[-1] else None,
            transit_days=days,
        )
        for service, origin, country, days, *amounts, per_kg, currency in SHEETS
        for grams, amount in zip(BREAKS, amounts, strict=True)
    ]
    rates += [
        NewRate(
            reach=Reach("postnl-parcel", "NL", location_id_of("ROT"), "", "30", "31"),
            up_to_weight_g=5000,
            amount=Decimal("3.95"),
            currency="EUR",
            transit_days=1,
            valid_from=date(demo.now.year, 1, 1),
        )
    ]
    services.keep_rates(rates=rates, by=BY, at=demo.now)
    for code, length, width, height, weight in BOXES:
        services.keep_box(
            code=code,
            length_mm=length,
            width_mm=width,
            height_mm=height,
            weight_g=weight,
            by=BY,
            at=demo.now,
        )


PICKUPS = (
    # external id, name, packed days ago; None: not packed yet
    ("W-P1", "Sanne Bakker", 0.2),
    ("W-P2", "Mila Janssen", 9),
    ("W-P3", "Claire Dubois", None),
)
STORE = "AMS-SHOP"


def pickups(demo: Demo) -> None:
    """Three orders for the shop's counter: one is ready, one nobody came for, one to pack."""
    channel = Channel.objects.get(slug=SLUG)
    if Order.objects.filter(channel=channel, external_id=PICKUPS[0][0]).exists():
        return
    principal = channel.confirmed
    shelf = StockLevel.objects.filter(location__code=STORE, on_hand__gt=2).select_related("sku")
    for level, (external_id, name, days) in zip(shelf.order_by("pk"), PICKUPS, strict=False):
        at = demo.now - timedelta(days=days or 0, hours=5)
        price = level.sku.price or Decimal(1)
        placed = orders.place_order(
            wanted=_order(external_id, name, NewLine(level.sku.code, 1, price), at),
            channel=principal,
            by=BY,
            at=at,
        )
        if days is not None:
            _pack(placed.number, at + timedelta(hours=2))


def _pack(order: str, at: datetime) -> None:
    for number in FulfillmentOrder.objects.filter(order__number=order).values_list(
        "number", flat=True
    ):
        services.release_work(number=number, by=BY, at=at)
        services.pick(number=number, by=BY, at=at)
        services.pack(number=number, by=BY, at=at)


def _order(external_id: str, name: str, line: NewLine, at: datetime) -> NewOrder:
    address = Address(name=name, line1="Prinsengracht 7", city="Amsterdam", country="NL")
    return NewOrder(
        external_id=external_id,
        placed_at=at,
        currency="EUR",
        customer=CustomerDetails(
            name=name,
            external_id=f"c-{external_id}",
            email=f"{name.split()[0].lower()}@example.com",
        ),
        ship_to=address,
        lines=(line,),
        service="pickup",
        payments=(NewPayment("card", "captured", line.unit_price, reference=f"ch_{external_id}"),),
        metadata={"pickup_location": STORE},
    )
