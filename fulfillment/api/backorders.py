"""The queue of those who wait for stock, for channels and partner systems."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from fulfillment import selectors
from fulfillment.selectors import Place, Slice
from fulfillment.states import QueueRule
from inventory.api.views import visible_locations
from inventory.selectors import serving_locations
from oms.catalog.selectors import skus_by_code
from oms.channels.api.authentication import caller
from oms.channels.states import Scope
from oms.core.api.fields import TextField
from oms.core.api.schema import COUNT, TEXTS

MOST_SKUS = 100
SIZE, MOST_ROWS = 50, 100


class ExpectedOut(serializers.Serializer[Any]):
    """Units that are expected on a day; null: nobody knows the day."""

    units = serializers.IntegerField()
    expected_on = serializers.DateField(allow_null=True)


class BackorderOut(serializers.Serializer[Any]):
    """A place in line."""

    sku = serializers.CharField()
    position = serializers.IntegerField()
    of = serializers.IntegerField()
    rule = serializers.ChoiceField(choices=QueueRule.choices)
    order = serializers.CharField()
    units = serializers.IntegerField()
    priority = serializers.IntegerField()
    placed_at = serializers.DateTimeField()
    holds = serializers.ListField(child=serializers.CharField())
    expected = ExpectedOut(many=True)


class BackorderPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = BackorderOut(many=True)


class BackordersView(APIView):
    """A channel's key sees its own places in the line of all, a person's key those that their
    locations can serve."""

    scope = Scope.ORDERS

    @extend_schema(
        operation_id="backorders_list",
        responses=BackorderPage,
        parameters=[
            OpenApiParameter("sku", TEXTS, required=True),
            OpenApiParameter("location", str, description="places it can serve, counted there"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", COUNT),
        ],
    )
    def get(self, request: Request) -> Response:
        """Who waits for these SKUs, the next to be served first, and until when."""
        codes, size = _asked(request)
        principal = caller(request)
        here = visible_locations(principal)
        if location := request.query_params.get("location"):
            named = [each.pk for each in serving_locations() if each.code == location]
            here = [pk for pk in named if here is None or pk in here]
        places = selectors.places_in_line(
            [ref.pk for ref in skus_by_code(codes).values()],
            at=timezone.now(),
            location_ids=here,
            channel=principal.channel.slug if principal.channel else "",
        )
        cursor = request.query_params.get("cursor", "")
        page = selectors.cut(places, lambda each: each.waiter.line_id, cursor=cursor, size=size)
        return Response(_answer(request, page))


def _asked(request: Request) -> tuple[list[str], int]:
    params = request.query_params
    codes = params.getlist("sku")
    if not 0 < len(codes) <= MOST_SKUS:
        raise ValidationError({"sku": [f"Name 1 to {MOST_SKUS} SKUs: ?sku=…"]})
    try:
        skus = [TextField(max_length=64).run_validation(code) for code in codes]
        size = serializers.IntegerField(min_value=1).run_validation(params.get("page_size", SIZE))
    except ValidationError as error:
        raise ValidationError({"query": error.detail}) from error
    return skus, min(int(size), MOST_ROWS)


def _answer(request: Request, page: Slice[Place]) -> dict[str, Any]:
    url = request.build_absolute_uri()
    return {
        "next": page.older and replace_query_param(url, "cursor", page.older),
        "previous": page.newer and replace_query_param(url, "cursor", page.newer),
        "results": [_place(each) for each in page],
    }


def _place(each: Place) -> dict[str, Any]:
    waiter = each.waiter
    days: list[dict[str, Any]] = [
        {"units": day.units, "expected_on": day.on and day.on.isoformat()} for day in each.known
    ]
    if each.unknown:
        days.append({"units": each.unknown, "expected_on": None})
    return {
        "sku": waiter.sku,
        "position": each.position,
        "of": each.of,
        "rule": str(each.rule),
        "order": waiter.number,
        "units": waiter.units,
        "priority": waiter.priority,
        "placed_at": waiter.placed_at.isoformat(),
        "holds": list(waiter.holds),
        "expected": days,
    }
