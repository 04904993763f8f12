"""Amazon: the Selling Partner API's orders (v0 and 2026-01-01), its notifications and finances."""

from orders.adapters.amazon.adapter import Amazon

__all__ = ["Amazon"]
