"""What a channel says of an order, kept."""

from collections.abc import Sequence
from datetime import datetime

from oms.channels.principals import ChannelPrincipal
from oms.core import sql
from oms.core.locking import lock_one
from oms.core.services import service
from orders.adapters.merging import merged, told
from orders.adapters.messages import Arrival
from orders.adapters.parts import Report
from orders.errors import ChannelOrderNotFound
from orders.models import ChannelOrder, Counterpart
from orders.states import ChannelOrderState

OPEN = """
INSERT INTO orders_channelorder
    (channel_id, external_id, name, said_state, state, parts, missing, problems, followed, accepted,
     last_message, first_heard_at, last_heard_at)
VALUES (%s, %s, '', '', 'waiting', '{}', '[]', '[]', '{}', '{}', '', %s, %s)
ON CONFLICT (external_id, channel_id) DO NOTHING
"""


def take_in(*, channel: ChannelPrincipal, reports: Sequence[Report], message: Arrival) -> None:
    """Take in what a message says of orders, and bring ours in step with it.

    Taken in twice, in another order or by two at once, all ends the same. A report without a time
    counts as of the moment its message came. What cannot be carried out stays with the channel's
    order as its problems and is no error. Each order is a transaction of its own.

    Raises: Busy, UnknownPart for parts under keys of another kind.
    Locks: ChannelOrder.
    Publishes: nothing.
    """
    for report in sorted(reports, key=lambda report: report.order):
        _keep(channel_id=channel.pk, report=report, message=message.number, at=message.received_at)


@service
def _keep(*, channel_id: int, report: Report, message: str, at: datetime) -> ChannelOrder:
    """Merge what a report says into what is known of its order."""
    sql.run(OPEN, [channel_id, report.order, at, at])
    kept = lock_one(
        ChannelOrder.objects.filter(channel_id=channel_id, external_id=report.order),
        missing=ChannelOrderNotFound(external_id=report.order),
    )
    kept.parts = merged(kept.parts, report, at)
    known = told(kept.parts)
    if known.head:
        kept.name, kept.said_state = known.head.name[:100], known.head.state[:100]
    kept.missing = known.lacking(is_patient=True)
    kept.first_heard_at = min(kept.first_heard_at, at)
    kept.last_heard_at = max(kept.last_heard_at, at)
    kept.last_message = message
    kept.state = ChannelOrderState.WAITING if kept.missing else ChannelOrderState.IN_STEP
    kept.save()
    return kept


@service
def know_counterpart(
    *, order_id: int, kind: str, external_id: str, document: str, at: datetime
) -> None:
    """Put down what the channel of an order calls a document of ours, so that we know it when it
    comes back. For orders that came from no channel's message nothing is put down.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    kept = ChannelOrder.objects.filter(order_id=order_id).first()
    if kept is not None:
        Counterpart.objects.get_or_create(
            channel_order=kept,
            kind=kind,
            external_id=external_id,
            defaults={"document": document, "made_at": at},
        )
