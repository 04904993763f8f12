"""Filters of the lists of business documents."""

import django_filters

from b2b.models import Company, Invoice, PurchaseOrder, Quote, QuoteRequest
from b2b.states import InvoiceStatus, PurchaseStatus, QuoteStatus, RequestStatus

STORED = [choice for choice in InvoiceStatus.choices if choice[0] != InvoiceStatus.OVERDUE]


class CompanyFilters(django_filters.FilterSet):
    sales_rep = django_filters.CharFilter(field_name="sales_rep__username", max_length=150)

    class Meta:
        model = Company
        fields: list[str] = []


class RequestFilters(django_filters.FilterSet):
    company = django_filters.CharFilter(field_name="company__code", max_length=32)
    status = django_filters.ChoiceFilter(choices=RequestStatus.choices)

    class Meta:
        model = QuoteRequest
        fields: list[str] = []


class QuoteFilters(django_filters.FilterSet):
    company = django_filters.CharFilter(field_name="company__code", max_length=32)
    status = django_filters.ChoiceFilter(choices=QuoteStatus.choices)

    class Meta:
        model = Quote
        fields: list[str] = []


class PurchaseOrderFilters(django_filters.FilterSet):
    company = django_filters.CharFilter(field_name="company__code", max_length=32)
    status = django_filters.ChoiceFilter(choices=PurchaseStatus.choices)
    po_number = django_filters.CharFilter(max_length=64)
    order = django_filters.CharFilter(field_name="order__number", max_length=32)

    class Meta:
        model = PurchaseOrder
        fields: list[str] = []


class InvoiceFilters(django_filters.FilterSet):
    company = django_filters.CharFilter(field_name="company__code", max_length=32)
    status = django_filters.ChoiceFilter(choices=STORED)
    order = django_filters.CharFilter(field_name="order__number", max_length=32)
    purchase_order = django_filters.CharFilter(field_name="purchase_order__number", max_length=32)
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")

    class Meta:
        model = Invoice
        fields: list[str] = []
