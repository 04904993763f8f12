"""A page asked for in part: by a dialog, by a scan field."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def is_part(request: HttpRequest) -> bool:
    """Whether only a part of the page was asked for."""
    return request.headers.get("HX-Request") == "true"


def lead_to(request: HttpRequest, *page: Any) -> HttpResponse:
    """Lead to a page; a part of a page cannot be redirected, so the whole one is."""
    there = redirect(*page)
    if not is_part(request):
        return there
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = there["Location"]
    return answer
