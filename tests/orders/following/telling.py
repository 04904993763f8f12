"""A channel that tells of its order 1001, in the words of a test."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from oms.channels.states import Adapter
from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails
from orders import services
from orders.adapters.messages import Arrival
from orders.adapters.parts import Head, Item, Items, Payment, PaymentState, Place, Report
from orders.models import ChannelOrder, Order

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOME = Address(
    name="Robin Vale",
    line1="Molenstraat 27",
    city="Antwerp",
    postal_code="2000",
    country="BE",
)
HEAD = Head(
    placed_at=NOON,
    currency="EUR",
    customer=CustomerDetails(name="Robin Vale", email="robin@example.com"),
    name="#1001",
)


def item(sku, quantity, price="10.00", *, key=None, **fields):
    return Item(key or sku, quantity, Decimal(price), sku=sku, name=sku.capitalize(), **fields)


def parts(*items, head=HEAD, address=HOME, **fields):
    """What a channel says when an order was placed: `parts(item("tea", 2), captured="20.00")`."""
    for name in ("total", "captured", "authorized", "discount", "shipping_amount"):
        if name in fields:
            fields[name] = Decimal(fields[name])
    return {
        "head": replace(head, **fields),
        "items": Items(tuple(items)),
        "address": Place(address),
    }


def paid(amount, state=PaymentState.CAPTURED):
    return Payment(state, Decimal(amount), "EUR", "card", "ch_1")


class Told:
    """A channel and what it says of 1001, each time an hour later unless `hour` is given."""

    def __init__(self, world, slug="shopify"):
        world.channel(slug, adapter=Adapter.SHOPIFY)
        self.world, self.slug, self.hours = world, slug, count()

    def report(self, said, hour=None):
        at = NOON + timedelta(hours=next(self.hours) if hour is None else hour)
        return Report("1001", said, at)

    def hear(self, report):
        channel = self.world.principal(self.slug)
        arrival = Arrival("IN-1", report.as_of or NOON)
        services.take_in(channel=channel, reports=[report], message=arrival)
        return self.kept

    def __call__(self, said, hour=None):
        return self.hear(self.report(said, hour))

    @property
    def kept(self):
        return ChannelOrder.objects.get(channel__slug=self.slug, external_id="1001")

    @property
    def order(self):
        return Order.objects.get(channel__slug=self.slug, external_id="1001")
