"""On which days a location works, and what follows for the days that are told."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from fulfillment.rules.cutoff import leave_by
from fulfillment.rules.rates import Origin
from inventory.models import Location
from inventory.rules.calendar import Calendar
from inventory.selectors import serving_locations
from tests.fulfillment.test_rates import asked, made

FRIDAY = date(2026, 11, 27)
WEEK = Calendar((0, 1, 2, 3, 4), frozenset({date(2026, 11, 30)}))
PAGE = "/inventory/locations/"


def test_the_next_open_day_passes_over_the_weekend_and_days_off():
    assert WEEK.open_from(FRIDAY) == FRIDAY
    assert WEEK.open_from(FRIDAY + timedelta(days=1)) == date(2026, 12, 1)
    assert WEEK.open_from(FRIDAY, carried=(2,)) == date(2026, 12, 2)
    assert Calendar(()).open_from(FRIDAY) == FRIDAY


def test_work_leaves_with_the_first_cut_off_of_a_day_on_which_its_location_works():
    late = datetime(2026, 11, 27, 17, tzinfo=UTC)

    assert leave_by(late, time(16), "UTC") == datetime(2026, 11, 28, 16, tzinfo=UTC)
    assert leave_by(late, time(16), "UTC", WEEK) == datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert leave_by(late, time(18), "UTC", WEEK) == datetime(2026, 11, 27, 18, tzinfo=UTC)


def test_a_parcel_is_fetched_when_its_location_works_and_travels_when_its_carrier_does():
    at = datetime(2026, 11, 28, 9, tzinfo=UTC)
    every_day = asked(made(), origin=Origin(1, "NL"), at=at)
    week = asked(made(), origin=Origin(1, "NL", calendar=WEEK), at=at)

    assert every_day.arrives_on == date(2026, 11, 30)
    assert week.arrives_on == date(2026, 12, 3)


@pytest.mark.django_db
def test_when_and_how_much_a_location_works_is_set_by_staff_and_every_day_follows(world):
    world.stock("tea", rotterdam=5)
    page = world.browser(world.user("kim", role="operations"))

    answer = page.post(
        f"{PAGE}rotterdam/",
        {
            "weekdays": ["0", "1", "2"],
            "closed_on": "2026-12-25\n2026-12-26, 2026-12-25",
            "cutoff_time": "14:30",
            "daily_capacity": "40",
        },
    )

    assert answer.status_code == 302
    place = Location.objects.get(code="rotterdam")
    assert place.weekdays == [0, 1, 2]
    assert place.closed_on == [date(2026, 12, 25), date(2026, 12, 26)]
    [serving] = serving_locations()
    assert serving.calendar == Calendar((0, 1, 2), frozenset(place.closed_on))
    assert (serving.cutoff_time, serving.daily_capacity) == (time(14, 30), 40)
    assert "every day" not in page.get(PAGE).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("said", [{"closed_on": ""}, {"weekdays": "0", "closed_on": "Christmas"}])
def test_no_day_at_all_and_words_that_are_no_days_are_refused(world, said):
    world.stock("tea", rotterdam=5)
    page = world.browser(world.user("kim", role="operations"))

    assert page.post(f"{PAGE}rotterdam/", said).status_code == 422
    assert Location.objects.get(code="rotterdam").weekdays == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.django_db
def test_who_works_at_one_location_sees_it_alone_and_sets_no_days(world):
    world.stock("tea", rotterdam=5, antwerp=1)
    page = world.browser(world.user("ann", role="warehouse", at=["antwerp"]))

    shown = page.get(PAGE).content.decode()

    assert "Antwerp" in shown
    assert "Rotterdam" not in shown
    assert page.get(f"{PAGE}antwerp/").status_code == 403


@pytest.mark.django_db
def test_the_list_takes_the_same_queries_for_one_location_and_for_three(
    world, django_assert_num_queries
):
    page = world.browser(world.user("kim", role="operations"))
    world.stock("tea", rotterdam=1)
    page.get(PAGE)
    with django_assert_num_queries(17):
        page.get(PAGE)
    world.stock("tea", antwerp=1, ghent=1)
    with django_assert_num_queries(17):
        page.get(PAGE)
