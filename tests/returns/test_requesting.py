"""What may come back: units that left, asked for once."""

import pytest
from django.db import transaction
from django.utils import timezone

from oms.core.models import EventRecord
from oms.core.states import TransitionNotAllowed
from orders.errors import LineNotFound, OrderNotFound
from returns import services
from returns.errors import (
    NothingChosen,
    NotReturnable,
    ResolutionNotOffered,
    ReturnNotFound,
)
from returns.models import ReturnAuthorization
from returns.services import Wish
from returns.states import RETURN, ReturnStatus
from tests.fakes.gateway import gateway as gateway
from tests.returns.conftest import KIM
from tests.returns.keeping_books import counters


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


def test_a_return_that_is_not_there_is_missing(db):
    for service in (services.approve_return, services.settle_return):
        with pytest.raises(ReturnNotFound):
            service(number="RMA-1-1", by=KIM, at=timezone.now())


@pytest.mark.parametrize("verb", list(RETURN.moves))
@pytest.mark.parametrize("state", ReturnStatus.values)
def test_every_verb_in_every_state_is_allowed_or_refused(verb, state):
    sources, target = RETURN.moves[verb]
    if state in sources:
        assert RETURN.after(verb, state) == target
    else:
        with pytest.raises(TransitionNotAllowed):
            RETURN.after(verb, state)
