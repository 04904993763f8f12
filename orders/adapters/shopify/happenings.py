"""Refunds, fulfillments, payments and requests of Shopify, alone or inside an order."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

from oms.core.money import ZERO
from orders.adapters.documents import (
    Doc,
    amount,
    currency,
    identity,
    inner,
    moment,
    objects,
    text,
    units,
)
from orders.adapters.messages import Unreadable
from orders.adapters.parts import (
    Cancellation,
    Fulfillment,
    Part,
    Payment,
    PaymentState,
    Refund,
    Report,
    Units,
)

TAKEN_BACK = {"cancelled", "error", "failure"}
STATES = {
    "authorization": PaymentState.AUTHORIZED,
    "capture": PaymentState.CAPTURED,
    "sale": PaymentState.CAPTURED,
    "void": PaymentState.VOIDED,
}
NO_REPORT = Report("", {})
EVER = datetime.min.replace(tzinfo=UTC)


def read_refund(document: Doc) -> tuple[Report, str]:
    if not identity(document.get("id")):
        return NO_REPORT, "What a refund would come to is no refund yet."
    order = order_of(document, "refund")
    transactions = objects(document.get("transactions"), "transactions")
    moments = (
        moment(value)
        for value in (
            document.get("created_at"),
            document.get("processed_at"),
            *(each.get("processed_at") for each in transactions),
        )
    )
    return Report(order, dict(refund_parts([document], "")), as_of=_latest(moments)), ""


def refund_parts(documents: Iterable[Doc], order_currency: str) -> Iterator[tuple[str, Part]]:
    """Yield the refunds of an order under their ids.

    `return` is said of units that were sent and are put back, `cancel` of those that were not;
    all else (`no_restock`, `legacy_restock`) is about money: see `unsent_parts`.
    """
    for document in documents:
        lines = objects(document.get("refund_line_items"), "refund_line_items")
        paid, stated = _given_back(document, order_currency)
        by_kind = _by_kind(lines)
        yield (
            f"refund:{identity(document.get('id'))}",
            Refund(
                amount=paid,
                currency=stated,
                at=moment(document.get("processed_at")) or moment(document.get("created_at")),
                reason=text(document.get("note")),
                cancelled=_units(by_kind["cancel"]),
                returned=_units(by_kind["return"]),
                paid=_units(by_kind[""]),
            ),
        )


def unsent_parts(refunds: Iterable[Doc], fulfillments: Iterable[Doc]) -> Iterator[tuple[str, Part]]:
    """Yield what is not sent any more of units that an order gave money back for, and said nothing
    else of: those beyond what had left by then. Only the document that lists both can tell."""
    sent = [
        (moment(each.get("created_at")) or EVER, _fulfilled(each.get("line_items") or []))
        for each in fulfillments
        if text(each.get("status"), 40) not in TAKEN_BACK
    ]
    paid_for: dict[str, int] = {}
    for refund in sorted(refunds, key=_when):
        found = []
        for each in _units(_by_kind(objects(refund.get("refund_line_items"), "lines"))[""]):
            left = sum(
                units.quantity
                for at, parcel in sent
                for units in parcel
                if at <= _when(refund) and units.key == each.key
            )
            stays = min(each.quantity, max(left - paid_for.get(each.key, 0), 0))
            paid_for[each.key] = paid_for.get(each.key, 0) + stays
            if each.quantity > stays:
                found.append(Units(each.key, each.quantity - stays))
        if found:
            yield (
                f"cancellation:refund-{identity(refund.get('id'))}",
                Cancellation(tuple(found), text(refund.get("note")) or "Paid back", _when(refund)),
            )


def _when(refund: Doc) -> datetime:
    return moment(refund.get("processed_at")) or moment(refund.get("created_at")) or EVER


def _by_kind(lines: Iterable[Doc]) -> dict[str, list[Doc]]:
    by_kind: dict[str, list[Doc]] = {"return": [], "cancel": [], "": []}
    for each in lines:
        by_kind.get(text(each.get("restock_type"), 40), by_kind[""]).append(each)
    return by_kind


def read_fulfillment(document: Doc) -> tuple[Report, str]:
    order = order_of(document, "fulfillment")
    parts = dict(fulfillment_parts([document]))
    if not parts:
        return NO_REPORT, f"A fulfillment that is {text(document.get('status'), 40)} sent nothing."
    as_of = moment(document.get("updated_at")) or moment(document.get("created_at"))
    return Report(order, parts, as_of=as_of), ""


def fulfillment_parts(documents: Iterable[Doc]) -> Iterator[tuple[str, Part]]:
    """Yield what was sent, or taken back. One that a service has only been asked for is neither."""
    for document in documents:
        status, key = text(document.get("status"), 40), identity(document.get("id"))
        if not key or (status != "success" and status not in TAKEN_BACK):
            continue
        said = document.get("tracking_numbers")
        numbers = said if isinstance(said, list) and said else [document.get("tracking_number")]
        lines = document.get("line_items")
        yield (
            f"fulfillment:{key}",
            Fulfillment(
                units=None if lines is None else _fulfilled(lines),
                at=moment(document.get("created_at")),
                carrier=text(document.get("tracking_company"), 64),
                tracking_numbers=tuple(filter(None, (text(each, 100) for each in numbers))),
                location=identity(document.get("location_id")),
                is_delivered=document.get("shipment_status") == "delivered",
                is_cancelled=status in TAKEN_BACK,
            ),
        )


def read_transaction(document: Doc) -> tuple[Report, str]:
    order = order_of(document, "transaction")
    parts = dict(payment_parts([document]))
    if not parts:
        kind, status = text(document.get("kind"), 40), text(document.get("status"), 40)
        if kind == "refund":
            return NO_REPORT, "Money that went back is told by refunds/create."
        return NO_REPORT, f"A {kind or 'transaction'} that is {status or 'nothing'} moved no money."
    as_of = moment(document.get("processed_at")) or moment(document.get("created_at"))
    return Report(order, parts, as_of=as_of), ""


def payment_parts(documents: Iterable[Doc]) -> Iterator[tuple[str, Part]]:
    """Yield money that was set aside, came in, or was let go, each under its transaction's id."""
    for document in documents:
        state = STATES.get(text(document.get("kind"), 40))
        key = identity(document.get("id"))
        if state == PaymentState.VOIDED:
            key = identity(document.get("parent_id")) or key
        if not state or not key or document.get("status") != "success":
            continue
        yield (
            f"payment:{key}",
            Payment(
                state=state,
                amount=amount(document.get("amount"), "transactions/amount") or ZERO,
                currency=currency(document.get("currency")),
                method=text(document.get("gateway"), 32),
                reference=key,
            ),
        )


def read_fulfillment_order(document: Doc) -> tuple[Report, str]:
    """A request to stop work is a wish to cancel; how Shopify deals its work out is its own."""
    order = order_of(document, "fulfillment order")
    key = identity(document.get("id"))
    asked = document.get("request_status")
    if asked != "cancellation_requested":
        return NO_REPORT, "How Shopify deals out the work for an order makes no difference here."
    wanted = tuple(
        Units(identity(line.get("line_item_id")), units(line.get("quantity"), "quantity"))
        for line in objects(document.get("line_items"), "line_items")
    )
    part = Cancellation(units=wanted, reason="Asked for by the shop", at=None, is_asked=True)
    return Report(order, {f"cancellation:{key}": part}, moment(document.get("updated_at"))), ""


def order_of(document: Doc, what: str) -> str:
    """Return the id of the order that something is about.

    Raises: Unreadable.
    """
    order = identity(document.get("order_id"))
    if not order or not identity(document.get("id")):
        raise Unreadable(
            f"A {what} without an id and an order: this is what is sent to Shopify to make one, "
            "not what Shopify sends of one."
        )
    return order


def shop_amount(document: Doc, name: str) -> Decimal | None:
    """Return an amount in the shop's currency: `name`, or what its set says."""
    found = amount(document.get(name), name)
    if found is None:
        money = inner(inner(document.get(f"{name}_set")).get("shop_money"))
        found = amount(money.get("amount"), f"{name}_set")
    return found


def _given_back(document: Doc, order_currency: str) -> tuple[Decimal, str]:
    """Return what the customer got, and its currency.

    What was paid in another currency than the shop's goes back in that one; then it is worth what
    the lines and adjustments of the refund say in the shop's.
    """
    moved = [
        each
        for each in objects(document.get("transactions"), "transactions")
        if each.get("kind") == "refund" and each.get("status") == "success"
    ]
    paid = sum((amount(each.get("amount"), "amount") or ZERO for each in moved), ZERO)
    stated = {currency(each.get("currency")) for each in moved} - {""}
    shop = order_currency or _shop_currency(document)
    if not stated or not shop or stated == {shop}:
        return paid, shop or next(iter(stated), "")
    lines = objects(document.get("refund_line_items"), "refund_line_items")
    worth = sum(
        (_shop_only(each, "subtotal") + _shop_only(each, "total_tax") for each in lines),
        ZERO,
    ) - sum(
        (
            _shop_only(each, "amount") + _shop_only(each, "tax_amount")
            for each in objects(document.get("order_adjustments"), "order_adjustments")
        ),
        ZERO,
    )
    return max(worth, ZERO), shop


def _shop_only(document: Doc, name: str) -> Decimal:
    money = inner(inner(document.get(f"{name}_set")).get("shop_money"))
    found = amount(money.get("amount"), name)
    return amount(document.get(name), name) or ZERO if found is None else found


def _shop_currency(document: Doc) -> str:
    for line in objects(document.get("refund_line_items"), "refund_line_items"):
        money = inner(inner(line.get("subtotal_set")).get("shop_money"))
        if code := currency(money.get("currency_code")):
            return code
    money = inner(inner(document.get("total_duties_set")).get("shop_money"))
    return currency(money.get("currency_code"))


def _units(lines: Iterable[Doc]) -> tuple[Units, ...]:
    summed: dict[str, int] = {}
    for line in lines:
        key = identity(line.get("line_item_id")) or identity(inner(line.get("line_item")).get("id"))
        quantity = units(line.get("quantity"), "refund_line_items/quantity")
        if key and quantity:
            summed[key] = summed.get(key, 0) + quantity
    return tuple(Units(key, quantity) for key, quantity in sorted(summed.items()))


def _fulfilled(lines: object) -> tuple[Units, ...]:
    return tuple(
        Units(identity(line.get("id")), units(line.get("quantity"), "line_items/quantity"))
        for line in objects(lines, "line_items")
        if identity(line.get("id"))
    )


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)
