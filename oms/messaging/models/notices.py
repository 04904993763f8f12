from django.conf import settings
from django.db import models
from django.db.models import Q

from oms.core.ids import BlockIdField
from oms.messaging.states import NoticeLevel


class Notice(models.Model):
    """Something that colleagues should know, told once for its `key`.

    `audience` says in words who was told; who reads it is in the copies.
    """

    id = BlockIdField()
    key = models.CharField(max_length=160, unique=True)
    level = models.CharField(max_length=16, choices=NoticeLevel, default=NoticeLevel.INFO)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    thread = models.CharField(max_length=64, blank=True, default="")
    audience = models.CharField(max_length=200)
    by = models.CharField(max_length=160)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=NoticeLevel.values), name="notice_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class NoticeCopy(models.Model):
    """One person's copy of a notice, unread until they have read it."""

    id = BlockIdField()
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="copies")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "user"], name="one_copy_per_person"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_person"),
            models.Index(
                fields=["user", "-id"], name="notice_unread", condition=Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} for {self.user_id}"
