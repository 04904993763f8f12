"""Filters of the list of returns."""

import django_filters

from returns.models import ReturnAuthorization
from returns.states import ReturnStatus


class ReturnFilters(django_filters.FilterSet):
    order = django_filters.CharFilter(field_name="order__number", max_length=32)
    status = django_filters.ChoiceFilter(choices=ReturnStatus.choices)
    location = django_filters.CharFilter(field_name="location__code", max_length=16)

    class Meta:
        model = ReturnAuthorization
        fields: list[str] = []
