from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orders.adapters import documents, proofs
from orders.adapters.amazon import (
    external,
    finances,
    notifications,
    orders_2026,
    orders_v0,
    vendor,
)
from orders.adapters.amazon.not_orders import NOT_ORDERS
from orders.adapters.fields import Document, json_of, objects, part, text
from orders.adapters.messages import Envelope, Message, Unreadable
from orders.adapters.parts import Reading


class Amazon:
    """Answers of the Selling Partner API as something fetched them, and its notifications.

    Amazon signs nothing that it hands to a web address in a way that can be proven without asking
    Amazon: its notifications come through SQS or EventBridge. What forwards them proves itself,
    as Standard Webhooks says, or by a key of the channel.
    """

    signature_headers = (proofs.SIGNATURE,)

    def verify(self, message: Message, secrets: Sequence[str]) -> None:
        """Prove a message by the signature of what forwards it.

        Raises: NotTheirs, Stale.
        """
        proofs.prove_webhook(message, secrets)

    def envelope(self, message: Message) -> Envelope:
        """Tell the kind of document. Amazon numbers notifications, and its examples share one
        number: the bytes tell them apart, and SQS delivers the same bytes again."""
        try:
            said = _answer(json_of(message))
        except Unreadable:
            return Envelope()
        return Envelope(topic=_topic(said))

    def read(self, message: Message) -> Reading:
        """Read an answer, an example of one with its request, or a notification.

        Raises: Unreadable.
        """
        said = _answer(json_of(message))
        if isinstance(said, list):
            return _all(documents.objects(said, "The document"))
        if not isinstance(said, Mapping):
            raise Unreadable("It is not a JSON object.")
        if (errors := objects(said, "errors")) and not (part(said, "payload") or "order" in said):
            return Reading(ignored=_refusal(errors))
        if notifications.kind_of(said):
            return notifications.read(said)
        return _read(said)


def _answer(said: Any) -> Any:
    """Return what was answered, out of what wraps it."""
    said = notifications.unwrapped(said)
    if isinstance(said, Mapping) and set(said) == {"request", "response"}:
        said = said["response"]
    return said


def _read(said: Document) -> Reading:
    for _, is_it, reader in _KINDS:
        if is_it(said):
            return reader(said)
    payload = part(said, "payload")
    if not said:
        return Reading(ignored="It is empty: a call that was carried out and answers nothing.")
    known = next((name for name in NOT_ORDERS if name in said or name in payload), "")
    if known:
        return Reading(ignored=NOT_ORDERS[known])
    keys = ", ".join(sorted({*said, *payload} - {"payload"})[:8])
    if _ORDER_IDS & {*said, *payload}:
        raise Unreadable(f"It is about an order, and nothing else in it is known: {keys}.")
    return Reading(ignored=f"There is no order in it: {keys}.")


def _all(said: Sequence[Document]) -> Reading:
    """Read a list of orders, of whichever interface each is."""
    readings = [_one(each) for each in said]
    reports = tuple(report for each in readings for report in each.reports)
    why = next((each.ignored for each in readings if each.ignored), "There are no orders in it.")
    return Reading(reports, ignored="" if reports else why)


def _one(said: Document) -> Reading:
    if vendor.is_one(said):
        return vendor.read(said)
    if "AmazonOrderId" in said:
        return orders_v0.read({"Orders": [said]})
    if _is_outbound(said):
        return Reading(ignored=_OUTBOUND)
    return Reading((orders_2026.read(said),))


def _is_outbound(said: Document) -> bool:
    """Whether it is an order that the seller gave to Amazon to send."""
    return bool(_OUTBOUND_KEYS & said.keys()) and not {"createdTime", "orderItems"} & said.keys()


_ORDER_IDS = {"AmazonOrderId", "amazonOrderId", "orderId", "purchaseOrderNumber"}
_OUTBOUND_KEYS = {
    "sellerFulfillmentOrderId", "receiveTime", "lineItems", "fulfillmentConfiguration",
}  # fmt: skip
_OUTBOUND = NOT_ORDERS["fulfillmentOrders"]


def _has(*path: str) -> Callable[[Document], bool]:
    def look(said: Document) -> bool:
        return path[-1] in part(said, *path[:-1])

    return look


def _is_return(said: Document) -> bool:
    return "returns" in said or ("returnType" in said and "marketplaceChannelDetails" in said)


def _shipments(said: Document) -> Reading:
    reports = tuple(external.read(each) for each in objects(said, "shipments"))
    return Reading(reports, ignored="There are no shipments in it.")


def _items_of_buyer(said: Document) -> Reading:
    payload = part(said, "payload")
    items = objects(payload, "OrderItems") or [payload]
    order = text(payload, "AmazonOrderId")
    if not order:
        raise Unreadable("It names no order: AmazonOrderId is missing.")
    return orders_v0.gifts(order, items)


def _is_items_of_buyer(said: Document) -> bool:
    """Whether it tells what buyers said of items, and nothing of the items themselves."""
    payload = part(said, "payload")
    items = payload.get("OrderItems")
    first: Any = items[0] if isinstance(items, list) and items else payload
    return (
        isinstance(first, Mapping)
        and "OrderItemId" in first
        and not first.keys() & {"QuantityOrdered", "ASIN", "SellerSKU", "ItemPrice"}
    )


_RETURN = (
    "It announces goods coming back. The return is registered under Returns when somebody "
    "asks for it or it is received; money given back comes as a refund."
)
_KINDS: tuple[tuple[str, Callable[[Document], bool], Callable[[Document], Reading]], ...] = (
    ("orders.getOrder", _has("order"), lambda said: _one(part(said, "order"))),
    ("orders.searchOrders", _has("orders"), lambda said: _all(objects(said, "orders"))),
    ("orders.getOrder", _has("orderId"), _one),
    ("vendor.getOrders", _has("payload", "orders"),
     lambda said: _all(objects(part(said, "payload"), "orders"))),
    ("vendor.getOrder", _has("payload", "purchaseOrderNumber"),
     lambda said: vendor.read(part(said, "payload"))),
    ("vendor.getOrder", _has("purchaseOrderNumber"), vendor.read),
    ("vendor.getPurchaseOrdersStatus", _has("payload", "ordersStatus"),
     lambda said: vendor.read_states(objects(part(said, "payload"), "ordersStatus"))),
    ("merchantFulfillment.getShipment", _has("payload", "ShippingService"),
     lambda _said: Reading(ignored=NOT_ORDERS["ShippingServiceList"])),
    ("finances.listFinancialEvents", _has("payload", "FinancialEvents"),
     lambda said: finances.read_events(part(said, "payload", "FinancialEvents"))),
    ("finances.listTransactions", _has("payload", "transactions"),
     lambda said: finances.read_transactions(objects(part(said, "payload"), "transactions"))),
    ("finances.listTransactions", _has("transactions"),
     lambda said: finances.read_transactions(objects(said, "transactions"))),
    ("externalFulfillment.getShipments", _has("shipments"), _shipments),
    ("externalFulfillment.getShipment", _has("shipmentInfo"),
     lambda said: Reading((external.read(said),))),
    ("externalFulfillment.returns", _is_return, lambda _said: Reading(ignored=_RETURN)),
    ("ordersV0.getOrderItemsBuyerInfo", _is_items_of_buyer, _items_of_buyer),
    ("ordersV0.getOrders", _has("payload", "Orders"),
     lambda said: orders_v0.read(part(said, "payload"))),
    ("ordersV0.getOrderItems", _has("payload", "OrderItems"),
     lambda said: orders_v0.read(part(said, "payload"))),
    ("ordersV0.getOrder", _has("payload", "AmazonOrderId"),
     lambda said: orders_v0.read(part(said, "payload"))),
    ("ordersV0.getOrder", _has("AmazonOrderId"), orders_v0.read),
    ("ordersV0.getOrders", _has("Orders"), orders_v0.read),
    ("ordersV0.getOrder", lambda said: isinstance(said.get("payload"), list),
     lambda said: orders_v0.read({"Orders": said["payload"]})),
)  # fmt: skip


def _topic(said: Any) -> str:
    if not isinstance(said, Mapping):
        return ""
    if kind := notifications.kind_of(said):
        return kind
    return next((kind for kind, is_it, _ in _KINDS if is_it(said)), "")


def _refusal(errors: Sequence[Document]) -> str:
    told = "; ".join(
        f"{text(each, 'code')}: {text(each, 'message')}".strip(": ") for each in errors[:3]
    )
    return f"Amazon refused what was asked of it: {told.rstrip('.')}."[:500]
