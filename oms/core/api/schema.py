"""The schema the API serves, with problem documents as its errors."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import ListSerializer

from oms.core.api.fields import StrictSerializer
from oms.core.api.problems import MEDIA_TYPE

NUMBER = {"type": "integer", "minimum": 0, "maximum": 10**15}
COUNT = {"type": "integer", "minimum": 1}
COUNTRY = {"type": "string", "pattern": "^[A-Z]{2}$"}
TEXTS = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
PROBLEM = {
    "type": "object",
    "description": "What is wrong (RFC 9457), with the figures that show it.",
    "properties": {
        "type": {"type": "string", "description": "stable; begins with /problems/"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}


class Schema(AutoSchema):
    """drf-spectacular's view of a view, with our tags: the first part of the path."""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_operation_id(self) -> str:
        return super().get_operation_id().removeprefix("api_v1_")

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        """Unknown fields are refused, and the schema says so."""
        schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if schema and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        return schema

    def _map_serializer_field(
        self, field: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        """Lists say how long they may be."""
        schema = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if isinstance(field, ListSerializer) and schema.get("type") == "array":
            if least := getattr(field, "min_length", None) or int(not field.allow_empty):
                schema["minItems"] = least
            if most := getattr(field, "max_length", None):
                schema["maxItems"] = most
        return schema


def with_problems(result: Any, **kwargs: Any) -> Any:
    """Say of every operation that what is not listed is answered with a problem document."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    problem = {
        "description": "A problem",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                answers = operation["responses"]
                _let_filters_be_blank(operation)
                if "201" in answers and _is_answered_once(operation):
                    answers.setdefault("200", {**answers["201"], "description": "As before"})
                answers.setdefault("default", problem)
    return result


def _is_answered_once(operation: dict[str, Any]) -> bool:
    return any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", ()))


def _let_filters_be_blank(operation: dict[str, Any]) -> None:
    """A filter that is named and says nothing is left out."""
    for each in operation.get("parameters", ()):
        schema = each.get("schema", {})
        if each["in"] != "query" or each.get("required") or "default" in schema:
            continue
        if "enum" in schema:
            each["schema"] = {**schema, "enum": [*schema["enum"], ""]}
        elif "format" in schema:
            each["schema"] = {"anyOf": [schema, {"type": "string", "enum": [""]}]}
