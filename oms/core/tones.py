"""Every status this system shows, and how: a tone (what it means), a shape and a word.

The one table between the enums and the screens. Tones: quiet (not begun, or over without effect),
doing, done, wait (for stock, time or a person), stop (refused, failed, late), back (units or money
coming back). Shapes are symbols of `static/oms/icons.svg`. A value that is missing here is shown
gray under its own name, never as an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Tone(NamedTuple):
    """How one status looks and what it is called."""

    tone: str
    shape: str
    word: str | Promise


TONES: Mapping[str, Mapping[str, Tone]] = {
    "order": {
        "draft": Tone("quiet", "s-ring", _("Draft")),
        "open": Tone("doing", "s-half", _("Open")),
        "completed": Tone("done", "s-check", _("Completed")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
    },
    "repeat": {
        "open": Tone("wait", "s-ask", _("To decide")),
        "edited": Tone("done", "s-check", _("Treated as an edit")),
        "left": Tone("quiet", "s-slash", _("Ours stays")),
    },
    "channel_order": {
        "waiting": Tone("wait", "s-clock", _("Waiting for the rest")),
        "in_step": Tone("done", "s-check", _("In step")),
        "behind": Tone("stop", "s-stop", _("Behind")),
    },
    "payment": {
        "unpaid": Tone("quiet", "s-ring", _("Not paid")),
        "authorized": Tone("wait", "s-clock", _("Authorized")),
        "partly_paid": Tone("doing", "s-half", _("Partly paid")),
        "captured": Tone("done", "s-check", _("Captured")),
        "paid": Tone("done", "s-check", _("Paid")),
        "partly_refunded": Tone("back", "s-back", _("Partly refunded")),
        "refunded": Tone("back", "s-back", _("Refunded")),
        "voided": Tone("quiet", "s-slash", _("Voided")),
    },
    "fulfillment": {
        "unfulfilled": Tone("quiet", "s-ring", _("Unfulfilled")),
        "partly_fulfilled": Tone("doing", "s-half", _("Partly fulfilled")),
        "fulfilled": Tone("done", "s-check", _("Fulfilled")),
        "backordered": Tone("wait", "s-clock", _("Backordered")),
    },
    "returns": {
        "none": Tone("quiet", "s-ring", _("No returns")),
        "requested": Tone("wait", "s-clock", _("Return requested")),
        "partly_returned": Tone("back", "s-back", _("Partly returned")),
        "returned": Tone("back", "s-back", _("Returned")),
    },
    "fulfillment_order": {
        "scheduled": Tone("quiet", "s-clock", _("Scheduled")),
        "open": Tone("doing", "s-ring", _("Open")),
        "released": Tone("doing", "s-half", _("Released")),
        "picking": Tone("doing", "s-half", _("Picking")),
        "picked": Tone("doing", "s-most", _("Picked")),
        "packed": Tone("doing", "s-most", _("Packed")),
        "shipped": Tone("doing", "s-move", _("Shipped")),
        "delivered": Tone("done", "s-check", _("Delivered")),
        "rejected": Tone("stop", "s-stop", _("Rejected")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
        "on_hold": Tone("wait", "s-pause", _("On hold")),
        "cancellation_requested": Tone("wait", "s-clock", _("Cancellation requested")),
        "backordered": Tone("wait", "s-clock", _("Backordered")),
        "short": Tone("wait", "s-warn", _("Short pick")),
        "resourced": Tone("quiet", "s-back", _("Re-sourced")),
    },
    "wave": {
        "open": Tone("doing", "s-ring", _("To pick")),
        "picking": Tone("doing", "s-half", _("Picking")),
        "done": Tone("done", "s-check", _("Picked")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
    },
    "print_run": {
        "drawing": Tone("doing", "s-half", _("Being made")),
        "stopped": Tone("wait", "s-pause", _("Stopped")),
        "done": Tone("done", "s-check", _("Ready")),
    },
    "shipment": {
        "planned": Tone("quiet", "s-ring", _("Planned")),
        "packed": Tone("doing", "s-most", _("Packed")),
        "shipped": Tone("doing", "s-move", _("Shipped")),
        "in_transit": Tone("doing", "s-move", _("In transit")),
        "out_for_delivery": Tone("doing", "s-move", _("Out for delivery")),
        "exception": Tone("stop", "s-warn", _("Exception")),
        "delivered": Tone("done", "s-check", _("Delivered")),
        "returned_to_sender": Tone("back", "s-back", _("Returned to sender")),
        "voided": Tone("quiet", "s-slash", _("Voided")),
    },
    "label": {
        "intended": Tone("quiet", "s-ring", _("Intended")),
        "requested": Tone("doing", "s-half", _("Requested")),
        "bought": Tone("done", "s-check", _("Bought")),
        "in_doubt": Tone("wait", "s-ask", _("In doubt")),
        "reconciled": Tone("done", "s-check", _("Reconciled")),
        "refused": Tone("stop", "s-stop", _("Refused")),
        "voided": Tone("quiet", "s-slash", _("Voided")),
    },
    "return": {
        "requested": Tone("wait", "s-clock", _("Requested")),
        "approved": Tone("doing", "s-half", _("Approved")),
        "declined": Tone("stop", "s-stop", _("Declined")),
        "in_transit": Tone("doing", "s-move", _("In transit")),
        "partly_received": Tone("doing", "s-half", _("Partly received")),
        "received": Tone("doing", "s-most", _("Received")),
        "inspected": Tone("doing", "s-most", _("Inspected")),
        "settled": Tone("done", "s-check", _("Settled")),
        "closed": Tone("quiet", "s-check", _("Closed")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
    },
    "disposition": {
        "restock": Tone("done", "s-check", _("Restock")),
        "refurbish": Tone("doing", "s-half", _("Refurbish")),
        "quarantine": Tone("wait", "s-pause", _("Quarantine")),
        "scrap": Tone("quiet", "s-slash", _("Scrap")),
    },
    "refund": {
        "granted": Tone("quiet", "s-ring", _("Granted")),
        "sending": Tone("doing", "s-half", _("Sending")),
        "in_doubt": Tone("wait", "s-ask", _("In doubt")),
        "succeeded": Tone("done", "s-check", _("Succeeded")),
        "rejected": Tone("stop", "s-stop", _("Rejected")),
    },
    "hold": {
        "payment": Tone("wait", "s-pause", _("Payment hold")),
        "fraud": Tone("wait", "s-pause", _("Fraud review hold")),
        "credit": Tone("wait", "s-pause", _("Credit hold")),
        "address": Tone("wait", "s-pause", _("Address hold")),
        "unknown_sku": Tone("wait", "s-pause", _("Unknown SKU")),
        "total_mismatch": Tone("wait", "s-pause", _("Total mismatch")),
        "approval": Tone("wait", "s-pause", _("Approval hold")),
        "routing": Tone("wait", "s-pause", _("Routing rule hold")),
        "review": Tone("wait", "s-pause", _("Review hold")),
        "stock": Tone("wait", "s-pause", _("Ship-complete hold")),
        "quality": Tone("wait", "s-pause", _("Quality hold")),
        "manual": Tone("wait", "s-pause", _("Manual hold")),
        "customer": Tone("wait", "s-pause", _("Customer hold")),
        "other": Tone("wait", "s-pause", _("Hold")),
    },
    "alert": {
        "open": Tone("wait", "s-warn", _("Open")),
        "snoozed": Tone("quiet", "s-clock", _("Snoozed")),
        "settled": Tone("done", "s-check", _("Settled")),
        "cleared": Tone("quiet", "s-check", _("Cleared")),
    },
    "alert_severity": {
        "1": Tone("quiet", "s-ring", _("Watch")),
        "2": Tone("wait", "s-warn", _("Soon")),
        "3": Tone("stop", "s-warn", _("Now")),
    },
    "alert_outcome": {
        "useful": Tone("done", "s-check", _("Useful")),
        "false_alarm": Tone("quiet", "s-slash", _("False alarm")),
    },
    "order_change": {
        "previewed": Tone("wait", "s-ring", _("Previewed")),
        "confirmed": Tone("done", "s-check", _("Confirmed")),
        "discarded": Tone("quiet", "s-slash", _("Discarded")),
    },
    "subscription": {
        "active": Tone("doing", "s-half", _("Active")),
        "paused": Tone("quiet", "s-pause", _("Paused")),
        "past_due": Tone("wait", "s-warn", _("Past due")),
        "suspended": Tone("stop", "s-pause", _("Suspended")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
        "expired": Tone("quiet", "s-slash", _("Expired")),
    },
    "cycle": {
        "planned": Tone("quiet", "s-ring", _("Planned")),
        "locked": Tone("doing", "s-half", _("Locked")),
        "placed": Tone("doing", "s-most", _("Placed")),
        "paid": Tone("done", "s-check", _("Paid")),
        "failed": Tone("stop", "s-warn", _("Failed")),
        "retried": Tone("wait", "s-clock", _("Being tried again")),
        "skipped": Tone("quiet", "s-slash", _("Skipped")),
    },
    "charge": {
        "asked": Tone("quiet", "s-ring", _("To be charged")),
        "sending": Tone("doing", "s-half", _("Sending")),
        "in_doubt": Tone("wait", "s-ask", _("In doubt")),
        "succeeded": Tone("done", "s-check", _("Succeeded")),
        "declined": Tone("stop", "s-stop", _("Declined")),
        "withdrawn": Tone("quiet", "s-slash", _("Withdrawn")),
    },
    "rfq": {
        "draft": Tone("quiet", "s-ring", _("Draft")),
        "submitted": Tone("wait", "s-clock", _("Submitted")),
        "in_review": Tone("doing", "s-half", _("In review")),
        "quoted": Tone("done", "s-check", _("Quoted")),
        "declined": Tone("stop", "s-stop", _("Declined")),
        "withdrawn": Tone("quiet", "s-slash", _("Withdrawn")),
    },
    "quote": {
        "draft": Tone("quiet", "s-ring", _("Draft")),
        "pending_approval": Tone("wait", "s-clock", _("Pending approval")),
        "presented": Tone("doing", "s-move", _("Presented")),
        "revision_requested": Tone("wait", "s-back", _("Revision requested")),
        "accepted": Tone("done", "s-check", _("Accepted")),
        "ordered": Tone("done", "s-check", _("Ordered")),
        "expired": Tone("quiet", "s-slash", _("Expired")),
        "lost": Tone("quiet", "s-slash", _("Lost")),
        "withdrawn": Tone("quiet", "s-slash", _("Withdrawn")),
    },
    "purchase_order": {
        "draft": Tone("quiet", "s-ring", _("Draft")),
        "submitted": Tone("wait", "s-clock", _("Submitted")),
        "pending_approval": Tone("wait", "s-clock", _("Pending approval")),
        "accepted": Tone("doing", "s-half", _("Accepted")),
        "in_fulfillment": Tone("doing", "s-half", _("In fulfillment")),
        "part_delivered": Tone("doing", "s-most", _("Part delivered")),
        "delivered": Tone("done", "s-check", _("Delivered")),
        "invoiced": Tone("done", "s-check", _("Invoiced")),
        "rejected": Tone("stop", "s-stop", _("Rejected")),
        "closed": Tone("quiet", "s-check", _("Closed")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
    },
    "invoice": {
        "issued": Tone("doing", "s-ring", _("Issued")),
        "part_paid": Tone("doing", "s-half", _("Part paid")),
        "paid": Tone("done", "s-check", _("Paid")),
        "overdue": Tone("stop", "s-warn", _("Overdue")),
        "credited": Tone("quiet", "s-slash", _("Credited")),
    },
    "replenishment_order": {
        "proposed": Tone("quiet", "s-ring", _("Proposed")),
        "approved": Tone("doing", "s-ring", _("Approved")),
        "sent": Tone("doing", "s-move", _("Sent")),
        "acknowledged": Tone("doing", "s-half", _("Acknowledged")),
        "part_received": Tone("doing", "s-most", _("Part received")),
        "received": Tone("done", "s-check", _("Received")),
        "closed": Tone("quiet", "s-check", _("Closed")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
    },
    "cart": {
        "open": Tone("wait", "s-clock", _("Open")),
        "ordered": Tone("done", "s-check", _("Ordered")),
        "expired": Tone("quiet", "s-slash", _("Time is over")),
        "released": Tone("quiet", "s-back", _("Given back")),
    },
    "transfer": {
        "requested": Tone("doing", "s-ring", _("Requested")),
        "shipped": Tone("doing", "s-move", _("In transit")),
        "part_received": Tone("doing", "s-most", _("Part received")),
        "received": Tone("done", "s-check", _("Received")),
        "closed": Tone("quiet", "s-check", _("Closed")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
    },
    "count": {
        "requested": Tone("quiet", "s-ring", _("Requested")),
        "counting": Tone("doing", "s-half", _("Counting")),
        "counted": Tone("doing", "s-most", _("Counted")),
        "investigating": Tone("wait", "s-ask", _("Investigating")),
        "approved": Tone("done", "s-check", _("Approved")),
        "cancelled": Tone("quiet", "s-slash", _("Cancelled")),
    },
    "adjustment_request": {
        "waiting": Tone("wait", "s-clock", _("Waiting")),
        "approved": Tone("done", "s-check", _("Approved")),
        "declined": Tone("stop", "s-stop", _("Declined")),
    },
    "stock": {
        "in_stock": Tone("done", "s-check", _("In stock")),
        "low": Tone("wait", "s-warn", _("Low")),
        "out": Tone("stop", "s-stop", _("Out")),
        "incoming": Tone("doing", "s-move", _("Incoming")),
        "quality_control": Tone("wait", "s-pause", _("Quality control")),
        "quarantine": Tone("wait", "s-pause", _("Quarantine")),
        "damaged": Tone("stop", "s-warn", _("Damaged")),
    },
    "file": {
        "arrived": Tone("wait", "s-clock", _("To be mapped")),
        "checking": Tone("doing", "s-half", _("Being looked at")),
        "checked": Tone("wait", "s-clock", _("Looked at")),
        "writing": Tone("doing", "s-half", _("Being brought in")),
        "stopped": Tone("stop", "s-pause", _("Stopped")),
        "done": Tone("done", "s-check", _("Brought in")),
        "discarded": Tone("quiet", "s-slash", _("Put away")),
    },
    "routing_version": {
        "draft": Tone("wait", "s-ring", _("Draft")),
        "live": Tone("done", "s-check", _("Live")),
        "replaced": Tone("quiet", "s-back", _("Replaced")),
        "discarded": Tone("quiet", "s-slash", _("Discarded")),
    },
    "back_test": {
        "running": Tone("doing", "s-half", _("Running")),
        "done": Tone("done", "s-check", _("Done")),
        "stopped": Tone("quiet", "s-slash", _("Stopped")),
        "failed": Tone("stop", "s-stop", _("Failed")),
    },
    "inbound": {
        "stored": Tone("doing", "s-clock", _("Waiting")),
        "applied": Tone("done", "s-check", _("Applied")),
        "ignored": Tone("quiet", "s-slash", _("Ignored")),
        "quarantined": Tone("stop", "s-warn", _("Quarantined")),
    },
    "job": {
        "due": Tone("quiet", "s-ring", _("Due")),
        "waiting": Tone("quiet", "s-clock", _("Waiting")),
        "running": Tone("doing", "s-half", _("Running")),
        "retrying": Tone("wait", "s-clock", _("Retrying")),
        "done": Tone("done", "s-check", _("Done")),
        "in_doubt": Tone("wait", "s-ask", _("In doubt")),
        "dead": Tone("stop", "s-stop", _("Dead")),
        "skipped": Tone("quiet", "s-slash", _("Skipped")),
    },
    "notice": {
        "info": Tone("quiet", "s-ring", _("For your information")),
        "attention": Tone("wait", "s-ask", _("To look at")),
        "urgent": Tone("stop", "s-warn", _("To do now")),
    },
    "message": {
        "sent": Tone("done", "s-check", _("Handed over")),
        "waiting": Tone("doing", "s-clock", _("Waiting")),
        "retrying": Tone("wait", "s-clock", _("Retrying")),
        "dead": Tone("stop", "s-stop", _("Given up")),
        "skipped": Tone("quiet", "s-slash", _("Skipped")),
    },
    "webhook_endpoint": {
        "new": Tone("quiet", "s-ring", _("Nothing sent yet")),
        "healthy": Tone("done", "s-check", _("Healthy")),
        "failing": Tone("wait", "s-warn", _("Failing")),
        "paused": Tone("stop", "s-stop", _("Down")),
        "enabled": Tone("done", "s-check", _("On")),
        "disabled": Tone("quiet", "s-slash", _("Off")),
        "removed": Tone("quiet", "s-slash", _("Removed")),
    },
    "webhook": {
        "waiting": Tone("wait", "s-clock", _("Waiting")),
        "delivered": Tone("done", "s-check", _("Delivered")),
        "failed": Tone("stop", "s-stop", _("Given up")),
    },
    "switch": {
        "on": Tone("done", "s-check", _("On")),
        "off": Tone("quiet", "s-slash", _("Off")),
    },
}


def tone_of(kind: str, value: object) -> Tone:
    """Return how `value` of `kind` looks; for one that is not in the table, gray and its own name.

    An unknown kind of hold is a hold all the same: amber, paused.
    """
    known = TONES.get(kind, {}).get(str(value))
    if known:
        return known
    word = str(getattr(value, "label", "")) or str(value).replace("_", " ").capitalize()
    return Tone("wait", "s-pause", word) if kind == "hold" else Tone("quiet", "s-ring", word)
