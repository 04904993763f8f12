from collections.abc import Sequence

from oms.channels.principals import ChannelPrincipal
from orders.adapters.messages import Arrival
from orders.adapters.parts import Fetch


def ask_for(*, channel: ChannelPrincipal, fetches: Sequence[Fetch], message: Arrival) -> None:
    """Have what a message only points at fetched from its channel.

    Part of the caller's transaction. What comes is archived and processed as if it had been sent.
    """
