"""When deliveries fall due: months keep their day, clocks are the subscriber's."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.rules.schedule import MOST_EVERY, Rhythm, due_moment
from orders.states import RhythmUnit

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


@st.composite
def rhythms(draw):
    unit = draw(st.sampled_from(RhythmUnit.values))
    anchor = draw(days)
    return Rhythm(draw(st.integers(1, MOST_EVERY[unit])), unit, anchor, anchor.day)


def monthly(day, every=1):
    return Rhythm(every, "month", day, day.day)


def test_the_last_of_a_month_stays_the_last():
    rhythm = monthly(date(2027, 1, 31))
    assert [rhythm.turn(count) for count in range(6)] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
        date(2027, 6, 30),
    ]
    assert rhythm.after(date(2027, 2, 28)) == date(2027, 3, 31)
    assert monthly(date(2024, 2, 29), 12).turn(4) == date(2028, 2, 29)
    assert monthly(date(2024, 2, 29), 12).turn(1) == date(2025, 2, 28)


@given(rhythms(), days)
def test_the_date_after_a_day_is_the_first_one_after_it(rhythm, day):
    found = rhythm.after(day)
    count = next(n for n in range(20_000) if rhythm.turn(n) == found)
    assert found > day
    assert count == 0 or rhythm.turn(count - 1) <= day


@given(rhythms(), st.integers(0, 60))
def test_turns_follow_one_another_and_none_is_left_out(rhythm, count):
    assert rhythm.after(rhythm.turn(count)) == rhythm.turn(count + 1)


@given(rhythms(), st.integers(0, 30))
def test_months_keep_the_day_of_the_anchor_where_the_month_has_it(rhythm, count):
    day = rhythm.turn(count)
    if rhythm.unit == "month":
        is_last = (day + timedelta(days=1)).day == 1
        assert day.day == rhythm.anchor_day or (is_last and day.day < rhythm.anchor_day)
    else:
        step = rhythm.every * (7 if rhythm.unit == "week" else 1)
        assert (day - rhythm.anchor_on).days == count * step


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        (date(2027, 1, 4), "Europe/Amsterdam", datetime(2027, 1, 4, 5, tzinfo=UTC)),
        (date(2027, 7, 5), "Europe/Amsterdam", datetime(2027, 7, 5, 4, tzinfo=UTC)),
        (date(2027, 7, 5), "Asia/Tokyo", datetime(2027, 7, 4, 21, tzinfo=UTC)),
        (date(2027, 7, 5), "America/New_York", datetime(2027, 7, 5, 10, tzinfo=UTC)),
    ],
)
def test_a_delivery_is_placed_at_six_where_the_subscriber_is(day, zone, moment):
    assert due_moment(day, zone) == moment
