"""SKUs, to look at: they come by import."""

from django.contrib import admin

from oms.catalog.models import Sku
from oms.core.read_only_admin import ReadOnlyAdmin


@admin.register(Sku)
class SkuAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "barcode", "price", "currency", "tracking")
    search_fields = ("code__startswith", "name__startswith", "barcode__exact")
    ordering = ("code",)
