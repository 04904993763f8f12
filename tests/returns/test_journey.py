"""The whole way back: asked for, allowed, received, graded, paid."""

from decimal import Decimal

from orders.models import MoneyEntry, Order, OrderLine, Refund


def test_units_come_back_to_the_shelf_and_their_money_to_the_customer(world, desk, shipped):
    order = shipped(tea=3)
    assert world.available("tea") == {"rotterdam": 0}

    number = desk.request(order, tea=2).number
    line = OrderLine.objects.get(order=order)
    assert number == f"RMA-{order.number.removeprefix('SO-')}-1"
    assert (line.return_requested, line.returned) == (2, 0)
    desk.approve(number)
    desk.receive(number, tea=2)
    assert world.available("tea") == {"rotterdam": 0}
    desk.inspect(number, tea=2)
    assert world.available("tea") == {"rotterdam": 2}
    settled = desk.settle(number)

    order = Order.objects.get(pk=order.pk)
    line.refresh_from_db()
    refund = Refund.objects.get()
    assert settled.status == "settled"
    assert settled.refund_amount == Decimal("20.00")
    assert (refund.status, refund.amount, refund.reference) == ("succeeded", 20, number)
    assert (line.return_requested, line.returned, line.refunded_amount) == (0, 2, 20)
    assert (order.refunded_amount, order.payment_status) == (20, "partly_refunded")
    assert order.return_status == "partly_returned"
    entry = MoneyEntry.objects.get(kind="refund")
    assert (entry.amount, entry.refund_id) == (-20, refund.pk)
