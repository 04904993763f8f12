"""Pages of people without a sign-in: a signed link lets them in, a cookie keeps the door open.

The link leads to an address that holds no secret, so that none is left in histories and logs.
What the cookie keeps is a number and the revision of its link: a link that was revoked closes
the pages it had opened.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

KEPT_SECONDS = 120 * 24 * 3600
MOST_KEPT = 10
PATH = "/s/"

View = TypeVar("View", bound=Callable[..., HttpResponse])


def private(view: View) -> View:
    """Keep a page out of caches, search engines and other sites' logs.

    The referrer stays within the site: with none at all, a form sent from here has no origin.
    """

    @functools.wraps(view)
    def call(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return cast(View, call)


def unknown(request: HttpRequest) -> HttpResponse:
    """One answer for a link that is wrong, too old, revoked or another's: it tells nothing."""
    return render(request, "status/unknown.html", status=404)


@dataclass(frozen=True)
class Door:
    """What a browser was let in to, kept in one signed cookie."""

    cookie: str

    def opened(self, request: HttpRequest) -> dict[str, int]:
        """Return the numbers let in to, and each link's revision then, the latest last."""
        kept = request.get_signed_cookie(self.cookie, default="", max_age=KEPT_SECONDS)
        found = {}
        for part in str(kept).split("~"):
            number, _star, revision = part.rpartition("*")
            if number and revision.isdigit():
                found[number] = int(revision)
        return found

    def open(
        self, request: HttpRequest, response: HttpResponse, number: str, revision: int
    ) -> dict[str, int]:
        """Let the browser in to `number` as well; return what it is let in to now."""
        kept = self.opened(request)
        kept.pop(number, None)
        kept[number] = revision
        latest = dict(list(kept.items())[-MOST_KEPT:])
        response.set_signed_cookie(
            self.cookie,
            "~".join(f"{each}*{its}" for each, its in latest.items()),
            max_age=KEPT_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
            path=PATH,
        )
        return latest
