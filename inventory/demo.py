"""Where the tea house keeps its goods, and who works there."""

from datetime import time, timedelta

from django.contrib.auth.models import Group

from inventory.models import Location, LocationAssignment, StockLevel
from inventory.selectors import forget_serving_locations
from inventory.services import Arrival, receive
from inventory.states import LocationKind
from oms.catalog.models import Sku
from oms.core.demo import BY, Demo, password
from oms.core.models import User

PLACES = (
    # code, name, kind, street, city, region, postal code, country, latitude, longitude, zone
    ("ROT", "Rotterdam warehouse", LocationKind.WAREHOUSE, "Waalhaven 12", "Rotterdam", "",
     "3089 JH", "NL", 51.886, 4.437, "Europe/Amsterdam"),
    ("LEJ", "Leipzig warehouse", LocationKind.WAREHOUSE, "Messe-Allee 4", "Leipzig", "",
     "04356", "DE", 51.396, 12.401, "Europe/Berlin"),
    ("EWR", "Newark warehouse", LocationKind.WAREHOUSE, "210 Port Street", "Newark", "NJ",
     "07114", "US", 40.703, -74.146, "America/New_York"),
    ("AMS-SHOP", "Amsterdam shop", LocationKind.STORE, "Haarlemmerstraat 80", "Amsterdam", "",
     "1013 EV", "NL", 52.381, 4.889, "Europe/Amsterdam"),
)  # fmt: skip
SHELF = {"ROT": 60, "LEJ": 35, "EWR": 40, "AMS-SHOP": 4}
SCARCE = {"KETTLE-GOOSE": 1, "GIFT-MATCHA": 0, "TEA-WHITE-1": 2}
"""SKUs that run out: units at each warehouse."""

STAFF = (
    ("ada", "Ada Ferreira", "administrator", ()),
    ("otto", "Otto Brand", "operations", ()),
    ("sofia", "Sofia Lindt", "sales", ()),
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
                "daily_capacity": 200,
                "cutoff_time": time(16, 0),
            },
        )
    forget_serving_locations()


def stock(demo: Demo) -> None:
    """Full shelves with bins, but for what runs out; only where nothing was ever kept."""
    locations = {place.code: place for place in Location.objects.filter(code__in=SHELF)}
    if StockLevel.objects.filter(location__in=locations.values()).exists():
        return
    skus = list(Sku.objects.filter(barcode__startswith="871234500").order_by("barcode"))
    levels = [
        StockLevel(
            sku=sku,
            location=locations[code],
            bin=f"{'ABCD'[nth % 4]}-{nth // 4 + 1:02}-{nth % 3 + 1}",
            safety_stock=2 if units > 10 else 0,
            reorder_point=units // 4,
        )
        for code, units in SHELF.items()
        for nth, sku in enumerate(skus)
        if code != "AMS-SHOP" or nth % 3 == 0
    ]
    StockLevel.objects.bulk_create(levels)
    arrivals = [
        Arrival(level.sku, level.location, units, bin=level.bin)
        for level in levels
        if (units := SCARCE.get(level.sku.code, SHELF[level.location.code]))
    ]
    for level in levels:
        if level.sku.code in SCARCE:
            level.safety_stock = 0
    StockLevel.objects.bulk_update(levels, ["safety_stock"])
    receive(
        arrivals=arrivals,
        reference="demo:opening",
        reason="Opening stock",
        by=BY,
        at=demo.now - timedelta(days=45),
    )


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
            user.set_password(password(name))
            user.save(update_fields=["password"])
        demo.sign_ins.append((role, name, password(name)))
