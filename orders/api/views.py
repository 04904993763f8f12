"""Orders, for channels: placed, read, and changed by command."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once
from oms.channels.errors import ChannelKeyNeeded
from oms.channels.principals import Principal
from oms.core.api.fields import read
from oms.core.api.pagination import NewestFirst, NewestPlaced
from oms.core.models import EventRecord
from orders import services
from orders.adapters.native.documents import OrderIn
from orders.adapters.native.quick import order_from
from orders.api.filters import OrderFilters
from orders.api.representation import composed_parts, represent, represent_page
from orders.api.serializers import CancelIn, FactOut, HoldIn, OrderOut, ReleaseIn
from orders.errors import DuplicateOrderDiffers, LineNotFound, OrderNotFound
from orders.models import Order, OrderLine
from orders.rules.kits import lines_named, units_of_kits
from orders.rules.wanted import NewOrder
from orders.selectors.kits import kits_of

_cancel, _hold, _release = CancelIn(), HoldIn(), ReleaseIn()


def visible_orders(principal: Principal) -> QuerySet[Order]:
    """Return the orders a key may see: a channel its own, a user's all."""
    orders = Order.objects.all()
    return orders.filter(channel_id=principal.channel.pk) if principal.channel else orders


class OrderViewSet(GenericViewSet[Order]):
    """Read freely, change by command."""

    scope = "orders"
    queryset = Order.objects.none()
    serializer_class = OrderOut
    lookup_field = "number"
    lookup_value_regex = r"SO-[0-9]+"
    filterset_class = OrderFilters
    pagination_class = NewestPlaced

    def get_queryset(self) -> QuerySet[Order]:
        if getattr(self, "swagger_fake_view", False):
            return Order.objects.none()
        return visible_orders(caller(self.request))

    @extend_schema(request=OrderIn, responses={200: OrderOut, 201: OrderOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Place an order. The same order sent again is answered with the order as it stands."""
        principal = caller(request)
        if principal.channel is None:
            raise ChannelKeyNeeded
        wanted = order_from(request.data)
        channel = principal.channel

        repeats: list[NewOrder] = []

        def work() -> tuple[int, dict[str, Any]]:
            try:
                placed = services.place_order(
                    wanted=wanted, channel=channel, by=principal.actor, at=timezone.now()
                )
            except DuplicateOrderDiffers:
                repeats.append(wanted)
                raise
            order = placed.order
            if not placed.is_new:
                return 200, represent_page([order])[0]
            composed = composed_parts([order.pk])[order.pk]
            return 201, represent(order, placed.lines, placed.kits, [], composed)

        answer = answer_once(request, work)
        for each in repeats:
            services.note_repeat(
                wanted=each, channel=channel, by=principal.actor, at=timezone.now()
            )
        return answer

    @extend_schema(operation_id="orders_list")
    def list(self, request: Request) -> Response:
        """Orders, the newest placed first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(represent_page(page or []))

    def retrieve(self, request: Request, number: str) -> Response:
        return Response(represent_page([self._order(number)])[0])

    @extend_schema(request=CancelIn, responses=OrderOut)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """Cancel an order, or units of some of its lines, that are not in a box yet."""
        order = self._order(number)
        said = read(_cancel, request.data)
        services.cancel_order(
            number=number,
            reason=said["reason"],
            units=_units(order, said["lines"]) if "lines" in said else None,
            by=caller(request).actor,
        )
        return self.retrieve(request, number)

    @extend_schema(request=HoldIn, responses=OrderOut)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, number: str) -> Response:
        """Stop an order from moving on, for a reason."""
        self._order(number)
        said = read(_hold, request.data)
        services.hold_order(
            number=number,
            kind=said["kind"],
            reason=said.get("reason", ""),
            by=caller(request).actor,
        )
        return self.retrieve(request, number)

    @extend_schema(request=ReleaseIn, responses=OrderOut)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, number: str) -> Response:
        """Take a hold away."""
        self._order(number)
        said = read(_release, request.data)
        services.release_hold(
            number=number,
            kind=said["kind"],
            reason=said.get("reason", ""),
            by=caller(request).actor,
        )
        return self.retrieve(request, number)

    @extend_schema(responses=FactOut(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=NewestFirst, filterset_class=None)
    def timeline(self, request: Request, number: str) -> Response:
        """Everything that happened to the order, on all floors, newest first."""
        self._order(number)
        facts = EventRecord.objects.filter(thread=number)
        page = self.paginate_queryset(facts)  # type: ignore[arg-type]
        return self.get_paginated_response([_fact(fact) for fact in page or []])  # type: ignore[arg-type]

    def _order(self, number: str) -> Order:
        order = self.get_queryset().filter(number=number).first()
        if order is None:
            raise OrderNotFound(number=number)
        return order


def _fact(fact: EventRecord) -> dict[str, Any]:
    return {
        "id": str(fact.pk),
        "name": fact.name,
        "subject": fact.subject,
        "actor": fact.actor,
        "happened_at": fact.happened_at.isoformat(),
        "payload": fact.payload,
    }


def _units(order: Order, asked: "list[dict[str, Any]]") -> dict[int, int]:
    """Spread units by SKU over the order's lines of it, in their order, those of kits last.

    Kits are cancelled with all that is in them.

    Raises: LineNotFound.
    """
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    codes = {kit.pk: kit.sku_code for kit in kits_of(order, lines)}
    units: dict[int, int] = {}
    for each in asked:
        matching = lines_named(lines, each["sku"])
        in_kits = [line for line in lines if line.kit_id and codes[line.kit_id] == each["sku"]]
        if not matching and not in_kits:
            raise LineNotFound(number=order.number, sku=each["sku"])
        left = each["quantity"]
        if not matching:
            for line, count in units_of_kits(in_kits, left):
                units[line.pk] = units.get(line.pk, 0) + count
        for line in matching:
            free = max(0, line.cancellable - units.get(line.pk, 0))
            taken = left if line is matching[-1] else min(left, free)
            if taken:
                units[line.pk] = units.get(line.pk, 0) + taken
            left -= taken
    return units
