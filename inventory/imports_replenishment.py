"""Bringing in what suppliers were asked for: what is still coming, and how they did until now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from inventory.models import (
    Location,
    Receipt,
    ReceiptLine,
    ReplenishmentLine,
    ReplenishmentOrder,
    Supplier,
)
from inventory.states import RejectReason, ReplenishmentStatus
from oms.catalog.models import Sku
from oms.core import columns as column
from oms.core.ids import Block
from oms.core.imports import (
    BadRow,
    Context,
    Importer,
    Outcome,
    Row,
    chunks,
    disagreements,
    together,
)

OPEN, CLOSED = "open", "closed"
OUR_NUMBERS = "RO-"
WORDS = {"supplier": "supplier", "location": "location", "sku": "SKU"}
OF_THE_ROW = (
    "sku",
    "quantity",
    "unit_cost",
    "expected_on",
    "received_on",
    "received",
    "rejected",
    "reason",
)


class ReplenishmentOrders(Importer):
    """Orders at suppliers by our number, a row for each line; rows of one SKU are added up.

    An `open` one is with its supplier: what is missing is coming. A `closed` one is over. What
    came until now lies in the stock that is counted: it moves nothing, and tells how the supplier
    did. An order that is known stays as it is.
    """

    title = _("Orders at suppliers")
    permission = "inventory.plan_replenishmentorder"
    page = "inventory:supply"
    hints = (
        _("What came until now lies in the stock you counted: received and rejected move nothing."),
    )
    columns = {
        "order": column.text(40),
        "supplier": column.text(32),
        "location": column.text(16),
        "ordered_on": column.day,
        "currency": column.currency,
        "status": column.choice([OPEN, CLOSED]),
        "sku": column.text(64),
        "quantity": column.units(),
        "unit_cost": column.price,
        "expected_on": column.day,
        "received_on": column.day,
        "received": column.units(),
        "rejected": column.units(),
        "reason": column.choice(RejectReason.values),
    }
    required = ("order", "supplier", "location", "ordered_on", "sku", "quantity")
    whole_by = ("order",)

    def write(self, rows: Sequence[Row], context: Context) -> Outcome:
        outcome = Outcome()
        names = Names.of(rows)
        numbers = ReplenishmentOrder.objects.filter(number__in={row["order"] for row in rows})
        known = set(numbers.values_list("number", flat=True))
        fresh: list[list[Row]] = []
        for (number,), group in together(rows, "order").items():
            bad = [problem for row in group if (problem := _problem(row, names))]
            bad += disagreements(group, of_the_row=OF_THE_ROW, what="order")
            if bad or (bad := _nothing_ordered(group)):
                outcome.bad += bad
            elif number in known:
                outcome.counts["unchanged"] += 1
            else:
                fresh.append(group)
        for some in chunks(fresh):
            _write(some, names, context)
        outcome.counts["added"] += len(fresh)
        return outcome


@dataclass(frozen=True)
class Names:
    """What the rows refer to, by code."""

    suppliers: Mapping[str, Supplier]
    locations: Mapping[str, Location]
    skus: Mapping[str, Sku]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Names":
        return cls(
            Supplier.objects.in_bulk({row["supplier"] for row in rows}, field_name="code"),
            Location.objects.in_bulk({row["location"] for row in rows}, field_name="code"),
            Sku.objects.in_bulk({row["sku"] for row in rows}, field_name="code"),
        )


def _problem(row: Row, names: Names) -> BadRow | None:
    came = row.get("received_on")
    known: dict[str, Mapping[str, object]] = {
        "supplier": names.suppliers,
        "location": names.locations,
        "sku": names.skus,
    }
    for name, found in known.items():
        if row[name] not in found:
            return row.bad(name, f"there is no {WORDS[name]} {row[name]}")
    if "/" in row["order"] or row["order"].startswith(OUR_NUMBERS):
        return row.bad("order", f"a number has no slash and does not begin with {OUR_NUMBERS}")
    if not came and (row.get("received") or row.get("rejected")):
        return row.bad("received_on", "say on which day it came")
    if came and came < row["ordered_on"]:
        return row.bad("received_on", "it came before it was ordered")
    return None


def _nothing_ordered(group: Sequence[Row]) -> list[BadRow]:
    """A SKU of which all rows together order nothing."""
    by_sku = together(group, "sku").values()
    return [
        rows[0].bad("quantity", "nothing of it was ordered")
        for rows in by_sku
        if not sum(row["quantity"] for row in rows)
    ]


def _write(orders: Sequence[Sequence[Row]], names: Names, context: Context) -> None:
    ids = Block()
    made: list[ReplenishmentOrder] = []
    lines: list[ReplenishmentLine] = []
    receipts: list[Receipt] = []
    arrivals: list[ReceiptLine] = []
    for rows in orders:
        order = _order(ids.take(), rows, names, context)
        asked = {
            code: _line(ids.take(), order, names.skus[code], some)
            for (code,), some in together(rows, "sku").items()
        }
        came = [row for row in rows if row.get("received") or row.get("rejected")]
        for (day,), some in sorted(together(came, "received_on").items()):
            receipt = Receipt(
                pk=ids.take(),
                order=order,
                key=f"import:{order.number}:{day}",
                received_by=str(context.by),
                received_at=_noon(day, order.location),
                is_history=True,
            )
            receipts.append(receipt)
            arrivals += [_arrival(receipt, asked[row["sku"]], row) for row in some]
        made.append(order)
        lines += asked.values()
    ReplenishmentOrder.objects.bulk_create(made)
    ReplenishmentLine.objects.bulk_create(lines)
    Receipt.objects.bulk_create(receipts)
    ReceiptLine.objects.bulk_create(arrivals)


def _order(pk: int, rows: Sequence[Row], names: Names, context: Context) -> ReplenishmentOrder:
    said = {name: value for row in rows for name, value in row.values.items()}
    supplier, location = names.suppliers[said["supplier"]], names.locations[said["location"]]
    days = [row["received_on"] for row in rows if row.get("received") or row.get("rejected")]
    last = _noon(max(days), location) if days else None
    sent = _noon(said["ordered_on"], location)
    order = ReplenishmentOrder(
        pk=pk,
        number=said["order"],
        supplier=supplier,
        location=location,
        status=_status(rows, said.get("status", OPEN), bool(days)),
        currency=said.get("currency", supplier.currency),
        expected_on=min(
            (row["expected_on"] for row in rows if "expected_on" in row.values), default=None
        ),
        proposed_at=sent,
        approved_by=str(context.by),
        approved_at=sent,
        sent_at=sent,
        received_at=last,
    )
    if order.status == ReplenishmentStatus.CLOSED:
        order.ended_at = last or sent
    return order


def _status(rows: Sequence[Row], said: str, some_came: bool) -> ReplenishmentStatus:
    if said == CLOSED:
        return ReplenishmentStatus.CLOSED
    if not some_came:
        return ReplenishmentStatus.SENT
    is_missing = any(
        sum(row["quantity"] - row.get("received", 0) for row in some) > 0
        for some in together(rows, "sku").values()
    )
    return ReplenishmentStatus.PART_RECEIVED if is_missing else ReplenishmentStatus.RECEIVED


def _line(pk: int, order: ReplenishmentOrder, sku: Sku, rows: Sequence[Row]) -> ReplenishmentLine:
    quantity = sum(row["quantity"] for row in rows)
    received = sum(row.get("received", 0) for row in rows)
    return ReplenishmentLine(
        pk=pk,
        order=order,
        sku=sku,
        quantity=quantity,
        unit_cost=next((row["unit_cost"] for row in rows if "unit_cost" in row.values), None),
        received=received,
        rejected=sum(row.get("rejected", 0) for row in rows),
        over=max(0, received - quantity),
    )


def _arrival(receipt: Receipt, line: ReplenishmentLine, row: Row) -> ReceiptLine:
    rejected = row.get("rejected", 0)
    return ReceiptLine(
        receipt=receipt,
        line=line,
        accepted=row.get("received", 0),
        rejected=rejected,
        reason=row.get("reason", RejectReason.OTHER) if rejected else "",
        promised_on=row.get("expected_on"),
    )


def _noon(day: date, location: Location) -> datetime:
    """A day without a time, so that it stays that day."""
    return datetime.combine(day, time(12), ZoneInfo(location.time_zone))
