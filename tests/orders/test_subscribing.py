"""Subscriptions: begun, placed when they fall due, and ended."""

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
)
from orders.invariants import INVARIANTS
from orders.models import Cycle, Hold, Order, Subscription, SubscriptionLine
from orders.rules.contracts import WantedLine
from orders.tasks import attend_subscriptions
from tests.orders.subscribing import START, ahead, at, attend_all, placed, through, weekly


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
