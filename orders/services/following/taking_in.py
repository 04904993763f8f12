from collections.abc import Sequence

from oms.channels.principals import ChannelPrincipal
from orders.adapters.messages import Arrival
from orders.adapters.parts import Report


def take_in(*, channel: ChannelPrincipal, reports: Sequence[Report], message: Arrival) -> None:
    """Merge what a message says into what is known, and bring our orders in step with it.

    Each report is a transaction of its own. Calling it again with the same message changes
    nothing; a report without a time counts as of the moment its message came.
    """
