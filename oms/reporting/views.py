"""Reports as pages, and as tables to take away."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from oms.core import reports
from oms.core.display import day_text, money_text, number_text, span_text
from oms.core.errors import Refusal
from oms.core.exports import XLSX, Cell, write_csv, write_xlsx
from oms.core.money import rounded
from oms.core.reports import Measure, Report, ReportUnknown, Row
from oms.core.templatetags.oms import NOTHING
from oms.reporting.asking import asked

MOST_ROWS = 200
MOST_BARS = 24
VIEW = "core.view_reports"
SPANS = ((30, _("30 days")), (90, _("90 days")), (365, _("A year")))


@login_required
@permission_required(VIEW, raise_exception=True)
@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report, with what it counts."""
    found = [{"slug": slug, "report": reports.report(slug)} for slug in settings.REPORTS]
    return render(request, "reports/list.html", {"reports": found})


@login_required
@permission_required(VIEW, raise_exception=True)
@require_GET
def report_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One report: drawn, as a table, and by what else it can be read."""
    wanted = _report(slug)
    query = _said_of(request)
    refusal = ""
    try:
        question = asked(slug, query)
    except Refusal as refused:
        refusal = str(refused)
        question = asked(slug, {})
    rows = [] if refusal else reports.figures(slug, question)
    context = {
        "slug": slug,
        "report": wanted,
        "refusal": refusal,
        "key": question.key,
        "tabs": _tabs(slug, query, question.key.name),
        "spans": _spans(query) if wanted.dated else [],
        "query": query,
        "currencies": sorted({row["currency"] for row in rows if row.get("currency")}),
        "has_currency": any("currency" in row for row in rows),
        "charts": charts_of(wanted, rows),
        "rows": [_shown(wanted.measures, row) for row in rows[:MOST_ROWS]],
        "left_out": max(0, len(rows) - MOST_ROWS),
        "download": urlencode(query),
    }
    return render(request, "reports/report.html", context, status=422 if refusal else 200)


@login_required
@permission_required(VIEW, raise_exception=True)
@require_GET
def report_table(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """The whole report as CSV or XLSX."""
    wanted = _report(slug)
    try:
        question = asked(slug, _said_of(request))
    except Refusal as refused:
        raise Http404(str(refused)) from refused
    table = _table(wanted, reports.figures(slug, question), str(question.key.label))
    name = f"{slug}-{timezone.localdate():%Y-%m-%d}.{form}"
    if form == "xlsx":
        answer = StreamingHttpResponse(write_xlsx(table), content_type=XLSX)
    else:
        answer = StreamingHttpResponse(write_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _said_of(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items() if value}


def _report(slug: str) -> Report:
    try:
        return reports.report(slug)
    except ReportUnknown as unknown:
        raise Http404(str(unknown)) from unknown


def _table(wanted: Report, rows: Sequence[Row], key: str) -> Iterator[list[Cell]]:
    has_currency = any("currency" in row for row in rows)
    labels = [str(measure.label) for measure in wanted.measures]
    yield [key, *([_("Currency")] if has_currency else []), *labels]
    for row in rows:
        cells: list[Cell] = [row["key"], *([row.get("currency", "")] if has_currency else [])]
        for measure in wanted.measures:
            value = row[measure.name]
            if measure.form == "money" and value is not None:
                value = rounded(value, row["currency"])
            cells.append(value)
        yield cells


def _tabs(slug: str, query: dict[str, str], current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": key.label,
            "url": f"?{urlencode({**query, 'by': key.name})}",
            "current": key.name == current,
        }
        for key in reports.keys_of(slug).values()
    ]


def _spans(query: dict[str, str]) -> list[dict[str, Any]]:
    """Links to spans that end today, and to all of time."""
    today = timezone.localdate()
    rest = {name: value for name, value in query.items() if name not in ("from", "to")}
    links = []
    for days, label in SPANS:
        since = str(today - timedelta(days=days - 1))
        is_current = query.get("from") == since and "to" not in query
        url = f"?{urlencode({**rest, 'from': since})}"
        links.append({"label": label, "url": url, "current": is_current})
    is_all = not {"from", "to"} & set(query)
    links.append({"label": _("All time"), "url": f"?{urlencode(rest)}", "current": is_all})
    return links


def charts_of(wanted: Report, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """A chart for each measure that is drawn: money in each currency, counts over all of them."""
    charts = []
    by_name = {measure.name: measure for measure in wanted.measures}
    for name in wanted.chart:
        measure = by_name[name]
        money = measure.form == "money"
        currencies = {row.get("currency", "") for row in rows} - {""} if money else {""}
        for currency in sorted(currencies):
            heights: dict[str, float] = {}
            for row in rows:
                if not money or row.get("currency", "") == currency:
                    key = row["key"] or _("none")
                    heights[key] = heights.get(key, 0) + float(row[name] or 0)
            bars = list(heights.items())[:MOST_BARS]
            label = f"{measure.label}, {currency}" if currency else str(measure.label)
            if any(heights.values()):
                charts.append({"rows": bars, "names": [label], "label": label})
    return charts


def _shown(measures: Sequence[Measure], row: Row) -> dict[str, Any]:
    return {
        "key": row["key"],
        "currency": row.get("currency", ""),
        "cells": [
            {"measure": measure, "said": _said(measure, row[measure.name], row.get("currency", ""))}
            for measure in measures
        ],
    }


def _said(measure: Measure, value: Any, currency: str) -> str:
    if value is None:
        return NOTHING
    if measure.form == "money":
        return money_text(value, currency, symbol=False)
    if measure.form == "percent":
        return f"{number_text(round(value * 100, 1))} %"
    if measure.form == "hours":
        return span_text(float(value) * 3600)
    if measure.form == "day":
        return day_text(value)
    return str(value) if measure.form == "text" else number_text(value)
