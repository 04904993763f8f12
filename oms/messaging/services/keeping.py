from datetime import datetime

from oms.core.batch import record
from oms.core.services import service
from oms.messaging.letters import Letter
from oms.messaging.models import Message


@service
def keep(*, key: str, letter: str, sent: Letter, at: datetime) -> None:
    """Keep a letter as it was handed over, for the story it belongs to.

    Raises: nothing.
    Locks: nothing.
    Publishes: nothing.
    """
    record(
        Message(
            key=key,
            letter=letter,
            thread=sent.thread,
            recipients=list(sent.recipients),
            subject=sent.subject,
            text=sent.text,
            html=sent.html,
            sent_at=at,
        )
    )
