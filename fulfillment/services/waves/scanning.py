from dataclasses import dataclass
from datetime import datetime

from fulfillment.errors_packing import CaseScanned, UnknownCode
from fulfillment.errors_waves import (
    NotATote,
    NotOnThisWalk,
    SerialNeeded,
    WaveNotFound,
    WrongTote,
)
from fulfillment.models import Wave
from fulfillment.selectors.waves import Halt, PutLine, Walk, wave_walk
from fulfillment.services.waves.walking import pick_in_wave, take_tote, tote_code
from inventory.models import Lot
from inventory.selectors.walking import is_bin
from oms.catalog.models import Sku
from oms.catalog.rules.gs1 import lot_in, names, read
from oms.catalog.selectors import lot_on, sku_of_case, sku_of_scan
from oms.core.actors import Actor


@dataclass(frozen=True)
class Heard:
    """What a scan came to: a `tote` was taken, one stands at a `bin`, an `item` is in hand and
    waits for its tote, or units were `put` to an order.

    `item` names what is in hand, for the scan that comes next.
    """

    what: str
    halt: Halt | None = None
    put: PutLine | None = None
    units: int = 0
    tote: str = ""
    nth: int = 0
    item: str = ""


def scan_in_wave(*, number: str, code: str, item: str = "", by: Actor, at: datetime) -> Heard:
    """Do what the code that was scanned on the walk of a wave asks for.

    First come the totes of a cart. Then a bin shows what to take there; an item, or its lot or
    serial number, counts one unit, or with totes waits for the tote (`item` is then what is in
    hand), which takes all that its order gets there.

    Raises: WaveNotFound, TransitionNotAllowed, AnothersWave, NotATote, ToteInUse, WrongTote,
        NotOnThisWalk, SerialNeeded, CaseScanned, UnknownCode, OnHold, TooManyUnits, NotInBin, Busy.
    Locks: Order, FulfillmentOrder, Wave, StockLevel.
    Publishes: FulfillmentOrderPicked, WaveFinished.
    """
    wave = Wave.objects.select_related("location").filter(number=number).first()
    if wave is None:
        raise WaveNotFound(number=number)
    said, walk = code.strip(), wave_walk(wave)
    if walk.without_tote:
        return _take(walk, said, by, at)
    in_hand = _in_hand(walk, item)
    if in_hand is not None:
        return _put(walk, *in_hand, item, said, by, at)
    if at_bin := next((h for h in walk.halts if _same(h.stop.bin, said)), None):
        return Heard("bin", at_bin, units=at_bin.units)
    halt, lot = _halt_of(walk, said)
    if wave.has_totes:
        first = halt.puts[0]
        held = f"{halt.stop.level_id}:{halt.stop.bin}:{lot}"
        units = 1 if halt.sku.tracking == Sku.Tracking.SERIAL else first.units
        return Heard("item", halt, first, units, item=held)
    label = read(said)
    return _count(walk, halt, halt.puts[0], lot, label.units if label else 1, "", by, at)


def _same(known: str, said: str) -> bool:
    return bool(said) and known.casefold() == said.casefold()


def _take(walk: Walk, code: str, by: Actor, at: datetime) -> Heard:
    """Give the next order that has no tote the one that was scanned."""
    if not code or sku_of_scan(code) or is_bin(walk.wave.location_id, code):
        raise NotATote(scanned=code)
    place = walk.without_tote[0]
    take_tote(number=walk.wave.number, work=place.fulfillment_order.number, tote=code, by=by, at=at)
    return Heard("tote", tote=tote_code(code), nth=place.nth)


def _in_hand(walk: Walk, item: str) -> tuple[Halt, str] | None:
    """The stop of what is in hand, and the lot that was taken."""
    level, _, rest = item.partition(":")
    bin, _, lot = rest.partition(":")
    here = [h for h in walk.halts if str(h.stop.level_id) == level and h.stop.bin == bin]
    here.sort(key=lambda halt: halt.stop.lot != lot)
    return (here[0], lot) if here else None


def _put(walk: Walk, halt: Halt, lot: str, item: str, code: str, by: Actor, at: datetime) -> Heard:
    """Put what is in hand into the tote that was scanned, if its order gets some of it."""
    if _is_item(halt, code):
        return Heard("item", halt, halt.puts[0], halt.puts[0].units, item=item)
    put = next((each for each in halt.puts if _same(each.place.tote, code)), None)
    if put is None:
        raise WrongTote(
            number=walk.wave.number, scanned=tote_code(code), expected=halt.puts[0].place.tote
        )
    units = 1 if halt.sku.tracking == Sku.Tracking.SERIAL else put.units
    return _count(walk, halt, put, lot, units, put.place.tote, by, at)


def _is_item(halt: Halt, code: str) -> bool:
    said = {each.casefold() for each in names(code)}
    return not said.isdisjoint((halt.sku.barcode.casefold(), halt.sku.code.casefold()))


def _halt_of(walk: Walk, code: str) -> tuple[Halt, str]:
    """Return the next stop for what was scanned, and the lot that is taken there.

    Raises: SerialNeeded, NotOnThisWalk, CaseScanned, UnknownCode.
    """
    if halts := [halt for halt in walk.halts if _is_item(halt, code)]:
        lot_code = lot_on(code, halts[0].sku)
        if lot_code:
            return next((h for h in halts if h.stop.lot == lot_code), halts[0]), lot_code
        if halts[0].sku.tracking == Sku.Tracking.SERIAL:
            raise SerialNeeded(item=halts[0].name)
        return halts[0], halts[0].stop.lot
    by_sku = {halt.sku.pk: halt for halt in reversed(walk.halts)}
    if lot := Lot.objects.filter(code=lot_in(code), sku__in=by_sku).first():
        same = (h for h in walk.halts if h.sku.pk == lot.sku_id and h.stop.lot == lot.code)
        return next(same, by_sku[lot.sku_id]), lot.code
    if other := sku_of_scan(code):
        raise NotOnThisWalk(number=walk.wave.number, scanned=code, item=other.name)
    if is_bin(walk.wave.location_id, code):
        raise NotOnThisWalk(number=walk.wave.number, scanned=code, item=code)
    if case := sku_of_case(code):
        raise CaseScanned(number=walk.wave.number, scanned=code, item=case.name)
    raise UnknownCode(number=walk.wave.number, scanned=code)


def _count(
    walk: Walk, halt: Halt, put: PutLine, lot: str, units: int, tote: str, by: Actor, at: datetime
) -> Heard:
    pick_in_wave(
        number=walk.wave.number,
        work=put.place.fulfillment_order.number,
        sku=halt.sku.code,
        units=units,
        bin=halt.stop.bin,
        lot=lot,
        tote=tote,
        by=by,
        at=at,
    )
    return Heard("put", halt, put, units, tote=put.place.tote, nth=put.place.nth)
