"""A letter inside a page: in a frame of its own, with its own looks and nothing that runs."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

View = TypeVar("View", bound=Callable[..., HttpResponse])

LETTER = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:", "https:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


def framed(view: View) -> View:
    """Serve a letter as mail programs show it, to a page of ours that holds it in a frame."""
    made: Any = csp(LETTER)(xframe_options_sameorigin(view))
    return cast("View", made)


def with_frame(view: View) -> View:
    """Serve a page that holds a letter in a frame."""
    made: Any = csp_update({"frame-src": [SELF]})(cast("Any", view))
    return cast("View", made)
