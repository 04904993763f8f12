from oms.messaging import selectors
from oms.messaging.letters.envelopes import Attachment, Letter
from oms.messaging.states import Medium


def again(*, message: str) -> Letter | None:
    """A letter as it went before, word for word, with its files."""
    sent = selectors.message_by_key(message)
    if sent is None:
        return None
    by_phone = sent.medium == Medium.SMS
    return Letter(
        recipients=() if by_phone else tuple(sent.recipients),
        subject=sent.subject,
        text=sent.text,
        html=sent.html,
        thread=sent.thread,
        language=sent.language or "en",
        attachments=tuple(Attachment(**file) for file in sent.attachments),
        sms=sent.text if by_phone else "",
        phone=sent.recipients[0] if by_phone and sent.recipients else "",
    )
