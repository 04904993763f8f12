"""What a service takes, to the gram, to the day and to the postal code: the rules alone."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.rules.carriage import Promise, choose
from fulfillment.rules.rates import (
    BUILT_IN,
    EVERY_DAY,
    Break,
    Destination,
    Lane,
    Origin,
    Parcel,
    Service,
    alike,
    postal_bound,
    price,
    quote,
)

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROTTERDAM = Origin(1, "NL")
ANTWERP = Destination("BE", "2000")
SHEET = [
    Break(1000, Decimal("5.00"), "EUR"),
    Break(2000, Decimal("7.50"), "EUR", per_kg=Decimal("1.25")),
]


def made(code="parcel", amount="5.00", *, days=2, **fields):
    lanes = fields.pop("lanes", (Lane((Break(10_000, Decimal(amount), "EUR"),)),))
    return Service(code, code.capitalize(), "PostNL", "postnl", days, lanes, **fields)


def asked(service, *parcels, to=ANTWERP, origin=ROTTERDAM, at=FRIDAY_NOON):
    return quote(service, origin=origin, to=to, parcels=parcels or [Parcel(500)], at=at)


def chosen(services, *, method="", deliver_by=None, currency="EUR", **fields):
    quotes = [asked(each, **fields) for each in services]
    promise = Promise(method, deliver_by)
    return choose(quotes, services=services, promise=promise, currency=currency)


@pytest.mark.parametrize(
    ("grams", "amount"),
    [
        (0, "5.00"),
        (1000, "5.00"),
        (1001, "7.50"),
        (2000, "7.50"),
        (2001, "8.75"),
        (3000, "8.75"),
        (3001, "10.00"),
    ],
)
def test_a_parcel_costs_its_break_and_begun_kilograms_above_the_last(grams, amount):
    assert price(SHEET, grams) == Decimal(amount)


def test_above_the_last_break_without_a_price_per_kilogram_nothing_is_taken():
    found = asked(made(lanes=(Lane((Break(1000, Decimal(5), "EUR"),)),)), Parcel(1001))

    assert (found.amount, found.refusal) == (None, "Takes up to 1 kg")


@given(st.integers(0, 40_000), st.integers(0, 40_000))
def test_more_weight_never_costs_less(one, other):
    light, heavy = sorted((one, other))
    assert price(SHEET, light) <= price(SHEET, heavy)


def test_each_package_is_charged_by_itself_and_fuel_comes_on_top():
    service = made(lanes=(Lane(tuple(SHEET)),), fuel_percent=Decimal("7.5"))

    found = asked(service, Parcel(900), Parcel(1500))

    assert found.amount == Decimal("13.44")  # 12.50 and 0.9375 on top, rounded half up


def test_what_takes_much_room_is_charged_as_if_it_were_heavy():
    service = made(lanes=(Lane(tuple(SHEET)),), cm3_per_kg=5000)
    large = Parcel(300, (500, 350, 250))  # 43,750 cm³ count as 8.75 kg

    assert large.billed_g(5000) == 8750
    assert asked(service, large).amount == Decimal("16.25")
    assert asked(made(lanes=(Lane(tuple(SHEET)),)), large).amount == Decimal("5.00")


@pytest.mark.parametrize(
    ("parcel", "refusal"),
    [
        (Parcel(2000, (400, 300, 200)), ""),
        (Parcel(2001), "Takes up to 2 kg"),
        (Parcel(100, (401, 10, 10)), "Takes up to 40 cm"),
    ],
)
def test_too_heavy_or_too_long_is_not_taken(parcel, refusal):
    assert asked(made(max_weight_g=2000, max_length_mm=400), parcel).refusal == refusal


def lane(amount, country="", first="", last="", **origin):
    return Lane(
        (Break(10_000, Decimal(amount), "EUR"),),
        country=country,
        first=postal_bound(first, fill="0") if first else None,
        last=postal_bound(last or first, fill="Z") if first else None,
        **origin,
    )


@pytest.mark.parametrize(
    ("country", "postal", "amount"),
    [
        ("BE", "2000", "1"),
        ("BE", "2099", "2"),
        ("BE", "29999", "3"),
        ("BE", "3000", "4"),
        ("BE", "", "4"),
        ("FR", "2000", "5"),
    ],
)
def test_the_most_exact_of_overlapping_zones_counts(country, postal, amount):
    lanes = (
        lane("5"),
        lane("4", "BE"),
        lane("3", "BE", "2", "2"),
        lane("2", "BE", "20", "20"),
        lane("1", "BE", "2000"),
    )

    found = asked(made(lanes=lanes[::-1]), to=Destination(country, postal))

    assert found.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("postal", "is_in"),
    [("10", True), ("1012 AB", True), ("19zz", True), ("1", True), ("0999", False), ("20", False)],
)
def test_ranges_of_postal_codes_are_of_their_beginnings(postal, is_in):
    found = asked(made(lanes=(lane("1", "NL", "10", "19"),)), to=Destination("NL", postal))

    assert (found.refusal == "") is is_in


def test_the_destination_counts_before_the_origin_and_a_location_before_its_country():
    here = Origin(1, "NL")
    everywhere, country = lane("3"), lane("2", origin_country="NL")
    location, to_belgium = lane("1", location_id=1), lane("9", "BE")

    assert asked(made(lanes=(everywhere, country))).amount == 2
    assert asked(made(lanes=(everywhere, country, location)), origin=here).amount == 1
    assert asked(made(lanes=(everywhere, location)), origin=Origin(2, "NL")).amount == 3
    assert asked(made(lanes=(location, to_belgium))).amount == 9


def test_the_newest_sheet_that_is_valid_counts_alone():
    old = [Break(500, Decimal(3), "EUR"), Break(1000, Decimal(5), "EUR")]
    new = Break(1000, Decimal(6), "EUR", since=date(2026, 11, 20))
    service = made(lanes=(Lane((*old, new)),))

    before = asked(service, Parcel(400), at=FRIDAY_NOON - timedelta(days=1))
    after = asked(service, Parcel(400))

    assert (before.amount, after.amount) == (3, 6)


@pytest.mark.parametrize(
    ("until", "refusal"),
    [(date(2026, 11, 20), ""), (date(2026, 11, 19), "No rate is valid today")],
)
def test_a_rate_counts_to_the_end_of_its_last_day(until, refusal):
    sheet = Break(1000, Decimal(3), "EUR", until=until)

    assert asked(made(lanes=(Lane((sheet,)),))).refusal == refusal


@pytest.mark.parametrize(
    ("at", "cutoff", "weekdays", "arrives"),
    [
        ("2026-11-19T15:00", None, EVERY_DAY, "2026-11-21"),
        ("2026-11-19T15:00", time(15), (0, 1, 2, 3, 4), "2026-11-23"),
        ("2026-11-19T15:01", time(15), (0, 1, 2, 3, 4), "2026-11-24"),
        ("2026-11-21T09:00", time(15), (0, 1, 2, 3, 4), "2026-11-25"),
    ],
)
def test_it_leaves_with_the_next_pick_up_and_travels_on_working_days(at, cutoff, weekdays, arrives):
    origin = Origin(1, "NL", "Europe/Amsterdam", cutoff)
    given_at = datetime.fromisoformat(at + "+01:00")

    found = asked(made(weekdays=weekdays), origin=origin, at=given_at)

    assert found.arrives_on == date.fromisoformat(arrives)


@pytest.mark.parametrize(
    ("method", "days", "code", "is_late"),
    [
        ("", None, "standard", False),
        ("express", None, "express", False),
        ("EXPRESS", None, "express", False),
        ("by bicycle", None, "standard", False),
        ("", 5, "standard", False),
        ("", 3, "priority", False),
        ("standard", 2, "express", False),
        ("", 0, "express", True),
    ],
)
def test_the_cheapest_that_keeps_the_promise_else_the_quickest(method, days, code, is_late):
    promised = None if days is None else FRIDAY_NOON + timedelta(days=days)

    found = chosen(BUILT_IN, method=method, deliver_by=promised)

    assert (found.best.service.code, found.is_late) == (code, is_late)


def test_a_quicker_service_that_costs_less_keeps_the_wish_too():
    slow, quick = made("slow", "5.00", days=3, methods=("standard",)), made("quick", "4.00", days=1)

    assert chosen([slow, quick], method="standard").best.service is quick


def test_every_candidate_says_what_became_of_it():
    services = [
        made("parcel", "5.00", days=2),
        made("letter", "2.00", days=9),
        made("courier", "8.20", days=1),
        made("dollars", lanes=(Lane((Break(10_000, Decimal(1), "USD"),)),), days=1),
        made("local", lanes=(lane("1", "NL"),)),
    ]

    found = chosen(services, deliver_by=FRIDAY_NOON + timedelta(days=4))

    assert {each.service.code: each.outcome for each in found.options} == {
        "parcel": "The cheapest in time",
        "letter": "Too slow",
        "courier": "3.20 EUR more",
        "dollars": "Priced in USD, not compared",
        "local": "Does not go there",
    }
    assert found.reason == "PostNL Parcel is the cheapest that keeps the promise."


def test_amounts_of_other_currencies_are_never_compared():
    euros = made("euros", "9.00")
    dollars = made("dollars", lanes=(Lane((Break(10_000, Decimal(1), "USD"),)),))

    assert chosen([euros, dollars], currency="EUR").best.service is euros
    assert chosen([euros, dollars], currency="USD").best.service is dollars
    assert chosen([dollars], currency="EUR").best.service is dollars


def test_nobody_goes_there_is_said_so():
    found = chosen([made(lanes=(lane("1", "NL"),))])

    assert (found.best, found.is_late, found.reason) == (
        None,
        False,
        "No service takes it there.",
    )


@given(st.lists(st.text("0123456789ABCZ", min_size=1, max_size=10), min_size=2, max_size=2))
def test_postal_codes_sort_as_they_are_written(codes):
    low, high = sorted(codes)
    assert postal_bound(low, fill="0") <= postal_bound(high, fill="Z")


reaches = st.builds(
    Lane,
    st.just((Break(1000, Decimal("5.00"), "EUR"),)),
    location_id=st.sampled_from([None, None, 1, 2]),
    origin_country=st.sampled_from(["", "NL", "BE"]),
    country=st.sampled_from(["", "NL", "BE"]),
    first=st.sampled_from([None, postal_bound("1", fill="0"), postal_bound("20", fill="0")]),
    last=st.just(postal_bound("2", fill="Z")),
    days=st.integers(1, 5),
)


@given(
    st.lists(reaches, max_size=8),
    st.sampled_from([Origin(1, "NL"), Origin(3, "NL"), Origin(2, ""), Origin(4, "DE")]),
    st.sampled_from([Destination("NL", "1012 AB"), Destination("BE", "2000"), Destination("FR")]),
)
def test_of_all_zones_that_lead_there_the_most_exact_one_counts(lanes, origin, to):
    postal = postal_bound(to.postal_code, fill="0")
    leading = [each for each in lanes if each.leads(origin, to, postal)]
    exact = min(leading, key=lambda each: each.width, default=None)

    assert made(lanes=tuple(lanes)).lane(origin, to) is exact


@given(st.lists(reaches, max_size=8), st.integers(1, 4), st.integers(1, 4))
def test_from_locations_that_are_alike_it_costs_and_takes_the_same(lanes, one, other):
    service = made(lanes=tuple(lanes))
    origins = [Origin(number, "NL") for number in (one, other)]
    if alike([service], origins[0]) == alike([service], origins[1]):
        assert asked(service, origin=origins[0]) == asked(service, origin=origins[1])
