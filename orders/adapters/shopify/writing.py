"""What Shopify is told, through its Admin REST API.

A parcel becomes a fulfillment of the fulfillment orders that wait for its units, known by its
tracking number (by the number of our shipment where it has none). Money goes back by a refund whose
note is the number of ours, from the payments that Shopify itself suggests.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

from oms.channels.connection import Connection
from oms.core.jobs import GiveUp, TryLater
from oms.core.money import ZERO
from orders.adapters.calling import OutcomeUnknown, Refused, call
from orders.adapters.writing import Declined, Dropped, GivenBack, MoneyBack, Sent, Stocked

VERSION = "2024-10"
OPEN = {"open", "in_progress", "scheduled"}
LONGEST_WAIT = 60.0
ITEMS = """
query ($words: String!, $most: Int!) {
  productVariants(first: $most, query: $words) {
    nodes { sku inventoryItem { legacyResourceId } }
  }
}
"""
GONE = {"cancelled", "error", "failure"}


class ShopifyWriter:
    def tell_sent(self, connection: Connection, sent: Sent) -> Sequence[str]:
        known_by = sent.tracking_number or sent.number
        path = f"orders/{sent.order}/fulfillments.json"
        made = [
            each
            for each in _get(connection, path, "fulfillments")
            if known_by in (each.get("tracking_numbers") or [each.get("tracking_number")])
            and each.get("status") not in GONE
        ]
        left = _less(sent.units, (line for each in made for line in each.get("line_items", [])))
        ids = [str(each["id"]) for each in made]
        if not left:
            return ids
        path = f"orders/{sent.order}/fulfillment_orders.json"
        for portions in _by_location(_get(connection, path, "fulfillment_orders"), left):
            answer = _call(
                connection,
                "POST",
                "fulfillments.json",
                {
                    "fulfillment": {
                        "line_items_by_fulfillment_order": [
                            {
                                "fulfillment_order_id": order,
                                "fulfillment_order_line_items": lines,
                            }
                            for order, lines in portions.items()
                        ],
                        "tracking_info": {
                            "number": known_by,
                            "company": sent.carrier or None,
                            "url": sent.tracking_url or None,
                        },
                        "notify_customer": connection.options.get("notify_customer") == "yes",
                    }
                },
            )
            ids.append(str(answer["fulfillment"]["id"]))
        return ids

    def tell_dropped(self, connection: Connection, dropped: Dropped) -> Sequence[tuple[str, str]]:
        if dropped.whole:
            path = f"orders/{dropped.order}.json?fields=id,cancelled_at,fulfillments"
            order = _call(connection, "GET", path)["order"]
            if order.get("cancelled_at"):
                return []
            if not any(each.get("status") not in GONE for each in order.get("fulfillments") or []):
                body = {"reason": "other", "email": False}
                _call(connection, "POST", f"orders/{dropped.order}/cancel.json", body)
                return []
        found = self._noted(connection, dropped.order, dropped.number)
        if found is None:
            lines = [
                {"line_item_id": int(key), "quantity": units, "restock_type": "no_restock"}
                for key, units in dropped.units.items()
                if key.isdigit()
            ]
            found = self._refund(connection, dropped.order, dropped.number, lines=lines)
        return [("refund", str(found["id"]))]

    def find_refund(self, connection: Connection, wanted: MoneyBack) -> GivenBack | None:
        found = self._noted(connection, wanted.order, wanted.number)
        return None if found is None else _given_back(found, wanted)

    def give_back(self, connection: Connection, wanted: MoneyBack) -> GivenBack:
        asked = {"refund": {"currency": wanted.currency, "refund_line_items": []}}
        try:
            path = f"orders/{wanted.order}/refunds/calculate.json"
            suggested = _call(connection, "POST", path, asked)["refund"]["transactions"]
            moves = _moves(suggested, wanted)
            made = self._refund(connection, wanted.order, wanted.number, moves=moves,
                                currency=wanted.currency)  # fmt: skip
        except Refused as refused:
            if refused.status in {401, 403}:
                raise
            raise Declined(str(refused)) from refused
        return _given_back(made, wanted)

    def set_stock(self, connection: Connection, levels: Sequence[Stocked]) -> Sequence[str]:
        location = connection.options.get("location_id", "")
        if not location.isdigit():
            raise GiveUp("It is not said which location of Shopify the stock figures are for.")
        items = self._items_by_sku(connection, [level.sku for level in levels])
        for level in levels:
            if level.sku in items:
                figure = {
                    "location_id": int(location),
                    "inventory_item_id": items[level.sku],
                    "available": level.available,
                }
                _patiently(connection, "POST", "inventory_levels/set.json", figure)
        return [level.sku for level in levels if level.sku not in items]

    def _items_by_sku(self, connection: Connection, skus: Sequence[str]) -> dict[str, int]:
        """Return Shopify's inventory items by SKU. REST cannot look for one; GraphQL can."""
        words = " OR ".join(f"sku:{json.dumps(sku)}" for sku in skus)
        asked = {"query": ITEMS, "variables": {"words": words, "most": 5 * len(skus)}}
        answer = _patiently(connection, "POST", "graphql.json", asked)
        if not isinstance(answer.get("data"), dict):
            raise OutcomeUnknown(f"Shopify did not look for SKUs: {str(answer)[:200]}")
        return {
            str(node["sku"]): int(node["inventoryItem"]["legacyResourceId"])
            for node in answer["data"]["productVariants"]["nodes"]
            if node.get("sku") in skus
        }

    def _noted(self, connection: Connection, order: str, number: str) -> dict[str, Any] | None:
        """Return the refund whose note begins with our number."""
        for each in _get(connection, f"orders/{order}/refunds.json", "refunds"):
            if str(each.get("note") or "").split(" ")[0] == number:
                return dict(each)
        return None

    def _refund(
        self,
        connection: Connection,
        order: str,
        number: str,
        *,
        currency: str = "",
        lines: Sequence[Mapping[str, Any]] = (),
        moves: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        refund: dict[str, Any] = {
            "note": number,
            "notify": False,
            "refund_line_items": list(lines),
            "transactions": list(moves),
        }
        if currency:
            refund["currency"] = currency
        answer = _call(connection, "POST", f"orders/{order}/refunds.json", {"refund": refund})
        return dict(answer["refund"])


def _call(connection: Connection, method: str, path: str, document: Any = None) -> Any:
    version = connection.options.get("api_version") or VERSION
    url = f"{connection.base_url.rstrip('/')}/admin/api/{version}/{path}"
    token = connection.credentials.get("access_token", "")
    return call(method, url, headers={"X-Shopify-Access-Token": token}, document=document)


def _patiently(connection: Connection, method: str, path: str, document: Any) -> Any:
    """Call, and wait here while Shopify asks for a little patience: work that is many calls would
    never end if it began anew each time."""
    end = monotonic() + LONGEST_WAIT
    while True:
        try:
            return _call(connection, method, path, document)
        except TryLater as later:
            if monotonic() + later.seconds > end:
                raise
            sleep(later.seconds)


def _get(connection: Connection, path: str, name: str) -> list[dict[str, Any]]:
    joined = "&" if "?" in path else "?"
    return list(_call(connection, "GET", f"{path}{joined}{urlencode({'limit': 250})}")[name])


def _less(units: Mapping[str, int], lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    left = dict(units)
    for line in lines:
        key = str(line["id"])
        left[key] = left.get(key, 0) - int(line["quantity"])
    return {key: count for key, count in left.items() if count > 0}


def _by_location(
    orders: Sequence[Mapping[str, Any]], units: Mapping[str, int]
) -> list[dict[int, list[dict[str, int]]]]:
    """Deal units to the fulfillment orders that wait for them. Each group, lines by fulfillment
    order, is of one location: Shopify takes no other as one fulfillment.

    Units that nothing waits for any more were sent or dropped in Shopify itself.
    """
    left = dict(units)
    groups: dict[Any, dict[int, list[dict[str, int]]]] = defaultdict(lambda: defaultdict(list))
    held = False
    for order in orders:
        for line in order.get("line_items", []):
            key = str(line["line_item_id"])
            take = min(left.get(key, 0), int(line["fulfillable_quantity"]))
            if take and order.get("status") == "on_hold":
                held = True
            if take and order.get("status") in OPEN:
                left[key] -= take
                portion = {"id": int(line["id"]), "quantity": take}
                groups[order.get("assigned_location_id")][int(order["id"])].append(portion)
    if held and not groups:
        raise GiveUp("Shopify holds this order back: release the hold there, then try again.")
    return list(groups.values())


def _moves(suggested: Sequence[Mapping[str, Any]], wanted: MoneyBack) -> list[dict[str, Any]]:
    """Deal an amount to the payments that Shopify can give back from, in their order."""
    left, moves = wanted.amount, []
    for each in suggested:
        if each.get("currency", wanted.currency) != wanted.currency:
            raise Declined(
                f"The customer paid in {each['currency']}, and we count in {wanted.currency}: "
                "give the money back in Shopify."
            )
        share = min(left, Decimal(str(each.get("maximum_refundable") or 0)))
        if share > 0:
            left -= share
            moves.append(
                {
                    "parent_id": each["parent_id"],
                    "amount": str(share),
                    "kind": "refund",
                    "gateway": each.get("gateway"),
                }
            )
    if left:
        most = wanted.amount - left
        raise Declined(f"Shopify can give back no more than {most} {wanted.currency}.")
    return moves


def _given_back(refund: Mapping[str, Any], wanted: MoneyBack) -> GivenBack:
    moves = [each for each in refund.get("transactions", []) if each.get("kind") == "refund"]
    states = {each.get("status") for each in moves}
    amount = sum((Decimal(str(each["amount"])) for each in moves), ZERO)
    if states & {"failure", "error"}:
        moved: bool | None = False
    else:
        moved = None if "pending" in states else True
    currencies = {str(each.get("currency") or wanted.currency) for each in moves}
    return GivenBack(str(refund["id"]), amount, next(iter(currencies), wanted.currency), moved)
