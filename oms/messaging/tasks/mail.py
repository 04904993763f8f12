"""Sending letters by e-mail, and passing on what also goes by SMS."""

import hashlib
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from oms.core.jobs import ClaimedJob, GiveUp, JobKind, Record, exponential
from oms.messaging import selectors, services
from oms.messaging.letters import Attachment, Letter
from oms.messaging.states import Medium
from oms.messaging.tasks.writing import goes_by, written


def send(job: ClaimedJob) -> Record | None:
    """Write one letter afresh and hand it over; with nothing to send, the job is done.

    What a mail server refuses for good is given up; anything else is tried again for half a day.
    """
    if selectors.was_sent(job.key):
        return None
    path = job.payload["letter"]
    letter = written(job)
    if letter is None:
        return None
    media = goes_by(path)
    texted = bool(Medium.SMS in media and letter.phone and letter.sms)
    mailed = bool(Medium.EMAIL in media and letter.recipients)
    files = [stored(file) for file in letter.attachments] if mailed else []
    if mailed:
        hand_over(letter, message_id=message_id(job.key))

    def to_record() -> None:
        if mailed:
            services.keep(key=job.key, letter=path, sent=letter, at=timezone.now(), files=files)
        if texted:
            services.pass_to_sms(key=job.key, letter=path, arguments=job.payload["arguments"])

    return to_record if mailed or texted else None


def stored(file: Attachment) -> dict[str, str]:
    """Keep a file that goes along, under the name of its content, and say where."""
    path = file.path
    if not path:
        path = f"letters/{hashlib.sha256(file.content).hexdigest()}"
        if not default_storage.exists(path):
            path = default_storage.save(path, ContentFile(file.content))
    return {"name": file.name, "content_type": file.content_type, "path": path}


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
