"""The feed of what channels may promise."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.views import AvailabilityView, channel_asked_about
from inventory.selectors import told_after
from oms.channels.api.authentication import caller
from oms.core.api.schema import COUNT, NUMBER

MOST = 500
LONGEST = 40
BEYOND = 10**18
"""No sequence comes to it."""


class AvailabilityChangeOut(serializers.Serializer[Any]):
    sku = serializers.CharField()
    available = serializers.IntegerField(min_value=0)
    sequence = serializers.IntegerField()
    told_at = serializers.DateTimeField()


class ChangesPage(serializers.Serializer[Any]):
    """`after` is where the next request goes on; with nothing new it is the one that was sent."""

    results = AvailabilityChangeOut(many=True)
    after = serializers.IntegerField()


class AvailabilityChangesView(AvailabilityView):
    """What a channel may promise, wherever that changed."""

    @extend_schema(
        operation_id="availability_changes_list",
        responses=ChangesPage,
        parameters=[
            OpenApiParameter("after", NUMBER, description="the last sequence that is known"),
            OpenApiParameter("limit", COUNT, description=f"1 to {MOST}"),
            OpenApiParameter("channel", str, description="for people: which channel"),
        ],
    )
    def get(self, request: Request) -> Response:
        """Figures that changed after a sequence, the latest of each SKU, buffers taken off."""
        params = request.query_params
        after = _number(params.get("after", "0"), "after", least=0, most=BEYOND)
        limit = _number(params.get("limit", str(MOST)), "limit", least=1, most=MOST)
        channel = channel_asked_about(caller(request), params.get("channel", ""))
        if channel is None:
            raise ValidationError({"query": {"channel": ["Say which channel: ?channel=…"]}})
        rows = list(told_after(channel.pk, sequence=after)[:limit])
        return Response(
            {
                "results": [
                    {
                        "sku": row.sku.code,
                        "available": row.units,
                        "sequence": row.sequence,
                        "told_at": row.told_at.isoformat(),
                    }
                    for row in rows
                ],
                "after": rows[-1].sequence if rows else after,
            }
        )


def _number(said: str, name: str, *, least: int, most: int) -> int:
    if said.isascii() and said.isdigit() and int(said[:LONGEST]) >= least:
        return min(int(said[:LONGEST]), most)
    raise ValidationError({"query": {name: [f"Must be a whole number from {least}."]}})
