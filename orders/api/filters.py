"""Filters of the order list: typed, so that nonsense is a 400 and never a scan."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django_filters.fields import IsoDateTimeField

from orders.models import Order
from orders.states import FulfillmentProgress, OrderStatus, PaymentProgress


class MomentFormField(IsoDateTimeField):
    """A time with an offset; without one it is that of the installation."""

    def to_python(self, value: Any) -> datetime | None:
        found: datetime | None = super().to_python(value)
        try:
            return found.astimezone(UTC) if found else None
        except OverflowError as error:
            raise ValidationError("It lies out of range.") from error


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentFormField


class OrderFilters(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=OrderStatus.choices)
    payment_status = django_filters.ChoiceFilter(choices=PaymentProgress.choices)
    fulfillment_status = django_filters.ChoiceFilter(choices=FulfillmentProgress.choices)
    channel = django_filters.CharFilter(field_name="channel__slug", max_length=64)
    external_id = django_filters.CharFilter(max_length=100)
    email = django_filters.CharFilter(field_name="customer__email", max_length=254)
    placed_after = MomentFilter(field_name="placed_at", lookup_expr="gte")
    placed_before = MomentFilter(field_name="placed_at", lookup_expr="lt")
    search = django_filters.CharFilter(method="look_for", max_length=100)

    class Meta:
        model = Order
        fields: list[str] = []

    def look_for(self, orders: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """A number, the channel's id, an e-mail address, or how a customer's name begins."""
        return orders.filter(
            Q(number=value.upper())
            | Q(external_id=value)
            | Q(customer__email=value)
            | Q(customer__name__istartswith=value)
        )
