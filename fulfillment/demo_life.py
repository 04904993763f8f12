"""Warehouses work on what came in, and carriers tell how far its parcels are."""

from fulfillment import services
from fulfillment.models import FulfillmentOrder, Shipment
from fulfillment.states import LIVE, ShipmentStatus
from fulfillment.states import FulfillmentOrderStatus as S
from oms.core.actors import Actor
from oms.core.demo import hand_at
from oms.core.demo_life import PREFIX, Life
from oms.core.errors import Refusal

STEPS = 4.4
"""Steps that work takes, from open to shipped."""
MESSAGES = 3.2
MINUTES_OF_WORK, MINUTES_OF_WAY = 2.0, 3.0
"""How much lies on the floor, and is on the road, in the pace of the orders."""
CARRIER = Actor("system", "carrier")
SHORT = 0.02
WRONG_SCAN = 0.05
REJECTED = 0.01
NEXT = {
    ShipmentStatus.SHIPPED: ("in_transit", "Sorting center", "On its way"),
    ShipmentStatus.IN_TRANSIT: ("out_for_delivery", "Depot", "In the van"),
    ShipmentStatus.EXCEPTION: ("out_for_delivery", "Depot", "Second try"),
    ShipmentStatus.OUT_FOR_DELIVERY: ("delivered", "", "Handed over at the door"),
}
EXCEPTION = 0.02


def work(life: Life) -> None:
    """Take work a step further, at every location; a refusal leaves it for another time."""
    mine = FulfillmentOrder.objects.filter(
        order__external_id__startswith=PREFIX, status__in=LIVE, stops=[], hold_reason=""
    )
    for _ in range(life.times(STEPS * _haste(mine.count(), MINUTES_OF_WORK, life))):
        found = mine.select_related("location").order_by("?").first()
        if found is None:
            return
        try:
            _step(found, life)
        except Refusal:
            continue


def _haste(waiting: int, minutes: float, life: Life) -> float:
    """Work slowly while little waits, so that there is something to see at every step."""
    return 0.6 if waiting < life.pace * minutes else 1.3


def _step(found: FulfillmentOrder, life: Life) -> None:
    number, by, at = found.number, hand_at(found.location.code), life.now
    if found.status == S.OPEN:
        if life.dice.random() < REJECTED:
            services.reject(number=number, reason="no_capacity", by=by, at=at)
        else:
            services.release_work(number=number, by=by, at=at)
    elif found.status in {S.RELEASED, S.PICKING}:
        _pick(found, life)
    elif found.status == S.PICKED:
        box = life.dice.choice("SML")
        grams = life.dice.randint(3, 30) * 100
        services.pack(number=number, packages=[services.Packed(box, grams)], by=by, at=at)
    else:
        services.ship(number=number, by=by, at=at)


def _pick(found: FulfillmentOrder, life: Life) -> None:
    """Scan a unit, find all of it, or less than there should be."""
    number, by, at = found.number, hand_at(found.location.code), life.now
    chance = life.dice.random()
    lines = list(found.lines.select_related("sku").order_by("id"))
    if chance < WRONG_SCAN:
        services.pick_one(number=number, code="2000000000008", by=by, at=at)  # refused
    elif found.status == S.RELEASED and chance < 0.4:
        services.pick_one(number=number, code=lines[0].sku.code, by=by, at=at)
    elif found.status == S.RELEASED and chance < 0.4 + SHORT and lines[0].quantity > 1:
        counted = [services.Counted(line.sku.code, line.quantity) for line in lines[1:]]
        counted.append(services.Counted(lines[0].sku.code, lines[0].quantity - 1))
        services.pick(number=number, lines=counted, reason="missing", by=by, at=at)
    else:
        services.pick(number=number, by=by, at=at)


def carry(life: Life) -> None:
    """Have carriers say where the parcels are."""
    parcels = Shipment.objects.filter(
        fulfillment_order__order__external_id__startswith=PREFIX, status__in=list(NEXT)
    )
    for _ in range(life.times(MESSAGES * _haste(parcels.count(), MINUTES_OF_WAY, life))):
        if not (parcel := parcels.order_by("?").first()):
            return
        status, location, message = NEXT[ShipmentStatus(parcel.status)]
        if status == "out_for_delivery" and life.dice.random() < EXCEPTION:
            status, location, message = "exception", "Depot", "Nobody was at home"
        services.record_tracking(
            number=parcel.number,
            status=status,
            occurred_at=life.now,
            location=location,
            message=message,
            by=CARRIER,
        )
