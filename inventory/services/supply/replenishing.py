from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from inventory.errors import NoSupplierAddress, NothingOrdered, NotSupplied
from inventory.events import (
    ReplenishmentApproved,
    ReplenishmentCancelled,
    ReplenishmentClosed,
    ReplenishmentEdited,
    ReplenishmentLinkRevoked,
    ReplenishmentReminded,
    ReplenishmentSent,
)
from inventory.models import ReplenishmentLine, ReplenishmentOrder, SupplierSku
from inventory.services.supply.documents import (
    lines_of,
    locked_replenishment,
    missing_of,
    restate,
    units_of,
)
from inventory.services.supply.proposing import cost_in
from inventory.states import REPLENISHMENT, WITH_SUPPLIER
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service
from oms.core.states import TransitionNotAllowed

LINK_STAYS = timedelta(days=120)


@service
def edit_replenishment(
    *,
    number: str,
    quantities: Mapping[str, int],
    by: Actor,
    at: datetime,
    note: str = "",
    expected_version: int | None = None,
) -> ReplenishmentOrder:
    """Say what a proposal asks for, by SKU: 0 takes a line off, a new SKU adds one.

    What a person says stays when it is proposed anew. Packs are not forced on a person.

    Raises: ReplenishmentNotFound, ReplenishmentChanged, TransitionNotAllowed, NotSupplied,
        NothingOrdered.
    Locks: ReplenishmentOrder.
    Publishes: ReplenishmentEdited.
    """
    order = locked_replenishment(number, expected_version)
    order.status = REPLENISHMENT.after("edit", order.status)
    lines = {line.sku.code: line for line in lines_of(order)}
    for code, quantity in quantities.items():
        line = lines.get(code)
        if line is None and quantity:
            lines[code] = _added(order, code, quantity)
        elif line is not None and quantity != line.quantity:
            line.quantity, line.is_edited = quantity, True
    kept = [line for line in lines.values() if line.quantity]
    if not kept:
        raise NothingOrdered
    for line in lines.values():
        if line.quantity:
            line.save()
        elif line.pk:
            line.delete()
    order.note = note
    restate(order, "status", "note")
    publish(ReplenishmentEdited(units=units_of(kept), **_about(order, by, at)))
    return order


def _added(order: ReplenishmentOrder, code: str, quantity: int) -> ReplenishmentLine:
    supplies = SupplierSku.objects.filter(supplier=order.supplier_id, sku__code=code)
    supply = supplies.select_related("sku").first()
    if supply is None:
        raise NotSupplied(supplier=order.supplier.name, sku=code)
    return ReplenishmentLine(
        order=order,
        sku=supply.sku,
        supplier_sku=supply.supplier_sku,
        quantity=quantity,
        unit_cost=cost_in(order.currency, supply),
        is_edited=True,
    )


@service
def approve_replenishment(
    *, number: str, by: Actor, at: datetime, expected_version: int | None = None
) -> ReplenishmentOrder:
    """Say that a proposal may be sent as it is. Its units count as coming from now on.

    Raises: ReplenishmentNotFound, ReplenishmentChanged, TransitionNotAllowed.
    Locks: ReplenishmentOrder.
    Publishes: ReplenishmentApproved.
    """
    order = locked_replenishment(number, expected_version)
    order.status = REPLENISHMENT.after("approve", order.status)
    order.approved_by, order.approved_at = str(by), at
    restate(order, "status", "approved_by", "approved_at")
    publish(ReplenishmentApproved(units=units_of(lines_of(order)), **_about(order, by, at)))
    return order


@service
def send_replenishment(
    *, number: str, by: Actor, at: datetime, expected_version: int | None = None
) -> ReplenishmentOrder:
    """Ask the supplier: a letter with the order as PDF and the link to commit to it.

    A supplier without an e-mail address is asked by a person, with the PDF and the link.

    Raises: ReplenishmentNotFound, ReplenishmentChanged, TransitionNotAllowed.
    Locks: ReplenishmentOrder.
    Publishes: ReplenishmentSent.
    """
    order = locked_replenishment(number, expected_version)
    order.status = REPLENISHMENT.after("send", order.status)
    lead = _lead_time(order)
    order.sent_at, order.link_until = at, at + LINK_STAYS + lead
    order.expected_on = (at + lead).date()
    restate(order, "status", "sent_at", "link_until", "expected_on")
    publish(ReplenishmentSent(expected_on=order.expected_on.isoformat(), **_about(order, by, at)))
    return order


def _lead_time(order: ReplenishmentOrder) -> timedelta:
    """The longest of its lines: the order is expected whole."""
    skus = [line.sku_id for line in lines_of(order)]
    supplies = SupplierSku.objects.filter(supplier=order.supplier_id, sku_id__in=skus)
    own = {each.sku_id: each.lead_time_days for each in supplies}
    usual = order.supplier.lead_time_days
    days = [usual if own.get(sku) is None else own[sku] for sku in skus]
    return timedelta(days=max((day for day in days if day is not None), default=usual))


@service
def remind_supplier(*, number: str, by: Actor, at: datetime) -> ReplenishmentOrder:
    """Write to the supplier what is missing, and how much of it is waited for, with the link.

    A link that had run out opens again.

    Raises: ReplenishmentNotFound, TransitionNotAllowed, NoSupplierAddress.
    Locks: ReplenishmentOrder.
    Publishes: ReplenishmentReminded.
    """
    order = locked_replenishment(number)
    _need_supplier("remind", order)
    if not order.supplier.email:
        raise NoSupplierAddress(supplier=order.supplier.name)
    order.link_until = at + LINK_STAYS
    restate(order, "link_until")
    publish(ReplenishmentReminded(units=missing_of(lines_of(order)), **_about(order, by, at)))
    return order


@service
def revoke_supplier_link(*, number: str, by: Actor, at: datetime) -> ReplenishmentOrder:
    """Close every link sent so far. A reminder carries a new one.

    Raises: ReplenishmentNotFound, TransitionNotAllowed.
    Locks: ReplenishmentOrder.
    Publishes: ReplenishmentLinkRevoked.
    """
    order = locked_replenishment(number)
    _need_supplier("revoke the link", order)
    order.link_revision += 1
    restate(order, "link_revision")
    publish(ReplenishmentLinkRevoked(**_about(order, by, at)))
    return order


def _need_supplier(verb: str, order: ReplenishmentOrder) -> None:
    if order.status not in WITH_SUPPLIER:
        raise TransitionNotAllowed(
            subject=REPLENISHMENT.subject, verb=verb, state=str(order.status)
        )


@service
def close_replenishment(*, number: str, reason: str, by: Actor, at: datetime) -> ReplenishmentOrder:
    """Expect nothing more of it. What is missing may be proposed anew.

    Raises: ReplenishmentNotFound, TransitionNotAllowed.
    Locks: ReplenishmentOrder.
    Publishes: ReplenishmentClosed.
    """
    order = locked_replenishment(number)
    order.status = REPLENISHMENT.after("close", order.status)
    order.ended_at, order.end_reason = at, reason
    restate(order, "status", "ended_at", "end_reason")
    publish(
        ReplenishmentClosed(
            reason=reason, missing=missing_of(lines_of(order)), **_about(order, by, at)
        )
    )
    return order


@service
def cancel_replenishment(
    *, number: str, reason: str, by: Actor, at: datetime
) -> ReplenishmentOrder:
    """Call it off before anything came. A supplier that was asked is told.

    Raises: ReplenishmentNotFound, TransitionNotAllowed.
    Locks: ReplenishmentOrder.
    Publishes: ReplenishmentCancelled.
    """
    order = locked_replenishment(number)
    was_sent = order.status in WITH_SUPPLIER
    order.status = REPLENISHMENT.after("cancel", order.status)
    order.ended_at, order.end_reason = at, reason
    restate(order, "status", "ended_at", "end_reason")
    publish(ReplenishmentCancelled(reason=reason, was_sent=was_sent, **_about(order, by, at)))
    return order


def _about(order: ReplenishmentOrder, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "thread": order.number,
        "subject": order.number,
        "by": by,
        "at": at,
        "supplier": order.supplier.code,
        "location": order.location.code,
    }
