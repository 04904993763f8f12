"""Deliveries that a gateway is charged for: once, tried again, then suspended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.core.models import EventRecord, Job
from orders import services
from orders.errors import NothingToCharge
from orders.gateways_stripe import Stripe
from orders.models import Charge, Cycle, Hold, MoneyEntry, Order, Payment, Subscription
from orders.rules.contracts import PaymentAccount
from tests.fakes.gateway import gateway as gateway

CARD = PaymentAccount(gateway="stripe", payer="cus_1", reference="pm_1")
START = datetime(2027, 1, 11, 4, tzinfo=UTC)
DUE = datetime(2027, 1, 11, 8, tzinfo=UTC)


class Killed(BaseException):
    """A worker that dies: nothing catches it, nothing is put down."""


@pytest.fixture
def carded(world, gateway):
    """A weekly subscription with a card, its first delivery placed and not charged yet."""
    world.stock("tea", rotterdam=20)
    subscription = world.subscription(
        tea=2, at=START, starts_on=date(2027, 1, 11), every=1, unit="week",
        fields={"account": CARD},
    )  # fmt: skip
    attend(subscription, DUE)
    return subscription


def attend(subscription, at):
    return services.attend(number=subscription.number, at=at)


def drain():
    Job.objects.filter(kind="charge").update(due_at=jobs.AT_ONCE, lease_until=None)
    return jobs.drain("charge")


def charge(*, declined_at=None, found=None):
    """Answer the open charge as a gateway would, at a moment of our choice."""
    [row] = Charge.objects.filter(status="asked")
    services.start_charge(key=str(row.key))
    if declined_at:
        services.decline_charge(key=str(row.key), reason="card_declined", at=declined_at)
    else:
        services.complete_charge(key=str(row.key), gateway_reference=found or "pi_x")


def status(subscription):
    subscription.refresh_from_db()
    return subscription.status


def cycles(subscription):
    return list(
        Cycle.objects.filter(subscription=subscription)
        .order_by("index")
        .values_list("index", "status")
    )


def facts(subscription, *names):
    found = EventRecord.objects.filter(thread=subscription.number).order_by("id")
    return [name for name in found.values_list("name", flat=True) if not names or name in names]


def test_a_charge_is_taken_once_and_lets_the_order_go(carded, gateway):
    order = Order.objects.get()
    assert Hold.objects.get().released_at is None

    assert drain() == 1
    assert drain() == 0

    [taken] = gateway.book.taken()
    assert (taken["amount"], taken["currency"], taken["customer"]) == (2000, "eur", "cus_1")
    assert taken["metadata"]["oms_number"] == f"{carded.number}-1"
    order.refresh_from_db()
    assert (order.payment_status, order.captured_amount) == ("paid", 20)
    payment = Payment.objects.get()
    assert (payment.gateway, payment.reference) == ("stripe", taken["id"])
    assert Hold.objects.get().released_at is not None
    assert cycles(carded) == [(1, "paid"), (2, "planned")]
    assert status(carded) == "active"
    assert facts(carded)[-2:] == ["subscription.renewed", "subscription.paid"]


def test_a_lost_reply_is_looked_up_and_not_charged_again(carded, gateway):
    gateway.book.seconds_to_forget = 0
    answers = iter(["lose_reply", "nothing"])
    gateway.misbehave = lambda: next(answers)

    drain()
    assert Charge.objects.get().status == "in_doubt"
    drain()

    assert (len(gateway.book.taken()), Charge.objects.get().status) == (1, "succeeded")
    assert MoneyEntry.objects.filter(kind="capture").count() == 1


def test_without_looking_first_a_customer_is_charged_twice(carded, gateway, monkeypatch):
    monkeypatch.setattr(Stripe, "find_charge", lambda self, wanted: None)
    gateway.book.seconds_to_forget = 0
    answers = iter(["lose_reply", "nothing"])
    gateway.misbehave = lambda: next(answers)
    drain()
    drain()
    assert len(gateway.book.taken()) == 2


def test_a_worker_that_dies_after_charging_does_not_charge_again(carded, gateway, monkeypatch):
    gateway.book.seconds_to_forget = 0
    ask = Stripe.charge

    def charge_and_die(self, wanted):
        ask(self, wanted)
        raise Killed

    monkeypatch.setattr(Stripe, "charge", charge_and_die)
    with pytest.raises(Killed):
        drain()
    monkeypatch.setattr(Stripe, "charge", ask)
    drain()
    assert (len(gateway.book.taken()), Order.objects.get().payment_status) == (1, "paid")


def test_a_lost_decline_is_looked_up_as_one(carded, gateway):
    gateway.book.seconds_to_forget = 0
    gateway.bad_cards.add("pm_1")
    answers = iter(["lose_reply", "nothing"])
    gateway.misbehave = lambda: next(answers)
    drain()
    drain()
    assert (len(gateway.book.intents), Charge.objects.get().status) == (1, "declined")
    assert status(carded) == "past_due"


def test_an_amount_that_is_not_ours_is_for_a_person(carded, gateway):
    real = gateway.take
    gateway.take = lambda form: {**real(form), "amount": 1}
    drain()
    assert Charge.objects.get().status == "in_doubt"
    assert Job.objects.get(kind="charge").state == "dead"
    assert Order.objects.get().payment_status == "unpaid"


def test_no_second_delivery_is_placed_while_the_first_is_being_charged(carded):
    carded.refresh_from_db()
    assert carded.wake_at is None
    Subscription.objects.update(wake_at=DUE)
    assert attend(carded, DUE + timedelta(days=7)) is True
    assert Order.objects.count() == 1

    charge()
    attend(carded, DUE + timedelta(days=7))

    assert Order.objects.count() == 2


def test_a_declined_card_is_tried_again_after_one_three_and_seven_days(carded):
    charge(declined_at=DUE)
    for tries, days in ((2, 1), (3, 3), (4, 7)):
        moment = DUE + timedelta(days=days)
        carded.refresh_from_db()
        assert (carded.status, carded.wake_at) == ("past_due", moment)
        assert attend(carded, moment - timedelta(seconds=1)) is False
        assert attend(carded, moment) is True
        assert Charge.objects.count() == tries
        assert attend(carded, moment) is False
        charge(declined_at=moment)

    assert status(carded) == "suspended"
    assert carded.wake_at is None
    assert cycles(carded)[0] == (1, "failed")
    order = Order.objects.get()
    assert (order.status, order.captured_amount) == ("cancelled", 0)
    assert facts(carded, "subscription.past_due", "subscription.suspended") == [
        *["subscription.past_due"] * 3,
        "subscription.suspended",
    ]
    letters = Job.objects.filter(kind="mail").values_list("payload__letter", flat=True)
    names = [letter.rpartition(".")[2] for letter in letters]
    assert (names.count("payment_failed"), names.count("suspended")) == (3, 1)
    assert "order_cancelled" not in names


def test_nothing_is_placed_while_a_payment_is_missing_and_the_latest_once_it_came(carded):
    charge(declined_at=DUE)
    attend(carded, DUE + timedelta(days=1))
    charge(declined_at=DUE + timedelta(days=1))
    attend(carded, DUE + timedelta(days=3))
    assert Order.objects.count() == 1
    charge()
    assert status(carded) == "active"
    assert (carded.retries, carded.behind_since) == (0, None)

    attend(carded, DUE + timedelta(days=16))

    assert cycles(carded) == [(1, "paid"), (2, "placed"), (3, "planned")]
    assert Cycle.objects.get(index=2).due_on == date(2027, 1, 25)


def test_staff_try_again_at_once_with_another_card(carded, gateway):
    gateway.bad_cards.add("pm_1")
    drain()
    assert status(carded) == "past_due"
    other = PaymentAccount(method="card", payer="cus_1", reference="pm_2")
    now = timezone.now()
    services.change_payment(number=carded.number, account=other, by=SYSTEM, at=now)
    services.retry_payment(number=carded.number, by=SYSTEM, at=now)
    with pytest.raises(NothingToCharge):
        services.retry_payment(number=carded.number, by=SYSTEM, at=now)
    drain()
    assert (status(carded), cycles(carded)[0]) == ("active", (1, "paid"))


def test_a_suspended_one_goes_on_with_the_next_delivery_to_come(carded):
    charge(declined_at=DUE)
    for days in (1, 3, 7):
        attend(carded, DUE + timedelta(days=days))
        charge(declined_at=DUE + timedelta(days=days))
    services.resume_subscription(number=carded.number, by=SYSTEM, at=DUE + timedelta(days=8))
    carded.refresh_from_db()
    ahead = Cycle.objects.get(status="planned")
    assert (carded.status, carded.retries, ahead.due_on) == ("active", 0, date(2027, 1, 25))


def test_a_pause_meanwhile_holds_after_the_payment_came(carded):
    services.pause_subscription(
        number=carded.number, until=date(2027, 3, 1), by=SYSTEM, at=DUE + timedelta(hours=1)
    )
    charge(declined_at=DUE + timedelta(hours=2))
    assert status(carded) == "past_due"
    attend(carded, DUE + timedelta(days=2))
    charge()
    assert (status(carded), carded.paused_until) == ("paused", date(2027, 3, 1))


def test_an_order_cancelled_before_it_is_charged_is_not_charged(carded, gateway):
    order = Order.objects.get()
    services.cancel_order(number=order.number, reason="Mistake", by=SYSTEM)
    drain()
    assert (gateway.book.intents, Charge.objects.get().status) == ([], "withdrawn")
    assert (status(carded), cycles(carded)) == ("active", [(1, "skipped"), (2, "planned")])
    carded.refresh_from_db()
    assert carded.wake_at is not None


def test_money_that_came_for_a_cancelled_order_goes_back(carded, gateway):
    gateway.misbehave = lambda: "lose_reply"
    drain()
    services.cancel_order(number=Order.objects.get().number, reason="Mistake", by=SYSTEM)
    gateway.misbehave = lambda: "nothing"
    drain()
    jobs.drain("refund")
    [taken] = gateway.book.taken()
    assert gateway.book.charges[taken["id"]].refunded == 2000
    assert Order.objects.get().payment_status == "refunded"


def test_cancelled_while_a_payment_is_missing_nothing_stays_reserved(world, carded):
    charge(declined_at=DUE)
    services.cancel_subscription(
        number=carded.number, reason="Enough", by=SYSTEM, at=DUE + timedelta(hours=3)
    )
    assert (status(carded), Order.objects.get().status) == ("cancelled", "cancelled")
    assert world.available("tea") == {"rotterdam": 20}
    assert attend(carded, DUE + timedelta(days=30)) is False


def test_a_payment_recorded_by_hand_ends_the_tries(carded):
    charge(declined_at=DUE)
    order = Order.objects.get()
    services.record_delivery_payment(
        order=order.number,
        amount=order.due_amount,
        method="bank",
        reference="BT-1",
        by=SYSTEM,
        at=DUE + timedelta(hours=5),
    )
    assert (status(carded), cycles(carded)[0]) == ("active", (1, "paid"))
    assert attend(carded, DUE + timedelta(days=1)) is False
    assert Charge.objects.count() == 1


def test_the_last_delivery_ends_the_subscription_once_it_is_paid(world, gateway):
    world.stock("tea", rotterdam=5)
    subscription = world.subscription(
        tea=1, at=START, starts_on=date(2027, 1, 11), fields={"account": CARD, "ends_after": 1}
    )
    attend(subscription, DUE)
    assert status(subscription) == "active"
    drain()
    assert status(subscription) == "expired"
