"""Bringing in what carriers take."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from fulfillment.models import CarrierService
from fulfillment.rules.rates import postal_bound
from fulfillment.selectors import EVERYWHERE, rate_table
from fulfillment.services import NewRate, Reach, ServiceTerms, keep_rates, keep_service
from inventory.models import Location
from oms.core import cells
from oms.core import columns as column
from oms.core.cells import BadCell
from oms.core.exports import Cell
from oms.core.imports import BadRow, Context, Importer, Outcome, Row, twins
from oms.core.models import User
from oms.core.tables import Row as Cells

IDENTITY = (
    "service",
    "origin",
    "country",
    "postal_from",
    "postal_to",
    "valid_from",
    "up_to_weight_g",
)
HEAVIEST_G = 99_999_999


def destination(row: Cells, name: str) -> str:
    """A country, or * for every other one."""
    return "" if row[name] == EVERYWHERE else cells.country(row, name)


def postal(row: Cells, name: str) -> str:
    """The beginning of a postal code, as carriers write it in their tables."""
    said = cells.text(row, name, max_length=12).upper().replace(" ", "").replace("-", "")
    if not (said.isascii() and said.isalnum() and len(said) <= 10):
        raise BadCell(column=name, reason=f"{row[name]!r} is not the beginning of a postal code")
    return said


class Rates(Importer):
    """Rates by service, origin, destination, weight and first day.

    `origin` is a location's code or a country, empty for anywhere. `country` is * for every
    country that has no rates of its own. A service that is not known yet is made, when the row
    names its `carrier`; `method` is then the channels' word for it.
    """

    title = _("Rates of carriers")
    permission = "fulfillment.change_carriage"
    page = "fulfillment:services"
    hints = (
        _("country is where it goes, * for every other one."),
        _("origin is the code of a location, or a country."),
        _("postal_from and postal_to are beginnings of postal codes: 10 to 19."),
        _("per_kg is for each kilogram above the heaviest row of its zone."),
        _("Rows with a new valid_from are a new table: from that day it counts alone."),
        _("carrier makes a service that is not there yet; method is what channels call it."),
    )
    columns = {
        "service": column.text(48),
        "country": destination,
        "up_to_weight_g": column.units(1, HEAVIEST_G),
        "amount": column.amount,
        "currency": column.currency,
        "carrier": column.text(64),
        "method": column.text(64),
        "origin": column.text(16),
        "postal_from": postal,
        "postal_to": postal,
        "per_kg": column.amount,
        "transit_days": column.units(0, 120),
        "valid_from": column.day,
        "valid_until": column.day,
    }
    required = ("service", "country", "up_to_weight_g", "amount", "currency")

    def table(self, user: User) -> Iterable[Sequence[Cell]]:
        return rate_table()

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        kept, bad = twins(rows, *IDENTITY)
        outcome = Outcome(bad=bad)
        places = dict(Location.objects.values_list("code", "pk"))
        codes = {row["service"] for row in kept}
        found = CarrierService.objects.filter(code__in=codes)
        known = set(found.values_list("code", flat=True))
        currencies: dict[tuple[object, ...], str] = {}
        rates = []
        for row in kept:
            if problem := _problem(row, places, known, currencies):
                outcome.bad.append(problem)
                continue
            if row["service"] not in known:
                terms = ServiceTerms(
                    code=row["service"],
                    carrier=row["carrier"],
                    name=row["service"].replace("-", " ").capitalize(),
                    methods=(row["method"],) if row.get("method") else (),
                )
                keep_service(terms=terms, by=context.by, at=context.at)
                known.add(row["service"])
                outcome.counts["services added"] += 1
            rates.append(_rate(row, places))
        outcome.counts += keep_rates(rates=rates, by=context.by, at=context.at)
        return outcome


def _problem(
    row: Row,
    places: dict[str, int],
    known: set[str],
    currencies: dict[tuple[object, ...], str],
) -> BadRow | None:
    """Say why a row is bad beyond its cells; None for a good one."""
    if row["service"] not in known and not row.get("carrier"):
        return row.bad("service", f"there is no service {row['service']}; name its carrier")
    origin = row.get("origin", "")
    if origin and origin not in places and not _is_country(row, origin):
        return row.bad("origin", f"{origin} is neither a location nor a country")
    first, last = row.get("postal_from", ""), row.get("postal_to", "")
    if last and not first:
        return row.bad("postal_from", "a range of postal codes begins somewhere")
    if first and not row["country"]:
        return row.bad("country", "postal codes are those of one country")
    if first and postal_bound(first, fill="0") > postal_bound(last or first, fill="Z"):
        return row.bad("postal_to", f"{last} comes before {first}")
    until = row.get("valid_until")
    if until and until < row.get("valid_from", date.min):
        return row.bad("valid_until", "it ends before it begins")
    sheet = tuple(row.get(name) for name in IDENTITY[:-1])
    if currencies.setdefault(sheet, row["currency"]) != row["currency"]:
        return row.bad("currency", f"other rates of this zone are in {currencies[sheet]}")
    return None


def _is_country(row: Row, origin: str) -> bool:
    try:
        cells.country(Cells(row.line, {"origin": origin}), "origin")
    except BadCell:
        return False
    return True


def _rate(row: Row, places: dict[str, int]) -> NewRate:
    origin, first = row.get("origin", ""), row.get("postal_from", "")
    return NewRate(
        reach=Reach(
            service=row["service"],
            country=row["country"],
            origin_id=places.get(origin),
            origin_country="" if origin in places else origin.upper(),
            postal_from=first,
            postal_to=row.get("postal_to", first),
        ),
        up_to_weight_g=row["up_to_weight_g"],
        amount=row["amount"],
        currency=row["currency"],
        per_kg_amount=row.get("per_kg"),
        transit_days=row.get("transit_days"),
        valid_from=row.get("valid_from", date.min),
        valid_until=row.get("valid_until"),
    )
