"""What a browser sends beside its forms: anything may come."""

from django.http import HttpRequest, QueryDict

MOST_DIGITS = 9


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; None when it is only looked at."""
    return request.POST if request.method == "POST" else None


def whole_number(said: str) -> int | None:
    """Return the whole number that was sent, such as a document's version; None for all else."""
    is_one = said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS
    return int(said) if is_one else None
