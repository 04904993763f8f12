from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from oms.core.batch import record
from oms.core.jobs import enqueue
from oms.core.services import service
from oms.messaging.letters import Letter, kind_written_by
from oms.messaging.models import Message
from oms.messaging.services.notifying import notify
from oms.messaging.services.posting import SMS
from oms.messaging.states import Medium, NoticeLevel


@service
def keep(
    *,
    key: str,
    letter: str,
    sent: Letter,
    at: datetime,
    medium: str = Medium.EMAIL,
    files: Sequence[dict[str, str]] = (),
    to: Sequence[str] = (),
) -> None:
    """Keep a letter as it was handed over, for the story it belongs to.

    `to` says whom, where that is no address. When it could not say what staff have written, those
    who may mend that are told.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    by_phone = medium == Medium.SMS
    record(
        Message(
            key=key,
            medium=medium,
            letter=letter,
            thread=sent.thread,
            recipients=list(to) or ([sent.phone] if by_phone else list(sent.recipients)),
            subject=sent.subject,
            text=sent.sms if by_phone else sent.text,
            html="" if by_phone else sent.html,
            language=sent.language,
            attachments=list(files),
            sent_at=at,
        )
    )
    if sent.fault and (kind := kind_written_by(letter)):
        notify(
            key=f"letter_fault:{kind.key}:{sent.language}:{sent.fault}"[:160],
            subject=f"“{kind.name}” went out in the words it came with",
            text=f"The words written for it could not be used. {sent.fault}",
            permission="messaging.edit_letters",
            url=reverse("messaging:letter", args=[kind.key]),
            thread=sent.thread,
            level=NoticeLevel.URGENT,
        )


@service
def pass_to_sms(*, key: str, letter: str, arguments: dict[str, Any]) -> None:
    """Have a letter sent in short, too, by SMS: a job of its own, written when it goes.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    enqueue(SMS, key=key, payload={"letter": letter, "arguments": arguments})
