"""What happens at the doors of channels, counted by the hour."""

import secrets

from oms.channels.states import Traffic
from oms.core import sql
from oms.core.services import service

SLOTS = 8

COUNT = """
INSERT INTO channels_inboundtraffic AS known (channel_id, hour, kind, slot, count)
VALUES (%s, date_trunc('hour', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', %s, %s, 1)
ON CONFLICT (channel_id, hour, kind, slot) DO UPDATE SET count = known.count + 1
"""


@service
def count_traffic(*, channel_id: int, kind: Traffic) -> None:
    """Count one happening at the door of a channel, in one statement.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    sql.run(COUNT, [channel_id, kind.value, secrets.randbelow(SLOTS)])
