"""A decision in words: why these locations, and what would have to change for another to win."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from fulfillment.rules.costing import POINTS, UNKNOWN, Candidate, Freight, Scale, Units
from fulfillment.rules.covering import Cover
from fulfillment.rules.routing import Step
from oms.core.money import text


class Try(NamedTuple):
    """What one step came to: its cover, what it was asked for, what was free for it where, and
    which locations were not asked, with what would let them be."""

    step: Step
    scale: Scale
    cover: Cover
    wanted: Units
    free: Mapping[int, Units]
    out: Mapping[int, tuple[str, str]]
    grams: Units
    skus: Mapping[int, str]

    def weight(self, units: Units) -> int:
        return sum(self.grams[sku] * count for sku, count in units.items())

    def serves(self, location_id: int) -> int:
        """How many of the wanted units a location has for this step."""
        free = self.free.get(location_id, {})
        return sum(max(0, min(count, free.get(sku, 0))) for sku, count in self.wanted.items())


class Judged(NamedTuple):
    """A candidate, what it could have served, and what became of it in words.

    `cost` is what it costs in the step's weights, `terms` what that consists of: for its part where
    it is chosen, else as if it had all; both empty where only the way decides. `needs` is what
    would have to change for it to win.
    """

    candidate: Candidate
    serves: int
    of: int
    is_chosen: bool
    outcome: str
    freight: Freight | None = None
    cost: str = ""
    terms: Mapping[str, str] = {}
    needs: str = ""


def judge(
    tried: Try,
    chosen: Sequence[Candidate],
    parts: Mapping[int, Units],
    near: Sequence[Candidate],
    most: int,
) -> list[Judged]:
    """Return what became of the chosen ones and the nearest others, `most` in all, by distance."""
    told = {each.location_id for each in chosen}
    for each in near:
        if len(told) >= most:
            break
        told.add(each.location_id)
    won = sum(
        sum(tried.scale.terms(each, parts[each.location_id], _weight(tried, parts, each)).values())
        for each in chosen
    ) + tried.scale.split * max(0, len(chosen) - 1)
    return [_judged(tried, each, chosen, parts, won) for each in near if each.location_id in told]


def _weight(tried: Try, parts: Mapping[int, Units], each: Candidate) -> int:
    return sum(tried.grams.get(sku, 0) * count for sku, count in parts[each.location_id].items())


def _judged(
    tried: Try,
    each: Candidate,
    chosen: Sequence[Candidate],
    parts: Mapping[int, Units],
    won: int,
) -> Judged:
    serves, of = tried.serves(each.location_id), sum(tried.wanted.values())
    is_chosen = each in chosen
    units = parts[each.location_id] if is_chosen else tried.wanted
    weight = _weight(tried, parts, each) if is_chosen else tried.weight(tried.wanted)
    is_asked = is_chosen or (each.location_id not in tried.out and serves > 0)
    terms = tried.scale.terms(each, units, weight) if is_asked else {}
    freight = None
    if is_asked and tried.scale.asks_freight:
        freight = tried.scale.freight(each.location_id, weight)
    outcome, needs = "", ""
    if is_chosen:
        outcome = "Chosen" if len(chosen) == 1 else "Chosen, together with others"
    elif each.location_id in tried.out:
        outcome, needs = tried.out[each.location_id]
    elif not serves:
        outcome, needs = "Has none of it", _lacking(tried, each)
    elif serves < of:
        outcome, needs = f"Has {serves} of {of} units", _lacking(tried, each)
        if chosen and (more := _cheaper(tried, each, chosen, sum(terms.values()) - won)):
            needs += f", and {more}"
    else:
        outcome = _why_dearer(tried, each, chosen, freight, sum(terms.values()) - won)
        needs = _cheaper(tried, each, chosen, sum(terms.values()) - won)
    cost, told = _told(terms, tried.scale) if terms else ("", {})
    return Judged(each, serves, of, is_chosen, outcome, freight, cost, told, needs)


def _told(terms: Mapping[str, int], scale: Scale) -> tuple[str, Mapping[str, str]]:
    if scale.is_way_alone:
        return "", {}
    told = {name: amount(points, scale) for name, points in terms.items()}
    if terms.get("freight") == UNKNOWN:
        return "", {**told, "freight": ""}
    return amount(sum(terms.values()), scale), told


def _lacking(tried: Try, each: Candidate) -> str:
    free = tried.free.get(each.location_id, {})
    lacks = [
        (count - max(0, free.get(sku, 0)), tried.skus.get(sku) or "it")
        for sku, count in tried.wanted.items()
        if free.get(sku, 0) < count
    ]
    said = ", ".join(f"{units} more of {sku}" for units, sku in lacks[:3])
    return said + (f" and of {len(lacks) - 3} others" if len(lacks) > 3 else "")


def _why_dearer(
    tried: Try,
    each: Candidate,
    chosen: Sequence[Candidate],
    freight: Freight | None,
    more: int,
) -> str:
    if freight is not None and freight.is_late and tried.scale.weights.late:
        return "Would arrive too late"
    if tried.scale.asks_freight and freight is None:
        return "Nobody knows the freight"
    if tried.scale.is_way_alone and len(chosen) == 1:
        if each.distance_km is None:
            return "Nobody knows how far it is"
        return f"Farther: {each.distance_km:,.0f} km"
    if more > 0:
        return f"Dearer by {amount(more, tried.scale)}"
    return "As good, but farther"


def _cheaper(tried: Try, each: Candidate, chosen: Sequence[Candidate], more: int) -> str:
    """What would make up for what it costs more."""
    if tried.scale.is_way_alone and len(chosen) == 1 and more < UNKNOWN:
        [only] = chosen
        if each.distance_km is None or only.distance_km is None:
            return "a known position"
        closer = each.distance_km - only.distance_km
        return f"{closer:,.0f} km closer" if closer > 0 else ""
    if more >= UNKNOWN:
        return "a rate from there to the address"
    return f"{amount(more, tried.scale)} less" if more > 0 else ""


def amount(points: int, scale: Scale) -> str:
    currency = scale.measures.currency
    return f"{text(Decimal(points) / POINTS, currency)} {currency}"


def reason(
    tries: Sequence[Try],
    chosen: Sequence[Candidate],
    near: Sequence[Candidate],
    *,
    units: int,
    left: int,
    is_parked: bool,
) -> str:
    """Return why these locations serve, in a sentence or two."""
    rest = "it is parked for a person" if is_parked else "it waits for stock"
    what = "the unit" if units == 1 else f"all {units} units"
    if not near:
        return "No location serves orders yet: everything waits."
    if not chosen:
        if is_parked and not any(each.free for each in tries):
            return "Orders like this are parked for a person."
        if units == 1:
            return f"No location has the unit: {rest}."
        rest = rest.replace("it ", "everything ")
        return f"No location has any of the {units} units: {rest}."
    names = _listed([each.name for each in chosen])
    unproven = (
        ""
        if all(each.cover.is_proven for each in tries)
        else (" It is the best that was found in time; there may be a cheaper one.")
    )
    if left:
        nobody = "nobody has"
        if any(each.out for each in tries):
            nobody = "no location that is asked has"
        parked = " They are parked for a person." if is_parked else ""
        return (
            f"{names} can send {units - left} of {units} units; {nobody} the other {left}."
            f"{parked}{unproven}"
        )
    decisive = next(each for each in tries if each.cover.parts)
    whole = [each for each in near if decisive.serves(each.location_id) == units]
    if len(chosen) > 1:
        if whole:
            return f"{names} together cost less than any single location.{unproven}"
        return f"No single location has {what}; {names} together have them.{unproven}"
    return _single(decisive, chosen[0], whole, what) + unproven


def _single(tried: Try, only: Candidate, whole: Sequence[Candidate], what: str) -> str:
    closest = whole[0] if whole else only
    if closest is not only:
        freight = None
        if tried.scale.asks_freight:
            freight = tried.scale.freight(only.location_id, tried.weight(tried.wanted))
        if tried.scale.is_way_alone and freight is not None:
            return (
                f"{only.name} is the closest location that has {what} and keeps the promise: "
                f"{only.distance_km or 0:,.0f} km; {closest.name} is closer."
            )
        cost = amount(tried.cover.cost, tried.scale)
        if freight is not None:
            cost = f"{freight.words} with {freight.service}"
        return (
            f"{only.name} is the cheapest location that has {what}: {cost}; "
            f"{closest.name} is closer."
        )
    if only.distance_km is None:
        return f"{only.name} has {what}; how far it is is not known."
    return f"{only.name} is the closest location that has {what}: {only.distance_km:,.0f} km."


def _listed(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
