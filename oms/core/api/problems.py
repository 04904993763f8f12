"""How a refusal looks to a machine (RFC 9457), mapped once for every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from oms.core import errors
from oms.core.middleware import is_busy

STATUS: dict[type[errors.Refusal], int] = {
    errors.Invalid: 400,
    errors.Forbidden: 403,
    errors.Missing: 404,
    errors.Conflict: 409,
    errors.Unavailable: 503,
}
MEDIA_TYPE = "application/problem+json"


def status_of(refusal: errors.Refusal) -> int:
    """Return the HTTP status of a refusal; a class may say its own as `status`."""
    own = getattr(refusal, "status", None)
    return own or next(code for kind, code in STATUS.items() if isinstance(refusal, kind))


def body_of(refusal: errors.Refusal) -> dict[str, Any]:
    """Return the problem document of a refusal, without the request's id."""
    facts = {key: value for key, value in refusal.facts.items() if key not in {"status", "title"}}
    problem = {
        "type": f"/problems/{refusal.code}",
        "title": str(refusal),
        "status": status_of(refusal),
        "detail": str(refusal),
        **facts,
    }
    if "pointer" in facts:
        problem["errors"] = [{"pointer": facts["pointer"], "detail": str(refusal)}]
    return problem


def invalid(error: exceptions.ValidationError, at: str = "") -> dict[str, Any]:
    """Return the problem document of a document that is not valid; `at` points to it, where it is
    part of another."""
    found = list(leaves(error.detail, at))
    problem = _plain(400, "invalid", "The request is not valid.")
    problem["errors"] = found
    codes = {each["code"] for each in found}
    if "unknown_field" in codes:
        problem["type"] = "/problems/unknown_field"
    for each in found:
        del each["code"]
    if found:
        problem["detail"] = f"{found[0]['pointer'] or '/'}: {found[0]['detail']}"
    return problem


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every refusal, and every refusal of the framework, as problem+json.

    What is neither is a bug: None, so that it is logged and answered 500 without a trace.
    """
    request_id = context["request"].META.get("oms.request_id", "")
    headers: dict[str, str] = {}
    if is_busy(error):
        error = errors.Busy()
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()

    if isinstance(error, errors.Refusal):
        problem = body_of(error)
        if isinstance(error, errors.Unavailable):
            headers["Retry-After"] = str(getattr(error, "retry_after", 3))
    elif isinstance(error, exceptions.ValidationError):
        problem = invalid(error)
    elif isinstance(error, exceptions.APIException):
        code = error.get_codes()
        problem = _plain(
            error.status_code, code if isinstance(code, str) else "refused", str(error.detail)
        )
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
        if getattr(error, "wait", None):
            headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    else:
        return None
    problem["request_id"] = request_id
    plain = json.loads(json.dumps(problem, default=str))
    return Response(plain, status=problem["status"], headers=headers, content_type=MEDIA_TYPE)


def _plain(status: int, code: str, detail: str) -> dict[str, Any]:
    return {"type": f"/problems/{code}", "title": detail, "status": status, "detail": detail}


def leaves(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Yield every leaf of a validation error with its RFC 6901 pointer."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            inner = pointer if key == "non_field_errors" else f"{pointer}/{_escaped(str(key))}"
            yield from leaves(value, inner)
    elif isinstance(detail, list):
        for number, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from leaves(value, f"{pointer}/{number}" if nested else pointer)
    else:
        yield {"pointer": pointer, "detail": str(detail), "code": getattr(detail, "code", "")}


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
