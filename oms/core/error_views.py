"""Errors outside any view: a problem document for programs, a page for people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oms.core.middleware import problem


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "bad_request", "The request cannot be read.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "forbidden", "This is not for you.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "not_found", "There is nothing here.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, "internal", "Something broke on our side. It has been recorded.")


def _answer(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(request, status, code, detail)
    return render(request, f"{status}.html", status=status)
