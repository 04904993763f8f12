from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from fulfillment.errors_waves import NotFree, NothingToPick, WaveTooLarge
from fulfillment.events import WaveChanged, WaveMade
from fulfillment.models import FulfillmentOrder, Wave, WaveLine, WaveOrder
from fulfillment.rules.waves import MOST_ORDERS
from fulfillment.selectors.free_work import FreeLine, free_work
from fulfillment.services.waves.holding import lock_wave
from fulfillment.states import WAVE, WaveRule
from inventory.errors import LocationNotFound
from inventory.models import Location
from oms.core.actors import Actor
from oms.core.batch import record
from oms.core.events import publish
from oms.core.locking import lock
from oms.core.numbers import gapless_number
from oms.core.services import service


@service
def make_waves(
    *,
    location: str,
    numbers: Sequence[str],
    rule: WaveRule = WaveRule.CHOSEN,
    zone: str = "",
    picker: str = "",
    by: Actor,
    at: datetime,
) -> list[Wave]:
    """Put this work of one location (fulfillment orders by number) together in a wave; by zone
    without a `zone`, in one for each zone that it lies in.

    All of it or nothing: what somebody else has put into a wave meanwhile, or may not be picked
    any more, is named.

    Raises: LocationNotFound, NothingToPick, WaveTooLarge, NotFree.
    Locks: FulfillmentOrder, NumberSeries.
    Publishes: WaveMade.
    """
    place = Location.objects.filter(code=location).first()
    if place is None:
        raise LocationNotFound(location=location)
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise NothingToPick(location=location)
    lines = _lock_free(place, wanted, zone)

    made = [
        _make(place, part, rule, code, picker, by, at)
        for code, part in _parts(lines, rule, zone).items()
    ]
    for wave, part in made:
        publish(
            WaveMade(
                thread=wave.number,
                subject=wave.number,
                by=by,
                at=at,
                location=location,
                rule=rule,
                zone=wave.zone,
                fulfillment_orders=_numbers(part),
                units=sum(line.units for line in part),
            )
        )
    return [wave for wave, _ in made]


@service
def add_to_wave(*, number: str, works: Sequence[str], by: Actor, at: datetime) -> Wave:
    """Put more work into a wave that is still walked.

    Raises: WaveNotFound, TransitionNotAllowed, WaveTooLarge, NotFree.
    Locks: FulfillmentOrder, Wave.
    Publishes: WaveChanged.
    """
    known = Wave.objects.select_related("location").filter(number=number).first()
    wanted = list(dict.fromkeys(works))
    lines = _lock_free(known.location, wanted, known.zone) if known else []
    wave = lock_wave(number)
    WAVE.after("start", wave.status)
    last = WaveOrder.objects.filter(wave=wave).aggregate(last=Max("nth"))["last"] or 0
    if (there := WaveOrder.objects.filter(wave=wave).count()) + len(wanted) > MOST_ORDERS:
        raise WaveTooLarge(orders=there + len(wanted), most=MOST_ORDERS)

    _put(wave, lines, last)

    publish(
        WaveChanged(
            thread=number,
            subject=number,
            by=by,
            at=at,
            location=wave.location.code,
            how="added",
            fulfillment_orders=wanted,
        )
    )
    return wave


def _lock_free(place: Location, numbers: Sequence[str], zone: str) -> list[FreeLine]:
    """Lock this work and return its lines that are in no wave, in the order of `numbers`.

    Raises: WaveTooLarge, NotFree.
    Locks: FulfillmentOrder.
    """
    if len(numbers) > MOST_ORDERS:
        raise WaveTooLarge(orders=len(numbers), most=MOST_ORDERS)
    lock(FulfillmentOrder.objects.filter(number__in=numbers, location=place))
    free = free_work(place, numbers=numbers)
    lines = free.lines_in(numbers, zone)
    there = {line.number for line in lines}
    if gone := [number for number in numbers if number not in there]:
        raise NotFree(numbers=gone)
    return lines


def _parts(lines: Sequence[FreeLine], rule: WaveRule, zone: str) -> dict[str, list[FreeLine]]:
    """The lines of each wave, by the code of its zone."""
    if rule != WaveRule.ZONE or zone:
        return {zone: list(lines)}
    parts: dict[str, list[FreeLine]] = {}
    for line in sorted(lines, key=lambda each: each.zone):
        parts.setdefault(line.zone, []).append(line)
    return parts


def _make(
    place: Location,
    lines: list[FreeLine],
    rule: WaveRule,
    zone: str,
    picker: str,
    by: Actor,
    at: datetime,
) -> tuple[Wave, list[FreeLine]]:
    wave = Wave.objects.create(
        number=gapless_number("WV"),
        location=place,
        rule=rule,
        zone=zone,
        has_totes=rule == WaveRule.CART,
        picker=picker,
        made_by=str(by),
        made_at=at,
    )
    _put(wave, lines, 0)
    return wave, lines


def _put(wave: Wave, lines: Sequence[FreeLine], last: int) -> None:
    """Write which lines are picked in a wave; the database refuses those that are in another.

    Raises: NotFree.
    """
    numbers = _numbers(lines)
    ids = dict(FulfillmentOrder.objects.filter(number__in=numbers).values_list("number", "pk"))
    kept = {
        each.fulfillment_order_id: each
        for each in WaveOrder.objects.filter(wave=wave, fulfillment_order__in=ids.values())
    }
    fresh = [
        WaveOrder(
            wave_id=wave.pk,
            location_id=wave.location_id,
            fulfillment_order_id=ids[number],
            nth=nth,
        )
        for nth, number in enumerate((one for one in numbers if ids[one] not in kept), last + 1)
    ]
    record(*fresh)
    kept |= {place.fulfillment_order_id: place for place in fresh}
    try:
        with transaction.atomic():
            record(
                *(
                    WaveLine(place_id=kept[ids[line.number]].pk, line_id=line.line_id)
                    for line in lines
                )
            )
    except IntegrityError as error:
        raise NotFree(numbers=numbers) from error


def _numbers(lines: Iterable[FreeLine]) -> list[str]:
    return list(dict.fromkeys(line.number for line in lines))
