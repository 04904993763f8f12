"""What the queue may run: each medium in a file of its own."""

from oms.messaging.tasks.chat import CHAT
from oms.messaging.tasks.mail import MAIL, hand_over, message_id, send
from oms.messaging.tasks.sms import SMS

__all__ = ["CHAT", "MAIL", "SMS", "hand_over", "message_id", "send"]
