"""Subscriptions: begun, placed when they fall due, paused, skipped, changed and ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from oms.catalog.errors import UnknownSku
from oms.catalog.models import Sku
from oms.channels.models import Channel
from oms.core import sql
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord, Job
from oms.core.states import TransitionNotAllowed
from orders import services
from orders.errors import (
    AmountDoesNotFit,
    PriceNeeded,
    ScheduleInvalid,
    SubscriptionExists,
    TooLateToChange,
)
from orders.invariants import INVARIANTS
from orders.models import Cycle, CycleLine, Hold, Order, Subscription, SubscriptionLine
from orders.rules.contracts import WantedLine
from orders.tasks import attend_subscriptions

START = datetime(2027, 1, 4, 9, tzinfo=UTC)


def attend_all(at):
    for number in services.due_subscriptions(at=at):
        services.attend(number=number, at=at)


def through(first, last):
    """Let days go by, looking after subscriptions at noon of each."""
    day = first
    while day <= last:
        attend_all(day.replace(hour=12))
        day += timedelta(days=1)


def placed(number):
    """Index, day and order's own number of every delivery placed."""
    cycles = Cycle.objects.filter(subscription__number=number, order__isnull=False)
    return [(c.index, c.due_on, c.order.external_id) for c in cycles.order_by("index")]


def facts(number):
    return list(
        EventRecord.objects.filter(thread=number).order_by("id").values_list("name", flat=True)
    )


def test_a_delivery_is_placed_on_its_day_with_what_was_agreed(world):
    world.stock("tea", rotterdam=9)
    subscription = world.subscription(
        tea=2, at=START, starts_on=date(2027, 1, 11), every=1, unit="week"
    )

    through(START, START + timedelta(days=7))

    assert placed(subscription.number) == [(1, date(2027, 1, 11), f"{subscription.number}-1")]
    order = Order.objects.get()
    assert (order.total_amount, order.currency) == (Decimal("20"), "EUR")
    assert world.available("tea") == {"rotterdam": 7}
    assert facts(subscription.number) == [
        "subscription.created",
        "subscription.noticed",
        "subscription.renewed",
    ]


def weekly(world, **fields):
    fields = {"at": START, "starts_on": date(2027, 1, 11), "every": 1, "unit": "week", **fields}
    return world.subscription(tea=2, **fields)


def at(day, month=1, hour=12):
    return datetime(2027, month, day, hour, tzinfo=UTC)


def ahead(number):
    cycles = Cycle.objects.filter(subscription__number=number, status__in=["planned", "locked"])
    return [(c.index, c.due_on) for c in cycles.order_by("index")]


def state(number):
    found = Subscription.objects.get(number=number)
    return found.status, found.wake_at, ahead(number)


# ── Beginning ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"starts_on": date(2027, 1, 3)}, ScheduleInvalid),
        ({"every": 0}, ScheduleInvalid),
        ({"every": 25, "unit": "month"}, ScheduleInvalid),
        ({"unit": "fortnight"}, ScheduleInvalid),
        ({"fields": {"time_zone": "Mars/Olympus"}}, ScheduleInvalid),
        ({"fields": {"ends_on": date(2027, 1, 10)}}, ScheduleInvalid),
        ({"fields": {"shipping_amount": Decimal("0.001")}}, AmountDoesNotFit),
        ({"price": None}, PriceNeeded),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_begins(world, fields, refusal):
    with pytest.raises(refusal):
        weekly(world, **fields)
    assert Subscription.objects.count() == 0


def test_an_unknown_sku_is_refused(world):
    subscription = weekly(world)
    with pytest.raises(UnknownSku):
        services.change_lines(
            number=subscription.number,
            lines=[WantedLine("nope", 1)],
            once=False,
            by=SYSTEM,
            at=START,
        )
    assert subscription.lines.get().sku.code == "tea"


def test_the_channels_own_number_is_taken_once(world):
    weekly(world, fields={"external_id": "s-1"})
    with pytest.raises(SubscriptionExists):
        weekly(world, fields={"external_id": "s-1"})
    assert Subscription.objects.count() == 1


# ── Placing ─────────────────────────────────────────────────────────────────────────────────


def test_an_order_waits_for_its_payment_and_its_letters_are_those_of_the_subscription(world):
    world.stock("tea", rotterdam=9)
    weekly(world)
    through(START, at(11))

    hold = Hold.objects.get()
    assert (hold.kind, hold.released_at, hold.order.payment_status) == ("payment", None, "unpaid")
    letters = sorted(job.payload["letter"] for job in Job.objects.filter(kind="mail"))
    assert letters == [
        f"orders.letters_subscriptions.{name}" for name in ("renewed", "upcoming", "welcome")
    ]


def test_attending_again_does_nothing(world):
    world.stock("tea", rotterdam=9)
    subscription = weekly(world)
    through(START, at(11))
    before = facts(subscription.number)
    assert services.attend(number=subscription.number, at=at(11)) is False
    assert facts(subscription.number) == before
    assert Order.objects.count() == 1


def test_a_year_of_months_keeps_the_last_day(world):
    subscription = world.subscription(tea=1, at=START, starts_on=date(2027, 1, 31))
    for month in range(1, 13):
        for day in (28, 29, 30, 31):
            try:
                attend_all(at(day, month))
            except ValueError:
                continue
    days = [due_on.day for _index, due_on, _order in placed(subscription.number)]
    assert days == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def test_after_standing_still_only_the_latest_is_placed(world):
    world.stock("tea", rotterdam=9)
    subscription = weekly(world)

    attend_all(datetime(2027, 2, 3, 12, tzinfo=UTC))

    assert placed(subscription.number) == [(1, date(2027, 2, 1), f"{subscription.number}-1")]
    assert ahead(subscription.number) == [(2, date(2027, 2, 8))]
    renewed = EventRecord.objects.get(name="subscription.renewed")
    assert renewed.payload["passed_over"] == 3


def test_the_price_of_the_day_is_fixed_when_the_delivery_is(world):
    world.sku("tea", price=Decimal("7"), currency="EUR")
    subscription = weekly(world, fields={"price_policy": "current"})
    Sku.objects.filter(code="tea").update(price=Decimal("8"))
    attend_all(at(8))
    attend_all(at(10))
    Sku.objects.filter(code="tea").update(price=Decimal("9"))
    attend_all(at(11))
    assert Order.objects.get().total_amount == 16
    assert Cycle.objects.get(subscription=subscription, index=1).total_amount == 16


def test_tax_and_shipping_go_with_every_order(world):
    weekly(world, fields={"shipping_amount": Decimal("4.95"), "shipping_tax": Decimal("1.04")})
    line = SubscriptionLine.objects.get()
    line.tax_rate = Decimal("21")
    line.save()
    attend_all(at(11))
    assert Order.objects.get().total_amount == Decimal("30.19")


def test_what_cannot_be_placed_is_tried_again_and_shown(world):
    world.channel(stock_policy="refuse")
    subscription = weekly(world)
    world.location("rotterdam")

    attend_all(at(11))

    subscription.refresh_from_db()
    assert "available" in subscription.problem
    assert subscription.wake_at == at(11) + timedelta(hours=1)
    assert (Order.objects.count(), facts(subscription.number)[-1]) == (
        0,
        "subscription.not_renewed",
    )
    attend_all(at(11, hour=14))
    assert facts(subscription.number).count("subscription.not_renewed") == 1
    world.stock("tea", rotterdam=5)
    attend_all(at(11, hour=16))
    subscription.refresh_from_db()
    assert (Order.objects.count(), subscription.problem) == (1, "")


def test_it_ends_after_as_many_deliveries_as_agreed(world):
    subscription = weekly(world, fields={"ends_after": 2})
    through(at(4), at(31))
    assert len(placed(subscription.number)) == 2
    assert state(subscription.number) == ("expired", None, [])


def test_it_ends_on_the_day_agreed_and_a_skipped_last_one_can_be_had_until_then(world):
    subscription = weekly(world, fields={"ends_on": date(2027, 1, 18)})
    through(at(4), at(12))
    services.skip_delivery(number=subscription.number, by=SYSTEM, at=at(13))
    assert state(subscription.number)[0] == "active"
    services.unskip_delivery(number=subscription.number, by=SYSTEM, at=at(14))
    services.skip_delivery(number=subscription.number, by=SYSTEM, at=at(15))
    through(at(16), at(20))
    assert (state(subscription.number)[0], len(placed(subscription.number))) == ("expired", 1)


# ── Pausing and skipping ────────────────────────────────────────────────────────────────────


def test_nothing_is_placed_while_it_is_paused_and_nothing_made_up_for(world):
    subscription = weekly(world)
    number = subscription.number
    services.pause_subscription(number=number, until=date(2027, 2, 1), by=SYSTEM, at=at(5))
    assert ahead(number) == [(1, date(2027, 2, 1))]
    through(at(5), at(31))
    assert placed(number) == []

    through(at(1, 2), at(8, 2))

    assert placed(number) == [
        (1, date(2027, 2, 1), f"{number}-1"),
        (2, date(2027, 2, 8), f"{number}-2"),
    ]


def test_a_delivery_that_is_fixed_is_not_placed_once_it_is_paused(world):
    subscription = weekly(world)
    attend_all(at(10))
    assert Cycle.objects.get().status == "locked"
    services.pause_subscription(number=subscription.number, by=SYSTEM, at=at(10, hour=13))
    through(at(11), at(25))
    assert Order.objects.count() == 0

    services.resume_subscription(number=subscription.number, by=SYSTEM, at=at(26))
    assert ahead(subscription.number) == [(1, date(2027, 2, 1))]


def test_resumed_early_it_comes_on_its_old_days(world):
    subscription = weekly(world)
    number = subscription.number
    services.pause_subscription(number=number, until=date(2027, 3, 1), by=SYSTEM, at=at(5))
    services.resume_subscription(number=number, by=SYSTEM, at=at(6))
    assert ahead(number) == [(1, date(2027, 1, 11))]


def test_a_skipped_delivery_leaves_the_others_on_their_days(world):
    subscription = weekly(world)
    number = subscription.number
    services.skip_delivery(number=number, by=SYSTEM, at=START)
    assert ahead(number) == [(2, date(2027, 1, 18))]
    services.skip_delivery(number=number, by=SYSTEM, at=START)
    assert ahead(number) == [(3, date(2027, 1, 25))]
    services.unskip_delivery(number=number, by=SYSTEM, at=START)
    assert ahead(number) == [(1, date(2027, 1, 11))]
    through(START, at(25))
    assert [each[:2] for each in placed(number)] == [
        (1, date(2027, 1, 11)),
        (3, date(2027, 1, 25)),
    ]


def test_what_is_fixed_can_be_neither_skipped_nor_changed(world):
    subscription = weekly(world)
    number, late = subscription.number, at(10)
    with pytest.raises(TooLateToChange) as caught:
        services.skip_delivery(number=number, by=SYSTEM, at=late)
    assert caught.value.until_at == "2027-01-10T06:00:00+00:00"
    with pytest.raises(TooLateToChange):
        services.change_lines(
            number=number, lines=[WantedLine("tea", 9)], once=True, by=SYSTEM, at=late
        )
    with pytest.raises(TooLateToChange):
        services.change_address(
            number=number, ship_to=subscription.ship_to, once=True, by=SYSTEM, at=late
        )
    assert (ahead(number), CycleLine.objects.count()) == ([(1, date(2027, 1, 11))], 0)


# ── Changing ────────────────────────────────────────────────────────────────────────────────


def units_of(number):
    orders = Order.objects.filter(external_id__startswith=f"{number}-").order_by("id")
    return [
        [(line.sku_code, line.quantity, line.unit_price) for line in order.lines.order_by("id")]
        for order in orders
    ]


def test_a_change_holds_once_or_from_now_on(world):
    world.sku("cup", price=Decimal("3"), currency="EUR")
    subscription = weekly(world)
    number = subscription.number
    lines = [WantedLine("tea", 1), WantedLine("cup", 4)]
    services.change_lines(number=number, lines=lines, once=True, by=SYSTEM, at=START)
    through(START, at(18))
    services.change_lines(
        number=number, lines=[WantedLine("cup", 1)], once=False, by=SYSTEM, at=at(19)
    )
    through(at(19), at(25))

    assert units_of(number) == [
        [("tea", 1, 10), ("cup", 4, 3)],
        [("tea", 2, 10)],
        [("cup", 1, 3)],
    ]


def test_an_address_once_and_from_now_on(world):
    subscription = weekly(world)
    number, home = subscription.number, subscription.ship_to
    away = replace(home, line1="Kaai 1")
    services.change_address(number=number, ship_to=away, once=True, by=SYSTEM, at=START)
    through(START, at(18))
    services.change_address(
        number=number, ship_to=replace(home, line1="Kaai 2"), once=False, by=SYSTEM, at=at(19)
    )
    through(at(19), at(25))
    assert [order.ship_to.line1 for order in Order.objects.order_by("id")] == [
        "Kaai 1",
        "Molenstraat 27",
        "Kaai 2",
    ]


def test_an_address_changed_after_it_is_fixed_holds_for_the_ones_after(world):
    subscription = weekly(world)
    attend_all(at(10))
    moved = replace(subscription.ship_to, line1="Kaai 2")
    services.change_address(
        number=subscription.number, ship_to=moved, once=False, by=SYSTEM, at=at(10, hour=13)
    )
    through(at(11), at(18))
    streets = [order.ship_to.line1 for order in Order.objects.order_by("id")]
    assert streets == ["Molenstraat 27", "Kaai 2"]


def test_another_rhythm_counts_from_the_last_delivery(world):
    subscription = weekly(world)
    number = subscription.number
    through(START, at(11))
    services.change_rhythm(number=number, every=3, unit="week", by=SYSTEM, at=at(12))
    assert ahead(number) == [(2, date(2027, 2, 1))]
    services.change_rhythm(number=number, every=1, unit="month", by=SYSTEM, at=at(12))
    assert ahead(number) == [(2, date(2027, 2, 11))]


def test_another_count_of_months_keeps_the_day(world):
    subscription = world.subscription(tea=1, at=START, starts_on=date(2027, 1, 31))
    number = subscription.number
    attend_all(at(31))
    attend_all(at(28, 2))
    services.change_rhythm(number=number, every=2, unit="month", by=SYSTEM, at=at(1, 3))
    assert ahead(number) == [(3, date(2027, 4, 30))]
    subscription.refresh_from_db()
    assert subscription.rhythm.turn(3) == date(2027, 8, 31)


# ── Ending ──────────────────────────────────────────────────────────────────────────────────


def test_what_is_cancelled_places_nothing_more_and_takes_no_change(world):
    subscription = weekly(world)
    number = subscription.number
    attend_all(at(10))
    services.cancel_subscription(number=number, reason="Moved", by=SYSTEM, at=at(10, hour=14))
    through(at(11), at(25))
    assert (Order.objects.count(), state(number)) == (0, ("cancelled", None, []))
    for act in (
        lambda: services.pause_subscription(number=number, by=SYSTEM, at=at(12)),
        lambda: services.skip_delivery(number=number, by=SYSTEM, at=at(12)),
        lambda: services.resume_subscription(number=number, by=SYSTEM, at=at(12)),
        lambda: services.change_rhythm(number=number, every=1, unit="day", by=SYSTEM, at=at(12)),
        lambda: services.cancel_subscription(number=number, reason="", by=SYSTEM, at=at(12)),
    ):
        with pytest.raises(TransitionNotAllowed):
            act()
    assert facts(number)[-1] == "subscription.cancelled"


def test_a_closed_channel_places_nothing(world):
    weekly(world)
    Channel.objects.update(is_active=False)
    assert services.due_subscriptions(at=at(11)) == []


def test_the_database_gives_an_index_once_and_an_order_to_one_delivery(world):
    subscription = weekly(world)
    attend_all(at(11))
    first = Cycle.objects.get(index=1)
    for twice in (
        Cycle(subscription=subscription, index=1, due_on=first.due_on, due_at=first.due_at),
        Cycle(
            subscription=subscription,
            index=9,
            due_on=first.due_on,
            due_at=first.due_at,
            status="placed",
            order_id=first.order_id,
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            twice.save(force_insert=True)


# ── The routine ─────────────────────────────────────────────────────────────────────────────


def test_one_that_cannot_be_attended_to_does_not_keep_the_others_waiting(world, caplog):
    now = timezone.now()
    begun = now - timedelta(hours=40)
    broken, sound = (
        world.subscription(tea=1, at=begun, starts_on=begun.date(), every=4, unit="week")
        for _ in range(2)
    )
    Subscription.objects.filter(pk=broken.pk).update(time_zone="Nowhere/At all")

    assert attend_subscriptions() is False

    assert [order.external_id for order in Order.objects.all()] == [f"{sound.number}-1"]
    broken.refresh_from_db()
    assert "ZoneInfoNotFoundError" in broken.problem
    assert broken.wake_at > now
    assert f"{broken.number} could not be attended to" in caplog.text


def test_a_delivery_under_another_name_is_a_violation(world):
    subscription = weekly(world)
    attend_all(at(11))
    assert broken_books() == []
    Order.objects.update(external_id="else")
    assert [row[0] for row in broken_books()] == [subscription.number]


def broken_books():
    [invariant] = [each for each in INVARIANTS if each.name == "deliveries_are_orders_once"]
    return sql.run(invariant.sql)
