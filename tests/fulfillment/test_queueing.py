"""The rule of the queue: who gets what of what is there, by policy."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fulfillment.rules.queueing import Coming, Waiter, deal, foresee, in_order, shared
from fulfillment.states import QueueRule

START = datetime(2026, 11, 1, tzinfo=UTC)
TEA, CUP = 1, 2
ROTTERDAM, NEWARK = 10, 20


def waiter(order, units, *, sku=TEA, channel=1, priority=0, held=False, day=None):
    return Waiter(
        line_id=order * 10 + sku,
        order_id=order,
        sku_id=sku,
        channel_id=channel,
        units=units,
        placed_at=START + timedelta(days=order if day is None else day),
        priority=priority,
        is_held=held,
    )


def anywhere(_):
    return (ROTTERDAM, NEWARK)


def dealt(waiters, rule=QueueRule.FIRST_IN, reach=anywhere, **pool):
    there = {(ROTTERDAM, TEA): pool.get("rotterdam", 0), (NEWARK, TEA): pool.get("newark", 0)}
    rules = {TEA: rule, CUP: pool.get("cup_rule", rule)}
    there |= {(ROTTERDAM, CUP): pool.get("cups", 0)}
    got = Counter()
    for each in deal(waiters, there, rules, reach):
        got[each.waiter.order_id, each.waiter.sku_id] += each.units
    return dict(got)


def test_the_first_in_is_served_first():
    assert dealt([waiter(2, 4), waiter(1, 3)], rotterdam=5) == {(1, TEA): 3, (2, TEA): 2}


def test_priority_goes_before_age():
    queue = [waiter(1, 3), waiter(2, 4, priority=5)]
    assert dealt(queue, QueueRule.PRIORITY, rotterdam=5) == {(2, TEA): 4, (1, TEA): 1}


def test_one_who_is_held_is_passed_over_and_keeps_the_place():
    queue = [waiter(1, 3, held=True), waiter(2, 3)]
    assert dealt(queue, rotterdam=3) == {(2, TEA): 3}
    assert [each.order_id for each in in_order(queue, QueueRule.FIRST_IN)] == [1, 2]


def test_an_order_that_must_be_complete_gets_all_or_nothing():
    queue = [waiter(1, 4), waiter(1, 1, sku=CUP), waiter(2, 3)]
    whole = QueueRule.SHIP_COMPLETE
    assert dealt(queue, whole, rotterdam=3) == {(2, TEA): 3}
    assert dealt(queue, whole, rotterdam=4) == {(2, TEA): 3}
    assert dealt(queue, whole, rotterdam=4, cups=1) == {(1, TEA): 4, (1, CUP): 1}


def test_what_must_be_complete_waits_for_the_other_kinds_of_line_as_well():
    queue = [waiter(1, 2), waiter(1, 2, sku=CUP)]
    asked = {"rule": QueueRule.SHIP_COMPLETE, "cup_rule": QueueRule.FIRST_IN, "rotterdam": 2}
    assert dealt(queue, **asked, cups=1) == {(1, CUP): 1}
    assert dealt(queue, **asked, cups=2) == {(1, CUP): 2, (1, TEA): 2}


def test_channels_share_in_proportion_and_the_first_in_of_each_comes_first():
    queue = [waiter(n, 2, channel=1) for n in range(1, 5)] + [waiter(9, 4, channel=2)]
    assert dealt(queue, QueueRule.FAIR_SHARE, rotterdam=6) == {
        (1, TEA): 2,
        (2, TEA): 2,
        (9, TEA): 2,
    }
    ordered = in_order(queue, QueueRule.FAIR_SHARE)
    assert [each.order_id for each in ordered] == [1, 2, 3, 4, 9]


def test_units_go_only_where_they_reach():
    queue = [waiter(1, 2), waiter(2, 2)]
    only = {1: (ROTTERDAM,), 2: (NEWARK, ROTTERDAM)}
    found = dealt(queue, newark=3, reach=lambda each: only[each.order_id])
    assert found == {(2, TEA): 2}


def test_units_come_from_one_location_where_one_has_them_all():
    [given_] = deal(
        [waiter(1, 3)],
        {(ROTTERDAM, TEA): 2, (NEWARK, TEA): 3},
        {TEA: QueueRule.FIRST_IN},
        anywhere,
    )
    assert (given_.location_id, given_.units) == (NEWARK, 3)


def test_shares_are_rounded_by_the_largest_remainder():
    assert shared(10, {1: 1, 2: 1, 3: 1}) == {1: 1, 2: 1, 3: 1}
    assert shared(2, {1: 1, 2: 1, 3: 1}) == {1: 1, 2: 1, 3: 0}
    assert shared(7, {1: 10, 2: 5}) == {1: 5, 2: 2}


def test_what_comes_is_foreseen_arrival_by_arrival():
    day = date(2026, 12, 4)
    told = foresee(
        [waiter(1, 3), waiter(2, 4)],
        {(ROTTERDAM, TEA): -1},
        [
            Coming(ROTTERDAM, TEA, 5, None, "RO-2"),
            Coming(ROTTERDAM, TEA, 5, day, "RO-1"),
        ],
        {TEA: QueueRule.FIRST_IN},
        anywhere,
    )
    assert [(each.waiter.order_id, each.units, each.on, each.number) for each in told] == [
        (1, 3, day, "RO-1"),
        (2, 1, day, "RO-1"),
        (2, 3, None, "RO-2"),
    ]


waiters = st.lists(
    st.builds(
        lambda order, **rest: (order, rest),
        st.integers(1, 6),
        units=st.integers(1, 6),
        sku=st.sampled_from([TEA, CUP]),
        channel=st.integers(1, 3),
        priority=st.integers(0, 2),
        held=st.booleans(),
    ),
    max_size=10,
    unique_by=lambda each: (each[0], each[1]["sku"]),
).map(lambda found: [waiter(order, **rest) for order, rest in _one_kind(found)])
rules_of = st.fixed_dictionaries({TEA: st.sampled_from(QueueRule), CUP: st.sampled_from(QueueRule)})
pools = st.dictionaries(
    st.tuples(st.sampled_from([ROTTERDAM, NEWARK]), st.sampled_from([TEA, CUP])),
    st.integers(-2, 12),
)


def _one_kind(found):
    """Lines of one order have its channel, its priority and its holds."""
    first = {}
    for order, rest in found:
        kept = first.setdefault(order, rest)
        yield order, {**rest, **{key: kept[key] for key in ("channel", "priority", "held")}}


def reaching(each):
    return {0: (ROTTERDAM,), 1: (NEWARK, ROTTERDAM), 2: (NEWARK,)}[each.order_id % 3]


@given(waiters, pools, rules_of)
def test_nobody_gets_what_is_not_there_not_wanted_or_out_of_reach(waiters, pool, rules):
    got, taken = Counter(), Counter()
    for each in deal(waiters, pool, rules, reaching):
        assert each.units > 0
        assert each.location_id in reaching(each.waiter)
        assert not each.waiter.is_held
        got[each.waiter.line_id] += each.units
        taken[each.location_id, each.waiter.sku_id] += each.units
    assert all(got[each.line_id] <= each.units for each in waiters)
    assert all(units <= max(0, pool.get(key, 0)) for key, units in taken.items())


@given(waiters, pools, rules_of)
def test_no_unit_lies_idle_that_somebody_may_have_and_no_order_is_half_complete(
    waiters, pool, rules
):
    got, left = Counter(), Counter({key: max(0, units) for key, units in pool.items()})
    for each in deal(waiters, pool, rules, reaching):
        got[each.waiter.line_id] += each.units
        left[each.location_id, each.waiter.sku_id] -= each.units
    for each in waiters:
        if each.is_held:
            continue
        if rules[each.sku_id] == QueueRule.SHIP_COMPLETE:
            if got[each.line_id]:
                order = [one for one in waiters if one.order_id == each.order_id]
                assert all(got[one.line_id] == one.units for one in order)
        elif got[each.line_id] < each.units:
            assert not any(left[place, each.sku_id] for place in reaching(each))


@given(waiters, pools, st.sampled_from([QueueRule.FIRST_IN, QueueRule.PRIORITY]))
def test_nobody_gets_a_unit_before_somebody_ahead_who_could_have_it(waiters, pool, rule):
    given_to = deal(waiters, pool, dict.fromkeys((TEA, CUP), rule), reaching)
    got = Counter()
    for each in given_to:
        got[each.waiter.line_id] += each.units
    for sku in (TEA, CUP):
        queue = in_order([one for one in waiters if one.sku_id == sku], rule)
        for at, ahead in enumerate(queue):
            if ahead.is_held or got[ahead.line_id] == ahead.units:
                continue
            behind = {one.line_id for one in queue[at + 1 :]}
            assert not any(
                each.waiter.line_id in behind and each.location_id in reaching(ahead)
                for each in given_to
            )


@given(waiters, st.integers(0, 40))
def test_every_channel_gets_its_share_within_a_unit(waiters, units):
    waiters = [each for each in waiters if each.sku_id == TEA and not each.is_held]
    wanted, got = Counter(), Counter()
    for each in waiters:
        wanted[each.channel_id] += each.units
    pool = {(ROTTERDAM, TEA): units}
    for each in deal(waiters, pool, {TEA: QueueRule.FAIR_SHARE}, lambda _: (ROTTERDAM,)):
        got[each.waiter.channel_id] += each.units
    total = sum(wanted.values())
    assert sum(got.values()) == min(units, total)
    for channel, share in wanted.items():
        assert abs(got[channel] - min(share, units * share / total)) < 1


@given(waiters, pools, st.lists(st.integers(1, 5), max_size=3), rules_of)
def test_what_is_foreseen_is_what_would_be_dealt(waiters, pool, arrivals, rules):
    coming = [
        Coming(ROTTERDAM, TEA, units, date(2026, 12, 1 + n), f"RO-{n}")
        for n, units in enumerate(arrivals)
    ]
    told = foresee(waiters, pool, coming, rules, reaching)
    left = {each.line_id: each for each in waiters}
    there = dict(pool)
    for each in coming:
        there[ROTTERDAM, TEA] = there.get((ROTTERDAM, TEA), 0) + each.units
        now = deal(left.values(), there, rules, reaching)
        foreseen_now = [one for one in told if one.number == each.number]
        assert [(one.waiter.line_id, one.location_id, one.units) for one in now] == [
            (one.waiter.line_id, one.location_id, one.units) for one in foreseen_now
        ]
        for one in now:
            there[one.location_id, one.waiter.sku_id] -= one.units
            kept = left[one.waiter.line_id]
            left[kept.line_id] = type(kept)(**{**vars(kept), "units": kept.units - one.units})
