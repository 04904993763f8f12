from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orders.adapters import proofs
from orders.adapters.bigcommerce import orders, pieces
from orders.adapters.fields import Document, json_of, moment, objects, part, text
from orders.adapters.messages import Envelope, Message, Unreadable
from orders.adapters.parts import Fetch, Fulfillment, Part, Reading, Report


class BigCommerce:
    """Orders v2 and what belongs to them, apart or in one document, and webhooks.

    Webhooks are signed as Standard Webhooks says, with the client secret of the API account.
    """

    signature_headers = (proofs.SIGNATURE,)

    def verify(self, message: Message, secrets: Sequence[str]) -> None:
        """Prove a webhook by its signature.

        Raises: NotTheirs, Stale.
        """
        proofs.prove_webhook(message, secrets)

    def envelope(self, message: Message) -> Envelope:
        try:
            said = _unwrapped(json_of(message))
        except Unreadable:
            said = None
        first = said[0] if isinstance(said, list) and said else said
        topic = ""
        if isinstance(first, Mapping):
            topic = text(first, "scope") or _kind(first) or ("order" if "order" in first else "")
        return Envelope(id=message.headers.get(proofs.ID, ""), topic=topic)

    def read(self, message: Message) -> Reading:
        """Read a webhook, an order, or lists of what belongs to orders.

        Raises: Unreadable.
        """
        said = json_of(message)
        if isinstance(said, Mapping) and isinstance(said.get("errors"), list) and said["errors"]:
            return Reading(ignored=_refusal(objects(said, "errors")))
        said = _unwrapped(said)
        if isinstance(said, Mapping) and "scope" in said:
            return _webhook(said)
        if isinstance(said, Mapping) and isinstance(said.get("order"), Mapping):
            return Reading((_joined({**part(said, "order"), **said}),))
        found = said if isinstance(said, list) else [said]
        if not all(isinstance(each, Mapping) for each in found):
            raise Unreadable("It is neither a JSON object nor a list of them.")
        return _read(found)


def _unwrapped(said: Any) -> Any:
    """Return what version 3 wraps in `data`."""
    if not isinstance(said, Mapping) or "scope" in said:
        return said
    return said["data"] if "data" in said and "id" not in said else said


ABOUT_ORDERS = ("store/order/", "store/shipment/")
NOT_NEWS = ("store/order/message/",)


def _webhook(said: Document) -> Reading:
    """Read what a webhook points at; it carries no more than ids."""
    scope, data = text(said, "scope"), part(said, "data")
    if not scope.startswith(ABOUT_ORDERS) or scope.startswith(NOT_NEWS):
        return Reading(ignored=f"{scope} is not about orders.")
    is_shipment = scope.startswith("store/shipment/")
    names = ("orderId", "order_id") if is_shipment else ("order_id", "orderId", "id")
    number = orders.number_of(data, *names)
    reports: tuple[Report, ...] = ()
    if scope == "store/shipment/deleted":
        gone = Fulfillment(units=(), is_cancelled=True)
        reports = (
            Report(
                number,
                {f"fulfillment:{text(data, 'id')}": gone},
                as_of=moment(said.get("created_at"), "created_at"),
            ),
        )
    return Reading(reports, fetches=(Fetch("order", number),))


def _read(found: list[Document]) -> Reading:
    if not found:
        return Reading(ignored="It is an empty list.")
    kind = _kind(found[0])
    if kind == "refusal":
        return Reading(ignored=_refusal(found))
    if kind in _NOT_ORDERS:
        return Reading(ignored=_NOT_ORDERS[kind])
    if kind == "order":
        return Reading(tuple(_joined(each) for each in found))
    if kind not in _PIECES:
        keys = ", ".join(sorted(found[0])[:8])
        if "order_id" in found[0]:
            raise Unreadable(f"It is about an order, and nothing else in it is known: {keys}.")
        return Reading(ignored=f"There is no order in it: {keys}.")
    by_order: dict[str, list[Document]] = {}
    for each in found:
        by_order.setdefault(orders.number_of(each, "order_id"), []).append(each)
    reports = [Report(number, _PIECES[kind](each)) for number, each in by_order.items()]
    return Reading(tuple(each for each in reports if each.parts), ignored="It says nothing new.")


def _joined(order: Document) -> Report:
    """Read an order with whatever of its pieces is in the same document."""
    number = orders.number_of(order, "id")
    at = moment(order.get("date_modified"), "date_modified")
    places = _list(order, "shipping_addresses", "shippingaddresses")
    bought = _list(order, "products")
    service = text(places[0], "shipping_method") if places else ""
    parts = orders.read(order, service=service)
    code = orders.currency_of(order)
    sent = parts.get("fulfilled")
    parts |= pieces.addresses(places)
    parts |= pieces.products(bought, addresses=len(places) or None, code=code)
    if sent is not None:
        parts["fulfilled"] = sent
    parts |= pieces.shipments(_list(order, "shipments"))
    parts |= pieces.refunds(_list(order, "refunds"), bought, code)
    parts |= pieces.coupons(_list(order, "coupons"))
    return Report(number, parts, as_of=at)


def _list(order: Document, *names: str) -> list[Document]:
    """Return pieces that stand in the order; where there is only a link to them, nothing."""
    for name in names:
        found = order.get(name)
        if isinstance(found, Mapping) and isinstance(found.get("data"), list):
            found = found["data"]
        if isinstance(found, list):
            return objects({name: found}, name)
    return []


def _kind(said: Document) -> str:
    """Tell what something is by what only such things have."""
    keys = said.keys()
    return next((kind for kind, names in _TELLING if names <= keys), "")


_TELLING: tuple[tuple[str, set[str]], ...] = (
    ("refund quote", {"total_refund_amount", "refund_methods"}),
    ("refusal", {"status", "error"}),
    ("shipment", {"order_address_id", "items"}),
    ("product", {"order_id", "quantity", "name"}),
    ("refund", {"order_id", "total_amount"}),
    ("transaction", {"order_id", "gateway"}),
    ("coupon", {"order_id", "coupon_id"}),
    ("tax", {"order_id", "tax_rate_id"}),
    ("address", {"order_id", "street_1"}),
    ("order", {"billing_address"}),
    ("status", {"system_label"}),
    ("count", {"statuses"}),
    ("quote", {"shipping_provider_id"}),
    ("zone", {"locations", "free_shipping"}),
    ("method", {"handling_fees", "settings"}),
    ("payment option", {"provider_id", "offline"}),
    ("connection", {"valid", "messages"}),
    ("refusal", {"status", "title"}),
    ("refusal", {"status", "message"}),
)

_NOT_ORDERS = {
    "refund quote": "A quote for a refund gives nothing back yet.",
    "transaction": "What was paid stands in the order itself.",
    "tax": "What taxes come to stands in the order itself.",
    "status": "It lists the statuses that orders may have.",
    "count": "It counts orders by status.",
    "quote": "Offers of carriers are not about an order.",
    "zone": "Shipping zones are not about an order.",
    "method": "Shipping methods are not about an order.",
    "payment option": "Ways to give money back are not about an order.",
    "connection": "Whether a carrier can be reached is not about an order.",
}
_PIECES: dict[str, Callable[[list[Document]], dict[str, Part]]] = {
    "product": pieces.products,
    "address": pieces.addresses,
    "shipment": pieces.shipments,
    "refund": pieces.refunds,
    "coupon": pieces.coupons,
}


def _refusal(errors: Sequence[Document]) -> str:
    told = "; ".join(
        f"{text(each, 'status')} {text(each, 'error', 'title', 'message')}".strip()
        for each in errors[:3]
    )
    return f"BigCommerce refused what was asked of it: {told.rstrip('.')}."[:500]
