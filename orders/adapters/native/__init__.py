"""Our own language: an order as the API takes it, signed as Standard Webhooks says."""

from orders.adapters.native.adapter import Native

__all__ = ["Native"]
