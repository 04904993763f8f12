from datetime import datetime

from django.db import IntegrityError, transaction

from fulfillment.errors_waves import NotInWave, ToteInUse, WrongTote
from fulfillment.models import Wave, WaveLine, WaveOrder
from fulfillment.services.counting import Counted
from fulfillment.services.picking import lock_to_pick, pick_some
from fulfillment.services.waves.holding import lock_walk
from fulfillment.states import FulfillmentOrderStatus
from oms.core.actors import Actor
from oms.core.services import batch_service, service

IN_A_TOTE = [FulfillmentOrderStatus.PICKING, FulfillmentOrderStatus.PICKED]


def tote_code(code: str) -> str:
    """Return the code of a tote as it is kept."""
    return code.strip().upper()[:32]


@service
def take_tote(*, number: str, work: str, tote: str, by: Actor, at: datetime) -> Wave:
    """Give an order of a wave a tote of the cart: an empty one.

    Raises: WaveNotFound, TransitionNotAllowed, AnothersWave, NotInWave, ToteInUse.
    Locks: Wave.
    """
    code = tote_code(tote)
    wave = lock_walk(number, by, at)
    place = _place_of(wave, work)
    if place.tote == code:
        return wave
    holds = (
        WaveOrder.objects.filter(location=wave.location, tote=code)
        .exclude(pk=place.pk)
        .filter(fulfillment_order__status__in=IN_A_TOTE)
        .select_related("fulfillment_order")
        .first()
    )
    if holds:
        raise ToteInUse(tote=code, fulfillment_order=holds.fulfillment_order.number)

    place.tote = code
    try:
        with transaction.atomic():
            place.save(update_fields=["tote"])
    except IntegrityError as error:
        other = WaveOrder.objects.select_related("fulfillment_order").get(
            location=wave.location, tote=code, is_live=True
        )
        raise ToteInUse(tote=code, fulfillment_order=other.fulfillment_order.number) from error
    wave.save(update_fields=["status", "picker", "started_at"])
    return wave


@batch_service
def pick_in_wave(
    *,
    number: str,
    work: str,
    sku: str,
    units: int,
    bin: str = "",
    lot: str = "",
    tote: str = "",
    by: Actor,
    at: datetime,
) -> Wave:
    """Put units of one SKU to one order of a wave; with totes, into the one that is its own.

    The last units end the picking of the order, and the wave.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, UnknownLine, TooManyUnits,
        NotInBin, WaveNotFound, AnothersWave, NotInWave, WrongTote, Busy.
    Locks: Order, FulfillmentOrder, Wave, StockLevel.
    Publishes: FulfillmentOrderPicked, WaveFinished.
    """
    locked = lock_to_pick(work)
    wave = lock_walk(number, by, at)
    place = _place_of(wave, work, sku)
    if wave.has_totes and (not place.tote or tote_code(tote) != place.tote):
        raise WrongTote(number=number, scanned=tote_code(tote) or "-", expected=place.tote or "-")
    wave.picked += units
    wave.save()
    pick_some(locked, lines=[Counted(sku, units, bin, lot)], by=by, at=at)
    wave.refresh_from_db(fields=["status", "over_at"])
    return wave


@batch_service
def short_in_wave(
    *, number: str, work: str, sku: str, units: int, reason: str, by: Actor, at: datetime
) -> Wave:
    """Say that units of one SKU are not there for an order of a wave: others are asked for them.

    Raises: FulfillmentOrderNotFound, OnHold, TransitionNotAllowed, UnknownLine, TooManyUnits,
        ReasonNeeded, WaveNotFound, AnothersWave, NotInWave, Busy.
    Locks: Order, FulfillmentOrder, Wave, StockLevel.
    Publishes: FulfillmentOrderPicked, FulfillmentOrderRejected, FulfillmentOrderShort,
        OrderRouted, OrderBackordered, WaveFinished.
    """
    locked = lock_to_pick(work)
    wave = lock_walk(number, by, at)
    _place_of(wave, work, sku)
    wave.short += units
    wave.save()
    pick_some(locked, short=[Counted(sku, units)], reason=reason, by=by, at=at)
    wave.refresh_from_db(fields=["status", "over_at"])
    return wave


def _place_of(wave: Wave, work: str, sku: str = "") -> WaveOrder:
    """Return the order's place in a wave; with a SKU, when units of it are picked there.

    Raises: NotInWave.
    """
    found = WaveOrder.objects.filter(wave=wave, fulfillment_order__number=work).first()
    if found and sku:
        lines = WaveLine.objects.filter(place=found, line__sku__code=sku)
        found = found if lines.exists() else None
    if found is None:
        raise NotInWave(number=wave.number, fulfillment_order=work)
    return found
