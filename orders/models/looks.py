from django.db import models

from oms.channels.models import Channel


class ChannelLook(models.Model):
    """How far we have asked a channel what changed there, beside what it sends by itself.

    All that changed until `done_until` is known. A look under way goes to `until`, and `page` is
    the next page of it in the channel's own words.
    """

    channel = models.OneToOneField(
        Channel, on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    done_until = models.DateTimeField()
    until = models.DateTimeField(null=True)
    page = models.TextField(blank=True, default="")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.channel_id} until {self.done_until:%Y-%m-%d %H:%M}"
