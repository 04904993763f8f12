"""What every request passes: an identity, a look for hostile bytes, a calm answer when busy."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]

BUSY_STATES = {
    "55P03",  # lock_not_available
    "57014",  # query_canceled
    "57P01",  # admin_shutdown
    "57P03",  # cannot_connect_now
    "53300",  # too_many_connections
    "53100",  # disk_full
    "08006",
    "08001",
    "08003",
}


class RequestIdentity:
    """Give every request an id that its answers, problems and logs carry."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["oms.request_id"] = secrets.token_hex(8)
        response = self.get_response(request)
        response["X-Request-Id"] = request.META["oms.request_id"]
        return response


class RefuseHostileInput:
    """Refuse NUL bytes in path, query and cookies: no one sends them by accident."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query or "\0" in query:
            return problem(request, 400, "hostile_input", "The address holds a NUL character.")
        if request.META.get("HTTP_CONTENT_ENCODING"):
            return problem(request, 415, "unsupported_encoding", "Send the body as it is.")
        for name, value in list(request.COOKIES.items()):
            if "\0" in value or "\0" in name:
                del request.COOKIES[name]
        return self.get_response(request)


class TellTimeAsTheyDo:
    """Show times in the zone of whoever is signed in, where they chose one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        zone = getattr(request.user, "time_zone", "")
        with timezone.override(zone or settings.TIME_ZONE):
            return self.get_response(request)


class AnswerWhenBusy:
    """Turn a lock not granted in time, or a database away for a moment, into a 503."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_busy(error):
            return busy(request)
        return None


def is_busy(error: Exception) -> bool:
    """Whether the database said "not now" rather than "no"."""
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state in BUSY_STATES


def busy(request: HttpRequest) -> HttpResponse:
    """A 503 that says when to come back: a problem document for programs, a page for people."""
    if request.path.startswith("/api/"):
        response = problem(request, 503, "busy", "Busy. Try again in a moment.")
    else:
        response = render(request, "503.html", status=503)
    response["Retry-After"] = "3"
    return response


def problem(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    """A problem document (RFC 9457) from outside the API framework."""
    body = {
        "type": f"/problems/{code}",
        "title": detail,
        "status": status,
        "detail": detail,
        "request_id": request.META.get("oms.request_id", ""),
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
