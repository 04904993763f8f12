"""Many orders in one request: each has a result of its own."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from oms.channels.api.authentication import caller
from oms.channels.api.idempotency import KEY, answer_once, key_of
from oms.channels.errors import ChannelKeyNeeded
from oms.core.api.fields import StrictSerializer, read
from oms.core.api.problems import body_of, invalid
from oms.core.errors import Refusal
from orders import services
from orders.adapters.native.quick import order_from
from orders.errors import DuplicateOrderDiffers, OrdersInvalid, OrdersRefused
from orders.models import Order
from orders.rules.wanted import NewOrder

MOST_ORDERS = 500
SKIP, ABORT = "skip", "abort"


@extend_schema_field(
    {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_ORDERS,
        "items": {"anyOf": [{"$ref": "#/components/schemas/OrderInRequest"}, {}]},
        "description": "orders as `POST /orders/` takes them; what is none is refused by itself",
    }
)
class _Orders(serializers.ListField):
    """What each of them says is told of it by itself."""

    def run_child_validation(self, data: list[Any]) -> list[Any]:
        return data


class ManyOrdersIn(StrictSerializer):
    """`skip` places the good ones; `abort` places all or none."""

    orders = _Orders(
        child=serializers.JSONField(allow_null=True), allow_empty=False, max_length=MOST_ORDERS
    )
    on_error = serializers.ChoiceField(choices=[SKIP, ABORT], default=SKIP)


class ResultOut(serializers.Serializer[Any]):
    """What became of one order: its number, or the problem document that says why it has none."""

    external_id = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=["created", "replayed", "refused", "not_placed"])
    number = serializers.CharField(required=False)
    problem = serializers.DictField(required=False)


class ManyOrdersOut(serializers.Serializer[Any]):
    """Results in the order in which the orders were sent."""

    results = ResultOut(many=True)


_envelope = ManyOrdersIn()
_one_at_a_time = threading.Lock()
"""Several in one process would take turns at the interpreter, and hold each other's stock."""
Result = dict[str, Any]


@dataclass(frozen=True)
class _Unreadable:
    """What was sent in place of an order."""

    external_id: str | None
    problem: Result


def _read(said: Any, position: int) -> NewOrder | _Unreadable:
    try:
        return order_from(said)
    except ValidationError as error:
        named = said.get("external_id") if isinstance(said, dict) else None
        return _Unreadable(
            named if isinstance(named, str) else None, invalid(error, f"/orders/{position}")
        )


def _unread(each: _Unreadable) -> Result:
    return {"external_id": each.external_id, "status": "refused", "problem": each.problem}


def _placed(wanted: NewOrder, found: services.Placed, position: int) -> Result:
    if isinstance(found, Refusal):
        problem = body_of(found)
        for each in problem.get("errors", ()):
            each["pointer"] = f"/orders/{position}{each['pointer']}"
        return {"external_id": wanted.external_id, "status": "refused", "problem": problem}
    status = "created" if found.is_new else "replayed"
    return {"external_id": wanted.external_id, "status": status, "number": found.number}


def _none_placed(results: Sequence[Result]) -> list[Result]:
    """The results of orders of which none was placed after all."""
    return [
        each if "problem" in each else {"external_id": each["external_id"], "status": "not_placed"}
        for each in results
    ]


class BulkOrderViewSet(GenericViewSet[Order]):
    """Place many orders at once."""

    scope = "orders"
    queryset = Order.objects.none()
    serializer_class = ManyOrdersIn
    pagination_class = None
    filter_backends = ()

    @extend_schema(request=ManyOrdersIn, responses={200: ManyOrdersOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Place up to 500 orders, as if they came one after the other. One that is refused keeps
        back the others only with `on_error` "abort"; then nothing is placed."""
        principal = caller(request)
        if principal.channel is None:
            raise ChannelKeyNeeded
        channel = principal.channel
        key_of(request)
        said = read(_envelope, request.data)
        orders = [_read(each, position) for position, each in enumerate(said["orders"])]
        wanted = [each for each in orders if isinstance(each, NewOrder)]
        is_all_or_none = said["on_error"] == ABORT
        if is_all_or_none and len(wanted) < len(orders):
            results = [
                _unread(each)
                if isinstance(each, _Unreadable)
                else {"external_id": each.external_id, "status": "not_placed"}
                for each in orders
            ]
            raise OrdersInvalid(refused=len(orders) - len(wanted), results=results)

        repeats: list[NewOrder] = []

        def work() -> tuple[int, Result]:
            found = services.place_orders(
                wanted=wanted, channel=channel, by=principal.actor, at=timezone.now()
            )
            pairs = zip(wanted, found, strict=True)
            repeats.extend(each for each, to in pairs if isinstance(to, DuplicateOrderDiffers))
            placed = iter(found)
            results = [
                _placed(each, next(placed), position)
                if isinstance(each, NewOrder)
                else _unread(each)
                for position, each in enumerate(orders)
            ]
            if is_all_or_none and (refused := sum("problem" in each for each in results)):
                raise OrdersRefused(refused=refused, results=_none_placed(results))
            return 200, {"results": results}

        with _one_at_a_time:
            answer = answer_once(request, work)
        for each in repeats:
            services.note_repeat(
                wanted=each, channel=channel, by=principal.actor, at=timezone.now()
            )
        return answer
