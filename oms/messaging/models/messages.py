from django.contrib.postgres.indexes import GinIndex
from django.db import models

from oms.core.ids import BlockIdField
from oms.messaging.states import Medium


class Message(models.Model):
    """A letter that was handed over for delivery, as it was written.

    `key` is what makes it one letter: it travels as the Message-ID, so that a receiver can tell
    a repeat. Its files are kept in storage, `attachments` says where.
    """

    id = BlockIdField()
    key = models.CharField(max_length=160, unique=True)
    medium = models.CharField(max_length=8, choices=Medium, default=Medium.EMAIL)
    letter = models.CharField(max_length=100)
    thread = models.CharField(max_length=64)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    attachments = models.JSONField(default=list, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(medium__in=Medium.values), name="message_medium_known"
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "id"], name="message_thread"),
            models.Index(fields=["medium", "-id"], name="message_medium"),
            models.Index(fields=["letter", "-id"], name="message_letter"),
            GinIndex(fields=["recipients"], opclasses=["jsonb_path_ops"], name="message_recipient"),
        ]
        permissions = [("resend_message", "Can send a message again")]

    def __str__(self) -> str:
        return self.subject
