"""Pages of lists by cursor: the cost of a page does not grow with its depth."""

import re
from typing import Any

from django.core.exceptions import ValidationError as NotAMoment
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

POSITION = re.compile(
    r"([0-9]{1,18}|(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8}(\.[0-9]{1,6})?\+00:00)\Z",
    re.ASCII,
)


class NewestFirst(CursorPagination):
    """Newest rows first, `page_size` (1 to 100) a page; the order is that of the row keys."""

    ordering: Any = "-id"
    page_size = 50
    max_page_size = 100
    page_size_query_param = "page_size"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, TypeError, NotAMoment) as error:
            raise NotFound("This is not a cursor of ours.") from error

    def decode_cursor(self, request: Request) -> Any:
        """Read a cursor; its position is a key or a moment, as we write them."""
        found = super().decode_cursor(request)
        if found is None or found.position is None or POSITION.match(str(found.position)):
            return found
        raise NotFound("This is not a cursor of ours.")

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get(self.page_size_query_param or "")
        if given is None:
            return self.page_size or 50
        if not (given.isascii() and given.isdigit()) or int(given[:6]) < 1:
            raise ValidationError({"page_size": ["Must be a whole number from 1."]})
        return min(int(given[:6]), self.max_page_size)

    def get_schema_operation_parameters(self, view: Any) -> Any:
        """Say of `page_size` from where it counts."""
        parameters = super().get_schema_operation_parameters(view)
        for each in parameters:
            if each["name"] == self.page_size_query_param:
                each["schema"] |= {"minimum": 1}
        return parameters


class NewestPlaced(NewestFirst):
    """Orders, by the time they were placed."""

    ordering = ("-placed_at", "-id")
