"""What channels and we prove ourselves to one another with."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from oms.channels.models.channels import Channel


class ChannelSecret(models.Model):
    """What a channel signs its messages with, sealed. Several are in force during an overlap:
    one that is to end says when, the newest has no end."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="secrets")
    sealed = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    ends_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Secret of {self.channel_id} since {self.made_at:%Y-%m-%d}"


class ChannelConnection(models.Model):
    """Where a channel is called and with what.

    `sealed` holds names and values that nobody is shown again, `names` which those are. Nothing is
    told to a channel whose connection is off.
    """

    channel = models.OneToOneField(
        Channel, on_delete=models.PROTECT, related_name="connection", primary_key=True
    )
    base_url = models.CharField(max_length=2000, blank=True, default="")
    options = models.JSONField(default=dict)
    names = ArrayField(models.CharField(max_length=64), default=list)
    sealed = models.TextField(blank=True, default="")
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.base_url}"
