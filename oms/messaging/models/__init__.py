"""One file per document."""

from oms.messaging.models.messages import Message
from oms.messaging.models.notices import Notice, NoticeCopy
from oms.messaging.models.webhooks import (
    PublishedEvent,
    UnpublishedEvent,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from oms.messaging.models.wordings import LetterSwitch, TeamChat, Wording

__all__ = [
    "LetterSwitch",
    "Message",
    "Notice",
    "NoticeCopy",
    "PublishedEvent",
    "TeamChat",
    "UnpublishedEvent",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
    "Wording",
]
