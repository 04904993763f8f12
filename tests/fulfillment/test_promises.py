"""Promised days: what they rest on, how they were kept, and what will miss them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fulfillment import selectors, services
from fulfillment.models import PromisedDate, PromiseReader
from fulfillment.rules.promises import last_pickup
from fulfillment.rules.rates import Origin
from inventory.models import Location
from inventory.rules.calendar import Calendar
from oms.core import reports
from oms.core.actors import SYSTEM
from oms.messaging.services.relaying import relay
from oms.reporting.asking import asked
from orders import services as orders
from orders.adapters.native.documents import read_order
from orders.models import Order
from tests.fulfillment.rates import rate, service
from tests.fulfillment.steps import KIM, only_work_of, packed, said
from tests.fulfillment.test_rates import made

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
PAGE = "/fulfillment/late/"


@pytest.fixture
def shop(world):
    """Tea in Rotterdam, fetched at 16:00, and a parcel that takes two days."""
    world.stock("tea", rotterdam=5)
    Location.objects.filter(code="rotterdam").update(cutoff_time="16:00", time_zone="UTC")
    service("standard", days=2)
    rate("standard", "5.00")
    return world


def ordered(world, number="1", *, deliver_by=None, at=MONDAY, **units):
    body = world.order_body(number, **(units or {"tea": 1}))
    if deliver_by:
        body["promise"] = {"deliver_by": deliver_by.isoformat()}
    placed = orders.place_order(
        wanted=read_order(body), channel=world.principal("shop"), by=SYSTEM, at=at
    )
    return Order.objects.get(pk=placed.order.pk)


def noted():
    relay()
    while services.note_promises():
        pass
    rows = PromisedDate.objects.order_by("event", "nth")
    return [(each.basis, each.promised_on, each.days_late) for each in rows]


def left(order, at):
    work = packed(only_work_of(order))
    return services.ship(number=work.number, by=KIM, at=at)


@pytest.mark.parametrize(
    ("due", "calendar", "day"),
    [
        ("2026-11-27", Calendar(), "2026-11-25"),
        ("2026-11-27", Calendar((0, 1)), "2026-11-24"),
        ("2026-11-27", Calendar(closed=frozenset({date(2026, 11, 25)})), "2026-11-24"),
    ],
)
def test_work_has_to_leave_with_the_last_pick_up_that_is_in_time(due, calendar, day):
    origin = Origin(1, "NL", calendar=calendar)

    found = last_pickup(date.fromisoformat(due), made(), origin, 2)

    assert found.date() == date.fromisoformat(day)
    assert last_pickup(date.fromisoformat(due), made(), origin, 99) is None


@pytest.mark.django_db
def test_each_day_that_was_said_is_kept_with_what_it_rests_on_and_scored(shop):
    due = MONDAY + timedelta(days=4)
    order = ordered(shop, deliver_by=due)

    assert noted() == [
        ("channel", date(2026, 11, 27), None),
        ("rates", date(2026, 11, 25), None),
    ]
    expected = PromisedDate.objects.get(basis="rates")
    assert expected.leave_by == datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert (expected.location.code, expected.carrier, expected.service) == (
        "rotterdam",
        "PostNL",
        "standard",
    )
    assert expected.said.endswith("2 working days, handed over by 16:00")

    parcel = left(order, datetime(2026, 11, 24, 15, tzinfo=UTC))
    assert noted()[2] == ("parcel", date(2026, 11, 26), None)
    assert not PromisedDate.objects.filter(is_open=True).exists()
    said(parcel, "delivered", at=datetime(2026, 11, 28, 9, tzinfo=UTC))

    assert noted() == [
        ("channel", date(2026, 11, 27), 1),
        ("rates", date(2026, 11, 25), 3),
        ("parcel", date(2026, 11, 26), 2),
    ]
    found = reports.figures("promises", asked("promises", {"by": "basis"}))
    measures = ("key", "promises", "in_time", "early", "late", "days")
    assert sorted(tuple(row[name] for name in measures) for row in found) == [
        ("channel", 1, Decimal("0.0000"), 0, 1, Decimal("1.0")),
        ("parcel", 1, Decimal("0.0000"), 0, 1, Decimal("2.0")),
        ("rates", 1, Decimal("0.0000"), 0, 1, Decimal("3.0")),
    ]


@pytest.mark.django_db
def test_a_feed_that_is_read_twice_notes_nothing_twice(shop):
    ordered(shop, deliver_by=MONDAY + timedelta(days=4))
    first = noted()

    PromiseReader.objects.update(sequence=0)

    assert noted() == first


@pytest.mark.django_db
def test_without_a_day_of_the_channel_the_first_that_was_expected_is_to_be_kept(shop):
    ordered(shop)
    noted()

    [row] = PromisedDate.objects.all()
    assert (row.promised_on, row.leave_by) == (
        date(2026, 11, 25),
        datetime(2026, 11, 23, 16, tzinfo=UTC),
    )


@pytest.mark.django_db
def test_work_that_moved_is_the_business_of_where_it_is_now(shop):
    work = only_work_of(ordered(shop))
    noted()
    shop.stock("tea", antwerp=5)
    Location.objects.filter(code="antwerp").update(cutoff_time="11:00", time_zone="UTC")
    rotterdam, antwerp = (Location.objects.get(code=each) for each in ("rotterdam", "antwerp"))

    services.move_work(number=work.number, location="antwerp", by=KIM, at=MONDAY)
    noted()

    assert not selectors.at_risk([rotterdam.pk], at=MONDAY).exists()
    [row] = selectors.at_risk([antwerp.pk], at=MONDAY)
    assert (row.location, row.promised_on) == (antwerp, date(2026, 11, 25))
    assert row.leave_by == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert PromisedDate.objects.filter(location=rotterdam, is_open=False).count() == 1


@pytest.mark.django_db
def test_work_is_late_soon_a_day_before_it_has_to_leave_until_it_left(shop):
    order = ordered(shop, deliver_by=MONDAY + timedelta(days=4))
    noted()
    has_to_leave = datetime(2026, 11, 25, 16, tzinfo=UTC)

    assert not selectors.at_risk(None, at=has_to_leave - timedelta(days=1, minutes=1)).exists()
    [row] = selectors.at_risk(None, at=has_to_leave - timedelta(hours=23))
    assert row.order == order
    assert not selectors.at_risk([], at=has_to_leave).exists()
    left(order, has_to_leave)
    noted()

    assert not selectors.at_risk(None, at=has_to_leave).exists()


@pytest.mark.django_db
def test_an_order_whose_units_nobody_expects_in_time_is_told_of(shop):
    order = ordered(shop, deliver_by=timezone.now() + timedelta(days=3), tea=7)
    ordered(shop, "2", tea=7)

    waiting = selectors.orders_that_wait()
    [found] = selectors.waits_too_long(waiting, at=timezone.now())

    assert (found.order, found.expected_on) == (order.number, None)
    page = shop.browser(shop.user("kim", role="operations")).get(f"{PAGE}?view=waiting")
    assert order.number in page.content.decode()
    assert "nobody knows yet" in page.content.decode()


@pytest.mark.django_db
def test_the_page_says_what_to_do_next_and_takes_the_same_queries(shop, django_assert_num_queries):
    page = shop.browser(shop.user("kim", role="operations"))
    past = timezone.now() - timedelta(days=9)
    assert "Everything is in time" in page.get(PAGE).content.decode()
    ordered(shop, "1", at=past)
    noted()
    shown = page.get(PAGE).content.decode()
    assert "Too late" in shown
    assert "Release it" in shown

    with django_assert_num_queries(17):
        page.get(PAGE)
    ordered(shop, "2", at=past)
    ordered(shop, "3", at=past)
    noted()
    with django_assert_num_queries(17):
        page.get(PAGE)


@pytest.mark.django_db
def test_who_works_elsewhere_sees_nothing_of_it_and_strangers_are_kept_out(shop):
    ordered(shop, at=timezone.now() - timedelta(days=9))
    noted()
    shop.stock("tea", antwerp=1)
    elsewhere = shop.browser(shop.user("ann", role="warehouse", at=["antwerp"]))

    assert "Everything is in time" in elsewhere.get(PAGE).content.decode()
    assert shop.browser(shop.user("bob")).get(PAGE).status_code == 403
