"""A wave in hand: locked, and whether anything of it is left."""

from datetime import datetime

from fulfillment.errors_waves import AnothersWave, WaveNotFound
from fulfillment.events import WaveFinished
from fulfillment.models import Wave, WaveLine, WaveOrder
from fulfillment.selectors.waves import figures_of
from fulfillment.states import WAVE
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.locking import lock_one

USER = "user"


def lock_wave(number: str) -> Wave:
    """Lock a wave and return it.

    Raises: WaveNotFound.
    Locks: Wave.
    """
    found = Wave.objects.select_related("location").filter(number=number)
    return lock_one(found, missing=WaveNotFound(number=number))


def lock_walk(number: str, by: Actor, at: datetime) -> Wave:
    """Lock a wave that `by` walks from now on, if nobody did.

    Raises: WaveNotFound, TransitionNotAllowed, AnothersWave.
    Locks: Wave.
    """
    wave = lock_wave(number)
    status = WAVE.after("start", wave.status)
    if by.kind == USER and wave.picker and wave.picker != by.name:
        raise AnothersWave(number=number, picker=wave.picker)
    wave.status = status
    wave.picker = wave.picker or by.name
    wave.started_at = wave.started_at or at
    return wave


def left_in(wave: Wave) -> int:
    """How many units are still to be picked in it, held ones among them."""
    found = figures_of([wave]).get(wave.pk)
    return found.left if found else 0


def end(wave: Wave, *, status: str, at: datetime) -> None:
    """Let go of a locked wave's orders and totes."""
    WaveLine.objects.filter(place__wave=wave).update(is_live=False)
    WaveOrder.objects.filter(wave=wave).update(is_live=False)
    wave.status, wave.over_at = status, at


def finish_if_over(wave: Wave, *, by: Actor, at: datetime) -> None:
    """End a locked wave of which nothing is left, and write it down as it is now.

    Publishes: WaveFinished.
    """
    is_over = not left_in(wave)
    if is_over:
        end(wave, status=WAVE.after("finish", wave.status), at=at)
    wave.save()
    if is_over:
        publish(
            WaveFinished(
                thread=wave.number,
                subject=wave.number,
                by=by,
                at=at,
                location=wave.location.code,
                picked=wave.picked,
                short=wave.short,
            )
        )
