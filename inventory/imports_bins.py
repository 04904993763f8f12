"""Bringing in the zones and bins of locations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory.models import Bin, Location, Quant, Zone
from inventory.selectors import visible_location_ids
from inventory.selectors.lying import bin_table
from inventory.states import ZoneKind
from oms.core import columns as column
from oms.core.exports import Cell
from oms.core.imports import Context, Importer, Outcome, Row, twins, upsert
from oms.core.models import User


class Bins(Importer):
    """Bins by location and code, each in a zone that is laid out with it.

    A row without a bin says something of the zone alone. `position` is the turn of the bin in
    its zone, or of the zone where no bin is named.
    """

    title = _("Zones and bins")
    page = "inventory:bins"
    hints = (_("A row without a bin says what its zone is for, and the turn of the zone."),)
    columns = {
        "location": column.text(16),
        "zone": column.text(16),
        "zone_kind": column.choice(ZoneKind.values),
        "bin": column.text(32),
        "position": column.units(),
        "is_active": column.choice(["yes", "no"]),
    }
    required = ("location",)

    def table(self, user: User) -> Iterable[Sequence[Cell]]:
        return bin_table(visible_location_ids(user))

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        zones, twice = twins([row for row in rows if not row.get("bin")], "location", "zone")
        bins, bad = twins([row for row in rows if row.get("bin")], "location", "bin")
        kept, bad = [*zones, *bins], [*twice, *bad]
        places = Location.objects.in_bulk({row["location"] for row in kept}, field_name="code")
        lying = set(
            Quant.objects.filter(level__location__in=places.values())
            .values_list("level__location_id", "bin")
            .distinct()
        )
        good: list[Row] = []
        for row in kept:
            if (place := places.get(row["location"])) is None:
                bad.append(row.bad("location", f"there is no location {row['location']}"))
            elif not row.get("zone") and not row.get("bin"):
                bad.append(row.bad("bin", "name a bin or a zone"))
            elif row.get("is_active") == "no" and (place.pk, row.get("bin")) in lying:
                bad.append(row.bad("is_active", f"units lie in {row['bin']}: move them first"))
            else:
                good.append(row)
        counts: Counter[str] = Counter()
        for code, place in places.items():
            here = [row for row in good if row["location"] == code]
            bins = [row for row in here if row.get("bin")]
            counts += _zones(place, [row for row in here if not row.get("bin")])
            _zones(place, bins)
            counts += _bins(place, bins)
        return Outcome(counts, bad)


def _zones(place: Location, rows: Sequence[Row]) -> Counter[str]:
    """Lay out the zones that rows name."""
    wanted: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not row.get("zone"):
            continue
        values = wanted.setdefault(row["zone"], {})
        if row.get("zone_kind"):
            values.setdefault("kind", row["zone_kind"])
        if not row.get("bin") and row.get("position") is not None:
            values["position"] = row["position"]
    zones = [({"code": code, "location_id": place.pk}, said) for code, said in wanted.items()]
    return upsert(Zone, zones, key="code", known=Zone.objects.filter(location=place))


def _bins(place: Location, rows: Sequence[Row]) -> Counter[str]:
    zones = dict(Zone.objects.filter(location=place).values_list("code", "pk"))
    wanted: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for row in rows:
        said: dict[str, Any] = {}
        if row.get("zone"):
            said["zone_id"] = zones[row["zone"]]
        if row.get("position") is not None:
            said["position"] = row["position"]
        if row.get("is_active"):
            said["is_active"] = row["is_active"] == "yes"
        wanted.append(({"code": row["bin"], "location_id": place.pk}, said))
    return upsert(Bin, wanted, key="code", known=Bin.objects.filter(location=place))
