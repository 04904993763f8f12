"""Which location serves what: the rule alone."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.rules.costing import Candidate
from fulfillment.rules.routing import BUILT_IN, Asked
from fulfillment.rules.sourcing import Demand, decide
from tests.fulfillment.measures import Nothing

TEA, CUP = 1, 2


def plan(demands, candidates):
    return decide(
        book=BUILT_IN,
        asked=Asked(),
        demands=demands,
        candidates=candidates,
        measures=Nothing(),
    )


def near(name, km, **free):
    stock = {{"tea": TEA, "cup": CUP}[sku]: units for sku, units in free.items()}
    return Candidate(location_id=len(name), name=name, distance_km=km, free=stock)


def placed(decision):
    return [(each.location_id, each.sku_id, each.quantity) for each in decision.placements]


def test_the_closest_location_that_has_everything_serves():
    ghent, leipzig = near("Ghent", 52.0, tea=1), near("Leipzig", 612.0, tea=5)

    decision = plan([Demand(1, TEA, 2)], [leipzig, ghent])

    assert placed(decision) == [(7, TEA, 2)]
    assert decision.reason == "Leipzig is the closest location that has all 2 units: 612 km."
    assert [each.outcome for each in decision.judged] == ["Has 1 of 2 units", "Chosen"]


def test_a_closer_location_that_has_everything_wins_and_the_farther_is_told_why():
    decision = plan(
        [Demand(1, TEA, 1)], [near("Leipzig", 612.0, tea=5), near("Ghent", 52.0, tea=1)]
    )

    assert [(each.candidate.name, each.outcome) for each in decision.judged] == [
        ("Ghent", "Chosen"),
        ("Leipzig", "Farther: 612 km"),
    ]


def test_the_fewest_locations_that_together_have_all_share_the_order():
    decision = plan(
        [Demand(1, TEA, 4), Demand(2, CUP, 2)],
        [
            near("Ab", 10.0, tea=1),
            near("Abc", 20.0, tea=1),
            near("Abcd", 30.0, tea=3, cup=2),
            near("Abcde", 40.0, tea=1),
        ],
    )

    assert placed(decision) == [(2, TEA, 1), (4, TEA, 3), (4, CUP, 2)]
    assert decision.backordered == {}
    assert decision.reason == (
        "No single location has all 6 units; Ab and Abcd together have them."
    )


def test_what_nobody_has_waits_and_the_rest_is_served():
    decision = plan([Demand(1, TEA, 5)], [near("Ghent", 52.0, tea=2)])

    assert placed(decision) == [(5, TEA, 2)]
    assert decision.backordered == {1: 3}
    assert decision.reason == "Ghent can send 2 of 5 units; nobody has the other 3."


def test_nothing_anywhere_is_said_so():
    decision = plan([Demand(1, TEA, 5)], [near("Ghent", 52.0)])

    assert decision.backordered == {1: 5}
    assert decision.reason == "No location has any of the 5 units: everything waits for stock."
    assert decision.judged[0].outcome == "Has none of it"


def test_an_unknown_distance_serves_last():
    decision = plan([Demand(1, TEA, 1)], [near("Ab", None, tea=9), near("Ghent", 5000.0, tea=9)])

    assert placed(decision) == [(5, TEA, 1)]


skus = st.integers(1, 3)
demands = st.lists(st.tuples(skus, st.integers(1, 20)), max_size=6).map(
    lambda rows: [Demand(n, *row) for n, row in enumerate(rows)]
)
places = st.lists(
    st.tuples(st.floats(0, 9000), st.dictionaries(skus, st.integers(-3, 20))), max_size=12
).map(lambda rows: [Candidate(n, f"L{n}", km, free) for n, (km, free) in enumerate(rows)])


@given(demands, places)
def test_every_unit_is_placed_once_or_waits_and_nothing_is_promised_twice(wanted, candidates):
    decision = plan(wanted, candidates)

    served = Counter(decision.backordered)
    taken = Counter()
    for each in decision.placements:
        served[each.line_id] += each.quantity
        taken[each.location_id, each.sku_id] += each.quantity
    assert +served == Counter({each.line_id: each.quantity for each in wanted})
    free = {each.location_id: each.free for each in candidates}
    assert all(units <= free[place].get(sku, 0) for (place, sku), units in taken.items())


@given(demands, places)
def test_no_unit_waits_while_somebody_has_it(wanted, candidates):
    decision = plan(wanted, candidates)

    there = Counter()
    for each in candidates:
        there.update({sku: max(0, units) for sku, units in each.free.items()})
    asked = Counter()
    waiting = Counter()
    for each in wanted:
        asked[each.sku_id] += each.quantity
        waiting[each.sku_id] += decision.backordered.get(each.line_id, 0)
    assert all(waiting[sku] == max(0, asked[sku] - there[sku]) for sku in asked)
