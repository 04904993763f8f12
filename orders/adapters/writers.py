"""Who says our news to which kind of channel."""

from collections.abc import Mapping

from oms.channels.states import Adapter
from orders.adapters.amazon.writing import AmazonWriter
from orders.adapters.bigcommerce.writing import BigCommerceWriter
from orders.adapters.shipstation.writing import ShipStationWriter
from orders.adapters.shopify.writing import ShopifyWriter
from orders.adapters.woocommerce.writing import WooCommerceWriter
from orders.adapters.writing import Writer

WRITERS: Mapping[str, Writer] = {
    Adapter.SHOPIFY: ShopifyWriter(),
    Adapter.WOOCOMMERCE: WooCommerceWriter(),
    Adapter.AMAZON: AmazonWriter(),
    Adapter.BIGCOMMERCE: BigCommerceWriter(),
    Adapter.SHIPSTATION: ShipStationWriter(),
}


def writer_of(adapter: str) -> Writer | None:
    """Return who speaks to a kind of channel; None for one that hears our webhooks."""
    return WRITERS.get(adapter)
