"""Corrections that two people make together: one asks, another decides."""

from datetime import datetime
from decimal import Decimal
from functools import partial

from inventory.errors import AdjustmentRequestNotFound, NeedsSecondPerson, NotYourOwn
from inventory.events import AdjustmentApproved, AdjustmentAsked, AdjustmentDeclined
from inventory.models import AdjustmentRequest, StockCount
from inventory.services.adjusting import adjust
from inventory.services.counts.approving import enter_count
from inventory.services.counts.documents import locked_count, restate_count
from inventory.services.counts.limits import above_limit
from inventory.services.naming import location_named, sku_named
from inventory.states import ADJUSTMENT, AdjustmentStatus
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock_one
from oms.core.numbers import gapless_number
from oms.core.services import batch_service, service


@batch_service
def correct_stock(
    *,
    location: str,
    sku: str,
    quantity_delta: int,
    reason: str,
    by: Actor,
    at: datetime,
    bin: str = "",
    lot: str = "",
    may_ask: bool = True,
) -> AdjustmentRequest | None:
    """Correct what lies at a location; above the limit ask it of a second person, and return
    the request. Who is no person may not ask (`may_ask`): it is refused.

    Raises: LocationNotFound, UnknownSku, KitHasNoStock, NeedsSecondPerson, StockIsSpokenFor,
        NotInBin, SerialTaken, Busy.
    Locks: NumberSeries, StockLevel, Lot.
    Publishes: StockReceived, AdjustmentAsked.
    """
    place, unit = location_named(location), sku_named(sku)
    over = above_limit({unit.pk: quantity_delta})
    if over is None:
        adjust(
            location=location,
            sku=sku,
            quantity_delta=quantity_delta,
            reason=reason,
            by=by,
            at=at,
            bin=bin,
            lot=lot,
        )
        return None
    if not may_ask:
        raise NeedsSecondPerson(
            value=_text(over.value), currency=over.currency, limit=_text(over.limit)
        )
    request = AdjustmentRequest(
        number=gapless_number("AR"),
        location=place,
        sku=unit,
        quantity_delta=quantity_delta,
        bin=bin,
        lot=lot,
        reason=reason,
        value=over.value,
        currency=over.currency,
        asked_by=str(by),
        asked_at=at,
    )
    record(request)
    publish(
        AdjustmentAsked(
            thread=request.number,
            subject=request.number,
            by=by,
            at=at,
            location=location,
            what=sku,
            quantity_delta=quantity_delta,
            value=str(over.value),
            currency=over.currency,
            reason=reason,
        )
    )
    return request


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"


@batch_service
def approve_adjustment(*, number: str, by: Actor, at: datetime) -> AdjustmentRequest:
    """Let a correction happen that somebody else asked for.

    Raises: AdjustmentRequestNotFound, NotYourOwn, TransitionNotAllowed, CorrectedSince,
        CountedUnitsArePromised, StockIsSpokenFor, NotInBin, SerialTaken, Busy.
    Locks: StockCount, AdjustmentRequest, StockLevel, Lot.
    Publishes: AdjustmentApproved, StockReceived, StockCountApproved.
    """
    request = _looked_at(number, "approve", by)
    decide = partial(_decide, request, "approve", by, at)
    if request.count_id:
        count = StockCount.objects.select_related("location").get(pk=request.count_id)
        enter_count(count, by=by, at=at, once_locked=decide)
    elif request.quantity_delta > 0:
        _enter(request, by, at)
        decide()
    else:
        decide()
        _enter(request, by, at)
    publish(
        AdjustmentApproved(
            thread=request.count.number if request.count else number,
            subject=number,
            by=by,
            at=at,
            location=request.location.code,
            what=_what(request),
        )
    )
    return request


def _enter(request: AdjustmentRequest, by: Actor, at: datetime) -> None:
    """Units that come lock orders that wait for them, units that leave lock their level."""
    if request.sku:
        adjust(
            location=request.location.code,
            sku=request.sku.code,
            quantity_delta=request.quantity_delta,
            reason=f"{request.number}: {request.reason}"[:200],
            by=by,
            at=at,
            bin=request.bin,
            lot=request.lot,
        )


@service
def decline_adjustment(
    *, number: str, by: Actor, at: datetime, note: str = ""
) -> AdjustmentRequest:
    """Say no to a correction: the books stay. A count is looked into again.

    Raises: AdjustmentRequestNotFound, NotYourOwn, TransitionNotAllowed.
    Locks: StockCount, AdjustmentRequest.
    Publishes: AdjustmentDeclined.
    """
    request = _looked_at(number, "decline", by)
    if request.count:
        restate_count(locked_count(request.count.number))
    _decide(request, "decline", by, at, note)
    publish(
        AdjustmentDeclined(
            thread=request.count.number if request.count else number,
            subject=number,
            by=by,
            at=at,
            location=request.location.code,
            what=_what(request),
            reason=note,
        )
    )
    return request


def _looked_at(number: str, verb: str, by: Actor) -> AdjustmentRequest:
    found = AdjustmentRequest.objects.filter(number=number)
    request = found.select_related("location", "sku", "count").first()
    if request is None:
        raise AdjustmentRequestNotFound(number=number)
    ADJUSTMENT.after(verb, request.status)
    if request.asked_by == str(by):
        raise NotYourOwn(number=number)
    return request


def _decide(request: AdjustmentRequest, verb: str, by: Actor, at: datetime, note: str = "") -> None:
    """Write the decision, once: whoever comes second finds that it was decided."""
    fresh = lock_one(
        AdjustmentRequest.objects.filter(pk=request.pk),
        missing=AdjustmentRequestNotFound(number=request.number),
    )
    request.status = AdjustmentStatus(ADJUSTMENT.after(verb, fresh.status))
    request.decided_by, request.decided_at, request.decision_note = str(by), at, note
    request.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])


def _what(request: AdjustmentRequest) -> str:
    if request.count:
        return request.count.number
    return request.sku.code if request.sku else ""
