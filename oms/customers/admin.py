"""Customers, to look at."""

from django.contrib import admin

from oms.core.read_only_admin import ReadOnlyAdmin
from oms.customers.models import Customer


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    list_display = ("name", "email", "origin", "external_id", "language")
    search_fields = ("email__exact", "external_id__exact")
    ordering = ("-id",)
