"""A small shop with something in every state, for the pages to show."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from b2b import services as b2b
from b2b.services import LineWish
from fulfillment import services as fulfillment
from oms.core.actors import Actor
from orders import services as orders
from returns import services as returns
from tests.b2b.conftest import BUYER, Office

KIM = Actor("user", "kim")
LED = ("open", "released", "picking", "picked", "packed", "shipped", "delivered")
BACK = ("requested", "approved", "received", "inspected", "settled")


@dataclass(frozen=True)
class Shop:
    """Document numbers by what is the matter with them."""

    orders: dict[str, str]
    works: dict[str, str]
    shipments: dict[str, str]
    returns: dict[str, str]
    business: dict[str, str]


def filled(world) -> Shop:
    """Fill the shop: an order in every state, work at every step, returns on every desk."""
    world.stock("tea", rotterdam=60, leipzig=9)
    world.stock("cup", rotterdam=1)
    shop = Shop({}, {}, {}, {}, {})
    for state in LED:
        _lead(world, shop, state)
    _place(world, shop, "held", tea=1)
    orders.hold_order(number=shop.orders["held"], kind="fraud", reason="New card", by=KIM)
    _place(world, shop, "waiting", tea=1, cup=3)
    _place(world, shop, "unpaid", paid=False, tea=1)
    _place(world, shop, "cancelled", tea=1)
    orders.cancel_order(number=shop.orders["cancelled"], reason="Changed their mind", by=KIM)
    for state in BACK:
        _bring_back(world, shop, state)
    _sell(Office(world), shop.business)
    return shop


def _place(world, shop, state, *, paid=True, **units):
    order = world.place(f"W-{state}", paid=paid, **units)
    shop.orders[state] = order.number
    for work in world.works(order):
        shop.works[state] = work.number
    return order


def _lead(world, shop, state):
    """Place an order and lead its work so far."""
    order = _place(world, shop, state, tea=2)
    number, now = shop.works[state], timezone.now()
    steps = LED.index(state if state in LED else "delivered")
    if steps >= 1:
        fulfillment.release_work(number=number, by=KIM, at=now)
    if steps == 2:
        fulfillment.pick_one(number=number, code="tea", by=KIM, at=now)
    if steps >= 3:
        fulfillment.pick(number=number, by=KIM, at=now)
    if steps >= 4:
        fulfillment.pack(number=number, by=KIM, at=now)
    if steps >= 5:
        shipment = fulfillment.ship(
            number=number, carrier="PostNL", tracking_number=f"3S-{state}", by=KIM, at=now
        )
        shop.shipments[state] = shipment.number
    if steps >= 6:
        fulfillment.record_tracking(
            number=shipment.number, status="delivered", occurred_at=now, by=KIM
        )
    return order


def _bring_back(world, shop, state):
    """Deliver an order, and lead a return of one unit so far."""
    order = _lead(world, shop, state)
    now, steps = timezone.now(), BACK.index(state)
    number = returns.request_return(
        order=order.number, wishes=[returns.Wish("tea", 1, reason="damaged")], by=KIM, at=now
    ).number
    shop.returns[state] = number
    if steps >= 1:
        returns.approve_return(number=number, by=KIM, at=now)
    if steps >= 2:
        returns.receive_return(number=number, units={"tea": 1}, by=KIM, at=now)
    if steps >= 3:
        grades = [returns.Grade("tea", 1, "new", "restock")]
        returns.inspect_return(number=number, grades=grades, by=KIM, at=now)
    if steps >= 4:
        returns.settle_return(number=number, by=KIM, at=now)


def _sell(office, business):
    """A company that asks, is offered something, orders, owes, and orders too much."""
    office.price("tea", "9.50")
    company = office.company(price_list="wholesale", credit_limit=Decimal(200))
    wishes = office.wishes(tea=4)
    asked = b2b.request_quote(company=company.code, lines=wishes, by=BUYER, at=timezone.now())
    offer = b2b.draft_quote(company=company.code, lines=wishes, by=KIM, at=timezone.now())
    dear = office.draft(lines=[LineWish("tea", 1, Decimal("1.00"))])
    bought = office.buy(tea=2)
    office.ship(bought.order)
    business["request"], business["drafted"] = asked.number, offer.number
    business["presented"] = office.quote(tea=6).number
    business["submitted"] = office.submit(dear).number
    business["invoiced"] = bought.number
    business["invoice"] = office.invoices(bought.order)[0].number
    business["held"] = office.buy(tea=40).order.number
