from django.db.models import QuerySet

from oms.core.models import Job
from oms.messaging.models import Message

KINDS = ("mail", "sms", "chat")


def letters_of(thread: str, *, limit: int = 50) -> list[Message]:
    """Return the newest letters of one story, newest first. One query."""
    rows = Message.objects.filter(thread=thread).defer("text", "html").order_by("-id")
    return list(rows[:limit])


def was_sent(key: str) -> bool:
    return Message.objects.filter(key=key).exists()


def message_by_key(key: str) -> Message | None:
    return Message.objects.filter(key=key).first()


def message_list(*, medium: str = "", letter: str = "", search: str = "") -> QuerySet[Message]:
    """Return what was sent; `search` is an order or another document, or who it went to, in full.

    Each way to narrow it has an index.
    """
    rows = Message.objects.defer("text", "html")
    if medium:
        rows = rows.filter(medium=medium)
    if letter:
        rows = rows.filter(letter=letter)
    if "@" in search or search.startswith("+"):
        rows = rows.filter(recipients__contains=[search])
    elif search:
        rows = rows.filter(thread=search.upper())
    return rows


def unsent_jobs(state: str) -> QuerySet[Job]:
    """Return the messages that did not go out: those waiting, given up or skipped."""
    return Job.objects.filter(kind__in=KINDS, state=state)
