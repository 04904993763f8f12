"""Refunds, for channels: read only, they are granted by settling and cancelling."""

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from oms.channels.api.authentication import caller
from oms.core.api.pagination import NewestFirst
from oms.core.money import text
from orders.errors import RefundNotFound
from orders.models import Refund
from orders.states import RefundStatus


class RefundOut(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    order = serializers.CharField()
    reference = serializers.CharField(help_text="The return or order it was granted for.")
    amount = serializers.CharField()
    currency = serializers.CharField()
    status = serializers.ChoiceField(choices=RefundStatus.choices)
    method = serializers.CharField()
    reason = serializers.CharField()
    granted_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class RefundFilters(django_filters.FilterSet):
    order = django_filters.CharFilter(field_name="order__number", max_length=32)
    status = django_filters.ChoiceFilter(choices=RefundStatus.choices)

    class Meta:
        model = Refund
        fields: list[str] = []


class RefundViewSet(GenericViewSet[Refund]):
    """Money on its way back, and money that is there."""

    scope = "orders"
    queryset = Refund.objects.none()
    serializer_class = RefundOut
    lookup_field = "number"
    lookup_value_regex = r"RF-[0-9]+"
    filterset_class = RefundFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Refund]:
        if getattr(self, "swagger_fake_view", False):
            return Refund.objects.none()
        refunds = Refund.objects.select_related("order", "payment")
        channel = caller(self.request).channel
        return refunds.filter(order__channel=channel.pk) if channel else refunds

    @extend_schema(operation_id="refunds_list")
    def list(self, request: Request) -> Response:
        """Refunds, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([represent(refund) for refund in page or []])

    def retrieve(self, request: Request, number: str) -> Response:
        refund = self.get_queryset().filter(number=number).first()
        if refund is None:
            raise RefundNotFound(number=number)
        return Response(represent(refund))


def represent(refund: Refund) -> dict[str, object]:
    """Return a refund as the API shows it. `method` is who moves it: `manual`, or a gateway."""
    return {
        "number": refund.number,
        "order": refund.order.number,
        "reference": refund.reference,
        "amount": text(refund.amount, refund.currency),
        "currency": refund.currency,
        "status": refund.status,
        "method": refund.payment.gateway,
        "reason": refund.reason,
        "granted_at": refund.granted_at.isoformat(),
        "settled_at": refund.settled_at.isoformat() if refund.settled_at else None,
    }
