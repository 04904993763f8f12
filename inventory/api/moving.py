"""Units inside a location, for the systems of partner warehouses."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from inventory import services
from inventory.api.views import visible_locations
from inventory.errors import LocationNotFound
from inventory.models import Location
from inventory.states import HELD, StockState
from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once
from oms.channels.states import Scope
from oms.core.api.fields import QuantityField, StrictSerializer, TextField, read

HELD_STATES = sorted(str(state) for state in HELD)
LYING = [str(StockState.AVAILABLE), *HELD_STATES]


class UnitsIn(StrictSerializer):
    """Units of one SKU at one location; without a lot any is taken."""

    location = TextField(max_length=16)
    sku = TextField(max_length=64)
    quantity = QuantityField()
    lot = TextField(max_length=64, required=False)


class MoveUnitsIn(UnitsIn):
    from_bin = TextField(max_length=32, allow_blank=True)
    to_bin = TextField(max_length=32)
    state = serializers.ChoiceField(LYING, default=str(StockState.AVAILABLE))


class HoldUnitsIn(UnitsIn):
    state = serializers.ChoiceField(HELD_STATES)
    was = serializers.ChoiceField(LYING, default=str(StockState.AVAILABLE))
    reason = TextField(max_length=200)
    bin = TextField(max_length=32, required=False, allow_blank=True)


class FreeUnitsIn(UnitsIn):
    state = serializers.ChoiceField(HELD_STATES)
    reason = TextField(max_length=200)
    bin = TextField(max_length=32, required=False, allow_blank=True)


class ScrapUnitsIn(UnitsIn):
    state = serializers.ChoiceField(LYING, default=str(StockState.AVAILABLE))
    reason = TextField(max_length=200)
    bin = TextField(max_length=32, required=False, allow_blank=True)


class _ActView(APIView):
    """One act; the answer says what was done."""

    scope = Scope.STOCK
    asked: StrictSerializer
    service: Callable[..., None]

    def act(self, request: Request) -> HttpResponse:
        said = read(self.asked, request.data)
        visible = visible_locations(caller(request))
        seen = Location.objects.filter(code=said["location"])
        if visible is not None and not seen.filter(pk__in=visible).exists():
            raise LocationNotFound(location=said["location"])

        def work() -> tuple[int, dict[str, Any]]:
            type(self).service(**said, by=caller(request).actor, at=timezone.now())
            return 201, said

        return answer_once(request, work)


class MoveView(_ActView):
    asked, service = MoveUnitsIn(), staticmethod(services.move_units)

    @extend_schema(
        operation_id="stock_move",
        request=MoveUnitsIn,
        responses={201: MoveUnitsIn},
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Move units to another bin of their location."""
        return self.act(request)


class HoldView(_ActView):
    asked, service = HoldUnitsIn(), staticmethod(services.hold_units)

    @extend_schema(
        operation_id="stock_hold",
        request=HoldUnitsIn,
        responses={201: HoldUnitsIn},
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Keep units from being sold. Those promised to orders stay as they are."""
        return self.act(request)


class FreeView(_ActView):
    asked, service = FreeUnitsIn(), staticmethod(services.free_units)

    @extend_schema(
        operation_id="stock_free",
        request=FreeUnitsIn,
        responses={201: FreeUnitsIn},
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Let held units be sold again; orders that wait get them first."""
        return self.act(request)


class ScrapView(_ActView):
    asked, service = ScrapUnitsIn(), staticmethod(services.scrap_units)

    @extend_schema(
        operation_id="stock_scrap",
        request=ScrapUnitsIn,
        responses={201: ScrapUnitsIn},
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Take units off the books for good."""
        return self.act(request)
