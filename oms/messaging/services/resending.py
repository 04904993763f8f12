from datetime import datetime

from oms.core.actors import Actor
from oms.core.events import publish
from oms.core.jobs import enqueue
from oms.core.services import service
from oms.messaging.errors import MessageNotFound, NotSentAgain
from oms.messaging.events import MessageResent
from oms.messaging.models import Message
from oms.messaging.services.posting import MAIL, SMS
from oms.messaging.states import Medium

KINDS = {Medium.EMAIL.value: MAIL, Medium.SMS.value: SMS}


@service
def resend_message(*, message: int, by: Actor, at: datetime) -> Message:
    """Send a message once more, word for word, to whom it went; it is a message of its own.

    Raises: MessageNotFound, NotSentAgain.
    Locks: nothing.
    Publishes: MessageResent.
    """
    sent = Message.objects.filter(pk=message).first()
    if sent is None:
        raise MessageNotFound
    if sent.medium not in KINDS:
        raise NotSentAgain
    enqueue(
        KINDS[sent.medium],
        key=f"again:{sent.pk}:{at:%Y%m%d%H%M%S%f}",
        payload={
            "letter": "oms.messaging.letters.again.again",
            "arguments": {"message": sent.key},
        },
    )
    publish(
        MessageResent(
            thread=sent.thread or f"message {sent.pk}",
            subject=sent.thread or f"message {sent.pk}",
            title=sent.subject,
            medium=sent.medium,
            by=by,
            at=at,
        )
    )
    return sent
