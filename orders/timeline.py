"""An order's story as staff read it: one line for each fact, whichever floor told it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.selectors import serving_locations
from oms.channels.naming import actor_name
from oms.core.display import money_text
from oms.core.models import EventRecord
from oms.messaging.models import Message
from orders.states import hold_kind
from orders.timeline_channels import CHANNEL_TELLINGS
from orders.timeline_companies import COMPANY_TELLINGS
from orders.timeline_subscriptions import SUBSCRIPTION_TELLINGS
from orders.timeline_waves import WAVE_TELLINGS


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    at: datetime
    title: str
    detail: str = ""
    tone: str = "quiet"
    shape: str = "s-ring"


Facts = dict[str, Any]
Told = tuple[str, str]


def entries(story: Iterable[EventRecord], letters: Iterable[Message]) -> list[Entry]:
    """Return the facts and letters of one order as entries, newest first."""
    told = [_entry(record) for record in story]
    sent = [
        Entry(
            letter.sent_at,
            _("Letter: {subject}").format(subject=letter.subject),
            _("{medium} to {whom}").format(
                medium=letter.get_medium_display(), whom=", ".join(letter.recipients)
            ),
        )
        for letter in letters
    ]
    return sorted([*told, *sent], key=lambda entry: entry.at, reverse=True)


def happened(since: Iterable[Facts]) -> list[str]:
    """Tell facts that have a name, a subject and an actor, in short."""
    return [
        ", ".join(
            (_plain_name(str(each["name"]), str(each["subject"])), actor_name(str(each["actor"])))
        )
        for each in since
    ]


def _entry(record: EventRecord) -> Entry:
    tone, shape, tell = TELLINGS.get(record.name, ("quiet", "s-ring", _plainly))
    try:
        title, detail = tell(record.payload, record)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        title, detail = _plainly(record.payload, record)
    who = actor_name(record.actor)
    return Entry(record.happened_at, title, ", ".join(filter(None, (who, detail))), tone, shape)


def _plainly(facts: Facts, record: EventRecord) -> Told:
    words = _plain_name(record.name, "" if record.subject == record.thread else record.subject)
    return words, ""


def _plain_name(name: str, subject: str) -> str:
    words = name.replace(".", " ").replace("_", " ").capitalize()
    return f"{words}: {subject}" if subject else words


def _sum(units: dict[str, int]) -> int:
    return sum(units.values())


def _units(count: int) -> str:
    return ngettext("{n} unit", "{n} units", count).format(n=count)


def _list(units: dict[str, int]) -> str:
    return ", ".join(f"{count} \N{MULTIPLICATION SIGN} {sku}" for sku, count in units.items())


def _place(code: str) -> str:
    """The name of a location; its code when it serves no more."""
    return next((each.name for each in serving_locations() if each.code == code), code)


def _moved(facts: Facts, record: EventRecord) -> Told:
    where = {"there": _place(facts["location"]), "here": _place(facts["came_from"])}
    title = _("{number} moved to {there}").format(number=record.subject, **where)
    came = _("from {here}").format(**where)
    return title, ", ".join(filter(None, (came, facts["reason"])))


def _split(facts: Facts, record: EventRecord) -> Told:
    title = _("{number} split: {units} to {other}").format(
        number=record.subject, units=_units(_sum(facts["units"])), other=facts["new_number"]
    )
    return title, _list(facts["units"])


def _merged(facts: Facts, record: EventRecord) -> Told:
    title = _("{other} merged into {number}: {units}").format(
        number=record.subject, units=_units(_sum(facts["units"])), other=facts["merged"]
    )
    return title, _list(facts["units"])


def _money(facts: Facts) -> str:
    return money_text(Decimal(facts["amount"]), facts["currency"])


def _kind(facts: Facts) -> str:
    kind = facts["kind"]
    return hold_kind(str(kind)).label


def _placed(facts: Facts, record: EventRecord) -> Told:
    total = money_text(Decimal(facts["total"]), facts["currency"])
    return _("Placed: {units} for {total}").format(units=_units(facts["units"]), total=total), ""


def _routed(facts: Facts, record: EventRecord) -> Told:
    parts = ", ".join(
        f"{part['number']} {_place(part.get('location', ''))}".strip()
        for part in facts["fulfillment_orders"]
    )
    return (_("Routed: {parts}").format(parts=parts) if parts else _("Routed")), facts["reason"]


def _backordered(facts: Facts, record: EventRecord) -> Told:
    return (
        ngettext(
            "{n} unit waits for stock", "{n} units wait for stock", _sum(facts["units"])
        ).format(n=_sum(facts["units"])),
        _list(facts["units"]),
    )


def _held(facts: Facts, record: EventRecord) -> Told:
    return _("{kind} hold set").format(kind=_kind(facts)), facts["reason"]


def _released(facts: Facts, record: EventRecord) -> Told:
    return _("{kind} hold released").format(kind=_kind(facts)), facts.get("reason", "")


def _cancelled(facts: Facts, record: EventRecord) -> Told:
    if facts["whole"]:
        return _("Order cancelled"), facts["reason"]
    title = _("{units} cancelled").format(units=_units(_sum(facts["units"])))
    return title, ", ".join(filter(None, (_list(facts["units"]), facts["reason"])))


def _changed(facts: Facts, record: EventRecord) -> Told:
    done = [_action(each) for each in facts["actions"]]
    less = Decimal(facts["difference"])
    if less:
        sum_ = money_text(abs(less), facts["currency"])
        done.append((_("{sum} more") if less > 0 else _("{sum} less")).format(sum=sum_))
    return _("Order changed"), ", ".join(filter(None, (*done, facts.get("reason", ""))))


def _action(said: Facts) -> str:
    words = {
        "set_quantity": _("{sku}: {quantity} now"),
        "add_line": _("{quantity} \N{MULTIPLICATION SIGN} {sku} added"),
        "remove_line": _("{sku} removed"),
        "set_price": _("{sku}: another price"),
        "set_address": _("another address"),
        "set_service": _("another service"),
        "set_charges": _("shipping and discount"),
    }
    known = {"sku": "", "quantity": 1, **said}
    return words.get(said["type"], str(said["type"])).format_map(known)


def _reduced(facts: Facts, record: EventRecord) -> Told:
    title = _("{number}: {units} taken off").format(
        number=record.subject, units=_units(_sum(facts["units"]))
    )
    back = [
        _("put {n} \N{MULTIPLICATION SIGN} {sku} back {where}")
        .format(
            n=each["quantity"],
            sku=each["sku"],
            where=_("in bin {bin}").format(bin=each["bin"]) if each["bin"] else "",
        )
        .strip()
        for each in facts["put_back"]
    ]
    return title, ", ".join(filter(None, (_place(facts["location"]), *back)))


def _redirected(facts: Facts, record: EventRecord) -> Told:
    if facts["how"] == "split":
        title = _("{number} made of {other}, for another address").format(
            number=record.subject, other=facts["came_from"]
        )
    else:
        title = _("{number} redirected").format(number=record.subject)
    return title, _place(facts["location"])


def _noted(facts: Facts, record: EventRecord) -> Told:
    return _("Note: {text}").format(text=facts["text"]), ""


def _captured(facts: Facts, record: EventRecord) -> Told:
    return _("{sum} captured").format(sum=_money(facts)), facts["method"]


def _refunded(facts: Facts, record: EventRecord) -> Told:
    return _("{sum} refunded").format(sum=_money(facts)), facts["reference"]


def _not_refunded(facts: Facts, record: EventRecord) -> Told:
    return _("Refund of {sum} failed").format(sum=_money(facts)), facts["reason"]


def _picked(facts: Facts, record: EventRecord) -> Told:
    title = _("{number} picked, {units}").format(
        number=record.subject, units=_units(facts["units"])
    )
    short = facts.get("short")
    detail = _("short: {units}").format(units=_list(short)) if short else ""
    return title, ", ".join(filter(None, (_place(facts.get("location", "")), detail)))


def _packed(facts: Facts, record: EventRecord) -> Told:
    packages = ngettext("{n} package", "{n} packages", facts["packages"])
    title = _("{number} packed in {packages}").format(
        number=record.subject, packages=packages.format(n=facts["packages"])
    )
    return title, _place(facts.get("location", ""))


def _shipped(facts: Facts, record: EventRecord) -> Told:
    how = " ".join(filter(None, (facts["carrier"], facts["tracking_number"])))
    title = _("{number} shipped, {units}").format(
        number=record.subject, units=_units(_sum(facts["units"]))
    )
    return title, ", ".join(filter(None, (_place(facts["location"]), how)))


def _matched(facts: Facts, record: EventRecord) -> Told:
    lines = ngettext("{n} line is {sku}", "{n} lines are {sku}", facts["lines"])
    return lines.format(n=facts["lines"], sku=facts["sku"]), _("What the channel means is known")


def _tracked(facts: Facts, record: EventRecord) -> Told:
    status = str(facts["status"]).replace("_", " ")
    said = ", ".join(filter(None, (facts.get("location", ""), facts.get("message", ""))))
    return _("{number} {status}").format(number=record.subject, status=status), said


def _resent(facts: Facts, record: EventRecord) -> Told:
    return _("Sent again: {subject}").format(subject=facts["title"]), ""


def _prioritized(facts: Facts, record: EventRecord) -> Told:
    title = _("Priority {n}, before {before}").format(n=facts["priority"], before=facts["before"])
    return title, facts["reason"]


def _reallocated(facts: Facts, record: EventRecord) -> Told:
    words = (
        _("{n}: {units} given to another order")
        if facts["gives"]
        else _("{n}: {units} of another order")
    )
    return _goods(words, facts, record), ", ".join((_place(facts["location"]), facts["reason"]))


def _reallocation_undone(facts: Facts, record: EventRecord) -> Told:
    words = (
        _("{n} undone: {units} came back") if facts["gives"] else _("{n} undone: {units} went back")
    )
    return _goods(words, facts, record), _place(facts["location"])


def _goods(words: str, facts: Facts, record: EventRecord) -> str:
    return words.format(n=record.subject, units=_list({facts["sku"]: facts["units"]}))


def _names(what: str) -> Callable[[Facts, EventRecord], Told]:
    def tell(facts: Facts, record: EventRecord) -> Told:
        detail = facts.get("reason") or _place(facts.get("location", ""))
        return _(what).format(number=record.subject), str(detail)

    return tell


TELLINGS: dict[str, tuple[str, str, Callable[[Facts, EventRecord], Told]]] = {
    "order.placed": ("doing", "s-half", _placed),
    "order.routed": ("doing", "s-half", _routed),
    "order.backordered": ("wait", "s-clock", _backordered),
    "order.lines_matched": ("done", "s-check", _matched),
    "order.held": ("wait", "s-pause", _held),
    "order.released": ("quiet", "s-ring", _released),
    "order.cancelled": ("quiet", "s-slash", _cancelled),
    "order.changed": ("doing", "i-edit", _changed),
    "order.completed": ("done", "s-check", _names("Completed: everything has left")),
    "order.noted": ("quiet", "i-note", _noted),
    "order.link_revoked": ("quiet", "i-lock", _names("Status page link revoked")),
    "message.resent": ("quiet", "i-send", _resent),
    "payment.captured": ("done", "s-check", _captured),
    "refund.succeeded": ("back", "s-back", _refunded),
    "refund.failed": ("stop", "s-stop", _not_refunded),
    "fulfillment_order.opened": ("doing", "s-ring", _names("{number} may begin: its day has come")),
    "kit.changed": ("quiet", "i-edit", _names("{number} is made of other SKUs")),
    "sku.release_moved": ("quiet", "i-edit", _names("{number} comes out on another day")),
    "fulfillment_order.released": ("doing", "s-half", _names("{number} released to the floor")),
    "fulfillment_order.picked": ("doing", "s-most", _picked),
    "fulfillment_order.packed": ("doing", "s-most", _packed),
    "fulfillment_order.ready_for_pickup": (
        "wait",
        "s-clock",
        _names("{number} is ready to be collected"),
    ),
    "order.prioritized": ("quiet", "i-edit", _prioritized),
    "queue_policy.set": ("quiet", "i-edit", _names("Who is served first: {number}")),
    "reallocation.made": ("back", "s-back", _reallocated),
    "reallocation.undone": ("back", "s-back", _reallocation_undone),
    "carriage.changed": ("quiet", "i-truck", _names("{number}: carriers, rates or boxes changed")),
    "routing.drafted": ("quiet", "i-edit", _names("A draft of the routing rules was begun")),
    "routing.changed": ("quiet", "i-edit", _names("A draft of the routing rules was changed")),
    "routing.published": ("done", "s-check", _names("Routing rules published: {number}")),
    "routing.discarded": ("quiet", "s-slash", _names("A draft of the routing rules was put away")),
    "fulfillment_order.unpacked": ("wait", "s-back", _names("{number} unpacked")),
    "fulfillment_order.held": ("wait", "s-pause", _names("{number} put on hold")),
    "fulfillment_order.resumed": ("doing", "s-half", _names("{number} goes on")),
    "fulfillment_order.moved": ("doing", "s-move", _moved),
    "fulfillment_order.merged": ("doing", "s-half", _merged),
    "fulfillment_order.split": ("doing", "s-half", _split),
    "fulfillment_order.reduced": ("back", "s-back", _reduced),
    "fulfillment_order.redirected": ("doing", "s-move", _redirected),
    "fulfillment_order.rejected": ("stop", "s-stop", _names("{number} rejected")),
    "shipment.shipped": ("doing", "s-move", _shipped),
    "shipment.tracking_updated": ("doing", "s-move", _tracked),
    "shipment.delivered": ("done", "s-check", _names("{number} delivered")),
    "return.requested": ("wait", "s-clock", _names("Return {number} requested")),
    "return.approved": ("doing", "s-half", _names("Return {number} approved")),
    "return.declined": ("stop", "s-stop", _names("Return {number} declined")),
    "return.received": ("back", "s-back", _names("Return {number} received")),
    "return.inspected": ("back", "s-back", _names("Return {number} inspected")),
    "return.settled": ("done", "s-check", _names("Return {number} settled")),
    "return.cancelled": ("quiet", "s-slash", _names("Return {number} cancelled")),
    **SUBSCRIPTION_TELLINGS,
    **COMPANY_TELLINGS,
    **CHANNEL_TELLINGS,
    **WAVE_TELLINGS,
    "replenishment.proposed": ("quiet", "s-ring", _names("{number} proposed")),
    "replenishment.edited": ("quiet", "s-ring", _names("{number} changed")),
    "replenishment.approved": ("doing", "s-ring", _names("{number} approved")),
    "replenishment.sent": ("doing", "s-move", _names("{number} sent to the supplier")),
    "replenishment.reminded": ("wait", "s-clock", _names("{number}: supplier reminded")),
    "replenishment.link_revoked": ("quiet", "s-slash", _names("{number}: links closed")),
    "replenishment.committed": ("doing", "s-half", _names("{number} answered by the supplier")),
    "replenishment.received": ("doing", "s-most", _names("{number} received")),
    "replenishment.closed": ("quiet", "s-check", _names("{number} closed")),
    "replenishment.cancelled": ("quiet", "s-slash", _names("{number} cancelled")),
    "location.calendar_set": ("quiet", "i-edit", _names("Hours and capacity of {number} changed")),
    "channel_buffer.set": ("quiet", "i-edit", _names("Buffer of {number} changed")),
    "stock.freed": ("quiet", "s-back", _names("{number}: units are free again")),
    "transfer.requested": ("doing", "s-ring", _names("{number} requested")),
    "transfer.shipped": ("doing", "s-move", _names("{number} shipped")),
    "transfer.received": ("doing", "s-most", _names("{number} received")),
    "transfer.closed": ("quiet", "s-check", _names("{number} closed")),
    "transfer.cancelled": ("quiet", "s-slash", _names("{number} cancelled")),
    "stock_count.requested": ("quiet", "s-ring", _names("{number} requested")),
    "stock_count.started": ("doing", "s-half", _names("{number} started")),
    "stock_count.finished": ("doing", "s-most", _names("{number} counted")),
    "stock_count.recount_asked": ("wait", "s-back", _names("{number}: recount asked for")),
    "stock_count.approved": ("done", "s-check", _names("{number} approved")),
    "stock_count.cancelled": ("quiet", "s-slash", _names("{number} cancelled")),
    "adjustment.asked": ("wait", "s-clock", _names("{number} waits for a second person")),
    "adjustment.approved": ("done", "s-check", _names("{number} approved")),
    "adjustment.declined": ("stop", "s-stop", _names("{number} declined")),
    "stock.rules_changed": ("quiet", "i-edit", _names("Reorder rules of {number} changed")),
    "bins.changed": ("quiet", "i-edit", _names("Zones or bins of {number} changed")),
    "lot.blocked": ("stop", "s-stop", _names("A lot of {number} is blocked")),
    "lot.unblocked": ("done", "s-check", _names("A lot of {number} is set free")),
    "supplier.changed": ("quiet", "i-edit", _names("Supplier {number} changed")),
}
