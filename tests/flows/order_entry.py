"""Oracle's sample schema Order Entry as files of ours, and what its limits say of each order.

What it says, and what becomes of it:

- A customer is a company in USD that owes at most its credit limit (none: nothing is checked), and
  an account manager its sales rep, by number. The list prices are the price list of all.
- A warehouse says its country by `location_id` alone; those outside the US are listed here.
- An order is a purchase order with the order's number and prices. Most of them are not the list's:
  such a one waits until a person accepts it. Whatever its status says, it is tried as a new one.
- `order_total` is the sum of the lines, without tax and freight, exact in cents.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

Record = dict[str, str]
ABROAD = {"1800": "CA", "2000": "CN", "2100": "IN", "2200": "AU", "3200": "MX"}


class OrderEntry:
    """The files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _read(self, name: str) -> list[Record]:
        with (self._folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def orders(self) -> list[Record]:
        return self._read("orders")

    @cached_property
    def limits(self) -> dict[str, Decimal | None]:
        return {
            each["customer_id"]: Decimal(each["credit_limit"]) if each["credit_limit"] else None
            for each in self._read("customers")
        }

    @cached_property
    def _lines(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for line in self._read("order_items"):
            found[line["order_id"]].append(line)
        return found

    def over_its_limit(self, order: Record) -> bool:
        """Whether an order alone is more than its customer may owe."""
        limit = self.limits[order["customer_id"]]
        return limit is not None and Decimal(order["order_total"]) > limit

    def as_sent(self, order: Record) -> dict[str, Any]:
        """Return the order as an ERP hands it in."""
        return {
            "company": order["customer_id"],
            "po_number": order["order_id"],
            "lines": [
                {
                    "sku": line["product_id"],
                    "quantity": int(line["quantity"]),
                    "unit_price": line["unit_price"],
                }
                for line in self._lines[order["order_id"]]
            ],
        }

    def files(self) -> dict[str, Iterator[dict[str, Any]]]:
        """Return rows by kind of file, in the order in which they are brought in."""
        return {
            "locations": self._locations(),
            "products": self._products(),
            "stock": self._stock(),
            "companies": self._companies(),
            "price_lists": self._prices(),
        }

    def _locations(self) -> Iterator[dict[str, Any]]:
        for each in self._read("warehouses"):
            yield {
                "code": each["warehouse_id"],
                "name": each["warehouse_name"],
                "country": ABROAD.get(each["location_id"], "US"),
                "latitude": each["latitude"],
                "longitude": each["longitude"],
            }

    def _products(self) -> Iterator[dict[str, Any]]:
        for each in self._read("products"):
            yield {"sku": each["product_id"], "name": each["name"]}

    def _stock(self) -> Iterator[dict[str, Any]]:
        for each in self._read("inventories"):
            yield {
                "location": each["warehouse_id"],
                "sku": each["product_id"],
                "on_hand": each["quantity_on_hand"],
            }

    def _companies(self) -> Iterator[dict[str, Any]]:
        for each in self._read("customers"):
            manager = each["account_mgr_id"]
            yield {
                "code": each["customer_id"],
                "name": f"{each['first_name']} {each['last_name']}",
                "email": each["email"],
                "credit_limit": each["credit_limit"],
                "currency": "USD",
                "line1": each["street"],
                "city": each["city"],
                "region": each["state"],
                "postal_code": each["postal_code"],
                "country": each["country"],
                "sales_rep": f"Account manager {manager}" if manager else "",
                "price_list": "list",
            }

    def _prices(self) -> Iterator[dict[str, Any]]:
        for each in self._read("products"):
            if each["list_price"]:
                yield {
                    "price_list": "list",
                    "sku": each["product_id"],
                    "price": each["list_price"],
                    "currency": "USD",
                }
