"""A year of subscriptions with two workers, of which one is killed now and then.

The clock is moved by hand, a day at a time. Meanwhile customers pause, resume, skip and cancel.
In the end every delivery that was to come has come exactly once and was charged exactly once,
and none came while it was paused, skipped or cancelled.
"""

import multiprocessing
import os
import random
import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections

from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.core.errors import Refusal
from oms.core.models import Job
from orders import services
from orders.models import Cycle, Order
from orders.rules.contracts import PaymentAccount
from tests.concurrency.racing import race
from tests.fakes.gateway import gateway as gateway

SIZES = [
    pytest.param(8, 35, 2, id="8 for 35 days"),
    pytest.param(200, 365, 9, id="200 for a year", marks=pytest.mark.full),
]
BEGIN = date(2027, 1, 1)
RHYTHMS = [(2, "week"), (4, "week"), (6, "week"), (1, "month"), (2, "month"), (3, "month")]
WISHES = ["none", "none", "pause until", "pause", "skip", "cancel"]
PATIENCE = 60
STOP = -1

processes = multiprocessing.get_context("fork")


def noon(day):
    return datetime.combine(BEGIN + timedelta(days=day), datetime.min.time(), UTC) + timedelta(
        hours=12
    )


# ── The workers ─────────────────────────────────────────────────────────────────────────────


def worker(clock, seen, slot):
    """Do what is due on the day that the clock shows, as often as there is something."""
    connections.close_all()
    while (day := clock.value) != STOP:
        done = 0
        for number in services.due_subscriptions(at=noon(day)):
            done += services.attend(number=number, at=noon(day))
        done += jobs.drain("charge")
        if not done:
            seen[slot] = day
            while clock.value == day:
                time.sleep(0.004)


class Workers:
    """Two processes that share the work."""

    def __init__(self):
        self.clock = processes.Value("i", 0)
        self.seen = processes.Array("i", [STOP, STOP])
        self.hands = [self._start(slot) for slot in (0, 1)]
        self.killed = 0

    def _start(self, slot):
        connections.close_all()
        hand = processes.Process(target=worker, args=(self.clock, self.seen, slot), daemon=True)
        hand.start()
        return hand

    def live_through(self, day, *, kill_after=None):
        """Let a day pass; after so many seconds one of the two dies and another takes its place."""
        self.clock.value = day
        if kill_after is not None:
            time.sleep(kill_after)
            slot = day % 2
            os.kill(self.hands[slot].pid, signal.SIGKILL)
            self.hands[slot].join()
            self.killed += 1
            self.seen[slot] = STOP
            Job.objects.filter(kind="charge").update(lease_until=None, due_at=jobs.AT_ONCE)
            self.hands[slot] = self._start(slot)
        end = time.monotonic() + PATIENCE
        while list(self.seen) != [day, day]:
            assert time.monotonic() < end, f"day {day} does not end: {list(self.seen)}"
            assert all(hand.is_alive() for hand in self.hands)
            time.sleep(0.004)

    def stop(self):
        self.clock.value = STOP
        for hand in self.hands:
            hand.join(timeout=10)
            if hand.is_alive():
                hand.kill()


# ── What customers wish, and what that must come to ─────────────────────────────────────────


@dataclass
class Subscriber:
    """One subscription and what becomes of it; days are counted from the beginning."""

    number: str
    starts: int
    every: int
    unit: str
    wish: str
    on: int
    until: int
    skipped: set[date] = field(default_factory=set)

    def act(self, day):
        """Do on the evening of a day what the customer wishes then."""
        at = noon(day) + timedelta(hours=8)
        who = {"number": self.number, "by": SYSTEM, "at": at}
        if day == self.on and self.wish == "pause until":
            services.pause_subscription(until=BEGIN + timedelta(days=self.until), **who)
        elif day == self.on and self.wish == "pause":
            services.pause_subscription(**who)
        elif day == self.until and self.wish == "pause":
            services.resume_subscription(**who)
        elif day == self.on and self.wish == "cancel":
            services.cancel_subscription(reason="Enough", **who)
        elif day == self.on and self.wish == "skip":
            try:
                self.skipped.add(services.skip_delivery(**who).due_on)
            except Refusal:
                coming = min(d for d in self._turns(day + 800) if d > BEGIN + timedelta(days=day))
                assert coming == BEGIN + timedelta(days=day + 1)

    def expected(self, days):
        """The days on which something had to come, worked out apart from the code under test."""
        return [turn for turn in self._turns(days) if self._comes((turn - BEGIN).days, turn)]

    def _comes(self, day, turn):
        if self.wish == "pause until":
            return not self.on < day < self.until
        if self.wish == "pause":
            return not self.on < day <= self.until
        if self.wish == "cancel":
            return day <= self.on
        return turn not in self.skipped

    def _turns(self, days):
        first = BEGIN + timedelta(days=self.starts)
        count, found, last = 0, [], BEGIN + timedelta(days=days - 1)
        while True:
            if self.unit == "week":
                turn = first + timedelta(weeks=count * self.every)
            else:
                month = first.month - 1 + count * self.every
                turn = last_possible(first.year + month // 12, month % 12 + 1, first.day)
            if turn > last:
                return found
            found.append(turn)
            count += 1


def last_possible(year, month, day):
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def begin(world, count, days, dice):
    world.channel("shop")
    found = []
    for nth in range(count):
        every, unit = dice.choice(RHYTHMS)
        starts = dice.randrange(2, 30)
        on = dice.randrange(starts, days - 5)
        account = PaymentAccount()
        if nth % 4 == 0:
            account = PaymentAccount("stripe", payer=f"cus_{nth}", reference=f"pm_{nth}")
        subscription = world.subscription(
            at=noon(0) - timedelta(days=1),
            starts_on=BEGIN + timedelta(days=starts),
            every=every,
            unit=unit,
            fields={"account": account},
            **{dice.choice(["tea", "cup"]): dice.randrange(1, 4)},
        )
        found.append(
            Subscriber(
                subscription.number,
                starts,
                every,
                unit,
                dice.choice(WISHES),
                on,
                until=on + dice.randrange(3, max(4, days // 3)),
            )
        )
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("count", "days", "kills"), SIZES)
def test_every_delivery_comes_once_whoever_dies(world, gateway, count, days, kills):
    dice = random.Random(2027)
    world.stock("tea", rotterdam=100_000)
    world.stock("cup", rotterdam=100_000)
    subscribers = begin(world, count, days, dice)
    busy = [(each.starts + 7 * dice.randrange(days // 7 + 1)) % days for each in subscribers]
    deadly = set(dice.sample(sorted(set(busy)), kills))
    workers = Workers()
    try:
        for day in range(days):
            kill_after = dice.uniform(0, 0.05) if day in deadly else None
            workers.live_through(day, kill_after=kill_after)
            for each in subscribers:
                each.act(day)
    finally:
        workers.stop()

    assert workers.killed == kills
    placed = 0
    for each in subscribers:
        cycles = Cycle.objects.filter(subscription__number=each.number, order__isnull=False)
        came = list(cycles.order_by("index").values_list("due_on", flat=True))
        assert came == each.expected(days), each
        names = sorted(f"{each.number}-{index}" for index in cycles.values_list("index", flat=True))
        orders = Order.objects.filter(external_id__startswith=f"{each.number}-")
        assert sorted(orders.values_list("external_id", flat=True)) == names
        placed += len(came)
    assert (Order.objects.count(), placed > count // 2) == (placed, True)

    charged = Order.objects.filter(cycle__subscription__gateway="stripe")
    assert {order.payment_status for order in charged} == {"paid"}
    taken = gateway.book.taken()
    assert sorted(each["metadata"]["oms_number"] for each in taken) == sorted(
        order.external_id for order in charged
    )
    total = sum(order.total_amount for order in charged)
    assert sum(Decimal(each["amount"]) for each in taken) == total * 100


@pytest.mark.django_db(transaction=True)
def test_of_six_workers_at_one_subscription_one_places_its_order(world):
    world.stock("tea", rotterdam=9)
    begun = noon(0)
    subscription = world.subscription(tea=1, at=begun, starts_on=begun.date())

    def attend():
        return services.attend(number=subscription.number, at=begun)

    assert sorted(race([attend] * 6)) == [False] * 5 + [True]
    assert Order.objects.count() == 1
    assert world.available("tea") == {"rotterdam": 8}
