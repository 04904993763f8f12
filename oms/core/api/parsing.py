"""Reading JSON strictly: what two programs could read differently is refused.

Refused: duplicate keys, NaN and Infinity, NUL characters, lone surrogates, nesting deeper than
32, encodings other than UTF-8, bodies over 5 MB.
"""

from __future__ import annotations

import json
import re
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

DEEPEST = 32
ESCAPES = re.compile(rb"\\.", re.DOTALL)
TEXTS = re.compile(rb'"[^"]*"')
ONE_KIND = bytes.maketrans(b"{}", b"[]")
NO_MARKS = bytes(set(range(256)) - set(b'"[]{}'))


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
    if _is_too_deep(raw):
        raise Unclear(f"The body is nested deeper than {DEEPEST} levels.")
    if "\0" in text:
        raise Unclear("The body holds a NUL character.")
    try:
        said = json.loads(text, object_pairs_hook=_without_twins, parse_constant=_no_constant)
    except Unclear:
        raise
    except (ValueError, RecursionError) as error:
        raise Unclear(f"The body is not JSON: {error}.") from error
    if "\\u" in text and _is_spoilt(said):
        raise Unclear("The body holds a NUL character or half a character.")
    return said


def _is_too_deep(body: bytes) -> bool:
    """Whether it is nested deeper than the limit, brackets inside texts left out."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    marks = ESCAPES.sub(b"", body).translate(ONE_KIND, NO_MARKS).replace(b'""', b"")
    nest = TEXTS.sub(b"", marks)
    nest += b"]" * (nest.count(b"[") - nest.count(b"]"))
    for _ in range(DEEPEST):
        nest = nest.replace(b"[]", b"")
    return b"[" in nest


def _is_spoilt(said: Any) -> bool:
    """Whether a text anywhere in it holds a NUL or a lone surrogate: both only come escaped."""
    if isinstance(said, str):
        return "\0" in said or any("\ud800" <= char <= "\udfff" for char in said)
    if isinstance(said, dict):
        return any(_is_spoilt(each) for pair in said.items() for each in pair)
    return isinstance(said, list) and any(_is_spoilt(each) for each in said)


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
