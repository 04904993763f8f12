"""AdventureWorks' purchasing as our files, and what they say by themselves.

What it says, and what becomes of it:

- The plant is one location; its Locations (Paint Shop, Subassembly) are zones by their number, and
  a place in one is a bin: location, shelf and bin (`6-A-4`; `50-0` where no shelf is named).
- Quantity by product, location, shelf and bin is the stock. A product that lies nowhere has none.
- ReorderPoint and SafetyStockLevel are the product's, over all places.
- A Vendor is a supplier by its account number; what it supplies has a lead time, a price and a
  least quantity. An order's DueDate is the day that was asked for.
- ReceivedQty is what came: StockedQty of it was taken in, RejectedQty was not. It came on ShipDate,
  the only day that is named. Lines of one product in one order are added up.
- Status 4 is complete, 3 rejected: closed. 1 (pending) and 2 (approved) are open: what is missing
  is coming.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

Record = dict[str, str]
PLANT = "adventureworks"
FINISHED_GOODS = "7"
OVER = ("3", "4")


class AdventureWorks:
    """The files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _read(self, name: str) -> list[Record]:
        with (self._folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def products(self) -> dict[str, Record]:
        return {each["ProductID"]: each for each in self._read("Product")}

    @cached_property
    def vendors(self) -> dict[str, Record]:
        return {each["VendorID"]: each for each in self._read("Vendor")}

    @cached_property
    def places(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for each in self._read("ProductInventory"):
            found[each["ProductID"]].append(each)
        return found

    @cached_property
    def orders(self) -> dict[str, Record]:
        return {each["PurchaseOrderID"]: each for each in self._read("PurchaseOrderHeader")}

    @cached_property
    def lines(self) -> list[Record]:
        return self._read("PurchaseOrderDetail")

    def files(self) -> dict[str, Iterator[dict[str, Any]]]:
        """Return rows by kind of file, in the order in which they are brought in."""
        return {
            "locations": iter([{"code": PLANT, "name": "AdventureWorks", "country": "US"}]),
            "products": self._products(),
            "bins": self._bins(),
            "stock": self._stock(),
            "suppliers": self._suppliers(),
            "replenishment_orders": self._replenishment_orders(),
        }

    def _products(self) -> Iterator[dict[str, Any]]:
        for each in self.products.values():
            yield {
                "sku": each["ProductNumber"],
                "name": each["Name"],
                "weight_g": _grams(each),
            }

    def _bins(self) -> Iterator[dict[str, Any]]:
        for turn, zone in enumerate(self._read("Location"), start=1):
            is_finished = zone["LocationID"] == FINISHED_GOODS
            yield {
                "location": PLANT,
                "zone": zone["LocationID"],
                "zone_kind": "picking" if is_finished else "storage",
                "bin": "",
                "position": turn,
            }
        known = {(each["LocationID"], _bin(each)) for rows in self.places.values() for each in rows}
        for zone, code in sorted(known):
            yield {
                "location": PLANT,
                "zone": zone,
                "zone_kind": "",
                "bin": code,
                "position": "",
            }

    def _stock(self) -> Iterator[dict[str, Any]]:
        for pk, each in self.products.items():
            settings = {
                "safety_stock": each["SafetyStockLevel"],
                "reorder_point": each["ReorderPoint"],
            }
            for place in self.places.get(pk, [{"Quantity": "0"}]):
                yield {
                    "location": PLANT,
                    "sku": each["ProductNumber"],
                    "on_hand": place["Quantity"],
                    "bin": _bin(place) if "Bin" in place else "",
                    **settings,
                }

    def _suppliers(self) -> Iterator[dict[str, Any]]:
        supplied = defaultdict(list)
        for each in self._read("ProductVendor"):
            supplied[each["VendorID"]].append(each)
        for pk, vendor in self.vendors.items():
            for each in supplied.get(pk, [None]):
                yield {
                    "code": vendor["AccountNumber"],
                    "name": vendor["Name"],
                    "sku": self.products[each["ProductID"]]["ProductNumber"] if each else "",
                    "cost": each["StandardPrice"] if each else "",
                    "currency": "USD",
                    "lead_time_days": each["AverageLeadTime"] if each else "",
                    "minimum_quantity": each["MinOrderQty"] if each else "",
                }

    def _replenishment_orders(self) -> Iterator[dict[str, Any]]:
        for line in self.lines:
            order = self.orders[line["PurchaseOrderID"]]
            yield {
                "order": line["PurchaseOrderID"],
                "supplier": self.vendors[order["VendorID"]]["AccountNumber"],
                "location": PLANT,
                "ordered_on": order["OrderDate"][:10],
                "currency": "USD",
                "status": "closed" if order["Status"] in OVER else "open",
                "sku": self.products[line["ProductID"]]["ProductNumber"],
                "quantity": _units(line["OrderQty"]),
                "unit_cost": line["UnitPrice"],
                "expected_on": line["DueDate"][:10],
                "received_on": order["ShipDate"][:10],
                "received": _units(line["StockedQty"]),
                "rejected": _units(line["RejectedQty"]),
            }

    def stock(self) -> dict[tuple[str, str], int]:
        """Return the units by product number and bin."""
        found: Counter[tuple[str, str]] = Counter()
        for pk, places in self.places.items():
            for each in places:
                found[self.products[pk]["ProductNumber"], _bin(each)] += int(each["Quantity"])
        return {place: units for place, units in found.items() if units}

    def low(self) -> dict[str, int]:
        """Return the units of each product at or below its reorder point, missing ones to come."""
        coming: Counter[str] = Counter()
        for line in self.lines:
            if self.orders[line["PurchaseOrderID"]]["Status"] not in OVER:
                coming[line["ProductID"]] += _units(line["OrderQty"]) - _units(line["StockedQty"])
        found = {}
        for pk, each in self.products.items():
            units = sum(int(place["Quantity"]) for place in self.places.get(pk, []))
            if units + coming[pk] <= int(each["ReorderPoint"]):
                found[each["ProductNumber"]] = units
        return found

    def receipts(self) -> dict[str, tuple[int, int, int]]:
        """Return the orders something came of, units taken in and rejected, by vendor."""
        orders: dict[str, set[str]] = defaultdict(set)
        taken: Counter[str] = Counter()
        rejected: Counter[str] = Counter()
        for line in self.lines:
            vendor = self.vendors[self.orders[line["PurchaseOrderID"]]["VendorID"]]["AccountNumber"]
            if _units(line["ReceivedQty"]):
                orders[vendor].add(line["PurchaseOrderID"])
            taken[vendor] += _units(line["ReceivedQty"]) - _units(line["RejectedQty"])
            rejected[vendor] += _units(line["RejectedQty"])
        return {each: (len(orders[each]), taken[each], rejected[each]) for each in orders}


def _bin(place: Record) -> str:
    return "-".join(part for part in (place["LocationID"], place["Shelf"], place["Bin"]) if part)


def _units(said: str) -> int:
    return int(float(said))


def _grams(product: Record) -> str:
    if not product["Weight"]:
        return ""
    grams = float(product["Weight"]) * (
        453.59237 if product["WeightUnitMeasureCode"] == "LB" else 1
    )
    return str(round(grams))
