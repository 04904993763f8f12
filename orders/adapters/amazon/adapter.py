from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orders.adapters import proofs
from orders.adapters.amazon import (
    external,
    finances,
    notifications,
    orders_2026,
    orders_v0,
)
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
        if not isinstance(said, Mapping):
            raise Unreadable("It is not a JSON object.")
        if errors := objects(said, "errors"):
            raise Unreadable(_refusal(errors))
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
    for name, sentence in _NOT_ORDERS.items():
        if name in said or name in part(said, "payload"):
            return Reading(ignored=sentence)
    if not said:
        return Reading(ignored="It is empty: a call that was carried out and answers nothing.")
    raise Unreadable("It is no document of orders that is known: " + ", ".join(sorted(said)[:8]))


def _has(*path: str) -> Callable[[Document], bool]:
    def look(said: Document) -> bool:
        return path[-1] in part(said, *path[:-1])

    return look


def _is_return(said: Document) -> bool:
    return "returns" in said or ("returnType" in said and "marketplaceChannelDetails" in said)


def _search(said: Document) -> Reading:
    reports = tuple(orders_2026.read(each) for each in objects(said, "orders"))
    return Reading(reports, ignored="There are no orders in it.")


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
    ("orders.getOrder", _has("order"),
     lambda said: Reading((orders_2026.read(part(said, "order")),))),
    ("orders.searchOrders", _has("orders"), _search),
    ("orders.getOrder", _has("orderId"), lambda said: Reading((orders_2026.read(said),))),
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

_NOT_ORDERS = {
    "packageShipLabelList": "Labels of Amazon's external fulfillment are not about an order.",
    "recommendedShippingOption": "Offers of carriers are not about an order.",
    "shippingOptions": "Offers of carriers are not about an order.",
    "document": "An invoice or label as a file is not about an order.",
    "invoice": "An invoice as a file is not about an order.",
    "invoiceHeader": "An invoice of Amazon itself is not about an order.",
    "responses": "Answers about stock are not about an order.",
    "FinancialEventGroupList": "Settlements with Amazon are not about an order.",
    "balances": "Balances with Amazon are not about an order.",
    "summaries": "Sums of what Amazon owes are not about an order.",
    "paymentMethods": "Ways in which Amazon pays the seller are not about an order.",
    "payoutReferenceId": "What Amazon pays the seller is not about an order.",
    "payouts": "What Amazon pays the seller is not about an order.",
}


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
    return f"Amazon refused what was asked of it: {told}."[:500]
