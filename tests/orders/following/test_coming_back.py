"""Units that a channel gave money back for: they come back, they are not sent, or neither."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from oms.channels.models import Channel
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import Job
from orders.adapters.parts import Cancellation, Fulfillment, Refund, Units
from orders.models import OrderLine
from orders.models import Refund as RefundRow
from returns import services as returns
from returns.models import ReturnAuthorization
from tests.orders.following.telling import NOON, item, paid, parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(world, tell):
    """Three teas of 30.00, paid, and sent by the channel."""
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 3)), "payment:1": paid("30.00")})
    tell({"fulfillment:5": Fulfillment((Units("tea", 3),), tracking_numbers=("3S1",))})
    return tell


def back(amount, *units, **fields):
    return Refund(Decimal(amount), "EUR", returned=units, **fields)


def problems(kept):
    return [(each["key"], each["code"]) for each in kept.problems]


def test_returned_units_are_expected_and_come_into_stock_once_and_are_paid_back_once(world, sent):
    letters = Job.objects.filter(kind="mail").count()

    for _ in range(2):
        kept = sent({"refund:9": back("10.00", Units("tea", 1), reason="Too bitter")}, hour=9)

    [document] = ReturnAuthorization.objects.all()
    assert (kept.state, kept.problems) == ("in_step", [])
    assert (document.status, document.location.code, document.note) == (
        "approved",
        "rotterdam",
        "Too bitter",
    )
    assert world.on_hand("tea") == {"rotterdam": 2}
    assert not verify()

    now = {"by": SYSTEM, "at": timezone.now()}
    grade = returns.Grade("tea", 1, "new", "restock")
    returns.receive_return(number=document.number, units={"tea": 1}, **now)
    returns.inspect_return(number=document.number, grades=[grade], **now)
    settled = returns.settle_return(number=document.number, expected_amount=Decimal(0), **now)
    sent({"refund:9": back("10.00", Units("tea", 1), reason="Too bitter")}, hour=9)

    assert (settled.status, settled.refund_amount) == ("settled", Decimal(0))
    assert world.on_hand("tea") == {"rotterdam": 3}
    assert [each.amount for each in RefundRow.objects.all()] == [Decimal("10.00")]
    assert ReturnAuthorization.objects.count() == 1
    assert Job.objects.filter(kind="mail").count() == letters
    assert not verify()


def test_units_that_are_put_back_without_money_are_expected_too(sent):
    sent({"refund:9": back("0.00", Units("tea", 2))})

    [document] = ReturnAuthorization.objects.all()
    assert [line.quantity for line in document.lines.all()] == [2]
    assert not RefundRow.objects.exists()


def test_a_return_that_was_asked_for_here_is_the_one_the_channel_pays_back(sent):
    asked = returns.request_return(
        order=sent.order.number, wishes=[returns.Wish("tea", 1)], by=SYSTEM, at=timezone.now()
    )

    sent({"refund:9": back("10.00", Units("tea", 1))})
    sent({"refund:10": back("10.00", Units("tea", 1))})

    numbers = list(ReturnAuthorization.objects.order_by("id").values_list("number", flat=True))
    assert (numbers[0], len(numbers)) == (asked.number, 2)
    asked.refresh_from_db()
    assert (asked.is_followed, asked.status) == (True, "requested")
    assert not verify()


def test_a_refund_of_ours_that_is_told_back_expects_nothing(sent):
    document = returns.request_return(
        order=sent.order.number, wishes=[returns.Wish("tea", 1)], by=SYSTEM, at=timezone.now()
    )
    now = {"number": document.number, "by": SYSTEM, "at": timezone.now()}
    returns.approve_return(**now)
    returns.receive_return(**now, units={"tea": 1})
    returns.inspect_return(**now, grades=[returns.Grade("tea", 1, "new", "restock")])
    returns.settle_return(**now)

    kept = sent({"refund:9": back("10.00", Units("tea", 1))})

    assert (kept.state, ReturnAuthorization.objects.count()) == ("in_step", 1)
    assert RefundRow.objects.count() == 1


def test_units_that_never_left_do_not_come_back_until_they_have(world, tell):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 2)), "payment:1": paid("20.00")})

    kept = tell({"refund:9": back("10.00", Units("tea", 1))})
    assert problems(kept) == [("return:9", "not_returnable")]
    assert not ReturnAuthorization.objects.exists()
    kept = tell({"fulfillment:5": Fulfillment(None)})

    assert (kept.state, ReturnAuthorization.objects.count()) == ("in_step", 1)
    assert not verify()


@pytest.mark.parametrize("status", ["open", "completed"])
def test_money_for_units_that_stay_with_the_customer_cancels_nothing(world, tell, status):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 3)), "payment:1": paid("30.00")})
    tell({"fulfillment:5": Fulfillment((Units("tea", 3 if status == "completed" else 2),))})

    kept = tell({"refund:9": Refund(Decimal("10.00"), "EUR", unsaid=(Units("tea", 2),))})

    [line] = OrderLine.objects.all()
    assert (kept.state, kept.problems, tell.order.status) == ("in_step", [], status)
    assert (line.cancelled, line.returned) == (0, 0)
    assert tell.order.refunded_amount == Decimal("10.00")
    assert not ReturnAuthorization.objects.exists()


def test_money_for_more_units_than_left_keeps_the_rest_from_being_sent(world, tell):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 3)), "payment:1": paid("30.00")})
    tell({"fulfillment:5": Fulfillment((Units("tea", 1),))})

    tell({"refund:9": Refund(Decimal("20.00"), "EUR", unsaid=(Units("tea", 2),))})

    [line] = OrderLine.objects.all()
    assert (line.shipped, line.cancelled) == (1, 1)
    assert not verify()


def test_a_refund_waits_for_word_of_its_order_before_it_keeps_units_from_being_sent(world, tell):
    world.stock("tea", rotterdam=5)
    placed = {**parts(item("tea", 3)), "payment:1": paid("30.00")}
    at = NOON + timedelta(hours=1)
    tell(placed, hour=0)

    tell({"refund:9": Refund(Decimal("10.00"), "EUR", at=at, unsaid=(Units("tea", 1),))}, hour=1)
    assert OrderLine.objects.get().cancelled == 0
    tell(placed, hour=2)

    assert OrderLine.objects.get().cancelled == 1
    assert not verify()


def test_a_refund_of_after_all_left_cancels_nothing_when_it_is_heard_of_before(world, tell):
    world.stock("tea", rotterdam=5)
    placed = {**parts(item("tea", 3)), "payment:1": paid("30.00")}
    at = NOON + timedelta(hours=1)
    tell(placed, hour=0)

    tell({"refund:9": Refund(Decimal("10.00"), "EUR", at=at, unsaid=(Units("tea", 1),))}, hour=1)
    tell({**placed, "fulfillment:completed": Fulfillment(None, at=NOON)}, hour=2)

    line = OrderLine.objects.get()
    assert (line.cancelled, line.shipped) == (0, 3)
    assert not verify()


@pytest.mark.parametrize(
    ("sooner", "sent", "shown"),
    [
        ("refund:9", (1, 2), []),
        ("fulfillment:completed", (0, 3), [("cancellation", "too_late")]),
    ],
)
def test_a_refund_of_before_all_left_that_is_heard_of_after_is_shown(
    world, tell, sooner, sent, shown
):
    world.stock("tea", rotterdam=5)
    placed = {**parts(item("tea", 3)), "payment:1": paid("30.00")}
    one, two = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    refund = Refund(Decimal("10.00"), "EUR", at=one, unsaid=(Units("tea", 1),))
    said = {
        "refund:9": tell.report({"refund:9": refund}, hour=1),
        "fulfillment:completed": tell.report(
            {**placed, "fulfillment:completed": Fulfillment(None, at=two)}, hour=2
        ),
    }
    tell(placed, hour=0)

    for key in sorted(said, key=lambda each: each != sooner):
        kept = tell.hear(said[key])

    line = OrderLine.objects.get()
    assert ((line.cancelled, line.shipped), problems(kept)) == (sent, shown)
    assert tell.order.refunded_amount == Decimal("10.00")
    assert not verify()


def test_what_a_refund_lets_go_comes_beside_what_was_cancelled(world, tell):
    world.stock("tea", rotterdam=5)
    tell({**parts(item("tea", 4)), "payment:1": paid("40.00")})

    tell(
        {
            "cancellation:1": Cancellation((Units("tea", 1),)),
            "refund:9": Refund(Decimal("20.00"), "EUR", cancelled=(Units("tea", 2),)),
        }
    )

    [line] = OrderLine.objects.all()
    assert (line.cancelled, line.allocated) == (3, 1)
    assert not verify()


def test_what_came_back_before_the_channel_was_live_is_not_expected(sent):
    Channel.objects.filter(slug=sent.slug).update(live_since=timezone.localdate())
    long_ago = timezone.now() - timedelta(days=30)

    sent({"refund:9": back("10.00", Units("tea", 1), at=long_ago)})
    sent({"refund:10": back("10.00", Units("tea", 1), at=timezone.now())})

    assert ReturnAuthorization.objects.count() == 1
