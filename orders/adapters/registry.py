"""Which adapter speaks for which kind of channel."""

from collections.abc import Iterator, Mapping

from oms.channels import states
from orders.adapters.amazon import Amazon
from orders.adapters.bigcommerce import BigCommerce
from orders.adapters.messages import Adapter, Message, Unreadable
from orders.adapters.native import Native
from orders.adapters.parts import Items, Reading, Report
from orders.adapters.shipstation import ShipStation
from orders.adapters.shopify import Shopify
from orders.adapters.woocommerce import WooCommerce

NATIVE = Native()

ADAPTERS: Mapping[str, Adapter] = {
    states.Adapter.NATIVE: NATIVE,
    states.Adapter.SHOPIFY: Shopify(),
    states.Adapter.WOOCOMMERCE: WooCommerce(),
    states.Adapter.AMAZON: Amazon(),
    states.Adapter.BIGCOMMERCE: BigCommerce(),
    states.Adapter.SHIPSTATION: ShipStation(),
}


def adapter_of(name: str) -> Adapter:
    """Return the adapter of a channel; one that has none speaks our own language."""
    return ADAPTERS.get(name, NATIVE)


LONGEST_ID = 100


def read(adapter: Adapter, message: Message) -> Reading:
    """Return what a message says, by ids that can be kept.

    Raises: Unreadable.
    """
    reading = adapter.read(message)
    for report in reading.reports:
        long = next((each for each in _ids(report) if len(each) > LONGEST_ID), "")
        if long:
            raise Unreadable(f"An id in it is longer than {LONGEST_ID} characters: {long[:40]}…")
    return reading


def _ids(report: Report) -> Iterator[str]:
    yield report.order
    for key, part in report.parts.items():
        yield key.partition(":")[2]
        if isinstance(part, Items):
            yield from (item.key for item in part.items)
