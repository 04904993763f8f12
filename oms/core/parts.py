"""Parts of the house that a business may leave out.

A part is known by the modules it lives in (`PARTS` in `oms/composition.py`). Left out, it stands on
no page of the roof, so that nothing reacts, comes round or shows a link, and its own pages and API
are not there. Its tables stay: what was begun is kept, and there again when the part is.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

Endpoint = tuple[str, str, str, Callable[..., Any]]
"""Path, its pattern, method and view."""


class UnknownPart(ValueError):
    """A part was named that there is not."""


def modules_of(names: list[str], parts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return where the named parts live."""
    for name in names:
        if name not in parts:
            raise UnknownPart(f"no part is called {name}; there are {', '.join(sorted(parts))}")
    return tuple(module for name in names for module in parts[name])


def is_in(path: str, modules: tuple[str, ...]) -> bool:
    """Whether a dotted path leads into one of `modules`."""
    return any(path == module or path.startswith(f"{module}.") for module in modules)


def without(page: Any, modules: tuple[str, ...]) -> Any:
    """Return a page of the roof less everything that stands in `modules`."""
    if isinstance(page, Mapping):
        kept = {key: without(value, modules) for key, value in page.items()}
        return {key: value for key, value in kept.items() if value is not None}
    if isinstance(page, (list, tuple)):
        kept_items = [without(each, modules) for each in page]
        return type(page)(each for each in kept_items if each is not None)
    return None if isinstance(page, str) and is_in(page, modules) else page


def present() -> frozenset[str]:
    """Return the parts that are there: what other rooms may link to."""
    off = tuple(settings.MODULES_LEFT_OUT)
    return frozenset(
        name
        for name, inside in settings.PARTS.items()
        if not all(is_in(module, off) for module in inside)
    )


def is_left_out(view: Callable[..., Any]) -> bool:
    """Whether a view, of whatever kind, stands in a part that is left out."""
    made = getattr(view, "cls", getattr(view, "view_class", view))
    return is_in(f"{made.__module__}.{made.__qualname__}", settings.MODULES_LEFT_OUT)


def endpoints_that_are_there(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """What the API's own description may tell of: a hook of its generator."""
    return [each for each in endpoints if not is_left_out(each[3])]


class LeaveOut:
    """Answer 404 for the pages and the API of parts that are left out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        if is_left_out(view):
            raise Http404("This part is left out (PARTS_OFF).")
