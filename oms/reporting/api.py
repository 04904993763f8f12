"""`GET /api/v1/reports/{report}/`: the same figures as on the pages."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from oms.channels.api.authentication import caller, channel_of
from oms.core import reports
from oms.reporting.asking import asked


class ReportRow(serializers.Serializer):  # type: ignore[type-arg]
    """`key` and `currency`, then the measures of the report."""

    key = serializers.CharField(allow_blank=True)
    currency = serializers.CharField(required=False)
    orders = serializers.IntegerField(required=False)
    units = serializers.IntegerField(required=False)
    amount = serializers.CharField(required=False, allow_null=True)


class ReportOut(serializers.Serializer):  # type: ignore[type-arg]
    results = ReportRow(many=True)


def _parameter(name: str, description: str, kind: Any = OpenApiTypes.STR) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description)


class ReportView(APIView):
    """Figures by one key. A channel's key sees its own orders, a person's what its owner may."""

    scope = "reports"

    @extend_schema(
        operation_id="report",
        parameters=[
            _parameter("by", "What figures are put together by; each report has a first choice."),
            _parameter("from", "First day (2026-11-01), or a moment."),
            _parameter("to", "Last day, itself included, or a moment."),
            _parameter("currency", "Amounts in this currency only; else a row for each."),
        ],
        responses=ReportOut,
    )
    def get(self, request: Request, report: str) -> Response:
        """Return the rows of a report: months in their order, else the largest first."""
        wanted = reports.report(report)
        channel = channel_of(caller(request), permission="core.view_reports")
        rows = reports.figures(
            report, asked(report, request.query_params.dict(), channel_id=channel)
        )
        return Response({"results": [reports.plain(wanted.measures, row) for row in rows]})
