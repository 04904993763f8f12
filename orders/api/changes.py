"""Changes of one order, for channels: previewed, then confirmed or discarded."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once
from oms.core.api.fields import AmountField, QuantityField, StrictSerializer, TextField, read
from oms.core.api.pagination import NewestFirst
from oms.core.money import text
from oms.customers.addresses import Address
from orders import services
from orders.adapters.native.documents import AddressIn
from orders.api.representation import represent_page
from orders.api.serializers import OrderOut
from orders.api.views import visible_orders
from orders.errors import ChangeNotFound, OrderMovedOn, OrderNotFound
from orders.models import Order, OrderChange
from orders.rules.changes import Action
from orders.rules.effects import Effects
from orders.states import ChangeStatus, ChangeType

MOST_ACTIONS = 200
NEEDED = {
    ChangeType.SET_QUANTITY: ("sku", "quantity"),
    ChangeType.ADD_LINE: ("sku", "quantity"),
    ChangeType.REMOVE_LINE: ("sku",),
    ChangeType.SET_PRICE: ("sku", "unit_price"),
    ChangeType.SET_ADDRESS: ("address",),
    ChangeType.SET_SERVICE: ("service",),
}
ALLOWED = {
    ChangeType.SET_QUANTITY: ("line", "tax", "discount"),
    ChangeType.ADD_LINE: ("unit_price", "tax", "discount", "address"),
    ChangeType.REMOVE_LINE: ("line",),
    ChangeType.SET_PRICE: ("line", "tax", "discount"),
    ChangeType.SET_ADDRESS: ("sku", "line"),
    ChangeType.SET_SERVICE: (),
}


class ActionIn(StrictSerializer):
    """One action. Which fields it needs depends on its type.

    `quantity` counts the units still asked for, cancelled ones left out. `line` is a line's
    position, where several have the SKU. An address without a SKU is that of the whole order.
    """

    type = serializers.ChoiceField(choices=[(each.value, each.label) for each in NEEDED])
    sku = TextField(max_length=64, required=False)
    line = serializers.IntegerField(min_value=1, max_value=32_767, required=False)
    quantity = QuantityField(required=False)
    unit_price = AmountField(required=False)
    tax = AmountField(required=False)
    discount = AmountField(required=False)
    address = AddressIn(required=False)
    service = TextField(max_length=64, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind = attrs["type"]
        problems = {
            name: ["Is needed for this type."] for name in NEEDED[kind] if name not in attrs
        }
        known = {"type", *NEEDED[kind], *ALLOWED[kind]}
        problems |= {name: ["Has no meaning for this type."] for name in attrs.keys() - known}
        if problems:
            raise ValidationError(problems)
        return attrs


class ChangeIn(StrictSerializer):
    actions = ActionIn(many=True, allow_empty=False, max_length=MOST_ACTIONS)
    reason = TextField(max_length=200, required=False, allow_blank=True)


class BeforeAfterOut(serializers.Serializer[Any]):
    before = serializers.CharField()
    after = serializers.CharField()
    difference = serializers.CharField()


class StockEffectOut(serializers.Serializer[Any]):
    """More than 0: reserved there; less: free there again."""

    location = serializers.CharField()
    sku = serializers.CharField()
    units = serializers.IntegerField()


class WorkEffectOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    location = serializers.CharField()
    change = serializers.CharField()
    units = serializers.IntegerField()


class PutBackOut(serializers.Serializer[Any]):
    location = serializers.CharField()
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    bin = serializers.CharField()


class EffectsOut(serializers.Serializer[Any]):
    """Measured by changing the order and undoing it again; `due` leaves out what was cancelled."""

    status = serializers.CharField()
    total = BeforeAfterOut()
    due = BeforeAfterOut()
    tax = BeforeAfterOut()
    refund = serializers.CharField()
    owed = serializers.CharField()
    backordered = serializers.DictField(child=serializers.IntegerField())
    stock = StockEffectOut(many=True)
    fulfillment_orders = WorkEffectOut(many=True)
    put_back = PutBackOut(many=True)
    facts = serializers.ListField(child=serializers.CharField())
    letters = serializers.ListField(child=serializers.CharField())


class ChangeOut(serializers.Serializer[Any]):
    """A change of an order; `order` is there once it is confirmed."""

    id = serializers.CharField()
    order_number = serializers.CharField()
    status = serializers.ChoiceField(choices=ChangeStatus.choices)
    version = serializers.IntegerField()
    reason = serializers.CharField()
    actions = serializers.ListField(child=serializers.DictField())
    effects = EffectsOut(allow_null=True)
    currency = serializers.CharField()
    previewed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ConfirmedChangeOut(ChangeOut):
    order = OrderOut()


_change = ChangeIn()
ORDER = OpenApiParameter("order_number", OpenApiTypes.STR, OpenApiParameter.PATH)


class OrderChangeViewSet(GenericViewSet[OrderChange]):
    """Previews of what is to be different about an order."""

    scope = "orders"
    queryset = OrderChange.objects.none()
    serializer_class = ChangeOut
    lookup_field = "number"
    lookup_url_kwarg = "id"
    lookup_value_regex = r"OC-[0-9]+-[0-9]+"
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[OrderChange]:
        if getattr(self, "swagger_fake_view", False):
            return OrderChange.objects.none()
        return OrderChange.objects.filter(order=self._order()).select_related("order")

    @extend_schema(
        request=ChangeIn, responses={200: ChangeOut, 201: ChangeOut}, parameters=[KEY, ORDER]
    )
    def create(self, request: Request, order_number: str) -> HttpResponse:
        """Preview a change: what it would do is measured, the order stays as it is."""
        self._order()
        said = read(_change, request.data)
        actions = [_action(each) for each in said["actions"]]

        def work() -> tuple[int, dict[str, Any]]:
            change = services.preview_change(
                number=order_number,
                actions=actions,
                reason=said.get("reason", ""),
                by=caller(request).actor,
            )
            return 201, represent_change(change)

        return answer_once(request, work)

    @extend_schema(parameters=[ORDER])
    def list(self, request: Request, order_number: str) -> Response:
        """Changes of the order, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([represent_change(each) for each in page or []])

    @extend_schema(parameters=[ORDER])
    def retrieve(self, request: Request, order_number: str, id: str) -> Response:
        return Response(represent_change(self._change(id)))

    @extend_schema(request=None, responses=ConfirmedChangeOut, parameters=[ORDER])
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, order_number: str, id: str) -> Response:
        """Change the order as previewed. Confirmed again, nothing more happens.

        409 `order_moved_on` when the order is not what it was: nothing is changed, and the
        preview is renewed.
        """
        self._order()
        by = caller(request).actor
        try:
            change = services.confirm_change(number=order_number, change=id, by=by)
        except OrderMovedOn as refusal:
            refusal.preview = represent_effects(Effects.of_json(refusal.preview))
            raise
        order = represent_page([self._order()])[0]
        return Response({**represent_change(change), "order": order})

    @extend_schema(request=None, responses=ChangeOut, parameters=[ORDER])
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, order_number: str, id: str) -> Response:
        """Let a preview go."""
        self._order()
        change = services.discard_change(number=order_number, change=id, by=caller(request).actor)
        return Response(represent_change(change))

    def _order(self) -> Order:
        number = self.kwargs["order_number"]
        order = visible_orders(caller(self.request)).filter(number=number).first()
        if order is None:
            raise OrderNotFound(number=number)
        return order

    def _change(self, number: str) -> OrderChange:
        change = self.get_queryset().filter(number=number).first()
        if change is None:
            raise ChangeNotFound(number=number)
        return change


def _action(said: dict[str, Any]) -> Action:
    address = said.get("address")
    return Action(**{**said, "address": Address(**address) if address else None})


def represent_change(change: OrderChange) -> dict[str, Any]:
    """Return the JSON of a change."""
    return {
        "id": change.number,
        "order_number": change.order.number,
        "status": str(change.status),
        "version": change.version,
        "reason": change.reason,
        "actions": change.actions,
        "effects": represent_effects(Effects.of_json(change.effects)) if change.effects else None,
        "currency": change.order.currency,
        "previewed_at": change.previewed_at.isoformat(),
        "decided_at": change.decided_at and change.decided_at.isoformat(),
    }


def represent_effects(found: Effects) -> dict[str, Any]:
    """Return the JSON of what a change would do."""
    kept = found.as_json()

    def both(before: Any, after: Any) -> dict[str, str]:
        return {
            "before": text(before, found.currency),
            "after": text(after, found.currency),
            "difference": text(after - before, found.currency),
        }

    return {
        "status": found.status,
        "total": both(found.total_before, found.total_after),
        "due": both(found.due_before, found.due_after),
        "tax": both(found.tax_before, found.tax_after),
        "refund": text(found.refunded, found.currency),
        "owed": text(found.owed, found.currency),
        "fulfillment_orders": kept["work"],
        **{name: kept[name] for name in ("backordered", "stock", "put_back", "facts", "letters")},
    }
