from oms.messaging.models import Message


def letters_of(thread: str, *, limit: int = 50) -> list[Message]:
    """Return the newest letters of one story, newest first. One query."""
    rows = Message.objects.filter(thread=thread).defer("text", "html").order_by("-id")
    return list(rows[:limit])


def was_sent(key: str) -> bool:
    return Message.objects.filter(key=key).exists()
