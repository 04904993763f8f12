"""Business documents as rows, to look at: everything that changes them is a service."""

from typing import Any

from django.contrib import admin

from b2b.models import (
    Company,
    CreditAccount,
    CreditEntry,
    Invoice,
    InvoiceLine,
    InvoicePayment,
    PriceList,
    PurchaseOrder,
    PurchaseOrderLine,
    Quote,
    QuoteRequest,
)
from oms.core.read_only_admin import ReadOnlyAdmin


class _ReadOnlyRows(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class PurchaseOrderLineRows(_ReadOnlyRows):
    model = PurchaseOrderLine
    fields = ("position", "sku_code", "quantity", "unit_price", "decision", "accepted_quantity")


class InvoiceLineRows(_ReadOnlyRows):
    model = InvoiceLine
    fields = ("sku_code", "quantity", "unit_price", "amount")


class InvoicePaymentRows(_ReadOnlyRows):
    model = InvoicePayment
    fields = ("reference", "method", "amount", "received_on", "recorded_by")


@admin.register(Company)
class CompanyAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "currency", "terms_days", "sales_rep", "is_active")
    list_select_related = ("sales_rep",)
    search_fields = ("code__startswith",)
    ordering = ("code",)


@admin.register(PriceList)
class PriceListAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "currency", "is_active")
    search_fields = ("code__startswith",)
    ordering = ("code",)


@admin.register(QuoteRequest)
class QuoteRequestAdmin(ReadOnlyAdmin):
    list_display = ("number", "company", "status", "submitted_at")
    list_select_related = ("company",)
    list_filter = ("status",)
    search_fields = ("number__exact", "company__code__exact")
    ordering = ("-id",)


@admin.register(Quote)
class QuoteAdmin(ReadOnlyAdmin):
    list_display = ("number", "company", "version", "status", "total_amount", "valid_until")
    list_select_related = ("company",)
    list_filter = ("status",)
    search_fields = ("number__exact", "company__code__exact")
    ordering = ("-id",)


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyAdmin):
    list_display = ("number", "company", "po_number", "status", "total_amount", "submitted_at")
    list_select_related = ("company",)
    list_filter = ("status", "source")
    search_fields = ("number__exact", "po_number__exact", "company__code__exact")
    ordering = ("-id",)
    inlines = (PurchaseOrderLineRows,)


@admin.register(CreditAccount)
class CreditAccountAdmin(ReadOnlyAdmin):
    list_display = ("company", "limit_amount", "is_blocked", "reserved_amount", "invoiced_amount")
    list_select_related = ("company",)
    search_fields = ("company__code__exact",)
    ordering = ("-id",)


@admin.register(CreditEntry)
class CreditEntryAdmin(ReadOnlyAdmin):
    list_display = ("happened_at", "account", "kind", "reserved_delta", "invoiced_delta", "by")
    list_select_related = ("account__company",)
    search_fields = ("account__company__code__exact", "order__number__exact")
    ordering = ("-id",)


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ("number", "company", "status", "amount", "paid_amount", "due_on")
    list_select_related = ("company",)
    list_filter = ("status",)
    search_fields = ("number__exact", "company__code__exact", "order__number__exact")
    ordering = ("-id",)
    inlines = (InvoiceLineRows, InvoicePaymentRows)
