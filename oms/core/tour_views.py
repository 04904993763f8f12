"""The guided tour: its page, and going from step to step."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from oms.core import tours
from oms.core.models import User


@login_required
@require_GET
def tour(request: HttpRequest) -> HttpResponse:
    """Show the story of the user's role, and how far they are."""
    return render(request, "core/tour.html", {"tour": _tour_of(request)})


@login_required
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Turn to a step and open its page; after the last one, the tour's own."""
    wanted = request.POST.get("step", "")
    user = cast(User, request.user)
    turned = _tour_of(request).turned_to(int(wanted) if wanted.isdecimal() else 1, user)
    tours.keep(user, turned)
    return redirect(turned.page or "core:tour")


@login_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Put the tour away until it is gone on with."""
    tours.keep(cast(User, request.user), _tour_of(request).left())
    return redirect("core:tour")


def _tour_of(request: HttpRequest) -> tours.Tour:
    found = tours.tour_of(cast(User, request.user))
    if found is None:
        raise Http404("There is a tour in the demo shop only.")
    return found
