"""Which adapter speaks for which kind of channel."""

from collections.abc import Mapping

from oms.channels import states
from orders.adapters.amazon import Amazon
from orders.adapters.bigcommerce import BigCommerce
from orders.adapters.messages import Adapter
from orders.adapters.native import Native
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
