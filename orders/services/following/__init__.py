"""Orders of channels, kept in step with what their channels say."""

from orders.services.following.taking_in import take_in

__all__ = ["take_in"]
