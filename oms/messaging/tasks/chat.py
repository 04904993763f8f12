"""Posting notices to the chat rooms of teams."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from oms.core.jobs import ClaimedJob, GiveUp, JobKind, Record, exponential
from oms.core.outbound import AddressNotAllowed
from oms.messaging import selectors, services
from oms.messaging.gateways import post_json
from oms.messaging.letters import Letter
from oms.messaging.states import Medium


def send(job: ClaimedJob) -> Record | None:
    """Post one notice as `{"text": …}` to the room of one team, if the team still has one."""
    key = f"chat:{job.key}"
    if selectors.was_sent(key):
        return None
    notice = selectors.notice_by_key(job.payload["notice"])
    team = job.payload["team"]
    room = selectors.room_of(team)
    if notice is None or not room:
        return None
    link = f"{settings.OMS_BASE_URL}{notice.url}" if notice.url.startswith("/") else notice.url
    text = "\n".join(each for each in (notice.subject, notice.text, link) if each)
    try:
        post_json(room, {"text": text}, {"Content-Type": "application/json"}, whom="The chat")
    except AddressNotAllowed as refusal:
        raise GiveUp(refusal.reason) from refusal
    said = Letter((), notice.subject, text, thread=notice.thread)
    return partial(
        services.keep,
        key=key,
        letter="notice",
        sent=said,
        at=timezone.now(),
        medium=Medium.CHAT,
        to=(team,),
    )


CHAT = JobKind(
    "chat",
    run=send,
    max_attempts=15,
    lease=timedelta(seconds=60),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(hours=1)),
)
