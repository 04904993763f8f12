"""A letter inside a page: in a frame of its own, with its own looks and nothing that runs."""

from collections.abc import Callable
from typing import ParamSpec

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

P = ParamSpec("P")
View = Callable[P, HttpResponse]

LETTER = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:", "https:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


def framed(view: View[P]) -> View[P]:
    """Serve a letter as mail programs show it, to a page of ours that holds it in a frame."""
    made: View[P] = csp(LETTER)(xframe_options_sameorigin(view))
    return made


def with_frame(view: View[P]) -> View[P]:
    """Serve a page that holds a letter in a frame."""
    made: View[P] = csp_update({"frame-src": [SELF]})(view)
    return made
