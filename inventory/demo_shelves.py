"""Shelves that are worked: zones at Rotterdam, a delivery to put away, lots, and what is held."""

import csv
import io
from datetime import timedelta

from inventory import services
from inventory.imports_bins import Bins
from inventory.models import Bin, Location, Zone
from oms.catalog.models import Sku
from oms.core.demo import Demo, hand_at
from oms.core.imports import Context, run

AT = "ROT"
ZONES = (
    ("IN", "receiving", "Goods in"),
    ("A", "picking", "Front aisle"),
    ("B", "picking", "Second aisle"),
    ("C", "picking", "Third aisle"),
    ("D", "picking", "Back aisle"),
    ("Q", "quarantine", "Cage"),
)
ARRIVED = (
    # SKU, units, lot, days until it expires
    ("MATCHA-30", 24, "M-2611", 21),
    ("MATCHA-CER-30", 12, "C-0834", 64),
    ("HONEY-HEATHER", 6, "H-0419", -1),
    ("BISCUIT-OAT", 18, "B-7731", 12),
)
RECALLED = "B-7731"
DAMAGED = ("MUG-DAILY-SAGE", 1, "Handle broken in the aisle")


def shelves(demo: Demo) -> None:
    """Lay out zones where there are none yet, and bring in goods that show what lots are for."""
    place = Location.objects.filter(code=AT).first()
    if place is None or Zone.objects.filter(location=place).exists():
        return
    by = hand_at(AT)
    for turn, (code, kind, name) in enumerate(ZONES):
        services.save_zone(
            location=AT, code=code, name=name, kind=kind, position=turn, by=by, at=demo.now
        )
    context = Context(channel="", by=by, at=demo.now)
    run(Bins(), _bins(place), context, dry_run=False, skip_bad_rows=False)
    skus = Sku.objects.in_bulk([code for code, *_ in ARRIVED], field_name="code")
    arrived = demo.now - timedelta(hours=3)
    services.receive(
        arrivals=[
            services.Arrival(
                skus[code],
                place,
                units,
                lot=lot,
                expires_on=arrived.date() + timedelta(days=days),
            )
            for code, units, lot, days in ARRIVED
            if code in skus
        ],
        reference="demo:lots",
        reason="Delivered in the morning",
        by=by,
        at=arrived,
    )
    recalled = next((code for code, _, lot, _ in ARRIVED if lot == RECALLED), "")
    if recalled in skus:
        reason = "Recalled by the bakery: nuts are not declared"
        services.block_lot(sku=recalled, lot=RECALLED, reason=reason, by=by, at=demo.now)
    sku, units, reason = DAMAGED
    if Sku.objects.filter(code=sku).exists():
        services.hold_units(
            location=AT, sku=sku, quantity=units, state="damaged", reason=reason, by=by, at=demo.now
        )


def _bins(place: Location) -> io.BytesIO:
    """The bins that are known, each in the zone of its letter, as the file that brings them in."""
    table = io.StringIO()
    out = csv.writer(table)
    out.writerow(["location", "zone", "bin", "position"])
    out.writerow([AT, "IN", "IN-1", 1])
    out.writerow([AT, "Q", "Q-1", 1])
    letters = {code for code, kind, _ in ZONES if kind == "picking"}
    known = Bin.objects.filter(location=place, zone=None).order_by("code")
    for turn, code in enumerate(known.values_list("code", flat=True), 1):
        if code[:1] in letters:
            out.writerow([AT, code[:1], code, turn])
    return io.BytesIO(table.getvalue().encode())
