"""Choosing locations for units that nobody serves yet, and speaking for the stock there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from fulfillment.events import OrderRouted
from fulfillment.models import FulfillmentOrder, FulfillmentOrderLine
from fulfillment.rules.routing import BUILT_IN
from fulfillment.rules.sourcing import Placement, Plan
from fulfillment.selectors import live_rules
from fulfillment.services.deciding import decide_for, explanation
from fulfillment.services.drawing import (
    Free,
    Place,
    free_for,
    look_again_at_the_end,
    refuse_lack,
)
from fulfillment.services.goals import Goal, Units, goals_of
from fulfillment.services.offering import offer_freed_units
from fulfillment.services.parking import limit_waiting, park
from fulfillment.services.scheduling import not_before
from fulfillment.states import FulfillmentOrderStatus as S
from inventory import services as inventory
from inventory.selectors import Supply, serving_locations
from oms.core.actors import Actor
from oms.core.batch import pending, record
from oms.core.events import publish
from oms.core.numbers import part_number
from oms.core.rows import new
from oms.core.services import service
from orders.events import OrderBackordered
from orders.models import Hold, Order, OrderLine
from orders.services import LineMoves, record_progress
from orders.states import PICKUP, Stop, hold_kind


@service
def route_units(
    *,
    order: Order,
    units: Sequence[Units],
    by: Actor,
    at: datetime,
    lines: Sequence[OrderLine] | None = None,
    excluding: Collection[int] = (),
    only: Free | None = None,
    refuse_shortage: bool = False,
    grams: Mapping[int, int] | None = None,
    stops: Sequence[str] | None = None,
    given: Mapping[Place, int] | None = None,
    may_park: bool = True,
) -> list[FulfillmentOrder]:
    """Choose locations, reserve there, and give each its work; what nobody has is backordered.

    The live rules decide; `only` units were dealt to this order already, and no rule is asked.
    What a rule parks is left to a person, unless it was before (`may_park`).

    The order is locked, or new. `excluding` are location ids that shall not serve; `only` is the
    stock to use instead of all there is (units just received); `given` are units of the order's own
    cart, released in this batch, that it may have before all others. Lines with an address of their
    own are routed to it; the others of an order that is collected are served where that is, and
    wait there for what is lacking. No unit is promised to two addresses: each one takes its
    share of what is free. `only` is lowered by what is reserved; `grams` are weights by SKU id,
    read when they are needed and not given; `stops` are the steps that holds forbid the work, read
    in the same way. Counters of the lines follow through
    `record_progress`.

    Raises: UnknownPickupLocation, InsufficientStock when `refuse_shortage`, Again.
    Locks: Sku, StockLevel.
    Publishes: OrderRouted, OrderBackordered, OrderHeld.
    """
    wanted = [each for each in units if each.quantity and _goes_somewhere(order, each.line)]
    if not wanted:
        return []
    places = [each for each in serving_locations() if each.pk not in excluding]
    free = free_for(
        order, wanted, places, only=only, given=given or {}, keeps_buffer=refuse_shortage, at=at
    )
    standing = standing_stops(order) if stops is None else list(stops)
    moves: list[LineMoves] = []
    made: list[FulfillmentOrder] = []
    short: dict[str, int] = {}
    reasons: list[str] = []

    unserved: list[tuple[int, int]] = []
    book = BUILT_IN if only is not None else live_rules()

    for goal in goals_of(order, wanted):
        here = [each for each in places if goal.at is None or each.pk == goal.at]
        decision, position = decide_for(
            order, goal, here, free, grams, at, book=book, may_park=may_park
        )
        if decision.is_parked:
            park(order=order, reason=decision.reason, by=by, at=at)
            standing = sorted({*standing, str(Stop.ALLOCATE)})
        if decision.cancel_after_days and only is None:
            days, name = decision.cancel_after_days, decision.routing
            limit_waiting(order=order, days=days, routing=name, at=at)
        made += _give_work(order, goal, decision, free, standing, len(made), by, at)
        moves += _moves(decision, goal.units)
        for each in goal.units:
            if missing := decision.backordered.get(each.line.pk, 0):
                code = each.line.sku_code
                short[code] = short.get(code, 0) + missing
                unserved += [
                    (each.line.stock_id, candidate.location_id)
                    for candidate in decision.looked_at
                    if _is_used_up(free, candidate.location_id, each.line.stock_id)
                ]
        reasons.append(decision.reason)
        if only is None:
            record(explanation(order, goal, decision, position, book.version, at))

    if refuse_shortage:
        refuse_lack(order, wanted, free, short, given or {}, at)
    record_progress(order=order, moves=moves, by=by, at=at, lines=lines)
    if made:
        codes = {place.pk: place.code for place in serving_locations()}
        publish(
            OrderRouted(
                thread=order.number,
                subject=order.number,
                by=by,
                at=at,
                fulfillment_orders=[
                    {
                        "number": each.number,
                        "location": codes[each.location_id],
                        "units": each.units,
                    }
                    for each in made
                ],
                reason=" ".join(reasons),
            )
        )
    if given:
        _offer_leftover(order, wanted, given, at)
    if short and only is None:
        look_again_at_the_end(unserved)
    newly_waiting = any(move.backordered > 0 for move in moves)
    if short and newly_waiting:
        publish(
            OrderBackordered(thread=order.number, subject=order.number, by=by, at=at, units=short)
        )
    return made


def _is_used_up(free: Free, location_id: int, sku_id: int) -> bool:
    """Whether nothing is left there: a rule may leave units where they are, and they stay free."""
    found = free.get((location_id, sku_id))
    return found is None or found.available <= 0


def _goes_somewhere(order: Order, line: OrderLine) -> bool:
    """Whether it is known where to: without a country no location can be chosen."""
    return bool((line.ship_to or order.ship_to).country) or order.service == PICKUP


def _offer_leftover(
    order: Order, wanted: Sequence[Units], given: Mapping[Place, int], at: datetime
) -> None:
    """Units of the cart that the order does not ask for are free for those who wait."""
    left: dict[int, int] = {}
    for (_, sku_id), units in given.items():
        left[sku_id] = left.get(sku_id, 0) + units
    for each in wanted:
        left[each.line.stock_id] = left.get(each.line.stock_id, 0) - each.quantity
    if over := [sku_id for sku_id, units in left.items() if units > 0]:
        offer_freed_units(sku_ids=over, reference=order.number, at=at)


def standing_stops(order: Order) -> list[str]:
    """Return the steps that the standing holds of `order` forbid. One query."""
    kinds = Hold.objects.filter(order=order, released_at__isnull=True)
    return sorted(
        {str(s) for kind in kinds.values_list("kind", flat=True) for s in hold_kind(kind).stops}
    )


def _give_work(
    order: Order,
    goal: Goal,
    decision: Plan,
    free: Free,
    stops: list[str],
    already: int,
    by: Actor,
    at: datetime,
) -> list[FulfillmentOrder]:
    """One fulfillment order per location, its lines, and the reservations behind them; what comes
    out on a later day has one of its own, which waits for it."""
    by_work: dict[tuple[int, date | None], list[Placement]] = {}
    for placement in decision.placements:
        day = not_before(placement.sku_id, placement.location_id, at)
        by_work.setdefault((placement.location_id, day), []).append(placement)
    distances = {each.location_id: each.distance_km for each in decision.looked_at}
    nth = already if order._state.adding else _existing(order)
    made = []
    for (location_id, day), placements in by_work.items():
        nth += 1
        work = new(
            FulfillmentOrder,
            number=part_number("FO", order.number, nth),
            order_id=order.pk,
            location_id=location_id,
            status=S.SCHEDULED if day else S.OPEN,
            stops=stops,
            ship_to=goal.ship_to,
            service=goal.service,
            distance_km=distances[location_id],
            units=sum(each.quantity for each in placements),
            created_at=at,
        )
        record(work)
        reservations = inventory.reserve(
            claims=[
                inventory.Claim(free[location_id, each.sku_id].level_id, each.quantity)
                for each in placements
            ],
            reference=work.number,
            by=by,
            at=at,
        )
        record(
            *(
                new(
                    FulfillmentOrderLine,
                    fulfillment_order_id=work.pk,
                    order_line_id=each.line_id,
                    sku_id=each.sku_id,
                    reservation_id=reservation.pk,
                    quantity=each.quantity,
                )
                for each, reservation in zip(placements, reservations, strict=True)
            )
        )
        for each in placements:
            key = (location_id, each.sku_id)
            kept = free[key]
            free[key] = Supply(
                kept.level_id, kept.sku_id, kept.location_id, kept.available - each.quantity
            )
        made.append(work)
    return made


def _existing(order: Order) -> int:
    """How many fulfillment orders the order has had; it is locked, so the count holds."""
    waiting = sum(1 for each in pending(FulfillmentOrder) if each.order_id == order.pk)
    return waiting + FulfillmentOrder.objects.filter(order=order).count()


def _moves(decision: Plan, group: Sequence[Units]) -> list[LineMoves]:
    placed: dict[int, int] = {}
    for each in decision.placements:
        placed[each.line_id] = placed.get(each.line_id, 0) + each.quantity
    return [
        LineMoves(
            each.line.pk,
            allocated=placed.get(each.line.pk, 0),
            backordered=decision.backordered.get(each.line.pk, 0) - each.waiting,
        )
        for each in group
    ]
