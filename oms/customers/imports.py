"""Bringing in customers, as one channel knows them."""

from collections.abc import Sequence
from typing import Any

from oms.core import cells
from oms.core.imports import Context, Importer, Outcome, Row, twins, upsert
from oms.customers.addresses import Address
from oms.customers.models import Customer

ADDRESS = ("line1", "city", "region", "postal_code", "country")


class Customers(Importer):
    """Customers by their id in the channel the file comes from."""

    columns = {
        "external_id": cells.text(254),
        "name": cells.text(200),
        "email": cells.email,
        "phone": cells.text(40),
        "line1": cells.text(200),
        "city": cells.text(100),
        "region": cells.text(100),
        "postal_code": cells.text(20),
        "country": cells.country,
    }
    required = ("external_id", "name")
    needs_channel = True

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        kept, bad = twins(rows, "external_id")
        wanted: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for row in kept:
            said = {name: row[name] for name in ("name", "email", "phone") if name in row.values}
            place = {name: row[name] for name in ADDRESS if name in row.values}
            if place:
                if "country" not in place:
                    bad.append(row.bad("country", "An address needs its country."))
                    continue
                said["address"] = Address(name=row["name"], **{"line1": "", "city": "", **place})
            wanted.append(({"external_id": row["external_id"]}, said))
        known = Customer.objects.filter(origin=context.channel)
        fresh = {"origin": context.channel, "created_at": context.at}
        counts = upsert(Customer, wanted, key="external_id", known=known, fresh=fresh)
        return Outcome(counts, bad)
