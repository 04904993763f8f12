"""Messages of the archive, carried out."""

from collections.abc import Callable
from functools import partial

from oms.channels.models import InboundMessage
from oms.channels.selectors.doors import principal_for
from oms.channels.services import settle_message
from oms.channels.states import InboundState
from oms.messaging.services import notify
from oms.messaging.states import NoticeLevel
from orders.adapters.messages import Arrival, Unreadable
from orders.adapters.parts import Reading
from orders.selectors.archive import can_fetch, read, reading_of
from orders.services import fetching, following

PERMISSION = "channels.reprocess_inboundmessage"


def process_message(*, number: str, attempt: int) -> Callable[[], None] | None:
    """Read a message and carry out what it says; return what is to be put down of it.

    Done again it changes nothing: what the message says is merged into what is known. None when
    there is nothing to be done.

    Raises: whatever its orders refuse; then it is tried again.
    """
    message = _message(number)
    if message is None or message.state != InboundState.STORED or message.purged_at:
        return None
    settle = partial(settle_message, number=number, asked=message.asked, attempts=attempt)
    try:
        reading = read(message)
    except Unreadable as reason:
        return partial(settle, verb="quarantine", problem=str(reason))
    if not reading.reports and not reading.fetches:
        return partial(settle, verb="ignore", problem=reading.ignored)
    channel = principal_for(message.channel)
    may_fetch = bool(reading.fetches) and can_fetch(channel.slug)
    if not reading.reports and not may_fetch:
        return partial(settle, verb="quarantine", problem=_points_at(reading))
    arrival = Arrival(number, message.received_at)
    if reading.reports:
        following.take_in(channel=channel, reports=reading.reports, message=arrival)

    def put_down() -> None:
        if may_fetch:
            fetching.ask_for(channel=channel, fetches=reading.fetches, message=arrival)
        settle(verb="apply", orders=_orders(reading))

    return put_down


def quarantine_message(*, number: str, attempt: int, problem: str) -> None:
    """Lay a message aside that could not be carried out, and tell who can do something about it.

    Raises: nothing.
    """
    message = _message(number)
    if message is None:
        return
    reading = reading_of(message)
    settle_message(
        number=number,
        verb="quarantine",
        asked=message.asked,
        orders=_orders(reading) if reading else [],
        problem=problem,
        attempts=attempt,
    )
    notify(
        key=f"inbound {number} {message.asked}",
        subject=f"{message.channel.name}: {number} could not be carried out",
        text=problem,
        permission=PERMISSION,
        url=f"/channels/messages/{number}/",
        level=NoticeLevel.ATTENTION,
    )


def _points_at(reading: Reading) -> str:
    """Say why a message that only points at something cannot be carried out."""
    what = ", ".join(f"{each.what} {each.id}" for each in reading.fetches[:5])
    return (
        f"It only points at {what}, and the channel is not connected, so that this cannot be "
        "fetched. Enter how it is called under Channels, then process this again."
    )


def _message(number: str) -> InboundMessage | None:
    return InboundMessage.objects.select_related("channel").filter(number=number).first()


def _orders(reading: Reading) -> list[str]:
    return [report.order for report in reading.reports]
