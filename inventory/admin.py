"""Locations and who works there, which may be changed; stock and its ledger, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from inventory.models import (
    AdjustmentLimit,
    Location,
    LocationAssignment,
    Movement,
    StockLevel,
)
from oms.core.read_only_admin import ReadOnlyAdmin


@admin.register(Location)
class LocationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A location's code is its identity and stays."""

    list_display = ("code", "name", "kind", "city", "country", "is_active")
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Location | None = None) -> Any:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Location | None = None) -> bool:
        return False


@admin.register(LocationAssignment)
class LocationAssignmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who works where: it decides what a warehouse role sees. For those who manage people."""

    list_display = ("user", "location")
    list_select_related = ("user", "location")
    list_filter = ("location",)

    def _may(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "has_perm", bool)("core.change_user"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


@admin.register(StockLevel)
class StockLevelAdmin(ReadOnlyAdmin):
    list_display = ("sku", "location", "on_hand", "reserved", "safety_stock", "bin")
    list_select_related = ("sku", "location")
    search_fields = ("sku__code__startswith",)
    ordering = ("-id",)


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    list_display = ("happened_at", "kind", "on_hand_delta", "reserved_delta", "reference", "actor")
    search_fields = ("level__sku__code__exact",)
    ordering = ("-id",)


@admin.register(AdjustmentLimit)
class AdjustmentLimitAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # no generic at run time
    """Above which value a correction needs a second person, by currency."""

    list_display = ("currency", "amount")
    ordering = ("currency",)
