"""Notifications: happenings, of which those about orders say what to look at."""

from typing import Any

from orders.adapters import documents
from orders.adapters.amounts import quantity
from orders.adapters.fields import Document, is_true, moment, objects, part, text
from orders.adapters.messages import Unreadable
from orders.adapters.parts import Cancellation, Fetch, Part, Reading, Report, Units

ABOUT_ORDERS = {"ORDER_CHANGE", "ORDER_STATUS_CHANGE", "FBA_OUTBOUND_SHIPMENT_STATUS"}
GONE = {"canceled", "cancelled"}


def kind_of(said: Document) -> str:
    """Return the type of a notification; nothing where it is none."""
    return text(said, "NotificationType", "notificationType")


def unwrapped(said: Any) -> Any:
    """Take off what SNS, SQS or EventBridge put round a notification on its way here."""
    for _ in range(4):
        if not isinstance(said, dict):
            return said
        if isinstance(said.get("Message"), str) and "TopicArn" in said:
            said = _inner(said["Message"])
        elif isinstance(said.get("detail"), dict) and "detail-type" in said:
            said = said["detail"]
        elif isinstance(said.get("Records"), list) and len(said["Records"]) == 1:
            said = said["Records"][0]
        elif isinstance(said.get("body"), str) and "messageId" in said:
            said = _inner(said["body"])
        elif isinstance(said.get("Body"), str) and "MessageId" in said:
            said = _inner(said["Body"])
        else:
            return said
    return said


def _inner(written: str) -> Any:
    return documents.parsed(written.encode("utf-8", "replace"))


def read(said: Document) -> Reading:
    """Read one notification.

    Raises: Unreadable.
    """
    kind = kind_of(said)
    if kind not in ABOUT_ORDERS:
        return Reading(ignored=f"{kind} is not about orders.")
    payload = part(said, "Payload") or part(said, "payload")
    inner = next((each for each in payload.values() if isinstance(each, dict)), payload)
    number = text(inner, "AmazonOrderId", "amazonOrderId")
    if not number:
        raise Unreadable("It names no order: AmazonOrderId is missing.")
    trigger = part(inner, "OrderChangeTrigger")
    as_of = moment(
        trigger.get("TimeOfOrderChange") or said.get("EventTime") or said.get("eventTime"),
        "EventTime",
    )
    parts = _parts(inner, trigger)
    reports = (Report(number, parts, as_of=as_of),) if parts else ()
    return Reading(reports, fetches=(Fetch("order", number),))


def _parts(inner: Document, trigger: Document) -> dict[str, Part]:
    summary = part(inner, "Summary")
    state = text(summary, "OrderStatus") or text(inner, "OrderStatus")
    reason = text(trigger, "ChangeReason")
    if state.lower() in GONE:
        return {"cancellation": Cancellation(reason=reason or "Canceled at Amazon")}
    asked = tuple(
        Units(text(each, "OrderItemId"), units)
        for each in objects(summary, "OrderItems")
        if is_true(each, "IsBuyerRequestedCancel") and (units := quantity(each.get("Quantity")))
    )
    if not asked:
        return {}
    return {
        "cancellation:asked": Cancellation(
            units=asked, reason=reason or "The buyer asks for it", is_asked=True
        )
    }
