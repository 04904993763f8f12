"""An order of ours does what its channel tells of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.models import Shipment
from oms.channels.models import Channel
from oms.core.actors import SYSTEM
from oms.core.books import verify
from oms.core.models import EventRecord, Job
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import services
from orders.adapters.parts import (
    Buyer,
    Cancellation,
    Fulfillment,
    Place,
    Refund,
    Report,
    Units,
)
from orders.models import Hold, Order, OrderLine, Payment
from orders.rules.changes import Action
from tests.orders.following.telling import HEAD, HOME, item, paid, parts

pytestmark = pytest.mark.django_db


def holds(order):
    return sorted(
        Hold.objects.filter(order=order, released_at__isnull=True).values_list("kind", flat=True)
    )


def lines(order):
    found = OrderLine.objects.filter(order=order).order_by("position")
    return [(line.sku_code, line.quantity, line.cancelled, line.allocated) for line in found]


def problems(kept):
    return [(each["key"], each["code"]) for each in kept.problems]


@pytest.mark.parametrize(("sent", "held"), [(False, ["review"]), (True, [])])
def test_what_the_channel_sent_itself_nobody_confirms_any_more(world, tell, sent, held):
    world.stock("tea", rotterdam=5)
    Channel.objects.filter(slug=tell.slug).update(auto_confirm=False)
    left = {"fulfillment:1": Fulfillment(units=None, tracking_numbers=("T1",))} if sent else {}

    tell({**parts(item("tea", 2), total="20.00"), **left})

    assert holds(tell.order) == held


def test_an_order_is_placed_once_with_its_money_and_its_stock(world, tell):
    world.stock("tea", rotterdam=5)

    for _ in range(2):
        kept = tell({**parts(item("tea", 2), total="20.00"), "payment:1": paid("20.00")}, hour=1)

    order = tell.order
    assert (kept.state, kept.order, kept.name) == ("in_step", order, "#1001")
    assert lines(order) == [("tea", 2, 0, 2)]
    assert (order.payment_status, order.captured_amount) == ("paid", Decimal("20.00"))
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)
    assert holds(order) == []
    assert not verify()


def test_what_came_before_the_order_waits_for_it(world, tell):
    world.stock("tea", rotterdam=5)
    refund = Refund(Decimal("10.00"), "EUR", cancelled=(Units("tea", 1),))

    early = tell({"refund:7": refund}, hour=3)
    assert (early.state, early.missing, early.order) == ("waiting", ["head", "items"], None)
    kept = tell({**parts(item("tea", 2)), "payment:1": paid("20.00")}, hour=1)

    assert kept.state == "in_step"
    assert lines(tell.order) == [("tea", 2, 1, 1)]
    assert tell.order.refunded_amount == Decimal("10.00")
    assert not verify()


def test_an_order_cancelled_before_it_was_heard_of_makes_no_work(world, tell):
    world.stock("tea", rotterdam=5)
    tell({"cancellation": Cancellation(reason="Changed mind")}, hour=3)

    tell(parts(item("tea", 2)), hour=1)

    assert tell.order.status == "cancelled"
    assert world.available("tea") == {"rotterdam": 5}
    assert not world.works(tell.order)
    assert not Job.objects.filter(kind="mail").exists()
    assert not verify()


def test_a_channel_that_sends_itself_makes_no_work(world, tell):
    world.stock("tea", rotterdam=5)

    tell(parts(item("tea", 2), item("moon", 1), captured="30.00", fulfilled_elsewhere=True))

    assert (tell.order.status, holds(tell.order)) == ("completed", [])
    assert world.available("tea") == {"rotterdam": 5}
    assert not verify()


def test_edits_follow_quantities_prices_lines_and_charges(world, tell):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    world.stock("pot", rotterdam=5)
    tell(parts(item("tea", 2), item("cup", 1), discount="3.00"))

    kept = tell(
        parts(
            item("tea", 3, "9.00"),
            item("pot", 1, "5.00", tax=Decimal("1.05")),
            discount="2.00",
            shipping_amount="4.95",
            total="36.00",
        )
    )

    order = tell.order
    assert (kept.state, kept.problems) == ("in_step", [])
    assert lines(order) == [("tea", 3, 0, 3), ("cup", 0, 0, 0), ("pot", 1, 0, 1)]
    assert order.total_amount == Decimal("36.00")
    assert holds(order) == []
    assert world.available("cup") == {"rotterdam": 5}
    assert not verify()


def test_what_staff_changed_stands_until_the_channel_changes_it(world, tell):
    world.stock("tea", rotterdam=5)
    world.stock("cup", rotterdam=5)
    tell(parts(item("tea", 2), item("cup", 1)))
    services.change_order(
        number=tell.order.number,
        actions=[Action("set_quantity", sku="tea", quantity=1)],
        by=SYSTEM,
    )

    tell(parts(item("tea", 2), item("cup", 2)))

    assert lines(tell.order) == [("tea", 1, 0, 1), ("cup", 2, 0, 2)]


def test_a_later_address_is_followed_and_none_takes_none_away(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 2)))
    new = Address(name="Robin Vale", line1="Kade 1", city="Ghent", country="BE")

    tell({"address": Place(new)})
    tell({"address": Place(None)})

    assert tell.order.ship_to == new
    assert [work.ship_to for work in world.works(tell.order)] == [new]


def test_without_an_address_an_order_is_held_until_it_is_complete(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 2), address=None))
    order = tell.order
    assert holds(order) == ["address"]
    assert lines(order) == [("tea", 2, 0, 0)]
    assert not verify()

    tell({"address": Place(HOME)})

    assert holds(order) == []
    assert lines(order) == [("tea", 2, 0, 2)]
    assert not verify()


def test_staff_complete_an_address_and_the_order_goes_on(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 2), address=None))

    services.change_order(
        number=tell.order.number, actions=[Action("set_address", address=HOME)], by=SYSTEM
    )

    assert holds(tell.order) == []
    assert lines(tell.order) == [("tea", 2, 0, 2)]


def test_parts_that_come_apart_are_waited_for(world, tell):
    world.stock("tea", rotterdam=5)
    said = parts(item("tea", 2), head=HEAD, awaits=("items", "address", "buyer"))
    now = {"hour": 24 * 365}

    assert tell({"head": said["head"]}, **now).missing == ["items", "address", "buyer"]
    assert tell({"items": said["items"]}, **now).missing == ["address", "buyer"]
    tell({"address": said["address"]}, **now)
    kept = tell({"buyer": Buyer(CustomerDetails(name="R. Vale", email="r@example.com"))}, **now)

    assert kept.state == "in_step"
    assert (tell.order.customer_name, tell.order.email) == ("R. Vale", "r@example.com")


def test_a_fulfillment_made_in_the_channel_is_shipped_from_our_stock(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 3)))
    sent = Fulfillment((Units("tea", 2),), carrier="PostNL", tracking_numbers=("3S1",))

    for _ in range(2):
        kept = tell({"fulfillment:5": sent}, hour=4)

    [shipment] = Shipment.objects.all()
    assert (shipment.tracking_number, shipment.carrier) == ("3S1", "PostNL")
    assert (kept.state, kept.problems) == ("in_step", [])
    assert world.on_hand("tea") == {"rotterdam": 3}
    assert tell.order.fulfillment_status == "partly_fulfilled"
    tell({"fulfillment:6": Fulfillment(None)})
    assert tell.order.status == "completed"
    tell({"fulfillment:5": Fulfillment(sent.units, is_delivered=True)}, hour=9)
    shipment.refresh_from_db()
    assert shipment.status == "delivered"
    assert not verify()


def test_our_own_shipment_told_back_is_known(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 3)))
    [work] = world.works(tell.order)
    fulfillment.dispatch(
        number=work.number, carrier="UPS", tracking_number="1Z", by=SYSTEM, at=timezone.now()
    )

    kept = tell({"fulfillment:5": Fulfillment((Units("tea", 3),), tracking_numbers=("1Z",))})

    assert (kept.state, Shipment.objects.count()) == ("in_step", 1)
    assert world.on_hand("tea") == {"rotterdam": 2}


def test_what_comes_too_late_is_told_and_can_be_accepted(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 3)))
    [work] = world.works(tell.order)
    fulfillment.pick(number=work.number, by=SYSTEM, at=timezone.now())
    fulfillment.pack(number=work.number, by=SYSTEM, at=timezone.now())

    kept = tell(parts(item("tea", 1)))

    assert (kept.state, problems(kept)) == ("behind", [("items", "too_late_to_reduce")])
    assert lines(tell.order) == [("tea", 3, 0, 3)]
    kept = services.accept_difference(channel="shopify", external_id="1001", key="items", by=SYSTEM)
    assert (kept.state, kept.problems) == ("in_step", [])
    assert services.follow(channel="shopify", external_id="1001").state == "in_step"


def test_units_that_left_elsewhere_and_are_not_here_are_told_and_tried_again(world, tell):
    world.stock("tea", rotterdam=1)
    tell(parts(item("tea", 3)))

    kept = tell({"fulfillment:5": Fulfillment((Units("tea", 3),))})
    assert problems(kept) == [("fulfillment:5", "units_not_here")]
    assert (Shipment.objects.count(), world.on_hand("tea")) == (0, {"rotterdam": 1})


def test_a_line_that_never_ships_completes_with_its_payment(world, tell):
    tell(parts(item("download", 1, ships=False), captured="0"))
    order = tell.order
    assert (order.status, holds(order)) == ("open", [])
    assert not verify()

    tell(parts(item("download", 1, ships=False), captured="10.00"))

    order = tell.order
    assert (order.status, order.fulfillment_status) == ("completed", "fulfilled")
    assert EventRecord.objects.filter(name="order.completed").count() == 1
    assert not verify()


def test_lines_that_never_ship_keep_nothing_from_being_done(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 1), item("gift-wrap", 1, "2.00", ships=False)))

    tell({"fulfillment:5": Fulfillment(None)})

    assert (tell.order.status, tell.order.fulfillment_status) == ("completed", "fulfilled")
    assert not verify()


def test_a_kit_is_followed_with_its_components(world, tell):
    world.stock("tea", rotterdam=9)
    world.stock("cup", rotterdam=9)
    world.kit("gift", tea=2, cup=1)
    tell(parts(item("gift", 2, "30.00")))

    tell(parts(item("gift", 3, "30.00")))
    kept = tell({"cancellation:1": Cancellation((Units("gift", 1),))})

    assert kept.state == "in_step"
    assert lines(tell.order) == [("tea", 6, 2, 4), ("cup", 3, 1, 2)]
    assert not verify()


def test_what_never_came_is_placed_without_after_a_while(world, tell):
    world.stock("tea", rotterdam=5)
    said = parts(item("tea", 2), awaits=("address",))
    now = timezone.now()
    report = Report("1001", {"head": said["head"], "items": said["items"]}, now)
    assert tell.hear(report).missing == ["address"]
    assert services.follow_due(at=now, most=9) == 0

    with time_machine.travel(now + timedelta(minutes=31), tick=False):
        assert services.follow_due(at=timezone.now(), most=9) == 1

    assert (tell.kept.state, holds(tell.order)) == ("in_step", ["address"])


def test_what_could_not_be_done_is_tried_again_by_itself(world, tell):
    world.stock("tea", rotterdam=5)
    tell(parts(item("tea", 2)))
    services.hold_order(number=tell.order.number, kind="manual", reason="", by=SYSTEM)
    kept = tell({"fulfillment:5": Fulfillment((Units("tea", 2),))})
    assert problems(kept) == [("fulfillment:5", "on_hold")]
    services.release_hold(number=tell.order.number, kind="manual", by=SYSTEM)

    services.follow_due(at=kept.due_at, most=9)

    assert (tell.kept.state, tell.order.status) == ("in_step", "completed")
