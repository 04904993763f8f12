"""Which adapter speaks for which kind of channel."""

from collections.abc import Mapping

from oms.channels import states
from orders.adapters.messages import Adapter
from orders.adapters.native import Native

NATIVE = Native()

ADAPTERS: Mapping[str, Adapter] = {
    states.Adapter.NATIVE: NATIVE,
}


def adapter_of(name: str) -> Adapter:
    """Return the adapter of a channel; one that has none speaks our own language."""
    return ADAPTERS.get(name, NATIVE)
