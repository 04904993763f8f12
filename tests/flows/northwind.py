"""Northwind's files as ours, and its sales summed up from the files alone.

What it says, and what becomes of it:

- A customer is a company in USD, an order one of its purchase orders with the order's number. The
  rep stands at the order (EmployeeID), not at the customer: each order names its own.
- A price is what was agreed less the line's discount, exact (price and discount have two decimals).
  Sales are price x quantity x (1 - discount), each line rounded half up. Freight is what the
  shipper took: it is no sale, and goes along as a note.
- Days have no time: they are taken as noon, so that they fall into their month in any zone.
- What was shipped is history; what was not is ordered now, as of its day. The stock is today's.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from babel import Locale

Record = dict[str, str]
NAMES = {"UK": "United Kingdom", "USA": "United States", "US": "United States"}
COUNTRIES = {name: code for code, name in Locale("en").territories.items() if len(code) == 2}
CENT = Decimal("0.01")


class Northwind:
    """The files of one folder. Headers are read in any case, `NULL` is empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _read(self, name: str) -> list[Record]:
        with (self._folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return [
                {
                    (column or "").lower(): "" if (value or "") == "NULL" else (value or "").strip()
                    for column, value in row.items()
                }
                for row in csv.DictReader(file)
            ]

    @cached_property
    def orders(self) -> list[Record]:
        return self._read("orders")

    @cached_property
    def lines(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for line in self._read("order_details"):
            found[line["orderid"]].append(line)
        return found

    @cached_property
    def reps(self) -> dict[str, str]:
        return {
            each["employeeid"]: f"{each['firstname']} {each['lastname']}"
            for each in self._read("employees")
        }

    def files(self) -> dict[str, Iterator[dict[str, Any]]]:
        """Return rows by kind of file, in the order in which they are brought in."""
        return {
            "locations": iter([{"code": "northwind", "name": "Northwind", "country": "US"}]),
            "products": self._products(),
            "stock": self._stock(),
            "companies": self._companies(),
            "purchase_orders": self._purchase_orders(),
        }

    def _products(self) -> Iterator[dict[str, Any]]:
        for each in self._read("products"):
            yield {
                "sku": each["productid"],
                "name": each["productname"],
                "price": each["unitprice"],
                "currency": "USD",
            }

    def _stock(self) -> Iterator[dict[str, Any]]:
        for each in self._read("products"):
            yield {
                "location": "northwind",
                "sku": each["productid"],
                "on_hand": each["unitsinstock"] or 0,
                "reorder_point": each["reorderlevel"],
            }

    def _companies(self) -> Iterator[dict[str, Any]]:
        for each in self._read("customers"):
            yield {
                "code": each["customerid"],
                "name": each["companyname"],
                "currency": "USD",
                **_place(each, ""),
            }

    def _purchase_orders(self) -> Iterator[dict[str, Any]]:
        for order in self.orders:
            for line in self.lines[order["orderid"]]:
                yield {
                    "company": order["customerid"],
                    "po_number": order["orderid"],
                    "sku": line["productid"],
                    "quantity": line["quantity"],
                    "unit_price": Decimal(line["unitprice"]) * (1 - _discount(line)),
                    "ordered_at": f"{order['orderdate'][:10]}T12:00:00Z",
                    "requested_on": order["requireddate"][:10],
                    "sales_rep": self.reps.get(order["employeeid"], ""),
                    "name": order["shipname"],
                    **_place(order, "ship"),
                    "note": f"Freight {order['freight']}",
                    "status": "completed" if order["shippeddate"] else "open",
                }

    def sales(self, by: str) -> dict[str, tuple[int, int, str]]:
        """Return orders, units and amount by rep, company, country, month or SKU."""
        orders: dict[str, set[str]] = defaultdict(set)
        units: dict[str, int] = defaultdict(int)
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        for order in self.orders:
            for line in self.lines[order["orderid"]]:
                key = {
                    "rep": self.reps.get(order["employeeid"], ""),
                    "company": order["customerid"],
                    "country": NAMES.get(order["shipcountry"], order["shipcountry"]),
                    "month": order["orderdate"][:7],
                    "sku": line["productid"],
                }[by]
                quantity, price = int(line["quantity"]), Decimal(line["unitprice"])
                worth = quantity * price * (1 - _discount(line))
                orders[key].add(order["orderid"])
                units[key] += quantity
                amounts[key] += worth.quantize(CENT, ROUND_HALF_UP)
        return {key: (len(orders[key]), units[key], str(amounts[key])) for key in orders}


def _discount(line: Record) -> Decimal:
    """The part that is taken off, without what floating point made of it: 0.15000000596."""
    return Decimal(line["discount"] or 0).quantize(Decimal("0.0001"))


def _place(each: Record, prefix: str) -> dict[str, str]:
    country = each[f"{prefix}country"]
    return {
        "line1": each[f"{prefix}address"],
        "city": each[f"{prefix}city"],
        "region": each[f"{prefix}region"],
        "postal_code": each[f"{prefix}postalcode"],
        "country": COUNTRIES[NAMES.get(country, country)],
    }


def written(rows: Iterable[dict[str, Any]]) -> str:
    """Return rows as the text of a file."""
    rows = list(rows)
    columns = list(rows[0]) if rows else []
    return "\n".join(
        ",".join('"{}"'.format(str(cell).replace('"', '""')) for cell in row)
        for row in (columns, *(row.values() for row in rows))
    )
