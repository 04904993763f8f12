"""BigCommerce: orders v2 with their parts, refunds v3, and webhooks that carry ids only."""

from orders.adapters.bigcommerce.adapter import BigCommerce

__all__ = ["BigCommerce"]
