"""Bringing in purchase orders: one row per line, grouped by company and its own number.

An open one is entered as a sales rep would: its prices are agreed, the company's limits and credit
count, and it becomes an order. One that is `completed` or `cancelled` is history.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from b2b import services
from b2b.errors import CompanyNotFound, NoAddress, NotASalesRep
from b2b.imports import rep_ids
from b2b.models import Company, PurchaseOrder
from b2b.services import LineWish
from b2b.states import Source
from oms.core import columns as column
from oms.core.errors import Refusal
from oms.core.imports import BadRow, Context, Importer, Outcome, Row, disagreements, together
from oms.core.models import User
from oms.customers.addresses import Address
from orders.services.recording import PAST
from orders.states import OrderStatus

OF_THE_LINE = ("sku", "quantity", "unit_price")
PLACE = ("name", "line1", "line2", "city", "region", "postal_code", "country")


class PurchaseOrders(Importer):
    """Purchase orders by company and number. The same one again is known, another one refused.

    A row without a price goes by what was agreed on its day, one without an address to the
    company's. Sales reps are found, and made, as in a file of companies.
    """

    title = _("Purchase orders")
    permission = "b2b.enter_purchaseorder"
    page = "b2b:desk"
    most_rows = 2_000
    columns = {
        "company": column.text(32),
        "po_number": column.text(64),
        "sku": column.text(64),
        "quantity": column.units(1, 99_999),
        "unit_price": column.price,
        "ordered_at": column.moment,
        "requested_on": column.day,
        "sales_rep": column.text(150),
        "name": column.text(200),
        "line1": column.text(200),
        "line2": column.text(200),
        "city": column.text(100),
        "region": column.text(100),
        "postal_code": column.text(20),
        "country": column.country,
        "note": column.text(2_000),
        "status": column.choice((OrderStatus.OPEN, *PAST)),
    }
    required = ("company", "po_number", "sku", "quantity")
    whole_by = ("company", "po_number")

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        outcome = Outcome()
        reps = _usernames({row["sales_rep"] for row in rows if "sales_rep" in row.values}, outcome)
        known = _known(rows)
        for key, group in together(rows, *self.whole_by).items():
            bad = disagreements(group, of_the_row=OF_THE_LINE, what="purchase order")
            if bad := bad or _differences(group, known.get(key)):
                outcome.bad += bad
                continue
            if key in known:
                outcome.counts["known"] += 1
                continue
            try:
                with transaction.atomic():
                    _keep(group, reps, context)
            except Refusal as refusal:
                outcome.bad.append(_because(refusal, group))
            else:
                outcome.counts["added"] += 1
        return outcome


def _usernames(names: set[str], outcome: Outcome) -> dict[str, str]:
    """Return sales reps by what the file calls them."""
    ids = rep_ids(names, outcome)
    users = User.objects.in_bulk(set(ids.values()))
    return {name: users[pk].username for name, pk in ids.items()}


def _known(rows: Sequence[Row]) -> Mapping[tuple[Any, ...], PurchaseOrder]:
    found = PurchaseOrder.objects.filter(
        company__code__in={row["company"] for row in rows},
        po_number__in={row["po_number"] for row in rows},
    ).select_related("company")
    return {(each.company.code, each.po_number): each for each in found.prefetch_related("lines")}


def _differences(group: Sequence[Row], known: PurchaseOrder | None) -> list[BadRow]:
    """Return where a purchase order that is here already has other lines."""
    if known is None:
        return []
    lines = sorted(known.lines.all(), key=lambda line: line.position)
    if len(lines) != len(group):
        ours = f"{known.number} has {len(lines)} lines, the file {len(group)}"
        return [group[0].bad("po_number", ours)]
    return [
        row.bad(name, f"line {line.position} of {known.number} says {ours}")
        for row, line in zip(group, lines, strict=True)
        for name, ours in (
            ("sku", line.sku_code),
            ("quantity", line.quantity),
            ("unit_price", line.unit_price),
        )
        if row.get(name, ours) != ours
    ]


def _keep(group: Sequence[Row], reps: Mapping[str, str], context: Context) -> None:
    said: dict[str, Any] = {}
    for row in group:
        said = {**row.values, **said}
    wanted: dict[str, Any] = {
        "company": said["company"],
        "po_number": said["po_number"],
        "lines": [LineWish(row["sku"], row["quantity"], row.get("unit_price")) for row in group],
        "sales_rep": reps[said["sales_rep"]] if "sales_rep" in said else None,
        "ship_to": _place(said),
        "requested_on": said.get("requested_on"),
        "note": said.get("note", ""),
        "by": context.by,
        "at": said.get("ordered_at", context.at),
    }
    if said.get("status") in PAST:
        services.record_past_purchase_order(**wanted, status=said["status"])
    else:
        services.enter_purchase_order(**wanted, source=Source.REP)


def _place(said: Mapping[str, Any]) -> Address | None:
    """Return where the goods go; None for the company's own address."""
    given = {name: said[name] for name in PLACE if name in said}
    if not given:
        return None
    if "country" not in given:
        raise NoAddress(company=said["company"])
    if "name" not in given:
        company = Company.objects.filter(code=said["company"]).first()
        given["name"] = company.name if company else ""
    return Address(**{"line1": "", "city": "", **given})


def _because(refusal: Refusal, group: Sequence[Row]) -> BadRow:
    """Say on the row and in the column it concerns why a purchase order was not taken."""
    where = getattr(refusal, "pointer", "").split("/")
    if len(where) > 2 and where[1] == "lines" and where[2].isdigit():
        return group[int(where[2])].bad(where[3] if where[3:] else "sku", str(refusal))
    skus = getattr(refusal, "skus", ())
    for row in group:
        if row["sku"] in skus:
            return row.bad("sku", str(refusal))
    columns = {CompanyNotFound: "company", NotASalesRep: "sales_rep", NoAddress: "country"}
    return group[0].bad(columns.get(type(refusal), "po_number"), str(refusal))
