"""What may come back, and what may not: every guard, and that a refusal changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from inventory.errors import StockIsSpokenFor
from inventory.invariants import INVARIANTS as STOCK
from oms.core import jobs
from oms.core.books import _broken
from oms.core.errors import Refusal
from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders.errors import AmountDoesNotFit, LineNotFound, OrderNotFound, RefundExceedsPayment
from orders.invariants import INVARIANTS as ORDERS
from orders.models import MoneyEntry, Order, OrderLine, Refund
from returns import services
from returns.errors import (
    NothingChosen,
    NotInReturn,
    NotReturnable,
    ReceivedElsewhere,
    ResolutionNotOffered,
    ReturnChanged,
    ReturnNotFound,
    SettlementChanged,
    TooManyInspected,
    TooManyReturned,
)
from returns.invariants import INVARIANTS as RETURNS
from returns.models import Inspection, ReturnAuthorization, ReturnLine
from returns.services import Wish
from returns.states import RETURN, ReturnStatus
from tests.fakes.gateway import gateway as gateway
from tests.returns.conftest import KIM


def broken_books() -> list[str]:
    every = [*RETURNS, *ORDERS, *STOCK]
    return [str(violation) for each in every for violation in _broken(each)]


def counters(order):
    return list(
        OrderLine.objects.filter(order=order)
        .order_by("position")
        .values_list("return_requested", "returned")
    )


def test_units_that_did_not_leave_cannot_come_back(world, desk):
    world.stock("tea", rotterdam=3)
    order = world.place(tea=3, paid=True)

    with pytest.raises(NotReturnable) as refused:
        desk.request(order, tea=1)

    assert (refused.value.requested, refused.value.returnable) == (1, 0)
    assert counters(order) == [(0, 0)]
    assert not ReturnAuthorization.objects.exists()
    assert not EventRecord.objects.filter(name="return.requested").exists()


def test_units_of_an_open_return_cannot_be_asked_back_again(desk, shipped):
    order = shipped(tea=3)
    desk.request(order, tea=2)

    with pytest.raises(NotReturnable) as refused:
        desk.request(order, tea=2)

    assert refused.value.returnable == 1
    assert counters(order) == [(2, 0)]
    assert ReturnAuthorization.objects.count() == 1


@pytest.mark.parametrize("end", ["decline", "cancel"])
def test_units_of_a_return_that_is_off_may_be_asked_back_again(desk, shipped, end):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number

    service = {"decline": services.decline_return, "cancel": services.cancel_return}[end]
    service(number=number, reason="Too late", by=KIM, at=timezone.now())

    assert counters(order) == [(0, 0)]
    again = desk.request(order, tea=2)
    assert again.number == number[:-1] + "2"


def test_what_cannot_be_asked_for_is_refused(desk, shipped):
    order = shipped(tea=2)

    def request(**kwargs):
        said = {"order": order.number, "wishes": [Wish("tea", 1)], **kwargs}
        return services.request_return(by=KIM, at=timezone.now(), **said)

    for refusal, said in [
        (OrderNotFound, {"order": "SO-1"}),
        (LineNotFound, {"wishes": [Wish("cup", 1)]}),
        (NothingChosen, {"wishes": []}),
        (ResolutionNotOffered, {"resolution": "exchange"}),
        (ResolutionNotOffered, {"resolution": "store_credit"}),
        (NotReturnable, {"wishes": [Wish("tea", 1), Wish("tea", 2)]}),
    ]:
        with pytest.raises(refusal), transaction.atomic():
            request(**said)
    assert counters(order) == [(0, 0)]
    assert not ReturnAuthorization.objects.exists()


def test_several_lines_of_a_sku_are_taken_in_their_order(world, desk, shipped):
    world.stock("tea", rotterdam=5)
    lines = [
        {"sku": "tea", "quantity": 2, "unit_price": "10.00"},
        {"sku": "tea", "quantity": 3, "unit_price": "8.00"},
    ]
    order = desk.ship(world.place(tea=1, fields={"lines": lines}))

    desk.request(order, tea=4)

    assert counters(order) == [(2, 0), (2, 0)]


def test_parcels_come_one_after_another_and_never_more_than_announced(desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=2).number
    with pytest.raises(TransitionNotAllowed):
        desk.receive(number, tea=1)
    desk.approve(number)

    desk.receive(number, tea=1)
    document = ReturnAuthorization.objects.get()
    assert (document.status, counters(order)) == ("partly_received", [(1, 1)])
    with pytest.raises(TooManyReturned) as refused:
        desk.receive(number, tea=2)
    assert refused.value.expected == 1
    with pytest.raises(NotInReturn):
        desk.receive(number, cup=1)
    with pytest.raises(NothingChosen):
        desk.receive(number, tea=0)
    assert counters(order) == [(1, 1)]

    desk.receive(number, tea=1)
    document.refresh_from_db()
    assert (document.status, counters(order)) == ("received", [(0, 2)])


def test_the_first_parcel_may_arrive_elsewhere_the_next_may_not(world, desk, shipped):
    order = shipped(tea=2)
    world.location("leipzig")
    world.location("ghent")
    number = desk.request(order, tea=2).number
    desk.approve(number)

    def receive(place):
        services.receive_return(
            number=number, units={"tea": 1}, location=place, by=KIM, at=timezone.now()
        )

    receive("leipzig")
    with pytest.raises(ReceivedElsewhere):
        receive("ghent")
    desk.inspect(number, tea=1)

    assert world.available("tea") == {"leipzig": 1, "rotterdam": 0}


@pytest.mark.parametrize("disposition", ["refurbish", "quarantine", "scrap"])
def test_only_restocked_units_can_be_promised_again(world, desk, shipped, disposition):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)

    desk.inspect(number, disposition, tea=1)
    assert ReturnAuthorization.objects.get().status == "received"
    desk.inspect(number, "restock", tea=1)

    assert ReturnAuthorization.objects.get().status == "inspected"
    assert world.available("tea") == {"rotterdam": 1}


def test_only_units_that_were_received_are_graded(world, desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=3).number
    desk.approve(number)
    desk.receive(number, tea=2)

    with pytest.raises(TooManyInspected) as refused:
        desk.inspect(number, tea=3)

    assert (refused.value.requested, refused.value.received) == (3, 2)
    assert not Inspection.objects.exists()
    assert world.available("tea") == {"rotterdam": 0}


def test_restocked_units_go_to_the_order_that_waits_for_them(world, desk, shipped):
    order = shipped(tea=2)
    waiting = world.place(tea=2, paid=True)
    assert OrderLine.objects.get(order=waiting).backordered == 2
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)

    desk.inspect(number, tea=2)

    line = OrderLine.objects.get(order=waiting)
    assert (line.backordered, line.allocated) == (0, 2)
    assert world.available("tea") == {"rotterdam": 0}
    assert world.on_hand("tea") == {"rotterdam": 2}


def test_a_grade_may_be_changed_until_the_return_is_settled(world, desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=3).number
    desk.approve(number)
    desk.receive(number, tea=3)
    desk.inspect(number, tea=3)
    assert world.available("tea") == {"rotterdam": 3}

    desk.inspect(number, "scrap", "damaged", tea=2)
    assert world.available("tea") == {"rotterdam": 1}
    desk.inspect(number, "restock", "opened", tea=1)
    assert world.available("tea") == {"rotterdam": 2}

    standing = {(row.condition, row.disposition): 0 for row in Inspection.objects.all()}
    for row in Inspection.objects.all():
        standing[row.condition, row.disposition] += row.standing
    assert standing == {
        ("new", "restock"): 1,
        ("damaged", "scrap"): 1,
        ("opened", "restock"): 1,
    }
    desk.settle(number)
    with pytest.raises(TransitionNotAllowed):
        desk.inspect(number, "scrap", "damaged", tea=1)
    assert broken_books() == []


def test_the_same_grade_again_changes_nothing(world, desk, shipped):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)
    desk.inspect(number, tea=2)

    desk.inspect(number, tea=2)

    assert Inspection.objects.count() == 1
    assert world.available("tea") == {"rotterdam": 2}


def test_units_promised_meanwhile_cannot_be_taken_off_the_shelf(world, desk, shipped):
    order = shipped(tea=1)
    number = desk.request(order, tea=1).number
    desk.approve(number)
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)
    world.place(tea=1, paid=True)

    with pytest.raises(StockIsSpokenFor):
        desk.inspect(number, "scrap", "damaged", tea=1)

    assert Inspection.objects.get().standing == 1
    assert world.on_hand("tea") == {"rotterdam": 1}


def test_a_return_is_settled_for_what_came_and_lets_the_rest_go(desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=3).number
    desk.approve(number)
    desk.receive(number, tea=1)
    with pytest.raises(TransitionNotAllowed):
        desk.settle(number)
    desk.inspect(number, tea=1)

    settled = desk.settle(number)

    assert settled.refund_amount == 10
    assert counters(order) == [(0, 1)]
    assert desk.request(order, tea=2).number == number[:-1] + "2"


def test_another_amount_may_go_back_up_to_what_is_left_of_the_payments(desk, shipped):
    order = shipped(tea=3)
    number = desk.request(order, tea=1).number
    desk.approve(number)
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)
    line = ReturnLine.objects.get()

    for amount, refusal in [
        ("30.01", RefundExceedsPayment),
        ("-1.00", AmountDoesNotFit),
        ("1.005", AmountDoesNotFit),
    ]:
        with pytest.raises(refusal), transaction.atomic():
            desk.settle(number, amounts={line.pk: Decimal(amount)})
    assert ReturnAuthorization.objects.get().status == "inspected"
    assert not Refund.objects.exists()

    desk.settle(number, amounts={line.pk: Decimal("12.34")})

    assert Refund.objects.get().amount == Decimal("12.34")
    assert Order.objects.get().refunded_amount == Decimal("12.34")


def test_nothing_to_give_back_settles_without_a_refund(desk, shipped):
    order = shipped(tea=1, paid=False)

    settled = desk.all_the_way(order, tea=1)

    assert (settled.status, settled.refund_amount) == ("settled", 0)
    assert not Refund.objects.exists()
    assert not MoneyEntry.objects.filter(kind="refund").exists()


def test_who_agreed_to_another_amount_is_asked_again(desk, shipped):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)
    version = ReturnAuthorization.objects.get().version
    desk.receive(number, tea=1)
    desk.inspect(number, tea=1)

    with pytest.raises(SettlementChanged) as refused:
        desk.settle(number, expected_amount=Decimal("10.00"))
    assert (refused.value.expected, refused.value.actual) == ("10.00", "20.00")
    with pytest.raises(ReturnChanged):
        desk.settle(number, expected_version=version)

    assert not Refund.objects.exists()


def test_a_return_that_is_not_there_is_missing(db):
    for service in (services.approve_return, services.settle_return):
        with pytest.raises(ReturnNotFound):
            service(number="RMA-1-1", by=KIM, at=timezone.now())


def test_the_last_judge_is_the_database(desk, shipped):
    desk.request(shipped(tea=2), tea=1)
    line = ReturnLine.objects.filter()

    for wrong in ({"received": 2}, {"inspected": 1}, {"settled": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            line.update(**wrong)


@pytest.mark.parametrize("verb", list(RETURN.moves))
@pytest.mark.parametrize("state", ReturnStatus.values)
def test_every_verb_in_every_state_is_allowed_or_refused(verb, state):
    sources, target = RETURN.moves[verb]
    if state in sources:
        assert RETURN.after(verb, state) == target
    else:
        with pytest.raises(TransitionNotAllowed):
            RETURN.after(verb, state)


def test_a_gateway_return_closes_when_its_money_has_moved(world, desk, gateway, shipped):
    world.channel("shop", payment_gateway="stripe")
    gateway.capture("ch_1", 2000)
    settled = desk.all_the_way(shipped(tea=2), tea=2)
    assert settled.status == "settled"
    assert Refund.objects.get().status == "granted"

    jobs.drain("refund")

    settled.refresh_from_db()
    assert (settled.status, Refund.objects.get().status) == ("closed", "succeeded")


def race(*acts):
    """Do these at once; return what each came to, in order of name."""

    def attempt(act):
        try:
            act()
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(attempt, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_at_once_one_refunds(desk, shipped):
    order = shipped(tea=2)
    number = desk.request(order, tea=2).number
    desk.approve(number)
    desk.receive(number, tea=2)
    desk.inspect(number, tea=2)

    said = race(lambda: desk.settle(number), lambda: desk.settle(number))

    assert said == ["done", "transition_not_allowed"]
    assert Refund.objects.get().amount == 20


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_for_the_last_unit_one_may_send_it(desk, shipped):
    order = shipped(tea=1)

    said = race(*[lambda: desk.request(order, tea=1)] * 4)

    assert said == ["done", "not_returnable", "not_returnable", "not_returnable"]
    assert counters(order) == [(1, 0)]


@pytest.mark.django_db(transaction=True)
def test_one_parcel_received_twice_at_once_counts_once(desk, shipped):
    order = shipped(tea=1)
    number = desk.request(order, tea=1).number
    desk.approve(number)

    said = race(lambda: desk.receive(number, tea=1), lambda: desk.receive(number, tea=1))

    assert said == ["done", "too_many_returned"]
    assert counters(order) == [(0, 1)]
