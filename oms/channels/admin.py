"""Channels, which administrators may change; keys, of which only the beginning is known."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from oms.channels.models import ApiKey, Channel
from oms.core.read_only_admin import ReadOnlyAdmin


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A channel's slug is its identity and stays. Its secrets are not here."""

    list_display = ("name", "slug", "adapter", "stock_policy", "payment_gateway", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> Any:
        return ("slug", "adapter") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Channel | None = None) -> bool:
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ("prefix", "channel", "user", "scopes", "created_at", "revoked_at")
    list_select_related = ("channel", "user")
    exclude = ("digest",)
