"""Which adapter speaks for which kind of channel."""

from collections.abc import Mapping

from oms.channels import states
from orders.adapters.messages import Adapter
from orders.adapters.native import Native
from orders.adapters.shopify import Shopify

NATIVE = Native()

ADAPTERS: Mapping[str, Adapter] = {
    states.Adapter.NATIVE: NATIVE,
    states.Adapter.SHOPIFY: Shopify(),
}


def adapter_of(name: str) -> Adapter:
    """Return the adapter of a channel; one that has none speaks our own language."""
    return ADAPTERS.get(name, NATIVE)
