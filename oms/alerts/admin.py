"""What alerts were, to look at."""

from django.contrib import admin

from oms.alerts.models import Alert
from oms.core.read_only_admin import ReadOnlyAdmin


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "subject", "status", "outcome", "opened_at", "ended_at")
    list_filter = ("kind", "status")
    ordering = ("-id",)
