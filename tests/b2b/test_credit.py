"""Credit: reserved when an order is placed, held over the limit, free again when it is paid."""

from decimal import Decimal

import pytest
from django.utils import timezone

from b2b import errors, services
from b2b.models import CreditEntry
from oms.core.actors import SYSTEM, Actor
from oms.core.books import verify
from oms.core.models import EventRecord
from orders import services as orders
from orders.models import Order
from tests.b2b.conftest import FINANCE, REP

KIM = Actor("user", "kim")


def release(order, by=FINANCE):
    return services.release_credit_hold(
        order=order.number, reason="They pay on Friday", by=by, at=timezone.now()
    )


def test_what_fits_is_reserved_and_what_does_not_is_held_before_stock_is_promised(office, world):
    office.stock("tea", rotterdam=50)
    office.limit("100")

    fits, over = office.buy(tea=6), office.buy(tea=5)

    assert office.holds(fits.order) == []
    assert office.holds(over.order) == ["credit"]
    assert over.status == "accepted"
    assert office.balances() == (Decimal("60"), 0)
    assert world.available("tea") == {"rotterdam": 44}
    assert world.works(over.order) == []


def test_exactly_at_the_limit_an_order_goes(office):
    office.limit("60")
    assert office.holds(office.buy(tea=6).order) == []


@pytest.mark.parametrize(("units", "held"), [(9, []), (10, []), (11, ["credit"])])
def test_an_order_tried_alone_is_held_when_its_own_total_is_over_the_limit(office, units, held):
    office.limit("100")
    assert office.holds(office.buy(tea=units).order) == held


def test_without_a_limit_nothing_is_checked_and_a_blocked_company_waits_always(office):
    assert office.holds(office.buy(tea=9_999).order) == []

    office.limit(None, blocked=True)

    document = office.buy(tea=1)
    assert office.holds(document.order) == ["credit"]


def test_a_person_may_release_beyond_the_limit_and_is_named(office, world):
    office.stock("tea", rotterdam=50)
    office.limit("10")
    document = office.buy(tea=5)

    hold = release(document.order)

    assert hold.released_by == "user:fin"
    assert office.balances() == (Decimal("50"), 0)
    assert world.available("tea") == {"rotterdam": 45}
    told = EventRecord.objects.get(name="order.released")
    assert (told.actor, told.payload["reason"]) == ("user:fin", "They pay on Friday")
    with pytest.raises(errors.NoCreditHold):
        release(document.order)
    assert office.balances() == (Decimal("50"), 0)


def test_the_system_releases_only_what_fits(office):
    office.limit("10")
    document = office.buy(tea=5)

    with pytest.raises(errors.CreditLimitExceeded):
        release(document.order, by=SYSTEM)

    assert office.holds(document.order) == ["credit"]
    assert office.balances() == (0, 0)


def test_held_orders_go_on_by_themselves_when_there_is_room_the_oldest_first(office):
    office.limit("100")
    first = office.buy(tea=9)
    second, third, fourth = office.buy(tea=8), office.buy(tea=7), office.buy(tea=2)
    assert [office.holds(each.order) for each in (second, third, fourth)] == [["credit"]] * 3

    services.cancel_purchase_order(number=first.number, reason="Sorry", by=REP, at=timezone.now())
    released = services.release_what_fits(company="vermeer")

    assert released == [second.order.number, fourth.order.number]
    assert office.balances() == (Decimal("100"), 0)
    assert services.release_what_fits(company="vermeer") == []


def test_cancelling_some_units_frees_their_share(office):
    document = office.buy(tea=5, cup=2)
    line = document.order.lines.get(sku_code="tea")

    orders.cancel_order(number=document.order.number, reason="less", units={line.pk: 3}, by=KIM)

    assert office.balances() == (Decimal("40"), 0)
    kinds = list(CreditEntry.objects.order_by("id").values_list("kind", "reserved_delta"))
    assert kinds == [("reserve", Decimal("70")), ("release", Decimal("-30"))]


def test_a_held_order_that_is_cancelled_never_reserved_anything(office):
    office.limit("10")
    document = office.buy(tea=5)

    orders.cancel_order(number=document.order.number, reason="no", by=KIM)

    assert office.balances() == (0, 0)
    assert CreditEntry.objects.count() == 0
    assert office.fresh(document).status == "cancelled"


def test_setting_a_limit_is_told_with_before_and_after(office):
    office.limit("100")
    office.limit(None, blocked=True)

    told = EventRecord.objects.filter(name="credit.limit_set").order_by("id")
    assert [(each.payload["before"], each.payload["after"]) for each in told] == [
        ("", "100.00"),
        ("100.00", ""),
    ]


def test_orders_of_other_channels_cost_no_query_and_touch_no_account(office, world):
    office.limit("1")
    world.stock("tea", rotterdam=9)

    order = world.place("web-1", tea=5)

    assert office.holds(order) == []
    assert office.balances() == (0, 0)


def test_the_ledger_proves_the_balances(office):
    office.limit("100")
    document = office.buy(tea=5)
    office.buy(tea=9)
    orders.cancel_order(number=document.order.number, reason="no", by=KIM)

    assert [each for each in verify() if each.invariant.startswith(("credit", "invoice"))] == []
    assert Order.objects.count() == 2
