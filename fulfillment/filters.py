"""Filters of work and shipments: typed, so that nonsense is a 400 and never a scan."""

import django_filters

from fulfillment.models import FulfillmentOrder, Shipment, Wave
from fulfillment.states import FulfillmentOrderStatus, ShipmentStatus, WaveStatus


class FulfillmentOrderFilters(django_filters.FilterSet):
    location = django_filters.CharFilter(field_name="location__code", max_length=16)
    status = django_filters.MultipleChoiceFilter(choices=FulfillmentOrderStatus.choices)
    order = django_filters.CharFilter(field_name="order__number", max_length=32)

    class Meta:
        model = FulfillmentOrder
        fields: list[str] = []


class ShipmentFilters(django_filters.FilterSet):
    location = django_filters.CharFilter(
        field_name="fulfillment_order__location__code", max_length=16
    )
    status = django_filters.MultipleChoiceFilter(choices=ShipmentStatus.choices)
    order = django_filters.CharFilter(field_name="fulfillment_order__order__number", max_length=32)
    tracking_number = django_filters.CharFilter(max_length=100)

    class Meta:
        model = Shipment
        fields: list[str] = []


class WaveFilters(django_filters.FilterSet):
    location = django_filters.CharFilter(field_name="location__code", max_length=16)
    status = django_filters.MultipleChoiceFilter(choices=WaveStatus.choices)
    picker = django_filters.CharFilter(max_length=150)

    class Meta:
        model = Wave
        fields: list[str] = []
