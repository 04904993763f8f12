"""Letters as they were sent, to look at."""

from django.contrib import admin

from oms.core.read_only_admin import ReadOnlyAdmin
from oms.messaging.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("sent_at", "subject", "recipients", "thread", "letter")
    search_fields = ("thread__exact",)
    ordering = ("-id",)
