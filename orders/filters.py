"""Narrowing the list of orders, by the address of the page."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Hold, Order
from orders.states import HOLDS, FulfillmentProgress, OrderStatus, PaymentProgress


class OrderFilter(filters.FilterSet):
    """What the staff list is narrowed by; every filter in force is a chip."""

    status = filters.ChoiceFilter(choices=OrderStatus.choices, label=_("Status"))
    payment = filters.ChoiceFilter(
        field_name="payment_status", choices=PaymentProgress.choices, label=_("Payment")
    )
    fulfillment = filters.ChoiceFilter(
        field_name="fulfillment_status", choices=FulfillmentProgress.choices, label=_("Fulfillment")
    )
    channel = filters.ChoiceFilter(field_name="channel__slug", choices=[], label=_("Channel"))
    hold = filters.ChoiceFilter(
        method="held",
        choices=[(kind, held.label) for kind, held in HOLDS.items()],
        label=_("Hold"),
    )
    placed = filters.DateFromToRangeFilter(field_name="placed_at", label=_("Placed"))

    class Meta:
        model = Order
        fields: list[str] = []

    def __init__(self, *args: Any, channels: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["channel"].extra["choices"] = channels
        for field in self.form.fields.values():
            field.empty_label = _("Any")
        for part in self.form.fields["placed"].widget.widgets:
            part.input_type = "date"

    def held(self, orders: QuerySet[Order], name: str, kind: str) -> QuerySet[Order]:
        standing = Hold.objects.filter(kind=kind, released_at__isnull=True)
        return orders.filter(pk__in=standing.values("order_id"))
