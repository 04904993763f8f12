"""Stock counts over the API, for partner warehouses: list, start, record, finish."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from inventory import selectors, services
from inventory.api.views import visible_locations
from inventory.errors import CountNotFound
from inventory.models import CountBin, CountLine, StockCount
from inventory.states import CountStatus
from oms.channels.api.authentication import caller
from oms.channels.states import Scope
from oms.core.api.fields import StrictSerializer, TextField, read


class UnitsField(serializers.IntegerField):
    """Whole units, 0 to 999,999."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=999_999, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise serializers.ValidationError("Must be a whole number.", code="invalid")
        return int(super().to_internal_value(data))


class CountedIn(StrictSerializer):
    sku = TextField(max_length=64)
    units = UnitsField()
    lot = TextField(max_length=64, required=False, allow_blank=True)


class RecordCountIn(StrictSerializer):
    bin = TextField(max_length=32, allow_blank=True)
    lines = CountedIn(many=True, required=False, max_length=500)
    is_done = serializers.BooleanField(default=False)


class EmptyIn(StrictSerializer):
    """No fields."""


class CountBinOut(serializers.Serializer[Any]):
    bin = serializers.CharField(source="code")
    is_done = serializers.SerializerMethodField()

    def get_is_done(self, walk: CountBin) -> bool:
        return walk.done_at is not None


class CountLineOut(serializers.Serializer[Any]):
    """A place. `expected` and `difference` are null until the count is handed in."""

    sku = serializers.CharField(source="level.sku.code")
    bin = serializers.CharField()
    lot = serializers.CharField()
    counted = serializers.IntegerField(allow_null=True)
    expected = serializers.SerializerMethodField()
    difference = serializers.SerializerMethodField()

    def get_expected(self, line: CountLine) -> int | None:
        return None if _is_going_on(line.count) else line.expected

    def get_difference(self, line: CountLine) -> int | None:
        hidden = line.counted is None or _is_going_on(line.count)
        return None if hidden else line.difference


class StockCountOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    location = serializers.CharField(source="location.code")
    status = serializers.ChoiceField(choices=CountStatus.choices)
    note = serializers.CharField()
    requested_at = serializers.DateTimeField()
    bins = CountBinOut(many=True)
    lines = CountLineOut(many=True)


def _is_going_on(count: StockCount) -> bool:
    return not {"start", "finish"}.isdisjoint(count.verbs)


class StockCountFilters(django_filters.FilterSet):  # type: ignore[misc]
    location = django_filters.CharFilter(field_name="location__code", max_length=16)
    status = django_filters.ChoiceFilter(choices=CountStatus.choices)

    class Meta:
        model = StockCount
        fields: list[str] = []


_record, _empty = RecordCountIn(), EmptyIn()


class StockCountViewSet(GenericViewSet[StockCount]):
    """Counts asked for by staff, done by whoever runs the warehouse."""

    scope = Scope.STOCK
    queryset = StockCount.objects.none()
    serializer_class = StockCountOut
    filterset_class = StockCountFilters
    lookup_field = "number"
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[StockCount]:
        if getattr(self, "swagger_fake_view", False):
            return StockCount.objects.none()
        found = selectors.counts(visible_locations(caller(self.request)))
        return found.prefetch_related("bins", "lines__level__sku", "lines__count")

    @extend_schema(operation_id="stock_counts_list")
    def list(self, request: Request) -> Response:
        """Stock counts, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(StockCountOut(page, many=True).data)

    def retrieve(self, request: Request, number: str) -> Response:
        return self._answer(number)

    @extend_schema(request=EmptyIn)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, number: str) -> Response:
        """Go to the bins."""
        self._must_see(number)
        read(_empty, request.data)
        services.start_count(number=number, by=caller(request).actor, at=timezone.now())
        return self._answer(number)

    @extend_schema(request=RecordCountIn)
    @action(detail=True, methods=["post"])
    def record(self, request: Request, number: str) -> Response:
        """Write down what lies in a bin; the same again changes nothing."""
        self._must_see(number)
        said = read(_record, request.data)
        services.record_count(
            number=number,
            bin=said["bin"],
            found=[services.Found(**line) for line in said.get("lines", ())],
            is_done=said["is_done"],
            by=caller(request).actor,
            at=timezone.now(),
        )
        return self._answer(number)

    @extend_schema(request=EmptyIn)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, number: str) -> Response:
        """Hand the count in: without a difference it approves itself."""
        self._must_see(number)
        read(_empty, request.data)
        services.finish_count(number=number, by=caller(request).actor, at=timezone.now())
        return self._answer(number)

    def _must_see(self, number: str) -> None:
        visible = selectors.counts(visible_locations(caller(self.request)))
        if not visible.filter(number=number).exists():
            raise CountNotFound(number=number)

    def _answer(self, number: str) -> Response:
        count = self.get_queryset().filter(number=number).first()
        if count is None:
            raise CountNotFound(number=number)
        return Response(StockCountOut(count).data)
