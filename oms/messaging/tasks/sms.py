"""Sending letters in short, by SMS."""

import re
from datetime import timedelta
from functools import partial

from django.utils import timezone

from oms.core.jobs import ClaimedJob, GiveUp, JobKind, Record, exponential
from oms.core.outbound import AddressNotAllowed
from oms.messaging import selectors, services
from oms.messaging.gateways import gateway
from oms.messaging.states import Medium
from oms.messaging.tasks.writing import written

PHONE = re.compile(r"\+?\d{6,15}")


def send(job: ClaimedJob) -> Record | None:
    """Write one letter afresh and hand over its short text; our key goes along as its id."""
    key = f"sms:{job.key}"
    if selectors.was_sent(key):
        return None
    letter = written(job)
    if letter is None or not letter.phone or not letter.sms:
        return None
    number = re.sub(r"[\s().\-/]", "", letter.phone)
    if not PHONE.fullmatch(number):
        raise GiveUp(f"{letter.phone!r} is no telephone number")
    try:
        gateway().send(to=number, text=letter.sms, id=key)
    except AddressNotAllowed as refusal:
        raise GiveUp(str(refusal)) from refusal
    return partial(
        services.keep,
        key=key,
        letter=job.payload["letter"],
        sent=letter,
        at=timezone.now(),
        medium=Medium.SMS,
    )


SMS = JobKind(
    "sms",
    run=send,
    max_attempts=20,
    lease=timedelta(seconds=60),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(hours=1)),
)
