"""How often a channel may call: its own limit, that no other channel feels."""

import math

from oms.channels.errors import TooManyRequests
from oms.core import buckets


def pace(channel_id: int, *, slug: str, per_minute: int, burst: int) -> None:
    """Count one request of a channel.

    Raises: TooManyRequests.
    """
    wait = buckets.wait_for(channel_id, per_minute=per_minute, burst=burst)
    if wait:
        raise TooManyRequests(channel=slug, limit=per_minute, retry_after=math.ceil(wait))
