"""How a channel is called back: what an adapter's outbound half is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """Where a channel is called, and with what.

    `options` are names in the clear (an API version, a location's id there), `credentials` what
    proves who we are; both by the names that `oms/channels/rules/connecting.py` gives them. What
    is not set is missing.
    """

    channel: str
    adapter: str
    base_url: str
    options: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
