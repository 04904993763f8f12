"""Returns as rows, to look at: everything that changes them is a service."""

from django.contrib import admin
from django.http import HttpRequest

from returns.models import ReturnAuthorization, ReturnLine


class ReturnLines(admin.TabularInline):  # type: ignore[type-arg]
    model = ReturnLine
    extra = 0
    can_delete = False
    fields = ("order_line", "quantity", "received", "inspected", "settled", "refund_amount")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(ReturnAuthorization)
class Returns(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("number", "order", "status", "location", "requested_at")
    list_filter = ("status",)
    search_fields = ("number",)
    show_full_result_count = False
    list_select_related = ("order", "location")
    inlines = (ReturnLines,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
