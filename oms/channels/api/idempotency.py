"""`Idempotency-Key`: the same request twice has its effect once and its answer twice."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from oms.channels.api.authentication import caller
from oms.channels.errors import KeyMalformed, KeyMissing
from oms.channels.services.claims import Claim
from oms.channels.services.claims import answer_once as claim_and_answer
from oms.core.api.problems import MEDIA_TYPE
from oms.core.jsontext import fingerprint

LONGEST = 255

KEY = OpenApiParameter(
    "Idempotency-Key",
    {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST,
        "pattern": r"^[!-+\--~]([ -+\--~]*[!-+\--~])?$",
    },
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 255 printable ASCII characters; the same request with it is answered once.",
)


def key_of(request: Request) -> str:
    """Return the request's key.

    Raises: KeyMissing, KeyMalformed.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        raise KeyMissing
    if not 1 <= len(key) <= LONGEST or not key.isascii() or not key.isprintable() or "," in key:
        raise KeyMalformed
    return str(key)


def answer_once(request: Request, work: Callable[[], tuple[int, dict[str, Any]]]) -> HttpResponse:
    """Answer a POST that creates: with `work`'s status and body, or as it was answered before.

    Raises: KeyMissing, KeyMalformed, KeyReused, StillInProgress, and whatever `work` refuses
    (conflicts excepted: they are answered, and kept).
    """
    answer = claim_and_answer(
        Claim(
            principal=caller(request).identity,
            key=key_of(request),
            request=f"{request.method} {request.path}",
            fingerprint=fingerprint(request.data),
        ),
        work,
    )
    is_problem = answer.status >= 400
    response = HttpResponse(
        answer.body,
        status=answer.status,
        content_type=MEDIA_TYPE if is_problem else "application/json",
    )
    if answer.is_replay:
        response["Idempotent-Replayed"] = "true"
    return response
