"""Orders, payments and refunds, to look at; what changes them is done on their own pages."""

from typing import Any

from django.contrib import admin

from oms.core.read_only_admin import ReadOnlyAdmin
from orders.models import Hold, MoneyEntry, Order, OrderLine, Payment, Refund


class _ReadOnlyRows(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class OrderLineRows(_ReadOnlyRows):
    model = OrderLine
    fields = ("position", "sku_code", "quantity", "unit_price", "total_amount", "paid_amount")


class HoldRows(_ReadOnlyRows):
    model = Hold


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "channel", "external_id", "status", "placed_at", "total_amount")
    list_select_related = ("channel",)
    search_fields = ("number__startswith", "external_id__exact")
    ordering = ("-placed_at", "-id")
    exclude = ("fingerprint", "link_revision")
    inlines = (OrderLineRows, HoldRows)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ("order", "method", "status", "amount", "captured_amount", "currency")
    list_select_related = ("order",)
    search_fields = ("order__number__exact",)
    ordering = ("-id",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ("number", "order", "status", "amount", "currency", "granted_at", "last_error")
    list_select_related = ("order",)
    list_filter = ("status",)
    search_fields = ("number__exact", "order__number__exact")
    ordering = ("-id",)
    exclude = ("key",)


@admin.register(MoneyEntry)
class MoneyEntryAdmin(ReadOnlyAdmin):
    list_display = ("happened_at", "order", "kind", "amount", "currency", "reference")
    list_select_related = ("order",)
    search_fields = ("order__number__exact",)
    ordering = ("-id",)
