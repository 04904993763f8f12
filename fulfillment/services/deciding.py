"""What the rules say of units that go to one address, measured now, and how that is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from fulfillment.models import SourcingDecision
from fulfillment.rules.carriage import Promise
from fulfillment.rules.costing import POINTS, Candidate, Measures
from fulfillment.rules.explaining import Judged
from fulfillment.rules.routing import BUILT_IN, Asked, RuleBook
from fulfillment.rules.sourcing import Demand, Plan, decide
from fulfillment.selectors.measuring import Measured
from fulfillment.services.drawing import Free
from fulfillment.services.goals import Goal
from inventory.selectors import ServingLocation, serving_locations
from oms.channels.selectors import slug_of
from oms.core.geo import Position, distance_km, locate
from oms.core.rows import new
from orders.models import Order

M = TypeVar("M", bound=Measured)


def decide_for(
    order: Order,
    goal: Goal,
    places: Sequence[ServingLocation],
    free: Free,
    grams: Mapping[int, int] | None,
    at: datetime,
    *,
    book: RuleBook,
    may_park: bool,
    measures: Measures | None = None,
) -> tuple[Plan, Position | None]:
    """Return what the rules say of units that go one way, and how well it is known where to. What
    is collected is served where that is, whatever the rules say. `measures` are those of another
    time than now."""
    ship_to = goal.ship_to
    target = locate(
        country=ship_to.country,
        postal_code=ship_to.postal_code,
        city=ship_to.city,
        latitude=ship_to.latitude,
        longitude=ship_to.longitude,
    )
    stock: dict[int, dict[int, int]] = {}
    for (location_id, sku_id), each in free.items():
        stock.setdefault(location_id, {})[sku_id] = each.available
    if measures is None:
        measures = measured(order, goal, places, grams, at, Measured)
    decision = decide(
        book=BUILT_IN if goal.at is not None else book,
        asked=_asked(order, goal, at),
        demands=[
            Demand(
                each.line.pk,
                each.line.stock_id,
                each.quantity,
                int(each.line.unit_price * POINTS),
                each.line.sku_code,
            )
            for each in goal.units
        ],
        candidates=[
            Candidate(
                place.pk,
                place.name,
                distance_km(place.position, target),
                stock.get(place.pk, {}),
                place.code,
                place.kind,
            )
            for place in places
        ],
        measures=measures,
        may_park=may_park,
    )
    if goal.at is not None:
        names = " ".join(place.name for place in places) or "a location that serves no more"
        decision = replace(decision, reason=f"Collected at {names}. {decision.reason}")
    return decision, target


def measured(
    order: Order,
    goal: Goal,
    places: Sequence[ServingLocation],
    grams: Mapping[int, int] | None,
    at: datetime,
    by: Callable[..., M],
) -> M:
    """Return what can be measured of `places` for units that go one way."""
    return by(
        places,
        ship_to=goal.ship_to,
        promise=Promise(goal.service, order.deliver_by),
        currency=order.currency,
        channel_id=order.channel_id,
        sku_ids=[each.line.stock_id for each in goal.units],
        grams=grams,
        at=at,
    )


def _asked(order: Order, goal: Goal, at: datetime) -> Asked:
    days = (order.deliver_by - at) / timedelta(days=1) if order.deliver_by else None
    return Asked(
        channel=slug_of(order.channel_id),
        service=goal.service,
        tags=order.tags,
        country=goal.ship_to.country,
        postal_code=goal.ship_to.postal_code,
        priority=order.priority,
        value=order.total_amount,
        currency=order.currency,
        days=days,
    )


def explanation(
    order: Order,
    goal: Goal,
    decision: Plan,
    position: Position | None,
    version: int,
    at: datetime,
) -> SourcingDecision:
    """Return the row that keeps a decision on the rules of `version`."""
    places = {place.pk: place for place in serving_locations()}
    return new(
        SourcingDecision,
        order_id=order.pk,
        ship_to=goal.ship_to if goal.is_own else None,
        reason=decision.reason[:300],
        position_level=position.level if position else "",
        latitude=position.latitude if position else None,
        longitude=position.longitude if position else None,
        candidates=[
            _in_words(each, places[each.candidate.location_id]) for each in decision.judged
        ],
        left_out=len(decision.looked_at) - len(decision.judged),
        rules_version=version,
        routing=decision.routing,
        step=decision.step,
        how=decision.how,
        is_proven=decision.is_proven,
        decided_at=at,
    )


def _in_words(each: Judged, place: ServingLocation) -> dict[str, object]:
    """A candidate as the decision keeps it."""
    far = each.candidate.distance_km
    return {
        "location": place.code,
        "name": place.name,
        "latitude": place.position.latitude if place.position else None,
        "longitude": place.position.longitude if place.position else None,
        "distance_km": None if far is None else round(far, 1),
        "freight": each.freight and each.freight.words,
        "serves": each.serves,
        "of": each.of,
        "chosen": each.is_chosen,
        "outcome": each.outcome,
        "cost": each.cost,
        "terms": each.terms,
        "needs": each.needs,
    }
