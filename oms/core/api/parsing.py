"""Reading JSON strictly: what two programs could read differently is refused.

Refused: duplicate keys, NaN and Infinity, NUL characters, lone surrogates, nesting deeper than
32, encodings other than UTF-8, bodies over 5 MB.
"""

from __future__ import annotations

import json
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

DEEPEST = 32


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "The body is too large."


class Unclear(ValueError):
    """JSON that is well formed and still refused."""


def strict_json(raw: bytes) -> Any:
    """Return what `raw` says.

    Raises: ValueError, with a sentence.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unclear("The body is not UTF-8.") from error
    if _depth(text) > DEEPEST:
        raise Unclear(f"The body is nested deeper than {DEEPEST} levels.")
    if "\\u" in text and _has_bad_escape(text):
        raise Unclear("The body holds a NUL character or half a character.")
    if "\0" in text:
        raise Unclear("The body holds a NUL character.")
    try:
        return json.loads(text, object_pairs_hook=_without_twins, parse_constant=_no_constant)
    except Unclear:
        raise
    except (ValueError, RecursionError) as error:
        raise Unclear(f"The body is not JSON: {error}.") from error


def _depth(text: str) -> int:
    """An upper bound of the nesting: brackets inside strings count too, which only errs early."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return 0
    depth = deepest = 0
    inside = escaped = False
    for char in text:
        if inside:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                inside = False
        elif char == '"':
            inside = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                return deepest
        elif char in "]}":
            depth -= 1
    return deepest


def _has_bad_escape(text: str) -> bool:
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        return False
    try:
        return "\0" in json.dumps(decoded, ensure_ascii=False).encode().decode() or "\\u0000" in (
            json.dumps(decoded, ensure_ascii=False)
        )
    except UnicodeEncodeError:
        return True


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twin = next(key for key in keys if keys.count(key) > 1)
        raise Unclear(f"The key {twin!r} stands twice in one object.")
    return found


def _no_constant(name: str) -> Any:
    raise Unclear(f"{name} is not a JSON value.")


class StrictJSONParser(BaseParser):
    """`application/json` in UTF-8, read strictly. The raw bytes stay on the request."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        for part in (media_type or "").split(";")[1:]:
            name, _, value = part.strip().partition("=")
            if name.lower() == "charset" and value.strip('"').lower() not in {"utf-8", "utf8"}:
                raise UnsupportedMediaType(media_type or "", "Send UTF-8.")
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge
        try:
            return strict_json(raw)
        except ValueError as error:
            raise ParseError(str(error)) from error
