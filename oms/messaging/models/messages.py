from django.db import models

from oms.core.ids import BlockIdField


class Message(models.Model):
    """A letter that was handed over for delivery, as it was written.

    `key` is what makes it one letter: it travels as the Message-ID, so that a receiver can tell
    a repeat.
    """

    id = BlockIdField()
    key = models.CharField(max_length=160, unique=True)
    letter = models.CharField(max_length=100)
    thread = models.CharField(max_length=64)
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["thread", "id"], name="message_thread")]

    def __str__(self) -> str:
        return self.subject
