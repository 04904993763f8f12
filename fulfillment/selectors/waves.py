"""Reads: waves as they stand, and the walk of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from fulfillment.models import PrintRun, Wave, WaveLine, WaveOrder
from fulfillment.rules.walking import Stop, Want
from fulfillment.selectors.free_work import TO_PICK, stops_for
from inventory.models import Location
from inventory.selectors import visible_location_ids
from oms.catalog.models import Sku
from oms.channels.principals import Principal
from oms.core import sql
from oms.core.models import User
from oms.core.shell import Found
from orders.states import Stop as Step


def waves_of_user(user: User) -> QuerySet[Wave]:
    """Return the waves of the locations that `user` sees."""
    ids = visible_location_ids(user)
    found = Wave.objects.select_related("location")
    return found if ids is None else found.filter(location__in=ids)


def waves_of_principal(principal: Principal) -> QuerySet[Wave]:
    """Return the waves that a key may see: a channel has no warehouse, and sees none."""
    if principal.channel:
        return Wave.objects.none()
    return waves_of_user(principal.person)


@dataclass(frozen=True)
class PutLine:
    """Units of a stop for one order, and the tote they go into."""

    place: WaveOrder
    line: WaveLine
    units: int


@dataclass(frozen=True)
class Halt:
    """A stop of the walk as people see it."""

    stop: Stop
    sku: Sku
    name: str
    puts: tuple[PutLine, ...]

    @property
    def units(self) -> int:
        return self.stop.units

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.stop.level_id}:{self.stop.bin}:{self.stop.lot}"


@dataclass
class Walk:
    """A wave with its orders, and the stops that are still before the picker."""

    wave: Wave
    places: list[WaveOrder]
    lines: list[WaveLine]
    halts: list[Halt] = field(default_factory=list)

    @property
    def left(self) -> int:
        return sum(halt.units for halt in self.halts)

    @property
    def total(self) -> int:
        """Units of the walk: those found on it, and those still to find."""
        return self.wave.picked + self.left

    @property
    def without_tote(self) -> list[WaveOrder]:
        """The orders whose tote nobody has named, where each has one."""
        if not self.wave.has_totes:
            return []
        open_ones = {line.place_id for line in self.lines if line.line.picked < line.line.quantity}
        return [each for each in self.places if not each.tote and each.pk in open_ones]

    @property
    def held(self) -> list[WaveOrder]:
        """The orders that a hold keeps from being picked."""
        return [each for each in self.places if each.fulfillment_order.is_stopped(Step.PICK)]

    def progress_of(self, place: WaveOrder) -> tuple[int, int]:
        """How many units of an order are picked, of how many, as far as this wave goes."""
        mine = [line.line for line in self.lines if line.place_id == place.pk]
        return sum(line.picked for line in mine), sum(line.quantity for line in mine)


def wave_walk(wave: Wave) -> Walk:
    """Return what is to be walked for a wave now. Three queries.

    Work that is held is not walked for; work that has gone elsewhere, or was cancelled, has no
    units left.
    """
    places = list(
        WaveOrder.objects.filter(wave=wave)
        .select_related("fulfillment_order__order", "fulfillment_order__location")
        .order_by("nth")
    )
    by_id = {each.pk: each for each in places}
    lines = list(
        WaveLine.objects.filter(place__wave=wave)
        .select_related("line__sku", "line__order_line", "line__reservation__level")
        .order_by("place__nth", "pk")
    )
    found = Walk(wave, places, lines)
    if not wave.is_live:
        return found
    by_line = {each.line_id: each for each in lines}
    wants = [
        Want(
            each.line_id,
            each.line.reservation.level_id,
            each.line.sku.code,
            by_id[each.place_id].nth,
            each.line.quantity - each.line.picked,
            each.line.sku.tracking != Sku.Tracking.NONE,
        )
        for each in lines
        if _can_go_on(by_id[each.place_id])
    ]
    for stop in stops_for(want for want in wants if want.units > 0):
        puts = tuple(
            PutLine(by_id[by_line[put.line_id].place_id], by_line[put.line_id], put.units)
            for put in stop.puts
        )
        first = puts[0].line.line
        found.halts.append(Halt(stop, first.sku, first.order_line.name, puts))
    return found


def _can_go_on(place: WaveOrder) -> bool:
    work = place.fulfillment_order
    return work.status in TO_PICK and not work.is_stopped(Step.PICK)


@dataclass(frozen=True)
class Figures:
    """How far a wave is."""

    orders: int
    left: int


FIGURES = """
SELECT p.wave_id, count(DISTINCT p.id),
       coalesce(sum(greatest(x.quantity - x.picked, 0))
                FILTER (WHERE w.is_live AND f.status = ANY(%s)), 0)
FROM fulfillment_waveorder p
JOIN fulfillment_fulfillmentorder f ON f.id = p.fulfillment_order_id
JOIN fulfillment_waveline w ON w.place_id = p.id
JOIN fulfillment_fulfillmentorderline x ON x.id = w.line_id
WHERE p.wave_id = ANY(%s) GROUP BY 1
"""


def figures_of(waves: Sequence[Wave]) -> dict[int, Figures]:
    """Return how far these waves are. One query."""
    rows = sql.run(FIGURES, [[str(each) for each in TO_PICK], [wave.pk for wave in waves]])
    return {wave_id: Figures(orders, int(left)) for wave_id, orders, left in rows}


def places_of_work(work_id: int) -> list[WaveOrder]:
    """Return the waves that a piece of work is or was in, the newest first. One query."""
    found = WaveOrder.objects.filter(fulfillment_order=work_id).select_related("wave")
    return list(found.order_by("-pk")[:20])


def works_in_waves(numbers: Sequence[str]) -> dict[str, str]:
    """Return the live wave of each of this work that is in one. One query."""
    rows = WaveOrder.objects.filter(is_live=True, fulfillment_order__number__in=numbers)
    return dict(rows.order_by("pk").values_list("fulfillment_order__number", "wave__number"))


def papers_of(wave: Wave) -> list[PrintRun]:
    """Return what was printed for a wave, the newest first. One query."""
    return list(PrintRun.objects.filter(wave=wave).order_by("-pk")[:10])


def pickers_at(location: Location) -> list[User]:
    """Return who may pick at a location and works there, by name. One query."""
    return list(_pickers().filter(location_assignments__location=location).order_by("username"))


def may_pick_at(username: str, location: Location) -> bool:
    """Whether somebody may pick, and sees this location."""
    user = _pickers().filter(username=username).first()
    seen = visible_location_ids(user) if user else []
    return seen is None or location.pk in seen


def _pickers() -> QuerySet[User]:
    can = Permission.objects.filter(
        codename="pick_fulfillmentorder", content_type__app_label="fulfillment"
    )
    allowed = Q(groups__permissions__in=can) | Q(is_superuser=True)
    return User.objects.filter(allowed, is_active=True).distinct()


def find_waves(query: str, user: User) -> list[Found]:
    """Return waves by number, and work by the tote that it is picked into. One query each."""
    if not user.has_perm("fulfillment.view_fulfillmentorder"):
        return []
    wanted = query.strip()
    seen = waves_of_user(user)
    if wanted.upper().startswith("WV-"):
        rows = seen.filter(number__startswith=wanted.upper()).order_by("-pk")[:5]
        return [_found(wave) for wave in rows]
    if not wanted:
        return []
    places = (
        WaveOrder.objects.filter(tote=wanted.upper(), wave__in=seen, is_live=True)
        .annotate(number=F("fulfillment_order__number"), of=F("wave__number"))
        .order_by("-pk")[:3]
    )
    return [
        Found(
            label=f"{vars(place)['number']}",
            detail=f"{place.tote}, {vars(place)['of']}",
            url=reverse("fulfillment:detail", args=[vars(place)["number"]]),
            icon="i-box",
        )
        for place in places
    ]


def _found(wave: Wave) -> Found:
    detail: Any = f"{wave.location.name}, {wave.get_status_display()}"
    return Found(wave.number, detail, reverse("fulfillment:wave", args=[wave.number]), "i-list")
