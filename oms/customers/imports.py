"""Bringing in customers, as one channel knows them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from oms.core import columns as column
from oms.core.imports import Context, Importer, Outcome, Row, twins, upsert
from oms.customers.addresses import Address
from oms.customers.models import Customer

ADDRESS = ("line1", "city", "region", "postal_code", "country")


class Customers(Importer):
    """Customers by their id in the channel the file comes from."""

    title = _("Customers")
    page = "orders:list"
    columns = {
        "external_id": column.text(254),
        "name": column.text(200),
        "email": column.email,
        "phone": column.text(40),
        "line1": column.text(200),
        "city": column.text(100),
        "region": column.text(100),
        "postal_code": column.text(20),
        "country": column.country,
    }
    required = ("external_id", "name")
    needs_channel = True
    at_once = 2_000
    parts_by = ("external_id",)

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        kept, bad = twins(rows, "external_id")
        wanted: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for row in kept:
            said = {name: row[name] for name in ("name", "email", "phone") if name in row.values}
            place = {name: row[name] for name in ADDRESS if name in row.values}
            if place:
                if "country" not in place:
                    bad.append(row.bad("country", "an address needs its country"))
                    continue
                said["address"] = Address(name=row["name"], **{"line1": "", "city": "", **place})
            wanted.append(({"external_id": row["external_id"]}, said))
        known = Customer.objects.filter(origin=context.channel)
        fresh = {"origin": context.channel, "created_at": context.at}
        counts = upsert(Customer, wanted, key="external_id", known=known, fresh=fresh)
        return Outcome(counts, bad)
