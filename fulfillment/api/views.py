"""Work and shipments, for partner warehouses and channels: read freely, moved on by command."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from fulfillment import selectors, services
from fulfillment.api import serializers as shapes
from fulfillment.api.representation import (
    represent_choice,
    represent_decision,
    represent_shipments,
    represent_works,
)
from fulfillment.errors import FulfillmentOrderNotFound, ShipmentNotFound, SlipBeingMade
from fulfillment.filters import FulfillmentOrderFilters, ShipmentFilters
from fulfillment.models import FulfillmentOrder, Shipment
from fulfillment.services import Counted, Packed
from oms.channels.api.authentication import channel_of
from oms.channels.principals import Principal
from oms.core.api.fields import NothingIn, read
from orders.api.views import visible_orders
from orders.errors import OrderNotFound

_pick, _pack, _ship = shapes.PickIn(), shapes.PackIn(), shapes.ShipIn()
_reject, _hold, _move = shapes.RejectIn(), shapes.HoldWorkIn(), shapes.MoveIn()
_hand_over, _merge = shapes.HandOverIn(), shapes.MergeIn()
_split, _nothing, _tracking = shapes.SplitIn(), NothingIn(), shapes.TrackingIn()


def _caller(request: Request) -> Principal:
    return cast(Principal, request.user)


class FulfillmentOrderViewSet(GenericViewSet[FulfillmentOrder]):
    """A channel's key sees the work for its orders, a person's key that of their locations."""

    scope = "fulfillment"
    queryset = FulfillmentOrder.objects.none()
    serializer_class = shapes.FulfillmentOrderOut
    lookup_field = "number"
    filterset_class = FulfillmentOrderFilters

    def get_queryset(self) -> QuerySet[FulfillmentOrder]:
        if getattr(self, "swagger_fake_view", False):
            return FulfillmentOrder.objects.none()
        return selectors.work_of_principal(_caller(self.request))

    @extend_schema(operation_id="fulfillment_orders_list")
    def list(self, request: Request) -> Response:
        """Work, the newest first."""
        found = self.filter_queryset(self.get_queryset()).select_related(None).only("pk")
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response(represent_works([work.pk for work in page]))

    def retrieve(self, request: Request, number: str) -> Response:
        return self._answer(self._seen(number))

    @extend_schema(request=NothingIn)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, number: str) -> Response:
        """Hand the work to the people on the floor."""
        pk = self._seen(number, "release")
        read(_nothing, request.data)
        services.release_work(number=number, by=_caller(request).actor, at=timezone.now())
        return self._answer(pk)

    @extend_schema(request=shapes.PickIn)
    @action(detail=True, methods=["post"])
    def pick(self, request: Request, number: str) -> Response:
        """Say what was found; what was not is asked of other locations at once."""
        pk = self._seen(number, "pick")
        said = read(_pick, request.data)
        services.pick(
            number=number,
            lines=[Counted(**line) for line in said["lines"]] if "lines" in said else None,
            reason=said.get("reason", ""),
            by=_caller(request).actor,
            at=timezone.now(),
        )
        return self._answer(pk)

    @extend_schema(request=shapes.PackIn)
    @action(detail=True, methods=["post"])
    def pack(self, request: Request, number: str) -> Response:
        """Put everything that was picked into boxes."""
        pk = self._seen(number, "pack")
        said = read(_pack, request.data)
        services.pack(
            number=number,
            packages=[_packed(package) for package in said.get("packages", ())],
            by=_caller(request).actor,
            at=timezone.now(),
        )
        return self._answer(pk)

    @extend_schema(request=shapes.ShipIn)
    @action(detail=True, methods=["post"])
    def ship(self, request: Request, number: str) -> Response:
        """Let the packages go."""
        pk = self._seen(number, "ship")
        said = read(_ship, request.data)
        services.ship(number=number, by=_caller(request).actor, at=timezone.now(), **said)
        return self._answer(pk)

    @extend_schema(operation_id="fulfillment_orders_services", responses=shapes.ServiceChoiceOut)
    @action(detail=True, methods=["get"])
    def services(self, request: Request, number: str) -> Response:
        """Which service would take it now, what it costs, and what the others would."""
        work = self.get_queryset().select_related("order", "location").filter(number=number).first()
        if work is None:
            raise FulfillmentOrderNotFound(number=number)
        book = selectors.rate_book(revision=selectors.carriage_revision())
        choice = selectors.choice_for(
            work, work.order, selectors.lines_of(work), book=book, at=timezone.now()
        )
        return Response(represent_choice(choice, with_amounts=not book.is_built_in))

    @extend_schema(request=shapes.HandOverIn)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, number: str) -> Response:
        """Give an order that is collected to its customer, who shows the code."""
        pk = self._seen(number, "ship")
        said = read(_hand_over, request.data)
        services.hand_over(number=number, by=_caller(request).actor, at=timezone.now(), **said)
        return self._answer(pk)

    @extend_schema(request=shapes.RejectIn)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, number: str) -> Response:
        """Say that this location does not serve it, or some of it; others are asked."""
        pk = self._seen(number, "reject")
        said = read(_reject, request.data)
        services.reject(
            number=number,
            reason=said.get("reason", "other"),
            lines=[Counted(**line) for line in said["lines"]] if "lines" in said else None,
            by=_caller(request).actor,
            at=timezone.now(),
        )
        return self._answer(pk)

    @extend_schema(request=shapes.HoldWorkIn)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, number: str) -> Response:
        """Stop this work alone, whatever step it is at."""
        pk = self._seen(number, "release")
        said = read(_hold, request.data)
        services.hold_work(
            number=number, reason=said["reason"], by=_caller(request).actor, at=timezone.now()
        )
        return self._answer(pk)

    @extend_schema(request=NothingIn)
    @action(detail=True, methods=["post"])
    def unhold(self, request: Request, number: str) -> Response:
        """Let work go on that was held alone."""
        pk = self._seen(number, "release")
        read(_nothing, request.data)
        services.resume_work(number=number, by=_caller(request).actor, at=timezone.now())
        return self._answer(pk)

    @extend_schema(request=shapes.MoveIn)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, number: str) -> Response:
        """Have the same work done at another location that has everything."""
        pk = self._seen(number, "reject")
        said = read(_move, request.data)
        services.move_work(number=number, by=_caller(request).actor, at=timezone.now(), **said)
        return self._answer(pk)

    @extend_schema(request=shapes.SplitIn)
    @action(detail=True, methods=["post"])
    def split(self, request: Request, number: str) -> Response:
        """Make units into work of their own at the same location; answers with that work."""
        self._seen(number, "release")
        said = read(_split, request.data)
        new = services.split_work(
            number=number,
            lines=[Counted(**line) for line in said["lines"]],
            by=_caller(request).actor,
            at=timezone.now(),
        )
        return self._answer(new.pk)

    @extend_schema(request=shapes.MergeIn)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, number: str) -> Response:
        """Make other work for the same order, location and address part of this one."""
        pk = self._seen(number, "release")
        said = read(_merge, request.data)
        self._seen(said["with"], "release")
        services.merge_work(
            number=number, other=said["with"], by=_caller(request).actor, at=timezone.now()
        )
        return self._answer(pk)

    @extend_schema(
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 503: OpenApiResponse()}
    )
    def packing_slip(self, request: Request, number: str) -> FileResponse:
        """The paper for the box, as PDF; 503 with Retry-After while it is being made."""
        work = self.get_queryset().filter(number=number).first()
        if work is None:
            raise FulfillmentOrderNotFound(number=number)
        slip = selectors.slip_of(work)
        if slip is None:
            services.request_packing_slip(number=number, at=timezone.now())
        if slip is None or not slip.is_ready:
            raise SlipBeingMade(number=number)
        return FileResponse(
            slip.file.open("rb"), content_type="application/pdf", filename=f"{number}.pdf"
        )

    def _seen(self, number: str, verb: str = "") -> int:
        """The key of work that the caller sees, and may do this to.

        Raises: FulfillmentOrderNotFound, PermissionMissing.
        """
        found = selectors.seen_by_principal(_caller(self.request), number)
        if found is None:
            raise FulfillmentOrderNotFound(number=number)
        if verb:
            permission = f"fulfillment.{verb}_fulfillmentorder"
            channel_of(_caller(self.request), permission=permission)
        return found

    def _answer(self, pk: int) -> Response:
        return Response(represent_works([pk])[0])


def _packed(said: "dict[str, Any]") -> Packed:
    lines = [Counted(**line) for line in said["lines"]] if "lines" in said else None
    return Packed(
        box=said.get("box", ""),
        weight_g=said.get("weight_g"),
        weight_reason=said.get("weight_reason", ""),
        lines=lines,
    )


class ShipmentViewSet(GenericViewSet[Shipment]):
    """What left, and what carriers say about it."""

    scope = "fulfillment"
    queryset = Shipment.objects.none()
    serializer_class = shapes.ShipmentOut
    lookup_field = "number"
    filterset_class = ShipmentFilters

    def get_queryset(self) -> QuerySet[Shipment]:
        if getattr(self, "swagger_fake_view", False):
            return Shipment.objects.none()
        return selectors.shipments_of_principal(_caller(self.request))

    @extend_schema(operation_id="shipments_list")
    def list(self, request: Request) -> Response:
        """Shipments, the newest first."""
        found = self.filter_queryset(self.get_queryset()).select_related(None).only("pk")
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response(represent_shipments([each.pk for each in page]))

    def retrieve(self, request: Request, number: str) -> Response:
        return Response(represent_shipments([self._seen(number)])[0])

    @extend_schema(request=shapes.TrackingIn, responses={201: shapes.ShipmentOut})
    @action(detail=True, methods=["post"])
    def events(self, request: Request, number: str) -> Response:
        """Put down what a carrier says. Late, repeated and disordered messages are welcome."""
        pk = self._seen(number)
        channel_of(_caller(request), permission="fulfillment.ship_fulfillmentorder")
        said = read(_tracking, request.data)
        services.record_tracking(
            number=number,
            by=_caller(request).actor,
            **{"occurred_at": timezone.now(), **said},
        )
        return Response(represent_shipments([pk])[0], status=201)

    def _seen(self, number: str) -> int:
        found = self.get_queryset().filter(number=number).values_list("pk", flat=True).first()
        if found is None:
            raise ShipmentNotFound(number=number)
        return found


class SourcingView(APIView):
    """Why these locations serve an order."""

    scope = "orders"

    @extend_schema(operation_id="orders_sourcing", responses=shapes.SourcingOut)
    def get(self, request: Request, number: str) -> Response:
        """Every decision, newest first, with its candidates and what became of them."""
        order = visible_orders(_caller(request)).filter(number=number).only("pk").first()
        if order is None:
            raise OrderNotFound(number=number)
        decisions = selectors.decisions_of([order.pk])
        return Response(
            {"order": number, "decisions": [represent_decision(each) for each in decisions]}
        )
