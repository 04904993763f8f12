"""Two-sided transfers, for partner warehouses: the source ships, the target receives."""

import uuid
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from inventory import selectors, services
from inventory.api.views import visible_locations
from inventory.errors import LocationNotFound, TransferNotFound
from inventory.models import Location, Transfer, TransferLine
from inventory.states import TransferStatus
from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once
from oms.channels.states import Scope
from oms.core.api.fields import QuantityField, StrictSerializer, TextField, read
from oms.core.batch import pending

MOST_LINES = 500


class WantedIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()
    lot = TextField(max_length=64, required=False, allow_blank=True, default="")


class TransferOrderIn(StrictSerializer):
    from_location = TextField(max_length=16)
    to_location = TextField(max_length=16)
    expected_on = serializers.DateField(required=False, allow_null=True, default=None)
    note = TextField(max_length=500, required=False, allow_blank=True, default="")
    lines = WantedIn(many=True, min_length=1, max_length=MOST_LINES)


class LoadIn(WantedIn):
    bin = TextField(max_length=32, required=False, allow_blank=True, default="")


class ShipTransferIn(StrictSerializer):
    """Without lines all that is left is shipped."""

    lines = LoadIn(many=True, required=False, max_length=MOST_LINES)
    expected_on = serializers.DateField(required=False, allow_null=True, default=None)


class CameIn(StrictSerializer):
    """`quantity` units came, `damaged` of them so that they are held."""

    sku = TextField(max_length=64)
    quantity = QuantityField()
    damaged = serializers.IntegerField(required=False, default=0, min_value=0)
    lot = TextField(max_length=64, required=False, allow_blank=True, default="")
    bin = TextField(max_length=32, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["damaged"] > attrs["quantity"]:
            raise serializers.ValidationError(
                {"damaged": ["Must not be more than quantity."]}, code="invalid"
            )
        return attrs


class ReceiveTransferIn(StrictSerializer):
    lines = CameIn(many=True, min_length=1, max_length=MOST_LINES)
    keep_over = serializers.BooleanField(required=False, default=False)


class EndTransferIn(StrictSerializer):
    reason = TextField(max_length=200)


class TransferLineOut(serializers.Serializer[Any]):
    sku = serializers.CharField(source="sku.code")
    lot = serializers.CharField()
    quantity = serializers.IntegerField()
    shipped = serializers.IntegerField()
    received = serializers.IntegerField()
    over = serializers.IntegerField()
    lost = serializers.IntegerField()
    in_transit = serializers.IntegerField()


class TransferHeadOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=TransferStatus.choices)
    from_location = serializers.CharField(source="source.code")
    to_location = serializers.CharField(source="target.code")
    expected_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    requested_at = serializers.DateTimeField()
    shipped_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField()


class TransferOrderOut(TransferHeadOut):
    """Units from one location to another; what is not shipped yet is reserved at the source."""

    lines = TransferLineOut(many=True)


_request, _ship, _receive = TransferOrderIn(), ShipTransferIn(), ReceiveTransferIn()
_end = EndTransferIn()


class TransferFilters(django_filters.FilterSet):  # type: ignore[misc]
    status = django_filters.ChoiceFilter(choices=TransferStatus.choices)
    from_location = django_filters.CharFilter(field_name="source__code", max_length=16)
    to_location = django_filters.CharFilter(field_name="target__code", max_length=16)

    class Meta:
        model = Transfer
        fields: list[str] = []


class TransferViewSet(GenericViewSet[Transfer]):
    """A person's key sees transfers from and to their locations, and acts on their own side."""

    scope = Scope.STOCK
    queryset = Transfer.objects.none()
    serializer_class = TransferOrderOut
    lookup_field = "number"
    filterset_class = TransferFilters

    def get_queryset(self) -> QuerySet[Transfer]:
        if getattr(self, "swagger_fake_view", False):
            return Transfer.objects.none()
        found = selectors.transfers(visible_locations(caller(self.request)))
        return found.prefetch_related("lines__sku")

    @extend_schema(operation_id="transfer_orders_list")
    def list(self, request: Request) -> Response:
        """Transfers from and to the caller's locations, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(TransferOrderOut(page, many=True).data)

    @extend_schema(operation_id="transfer_orders_retrieve")
    def retrieve(self, request: Request, number: str) -> Response:
        """One transfer with its lines."""
        return Response(self._shown(number))

    @extend_schema(
        operation_id="transfer_orders_create",
        request=TransferOrderIn,
        responses={201: TransferOrderOut},
        parameters=[KEY],
    )
    def create(self, request: Request) -> HttpResponse:
        """Ask one location to send units to another; they are reserved there at once."""
        said = read(_request, request.data)
        self._must_see(said["from_location"], said["to_location"])

        def work() -> tuple[int, dict[str, Any]]:
            made = services.request_transfer(
                source=said["from_location"],
                target=said["to_location"],
                lines=[services.Wanted(**each) for each in said["lines"]],
                expected_on=said["expected_on"],
                note=said["note"],
                key=uuid.uuid4().hex,
                by=caller(request).actor,
                at=timezone.now(),
            )
            lines = [line for line in pending(TransferLine) if line.transfer_id == made.pk]
            head = TransferHeadOut(made).data
            return 201, {**head, "lines": TransferLineOut(lines, many=True).data}

        return answer_once(request, work)

    @extend_schema(request=ShipTransferIn, responses=TransferOrderOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def ship(self, request: Request, number: str) -> HttpResponse:
        """Send units on their way from the source, whole or in part."""
        self._must_be_at(number, "source")
        said = read(_ship, request.data)
        loads = [services.Load(**each) for each in said["lines"]] if "lines" in said else None

        def work() -> tuple[int, dict[str, Any]]:
            services.ship_transfer(
                number=number,
                loads=loads,
                expected_on=said["expected_on"],
                key=uuid.uuid4().hex,
                by=caller(request).actor,
                at=timezone.now(),
            )
            return 200, self._shown(number)

        return answer_once(request, work)

    @extend_schema(request=ReceiveTransferIn, responses=TransferOrderOut, parameters=[KEY])
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, number: str) -> HttpResponse:
        """Take in what came at the target; those who wait there are served at once."""
        self._must_be_at(number, "target")
        said = read(_receive, request.data)
        counts = [
            services.Came(
                sku=each["sku"],
                good=each["quantity"] - each["damaged"],
                damaged=each["damaged"],
                lot=each["lot"],
                bin=each["bin"],
            )
            for each in said["lines"]
        ]

        def work() -> tuple[int, dict[str, Any]]:
            services.receive_transfer(
                number=number,
                counts=counts,
                keep_over=said["keep_over"],
                key=uuid.uuid4().hex,
                by=caller(request).actor,
                at=timezone.now(),
            )
            return 200, self._shown(number)

        return answer_once(request, work)

    @extend_schema(request=EndTransferIn)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, number: str) -> Response:
        """Expect nothing more at the target: what is in transit is lost."""
        self._must_be_at(number, "target")
        said = read(_end, request.data)
        services.close_transfer(
            number=number, reason=said["reason"], by=caller(request).actor, at=timezone.now()
        )
        return Response(self._shown(number))

    @extend_schema(request=EndTransferIn)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Call it off at the source before anything left."""
        self._must_be_at(number, "source")
        said = read(_end, request.data)
        services.cancel_transfer(
            number=number, reason=said["reason"], by=caller(request).actor, at=timezone.now()
        )
        return Response(self._shown(number))

    def _shown(self, number: str) -> dict[str, Any]:
        found = self.get_queryset().filter(number=number).first()
        if found is None:
            raise TransferNotFound(number=number)
        return dict(TransferOrderOut(found).data)

    def _must_be_at(self, number: str, side: str) -> None:
        """Raises: TransferNotFound, LocationNotFound for one who is not at that side."""
        found = self.get_queryset().prefetch_related(None).filter(number=number).first()
        if found is None:
            raise TransferNotFound(number=number)
        self._must_see(getattr(found, side).code)

    def _must_see(self, *codes: str) -> None:
        """Raises: LocationNotFound, for a location that is none of the caller's."""
        visible = visible_locations(caller(self.request))
        if visible is None:
            return
        mine = set(Location.objects.filter(pk__in=visible).values_list("code", flat=True))
        for code in codes:
            if code not in mine:
                raise LocationNotFound(location=code)
