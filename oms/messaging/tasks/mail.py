"""What the queue may run: sending letters."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.module_loading import import_string

from oms.core.jobs import ClaimedJob, GiveUp, JobKind, Record, exponential
from oms.messaging import selectors, services
from oms.messaging.letters import Letter, NoSuchAddress


def send(job: ClaimedJob) -> Record | None:
    """Write one letter afresh and hand it over; with nothing to send, the job is done.

    What a mail server refuses for good is given up; anything else is tried again for half a day.
    """
    if selectors.was_sent(job.key):
        return None
    path = job.payload["letter"]
    write: Callable[..., Letter | None] = import_string(path)
    try:
        letter = write(**job.payload["arguments"])
    except NoSuchAddress as problem:
        raise GiveUp(str(problem)) from problem
    if letter is None or not letter.recipients:
        return None
    hand_over(letter, message_id=message_id(job.key))
    return partial(services.keep, key=job.key, letter=path, sent=letter, at=timezone.now())


def message_id(key: str) -> str:
    """Return the Message-ID of the letter with this key: the same for every repeat."""
    host = urlsplit(settings.OMS_BASE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def hand_over(letter: Letter, *, message_id: str) -> None:
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=list(letter.recipients),
        headers={"Message-ID": message_id, "Content-Language": letter.language},
    )
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    for file in letter.attachments:
        mail.attach(file.name, file.read(), file.content_type)
    try:
        mail.send()
    except SMTPRecipientsRefused as refused:
        codes = dict(refused.recipients.values())
        if all(500 <= code < 600 for code in codes):
            raise GiveUp(_reason(*next(iter(codes.items())))) from refused
        raise
    except (SMTPDataError, SMTPSenderRefused) as refused:
        if 500 <= refused.smtp_code < 600:
            raise GiveUp(_reason(refused.smtp_code, refused.smtp_error)) from refused
        raise


def _reason(code: int, reason: bytes | str) -> str:
    said = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return f"The mail server refused it: {code} {said}"


MAIL = JobKind(
    "mail",
    run=send,
    max_attempts=20,
    lease=timedelta(seconds=90),
    backoff=exponential(first=timedelta(seconds=5), longest=timedelta(hours=1)),
)
