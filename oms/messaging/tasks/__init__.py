"""What the queue may run: each medium in a file of its own."""

from oms.messaging.tasks.chat import CHAT
from oms.messaging.tasks.mail import MAIL, hand_over, message_id, send
from oms.messaging.tasks.sms import SMS
from oms.messaging.tasks.webhooks import CLEAR_WEBHOOKS, WEBHOOK

__all__ = [
    "CHAT",
    "CLEAR_WEBHOOKS",
    "MAIL",
    "SMS",
    "WEBHOOK",
    "hand_over",
    "message_id",
    "send",
]
