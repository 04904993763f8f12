"""Orders that have left, and the way back."""

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentOrder
from oms.core.actors import Actor
from orders.models import Order
from returns import services
from returns.models import ReturnAuthorization
from returns.services import Grade, Wish

KIM = Actor("user", "kim")


class Desk:
    """What people at the return desk do, in words."""

    def ship(self, order: Order) -> Order:
        """Pick, pack and ship all the work of an order, as the warehouse does."""
        for work in FulfillmentOrder.objects.filter(order=order).order_by("id"):
            now = timezone.now()
            fulfillment.pick(number=work.number, by=KIM, at=now)
            fulfillment.pack(number=work.number, by=KIM, at=now)
            fulfillment.ship(
                number=work.number,
                carrier="post",
                tracking_number=f"T-{work.number}",
                by=KIM,
                at=now,
            )
        return Order.objects.get(pk=order.pk)

    def request(self, order: Order, reason: str = "other", **units: int) -> ReturnAuthorization:
        return services.request_return(
            order=order.number,
            wishes=[Wish(sku, count, reason=reason) for sku, count in units.items()],
            by=KIM,
            at=timezone.now(),
        )

    def approve(self, number: str) -> None:
        services.approve_return(number=number, by=KIM, at=timezone.now())

    def receive(self, number: str, **units: int) -> None:
        services.receive_return(number=number, units=units, by=KIM, at=timezone.now())

    def inspect(
        self, number: str, disposition: str = "restock", condition: str = "new", **units: int
    ) -> None:
        services.inspect_return(
            number=number,
            grades=[Grade(sku, count, condition, disposition) for sku, count in units.items()],
            by=KIM,
            at=timezone.now(),
        )

    def settle(self, number: str, **kwargs: object) -> ReturnAuthorization:
        return services.settle_return(number=number, by=KIM, at=timezone.now(), **kwargs)

    def all_the_way(
        self, order: Order, disposition: str = "restock", **units: int
    ) -> ReturnAuthorization:
        """Request, approve, receive, inspect and settle these units."""
        number = self.request(order, **units).number
        self.approve(number)
        self.receive(number, **units)
        self.inspect(number, disposition, **units)
        return self.settle(number)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def shipped(world, desk):
    """Make an order that was paid and has left: `shipped(tea=3)`."""

    def make(**units: int) -> Order:
        for sku in units:
            if sku not in {"fields", "price", "channel", "external_id", "paid"}:
                world.stock(sku, rotterdam=units[sku])
        units.setdefault("paid", True)
        return desk.ship(world.place(**units))

    return make
