from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from oms.channels.models.channels import Channel
from oms.channels.states import Scope


class ApiKey(models.Model):
    """A key for one channel, or for one user; only its hash is kept.

    The first twelve characters (`prefix`) find the row; SHA-256 proves the rest: the secret has
    256 random bits, so a slow hash would add nothing. `last_used_at` is true to the hour. One that
    was rotated ends at `ends_at`, one that was revoked has ended.
    """

    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="keys", null=True, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    scopes = ArrayField(models.CharField(max_length=24, choices=Scope), default=list)
    name = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200, blank=True, default="")
    last_used_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__isnull=True) ^ Q(user__isnull=True),
                name="key_of_a_channel_or_a_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"
