"""Where the tea house keeps its goods, and who works there."""

from datetime import date, time, timedelta

from django.contrib.auth.models import Group

from inventory.models import Location, LocationAssignment, StockLevel
from inventory.selectors import forget_serving_locations
from inventory.services import Arrival, receive
from inventory.states import LocationKind
from oms.catalog.demo import BARCODES
from oms.catalog.models import Sku
from oms.core.demo import BY, Demo, give_password, password
from oms.core.models import User

PLACES = (
    # code, name, kind, street, city, region, postal code, country, latitude, longitude, zone
    ("ROT", "Rotterdam warehouse", LocationKind.WAREHOUSE, "Waalhaven 12", "Rotterdam", "",
     "3089 JH", "NL", 51.886, 4.437, "Europe/Amsterdam"),
    ("LEJ", "Leipzig warehouse", LocationKind.WAREHOUSE, "Messe-Allee 4", "Leipzig", "",
     "04356", "DE", 51.396, 12.401, "Europe/Berlin"),
    ("EWR", "Newark warehouse", LocationKind.WAREHOUSE, "210 Port Street", "Newark", "NJ",
     "07114", "US", 40.703, -74.146, "America/New_York"),
    ("RNO", "Reno warehouse", LocationKind.WAREHOUSE, "4895 Aircenter Circle", "Reno", "NV",
     "89502", "US", 39.497, -119.760, "America/Los_Angeles"),
    ("AMS-SHOP", "Amsterdam shop", LocationKind.STORE, "Haarlemmerstraat 80", "Amsterdam", "",
     "1013 EV", "NL", 52.381, 4.889, "Europe/Amsterdam"),
)  # fmt: skip
SHELF = {"ROT": 60, "LEJ": 35, "EWR": 40, "RNO": 24, "AMS-SHOP": 4}
"""Units of a SKU that sells as most do."""
CAPACITY = {"ROT": 60, "LEJ": 40, "EWR": 40, "RNO": 20, "AMS-SHOP": 8}
"""Fulfillment orders a day."""
KEEPS_EVERY = {"RNO": 2, "AMS-SHOP": 3}
"""Places that do not keep the whole range: every second SKU, every third."""
SCARCE = {"KETTLE-GOOSE": 1, "GIFT-MATCHA": 0, "TEA-WHITE-1": 2}
"""SKUs that run out: units at each warehouse."""
LOW = {
    ("ROT", "TEA-BLACK-7"): 9, ("ROT", "TEA-HERBAL-4"): 6, ("ROT", "MUG-DAILY-SAGE"): 4,
    ("ROT", "BISCUIT-OAT"): 7, ("ROT", "HONEY-HEATHER"): 5, ("LEJ", "TEA-GREEN-8"): 3,
    ("LEJ", "TEA-BLACK-12"): 5, ("LEJ", "POT-CAST-06-MOSS"): 2, ("LEJ", "CANDLE-TEA-30"): 4,
    ("EWR", "TEA-OOLONG-4"): 2, ("EWR", "TEA-BLACK-11"): 8, ("EWR", "MATCHA-CER-30"): 3,
    ("EWR", "FLASK-INFUSE-SKY"): 5, ("RNO", "MATCHA-30"): 2,
}  # fmt: skip
"""Shelves that are nearly empty."""
OPENED_DAYS_AGO = 215

STAFF = (
    ("ada", "Ada Ferreira", "administrator", ()),
    ("otto", "Otto Brand", "operations", ()),
    ("sofia", "Sofia Lindt", "sales", ()),
    ("rosa", "Rosa Meyer", "sales", ()),
    ("sam", "Sam Okafor", "support", ()),
    ("fiona", "Fiona Byrne", "finance", ()),
    ("pia", "Pia Conti", "purchasing", ()),
    ("wim", "Wim de Vries", "warehouse", ("ROT", "AMS-SHOP")),
    ("wanda", "Wanda Ortiz", "warehouse", ("EWR",)),
)
HOST = "tea-house.example"


def places(demo: Demo) -> None:
    """Three warehouses on two continents, and a shop."""
    names = ("name", "kind", "line1", "city", "region", "postal_code", "country")
    for code, *fields, latitude, longitude, zone in PLACES:
        Location.objects.get_or_create(
            code=code,
            defaults={
                **dict(zip(names, fields, strict=True)),
                "latitude": latitude,
                "longitude": longitude,
                "time_zone": zone,
                "daily_capacity": CAPACITY[code],
                "cutoff_time": time(16, 0),
                "closed_on": [date(demo.now.year, 12, 25), date(demo.now.year + 1, 1, 1)],
            },
        )
    forget_serving_locations()


def stock(demo: Demo) -> None:
    """Full shelves with bins, but for what runs out; only where nothing was ever kept."""
    locations = {place.code: place for place in Location.objects.filter(code__in=SHELF)}
    if StockLevel.objects.filter(location__in=locations.values()).exists():
        return
    skus = list(Sku.objects.filter(barcode__startswith=BARCODES).order_by("code"))
    levels = [
        _level(sku, locations[code], nth)
        for code in SHELF
        for nth, sku in enumerate(skus)
        if _is_kept(sku, code, nth)
    ]
    StockLevel.objects.bulk_create(levels)
    arrivals = [
        Arrival(level.sku, level.location, units, bin=level.bin)
        for level in levels
        if (units := _units(level))
    ]
    receive(
        arrivals=arrivals,
        reference="demo:opening",
        reason="Opening stock",
        by=BY,
        at=demo.now - timedelta(days=OPENED_DAYS_AGO),
    )


def _is_kept(sku: Sku, place: str, nth: int) -> bool:
    if place == "RNO" and sku.code in SCARCE:
        return False
    return nth % KEEPS_EVERY.get(place, 1) == 0 or (place, sku.code) in LOW


def _level(sku: Sku, place: Location, nth: int) -> StockLevel:
    usual = _usual(sku, place)
    return StockLevel(
        sku=sku,
        location=place,
        bin=f"{'ABCD'[nth % 4]}-{nth // 4 % 24 + 1:02}-{nth % 3 + 1}",
        safety_stock=2 if usual > 10 and sku.code not in SCARCE else 0,
        reorder_point=usual // 4,
        reorder_up_to=usual,
    )


def _usual(sku: Sku, place: Location) -> int:
    """Teas in pouches lie in large numbers, what is large or dear in small ones."""
    usual = SHELF[place.code]
    if place.kind == LocationKind.STORE:
        return usual
    if sku.code.startswith("TEA-"):
        return usual * 2 if sku.code.count("-") == 2 else usual
    return usual if (sku.price or 0) < 60 else usual // 2


def _units(level: StockLevel) -> int:
    sku, place = level.sku, level.location
    if sku.code in SCARCE:
        return SCARCE[sku.code]
    return LOW.get((place.code, sku.code), _usual(sku, place))


def staff(demo: Demo) -> None:
    """One person per role, and a second warehouse. Accounts that are not the demo's stay.

    The passwords follow from the secret key: whether it is still the same is tried on the first
    account alone, since a trial takes a third of a second.
    """
    is_same_key: bool | None = None
    for name, full_name, role, places in STAFF:
        first, _, last = full_name.partition(" ")
        user, made = User.objects.get_or_create(
            username=name,
            defaults={
                "email": f"{name}@{HOST}",
                "first_name": first,
                "last_name": last,
                "is_staff": role == "administrator",
            },
        )
        if not user.email.endswith(HOST):
            continue
        if made:
            user.groups.add(Group.objects.get(name=role))
            for place in Location.objects.filter(code__in=places):
                LocationAssignment.objects.create(user=user, location=place)
        if not made and is_same_key is None:
            is_same_key = user.check_password(password(name))
        if made or not is_same_key:
            give_password(user)
        demo.sign_ins.append((role, name, password(name)))
