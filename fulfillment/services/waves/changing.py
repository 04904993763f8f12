from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from fulfillment.errors_waves import CannotPickHere, NotInWave, OtherPlaces, WaveNotFound
from fulfillment.events import WaveAssigned, WaveCancelled, WaveChanged
from fulfillment.models import FulfillmentOrder, Wave, WaveLine, WaveOrder
from fulfillment.selectors.waves import may_pick_at
from fulfillment.services.waves.holding import end, finish_if_over, left_in, lock_wave
from fulfillment.states import LIVE_WAVE, WAVE
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.services import service


@service
def assign_wave(*, number: str, picker: str, by: Actor, at: datetime) -> Wave:
    """Say who picks a wave; an empty `picker`: whoever comes first.

    Raises: WaveNotFound, TransitionNotAllowed, CannotPickHere.
    Locks: Wave.
    Publishes: WaveAssigned.
    """
    wave = lock_wave(number)
    WAVE.after("start", wave.status)
    if wave.picker == picker:
        return wave
    if picker and not may_pick_at(picker, wave.location):
        raise CannotPickHere(picker=picker, location=wave.location.name)

    wave.picker = picker
    wave.save(update_fields=["picker"])

    publish(
        WaveAssigned(
            thread=number,
            subject=number,
            by=by,
            at=at,
            location=wave.location.code,
            picker=picker,
        )
    )
    return wave


@service
def take_back(*, number: str, work: str, by: Actor, at: datetime) -> Wave:
    """Take an order out of a wave: what is left of it is picked alone, or in another wave.

    What is in its tote already stays picked. With the last one, the wave is over.

    Raises: WaveNotFound, TransitionNotAllowed, NotInWave.
    Locks: Wave.
    Publishes: WaveChanged, WaveFinished.
    """
    wave = lock_wave(number)
    WAVE.after("start", wave.status)
    place = WaveOrder.objects.filter(wave=wave, fulfillment_order__number=work).first()
    if place is None:
        raise NotInWave(number=number, fulfillment_order=work)

    WaveLine.objects.filter(place=place).delete()
    place.delete()

    publish(
        WaveChanged(
            thread=number,
            subject=number,
            by=by,
            at=at,
            location=wave.location.code,
            how="taken_back",
            fulfillment_orders=[work],
        )
    )
    finish_if_over(wave, by=by, at=at)
    return wave


@service
def cancel_wave(*, number: str, by: Actor, at: datetime) -> Wave:
    """Let all orders of a wave go; what was picked stays picked, what is left can be picked alone
    or in another wave.

    Raises: WaveNotFound, TransitionNotAllowed.
    Locks: Wave.
    Publishes: WaveCancelled.
    """
    wave = lock_wave(number)
    status = WAVE.after("cancel", wave.status)
    left = left_in(wave)

    end(wave, status=status, at=at)
    wave.save()

    publish(
        WaveCancelled(
            thread=number, subject=number, by=by, at=at, location=wave.location.code, left=left
        )
    )
    return wave


@service
def merge_waves(*, number: str, others: Sequence[str], by: Actor, at: datetime) -> Wave:
    """Take what is left of other waves into this one; they are over, and their totes come along.

    Raises: WaveNotFound, TransitionNotAllowed, OtherPlaces.
    Locks: Wave.
    Publishes: WaveChanged, WaveFinished.
    """
    names = [number, *(other for other in others if other != number)]
    waves = {each.number: each for each in lock(Wave.objects.filter(number__in=names))}
    if missing := next((name for name in names if name not in waves), None):
        raise WaveNotFound(number=missing)
    into, *rest = (waves[name] for name in names)
    for wave in waves.values():
        refuse_unless_live(wave)
    if len({(wave.location_id, wave.zone, wave.has_totes) for wave in waves.values()}) > 1:
        raise OtherPlaces(numbers=names)
    last = WaveOrder.objects.filter(wave=into).aggregate(last=Max("nth"))["last"] or 0
    moving = list(
        WaveOrder.objects.filter(wave__in=rest)
        .select_related("fulfillment_order")
        .order_by("wave_id", "nth")
    )

    for nth, place in enumerate(moving, start=last + 1):
        place.wave, place.nth = into, nth
    WaveOrder.objects.bulk_update(moving, ["wave", "nth"])

    publish(
        WaveChanged(
            thread=number,
            subject=number,
            by=by,
            at=at,
            location=into.location.code,
            how="merged",
            fulfillment_orders=[place.fulfillment_order.number for place in moving],
            came_from=names[1:],
        )
    )
    for wave in rest:
        finish_if_over(wave, by=by, at=at)
    return into


def refuse_unless_live(wave: Wave) -> None:
    """Raise `TransitionNotAllowed` when a wave is over."""
    WAVE.after("start", wave.status)


@service
def let_go(*, number: str, is_elsewhere: bool = False, by: Actor, at: datetime) -> None:
    """Follow what became of work beside the walk: waves of which nothing is left are over.

    Work that is done elsewhere now is in no wave here.

    Locks: Wave.
    Publishes: WaveFinished.
    """
    work = FulfillmentOrder.objects.filter(number=number).values("pk")[:1]
    live = WaveOrder.objects.filter(fulfillment_order=work, is_live=True)
    ids = list(live.values_list("wave_id", flat=True))
    if not ids:
        return
    waves = lock(Wave.objects.filter(pk__in=ids, status__in=LIVE_WAVE).select_related("location"))
    if is_elsewhere:
        places = WaveOrder.objects.filter(wave__in=waves, fulfillment_order=work)
        WaveLine.objects.filter(place__in=places).delete()
        places.delete()
    for wave in waves:
        finish_if_over(wave, by=by, at=at)
