from datetime import datetime

from django.db.models import F

from oms.channels.errors import InboundMessageNotFound, MessageGone
from oms.channels.events import ChannelMessagesReprocessed
from oms.channels.models import InboundMessage
from oms.channels.services.archiving import JOB
from oms.channels.states import INBOUND, InboundState
from oms.core import jobs
from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.services import service

MOST = 10_000


@service
def reprocess_message(*, number: str, by: Actor, at: datetime) -> None:
    """Process a message again from its bytes, whatever became of it before.

    Raises: InboundMessageNotFound, MessageGone.
    Locks: nothing.
    Publishes: ChannelMessagesReprocessed.
    """
    message = (
        InboundMessage.objects.filter(number=number)
        .select_related("channel")
        .only("purged_at", "state", "channel__slug")
        .first()
    )
    if message is None:
        raise InboundMessageNotFound(number=number)
    if message.purged_at:
        raise MessageGone(number=number)
    INBOUND.after("reprocess", message.state)
    _ask_again([number])
    _tell(message.channel.slug, number, [number], by, at)


@service
def reprocess_quarantined(*, channel: str, topic: str = "", by: Actor, at: datetime) -> int:
    """Process again all that is quarantined of a channel, or of one topic of it; return how many.

    Raises: nothing.
    Locks: nothing.
    Publishes: ChannelMessagesReprocessed.
    """
    waiting = InboundMessage.objects.filter(
        channel__slug=channel, state=InboundState.QUARANTINED, purged_at=None
    )
    if topic:
        waiting = waiting.filter(topic=topic)
    oldest = waiting.order_by("received_at", "id").values_list("number", flat=True)
    numbers = list(oldest[:MOST])
    if numbers:
        _ask_again(numbers)
        _tell(channel, channel, numbers, by, at)
    return len(numbers)


def _ask_again(numbers: list[str]) -> None:
    """Ask for the jobs first, then for the messages: as a worker takes them when it is done."""
    jobs.ask_anew(JOB, keys=numbers)
    InboundMessage.objects.filter(number__in=numbers, purged_at=None).update(
        state=InboundState.STORED, asked=F("asked") + 1, problem="", processed_at=None
    )


def _tell(channel: str, subject: str, numbers: list[str], by: Actor, at: datetime) -> None:
    told = len(numbers)
    publish(
        ChannelMessagesReprocessed(thread=channel, subject=subject, by=by, at=at, messages=told)
    )
