"""What channels do not send by themselves: fetched, kept in the archive, and processed from there.

One job per channel and thing: whatever points at an order while it waits to be fetched comes to one
fetch. What points at it while it is being fetched comes to a second one, since the first may have
looked too early.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models.functions import Now
from django.utils import timezone

from oms.channels.connection import Connection
from oms.channels.models import Channel, ChannelConnection
from oms.channels.principals import ChannelPrincipal
from oms.channels.selectors import connection_of
from oms.channels.selectors.doors import door_of
from oms.channels.services import Arrived, archive_message
from oms.channels.states import MessageSource
from oms.core import jobs
from oms.core.models import Job
from oms.core.services import service
from orders.adapters.fetched import Fetched, Look
from orders.adapters.fetching import FETCHERS, fetcher_of
from orders.adapters.messages import Arrival
from orders.adapters.parts import Fetch
from orders.models import ChannelLook

FETCH, LOOK = "fetch", "look"
AGAIN = "+"
FIRST_LOOK = timedelta(days=1)
OVERLAP = timedelta(minutes=15)
SETTLED = timedelta(minutes=2)
"""The last minutes are left out of a look: channels list changes a little late."""


def ask_for(*, channel: ChannelPrincipal, fetches: Sequence[Fetch], message: Arrival) -> None:
    """Have what a message only points at fetched from its channel.

    Part of the caller's transaction. What comes is archived and processed as if it had been sent.
    """
    del message
    _ask(channel.slug, fetches)


def fetch_orders(*, channel: str, orders: Sequence[str]) -> None:
    """Have orders fetched anew from their channel, by the channel's ids of them.

    Raises: ChannelNotFound.
    """
    slug = door_of(channel).slug
    jobs.ask_anew(FETCH, keys=sorted({_key(slug, Fetch("order", each)) for each in orders}))


def _ask(slug: str, fetches: Sequence[Fetch]) -> None:
    wanted = sorted({_key(slug, each) for each in fetches})
    running = set(
        Job.objects.filter(
            kind=FETCH,
            key__in=[*wanted, *(each + AGAIN for each in wanted)],
            lease_until__gt=Now(),
        ).values_list("key", flat=True)
    )
    due = {}
    for each in wanted:
        while each in running:
            each += AGAIN
        due[each] = jobs.AT_ONCE
    jobs.ask_for(FETCH, due=due)


def _key(slug: str, wanted: Fetch) -> str:
    return f"{slug}:{wanted.what}:{wanted.id}"


def fetch(*, key: str) -> Callable[[], None] | None:
    """Fetch what a job's key names; return what is to be put down of it. None when its channel is
    not connected any more.

    Raises: what `orders.adapters.asking` and `oms.core.outbound` raise.
    """
    slug, _, named = key.rstrip(AGAIN).partition(":")
    what, _, wanted = named.partition(":")
    connection = connection_of(slug)
    fetcher = fetcher_of(connection.adapter) if connection else None
    if connection is None or fetcher is None:
        return None
    found = fetcher.fetch(connection, Fetch(what, wanted))
    return partial(_keep, slug, found, named, timezone.now())


@service
def _keep(slug: str, found: Sequence[Fetched], named: str, at: datetime) -> None:
    channel_id = Channel.objects.values_list("pk", flat=True).get(slug=slug)
    for each in found:
        archive_message(
            arrived=Arrived(
                channel_id=channel_id,
                message_id=named,
                topic=each.topic,
                headers={},
                body=each.body,
                at=at,
                source=MessageSource.FETCH,
            )
        )


def ask_for_looks() -> None:
    """Have every connected channel asked what changed there."""
    connected = ChannelConnection.objects.filter(
        is_on=True, channel__is_active=True, channel__adapter__in=list(FETCHERS)
    ).exclude(base_url="")
    slugs = connected.order_by("channel__slug").values_list("channel__slug", flat=True)
    jobs.ask_for(LOOK, due=dict.fromkeys(slugs, jobs.AT_ONCE))


def look(*, channel: str, at: datetime) -> Callable[[], None] | None:
    """Ask a channel for one page of what changed there; return what is to be put down of it.

    A look begins a little before the end of the last, so that nothing falls between two; what is
    seen twice is known to be the same. None when the channel is not connected any more.

    Raises: what `orders.adapters.asking` and `oms.core.outbound` raise.
    """
    connection = connection_of(channel)
    fetcher = fetcher_of(connection.adapter) if connection else None
    if connection is None or fetcher is None:
        return None
    known = ChannelLook.objects.filter(channel__slug=channel).first()
    since = known.done_until - OVERLAP if known else at - FIRST_LOOK
    until = (known.until if known else None) or at - SETTLED
    page = known.page if known else ""
    found = fetcher.look(connection, since=since, until=until, page=page)
    return partial(_put_down, connection, found, since, until, at)


@service
def _put_down(
    connection: Connection, found: Look, since: datetime, until: datetime, at: datetime
) -> None:
    """Keep what was found, and how far the look is."""
    slug = connection.channel
    is_over = not found.page
    ChannelLook.objects.update_or_create(
        channel=Channel.objects.get(slug=slug),
        defaults={
            "done_until": until if is_over else since + OVERLAP,
            "until": None if is_over else until,
            "page": found.page,
            "looked_at": at,
        },
    )
    _keep(slug, found.documents, "look", at)
    _ask(slug, found.fetches)
    if not is_over:
        jobs.ask_for(LOOK, due={slug: jobs.AT_ONCE})
