"""What the queue may run: each medium in a file of its own."""

from oms.messaging.tasks.mail import MAIL, hand_over, message_id, send

__all__ = ["MAIL", "hand_over", "message_id", "send"]
